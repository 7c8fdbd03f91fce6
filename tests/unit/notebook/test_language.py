"""The language in which a notebook is written."""

from __future__ import annotations

from typing import Any

import pytest

from runt_pyodide.notebook.events import NotebookJsonSet
from runt_pyodide.notebook.language import foreign_language, language_of
from runt_pyodide.notebook.state import Notebook


@pytest.mark.parametrize(
    ("metadata", "language"),
    [
        ({"kernelspec": {"language": "R"}, "language_info": {"name": "python"}}, "R"),
        ({"kernelspec": {"name": "ir"}, "language_info": {"name": "R"}}, "R"),
        ({"kernelspec": None, "language_info": [], "language": "haskell"}, "haskell"),
        ({"kernelspec": {"language": ""}}, None),
        ({}, None),
        (None, None),
    ],
)
def test_it_is_what_the_metadata_say_first(metadata: Any, language: str | None) -> None:
    assert language_of(metadata) == language


@pytest.mark.parametrize("language", ["python", "Python3", "ipython", "pyodide"])
def test_python_is_not_foreign(language: str) -> None:
    notebook = Notebook()
    notebook.apply(NotebookJsonSet(key="kernelspec", value={"language": language}))
    assert foreign_language(notebook) is None


def test_what_a_file_of_an_old_format_says_counts() -> None:
    notebook = Notebook()
    carried = {"added": {"metadata": {"language": "julia"}}}
    notebook.apply(NotebookJsonSet(key="ipynb", value=carried))
    assert foreign_language(notebook) == "julia"
