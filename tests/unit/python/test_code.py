"""The Python of a cell: its %pip is awaited."""

from __future__ import annotations

import pytest
from IPython.core.inputtransformer2 import TransformerManager

from runt_pyodide.python.code import Code

transform = TransformerManager().transform_cell


@pytest.mark.parametrize(
    ("source", "python"),
    [
        ("%pip install x", "await get_ipython().run_line_magic('pip', 'install x')\n"),
        ("!pip install x", "await get_ipython().run_line_magic('pip', 'install x')\n"),
        ("!pip3 list", "await get_ipython().run_line_magic('pip', 'list')\n"),
        ("if a:\n    %pip list", "if a:\n    await get_ipython().run_line_magic('pip', 'list')\n"),
    ],
)
def test_what_installs_is_awaited(source: str, python: str) -> None:
    code = Code.of(source, transform)
    assert (code.python, code.installs, code.failure) == (python, True, None)


@pytest.mark.parametrize("source", ["x = 1\n", "%time x\n", "!ls\n", "pip = 'pip install'\n"])
def test_all_else_is_what_ipython_makes_of_it(source: str) -> None:
    code = Code.of(source, transform)
    assert (code.python, code.installs) == (transform(source), False)


def test_a_transformation_that_fails_is_kept_for_the_shell_to_report() -> None:
    def fail(_source: str) -> str:
        raise SyntaxError("no")

    code = Code.of("x", fail)
    assert (code.python, code.failure[0], str(code.failure[1])) == ("x", SyntaxError, "no")
