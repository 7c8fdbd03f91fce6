"""SQL cells on Python's sqlite3: statements, variables as tables, results as tables.

Knows executions, the notebook, and the namespace of the Python cells, which it is handed. Does not
know anything else about Python cells, nor AI cells.
"""
