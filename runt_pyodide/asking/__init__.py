"""Prompts from Python code: each is an AI cell of a notebook in memory, answered like any other.

Knows AI cells, the configuration, and how to record an IPython shell. Does not know the runtime of
a page or how a front end shows an exchange. The folder is not named `ask`, since
`runt_pyodide.ask` is the function.
"""
