"""Runs notebooks in CPython, without a browser: for courses and CI.

Knows the agent, files and the terminal. Nothing that runs in a page knows it.
"""
