"""SQL cells on Python's sqlite3: statements, variables as tables, results as tables.

Knows executions and the notebook. Does not know AI cells; of Python cells it is handed the
namespace, and knows nothing else.
"""
