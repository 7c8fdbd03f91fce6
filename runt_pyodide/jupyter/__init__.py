"""``%%ai`` in IPython shells: what they need of a shell, and of the page around it.

Knows IPython, and the exchanges of `asking`, which it shows. Does not know the runtime of a page.
Only `extension` knows Pyodide and the browser.
"""
