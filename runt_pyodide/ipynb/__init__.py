"""Jupyter's notebook files: read into the events of a notebook, and written from its state.

What a file holds that a notebook has no place for is found by writing the notebook again and
comparing; it is carried beside the cells, and put back. ``js/notebook/ipynb/`` is its counterpart,
module by module; ``schema/ipynb-cases/`` binds both.
"""

from .file import decode_file
from .read import read_ipynb
from .write import write_ipynb

__all__ = ["decode_file", "read_ipynb", "write_ipynb"]
