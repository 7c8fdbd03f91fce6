"""Executions from claim to end: what runs a cell, what it is given, when it may be interrupted.

Knows the notebook. Does not know what any type of cell does.
"""
