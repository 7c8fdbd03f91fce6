"""Executions from claim to end: who runs a cell, what a cell gets, where it may be interrupted.

Knows the notebook. Does not know what any type of cell does.
"""
