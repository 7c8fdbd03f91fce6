"""What an answer in a format comes to."""

from __future__ import annotations

import pytest

from runt_pyodide.ai.prompt.answer_format import find_code


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ("x = 1\n", "x = 1"),
        ("```python\nx = 1\n```", "x = 1"),
        ("Sure:\n\n```py\nif x:\n    y\n```\n\nThat is it.", "if x:\n    y"),
        ("```\na\n```\nthen\n~~~\nb\n~~~", "a\n\nb"),
        ("````\n```\ninner\n```\n````", "```\ninner\n```"),
        ("```python\ncut off", "cut off"),
        ("use `x` here", "use `x` here"),
        ("", ""),
    ],
)
def test_code_is_what_stands_in_fences_or_all(answer: str, code: str) -> None:
    assert find_code(answer) == code
