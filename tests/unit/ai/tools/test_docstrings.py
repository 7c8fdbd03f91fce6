"""What docstrings say about a function and its parameters."""

from __future__ import annotations

import pytest

from runt_pyodide.ai.tools.docstrings import Docstring, read_docstring

GOOGLE = """Adds.

    More of it.

    Args:
        a: The first, with
            a second line.
        b (int): The other.
        *rest: All else.

    Returns:
        The sum: of all.
    """
NUMPY = """Adds.

    More of it.

    Parameters
    ----------
    a, b : int
        The two.
    rest
        All
        else.

    Returns
    -------
    int
        Not a parameter.
    """
SPHINX = """Adds.

    More of it.

    :param a: The first, with
        a second line.
    :param int b: The other.
    :returns: nothing
    """


@pytest.mark.parametrize(
    ("document", "parameters"),
    [
        (GOOGLE, {"a": "The first, with a second line.", "b": "The other.", "rest": "All else."}),
        (NUMPY, {"a": "The two.", "b": "The two.", "rest": "All else."}),
        (SPHINX, {"a": "The first, with a second line.", "b": "The other."}),
    ],
    ids=["Google", "numpy", "Sphinx"],
)
def test_a_known_form_tells_of_the_parameters(document: str, parameters: dict[str, str]) -> None:
    assert read_docstring(document) == Docstring("Adds.\n\nMore of it.", parameters)


@pytest.mark.parametrize(
    ("document", "text"),
    [
        (None, ""),
        ("", ""),
        ("  Adds.  ", "Adds."),
        ("Adds.\n\n    a: is no section of its own", "Adds.\n\na: is no section of its own"),
        ("Returns what came in.", "Returns what came in."),
    ],
)
def test_all_else_is_text(document: str | None, text: str) -> None:
    assert read_docstring(document) == Docstring(text)
