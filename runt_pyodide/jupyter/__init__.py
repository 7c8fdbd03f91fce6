"""``%%ai`` in IPython shells: what it needs from the shell, and from the page around it.

Knows IPython, and the exchanges of `asking`, which it shows. Does not know the runtime of a page.
Only `extension` knows Pyodide and the browser.
"""
