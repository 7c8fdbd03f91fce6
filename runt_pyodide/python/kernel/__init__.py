"""What a Jupyter kernel has beside running code, as far as a page can have it: text that code types
into cells, magics, %pip, progress bars.

Knows runs and IPython. Does not know the shell or the outputs of a cell, which use it.
"""
