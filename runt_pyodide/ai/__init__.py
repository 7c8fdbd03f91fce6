"""AI cells: a prompt becomes an answer, turn by turn, with tools that act on the notebook.

Knows the notebook, executions and providers as `llm` offers them. Does not know any service, nor
how Python and SQL cells work.
"""
