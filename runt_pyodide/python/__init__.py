"""Python cells on IPython: shell, streams, displays, tracebacks, completion and packages.

Knows executions and the notebook. Does not know AI cells. Only `pyodide_packages` and
`pyodide_mends` know Pyodide.
"""
