"""Prompts from Python code: each is an AI cell of a notebook in memory, answered as all are.

The folder is not named `ask`, since `runt_pyodide.ask` is the function.
"""
