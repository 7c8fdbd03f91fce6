"""The Python of a cell: its %pip is awaited."""

from __future__ import annotations

import pytest
from IPython.core.inputtransformer2 import TransformerManager

from runt_pyodide.python.code import Code, keeping_lines

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


@pytest.mark.parametrize(
    "source",
    [
        "\n\n  \nx = 1\n1 / 0",
        "\r\n\r\n1 / 0",
        "%time 1 + \\\n  1\n1 / 0",
        "x = !ls \\\n  -l \\\n  -a\n1 / 0",
        "if x:\n    !ls \\\n  -l\n    1 / 0",
        "\n(x.\ny)?\n1 / 0",
        "\n!ls \\\n-l\n%pip install \\\n x\n1 / 0",
    ],
)
def test_lines_are_counted_from_the_first_line_of_the_cell(source: str) -> None:
    lines = source.replace("\r\n", "\n").split("\n")
    manager = TransformerManager()
    manager.token_transformers = [keeping_lines(each) for each in manager.token_transformers]
    python = Code.of(source, manager.transform_cell).python.split("\n")
    assert [number for number, line in enumerate(python) if "1 / 0" in line] == [len(lines) - 1]
