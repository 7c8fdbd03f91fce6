"""SQL cells on Python's sqlite3: statements, variables as tables, results as tables."""
