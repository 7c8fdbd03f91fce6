"""Expressions in prompts: what is one, what is prose, and what becomes of both."""

from __future__ import annotations

import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runt_pyodide.ai.prompt.expressions import Filled, evaluate, fill, split
from runt_pyodide.errors import CellError

HERE: dict[str, Any] = {
    "name": "Ada",
    "rows": [1, 2, 3],
    "n": 7,
    "x": 2.5,
    "table": {"a": {"b": 1}},
    "In": ["", "import os"],
    "Out": {1: "said"},
    "open": open,
    "braced": "{name}",
}


async def filled(prompt: str, variables: dict[str, Any] = HERE) -> Filled:
    async def value_of(expression: Any) -> str:
        return await evaluate(expression, dict(variables), "<prompt>")

    return await fill(prompt, variables, value_of)


@pytest.mark.parametrize(
    ("prompt", "sent"),
    [
        ("Hello {name}!", "Hello Ada!"),
        ("{name}{n}", "Ada7"),
        ("{rows[0]} of {len(rows):,}", "1 of 3"),
        ("{rows}", "[1, 2, 3]"),
        ("{x:.2f} {x!r} {name!r:>6} {n:05d}", "2.50 2.5  'Ada' 00007"),
        ("{table['a']['b'] + n}", "8"),
        ("{', '.join(rows)} {name.join('}{')}", "{', '.join(rows)} }Ada{"),
        ("{sum(one for one in rows)} {max(rows, key=lambda one: -one)}", "6 1"),
        ("{name if n else rows}", "Ada"),
        ("Explain:\n--\n{In[1]}\n{Out[1]}", "Explain:\n--\nimport os\nsaid"),
        ("{braced}", "{name}"),  # values are not looked through again
        ("file_{n}.csv", "file_7.csv"),
        ("# {name}\n- **{n}**, `code` and {n}", "# Ada\n- **7**, `code` and 7"),
        ('{"name": {name}, "rows": {rows}}', '{"name": Ada, "rows": [1, 2, 3]}'),
        ("It costs 5$, {name}, or $6 for {n}.", "It costs 5$, Ada, or $6 for 7."),
        # Code in a fence may be an expression as a whole
        (
            "```python\n  {In[1]}\nprint(f'{name}')\n```\n{n}",
            "```python\n  import os\nprint(f'{name}')\n```\n7",
        ),
        # The escape
        ("{{name}} and {{rows[0]}}", "{name} and {rows[0]}"),
        ("{{{name}}} {{{{name}}}}", "{Ada} {{name}}"),
        ("{{unknown}}", "{unknown}"),
    ],
)
async def test_expressions_are_filled_in(prompt: str, sent: str) -> None:
    assert await filled(prompt) == Filled(sent)


@pytest.mark.parametrize(
    "prompt",
    [
        '{"name": 1}',
        '{"a": {"b": {"c": 1}}}',
        "{'name'}",
        "{ name }",
        "{{ name }} {% if n %}",
        "{}",
        "{name: 'a'}",
        "a { color: red; } .n {margin:0}",
        "function f() {return n}",
        "{name, n}",
        "{n: n > 0}",
        "style={{color: 'red'}}",
        "${name} \\{name\\}",
        "`{name}` and ``{n} ` {n}``",
        "print(`{name}`)",
        "$x_{n}$, $$x^{n}$$, \\(x_{n}\\) and \\[ {n} \\]",
        "\\frac{n}{x} and \\sqrt[n]{x} and 10^{n}",
        "$$\nx_{n}\n$$",
        "\\[\nx_{n}\n\\]",
        "```\nprint(f'{name}')\nx = {name}\n```",
        "~~~js\nlet {name} = rows\n```\n{name} = 1\n~~~",
        "{name\n}",
        "{True} {None} {1} {-n} {[n]} {lambda: n}",
        "{name",
        "name}",
        "{{name}",
    ],
)
async def test_other_braces_stand_for_themselves(prompt: str) -> None:
    assert await filled(prompt) == Filled(prompt)


@pytest.mark.parametrize(
    ("prompt", "left"),
    [
        ("{nmae} and {n}", ("nmae",)),
        ("https://x/{id}/{type}", ("id", "type")),
        ("{len([1])} {print('x')}", ("len([1])", "print('x')")),
        ("{rows[mising]:>3}", ("rows[mising]:>3",)),
        ("{exit} {open('x')}", ("exit", "open('x')")),
    ],
)
async def test_what_names_no_variable_is_sent_as_written_and_told(
    prompt: str, left: tuple[str, ...]
) -> None:
    found = await filled(prompt)
    assert found.text == prompt.replace("{n}", "7")
    assert found.left == left
    assert f": {{{left[0]}}}" in found.notice()


async def test_many_of_those_are_one_sentence() -> None:
    found = await filled(" ".join(f"{{a{n}}}" for n in range(9)))
    assert found.notice().endswith("{a3}, {a4} and 4 more.")


@pytest.mark.parametrize(
    ("prompt", "said"),
    [
        ("{rows[9]}", "{rows[9]} in the prompt raised IndexError: list index out of range."),
        ("{Out[3]}", "{Out[3]} in the prompt raised KeyError: 3."),
        ("{name:.2f}", "{name:.2f} in the prompt raised ValueError"),
        ("{rows.nope()!r}", "{rows.nope()!r} in the prompt raised AttributeError"),
    ],
)
async def test_one_that_raises_is_an_error_that_says_what_to_do(prompt: str, said: str) -> None:
    with pytest.raises(CellError) as caught:
        await filled(prompt)
    assert str(caught.value).startswith(said)
    assert f"write {{{prompt}}} to send it as it is" in str(caught.value)


async def test_an_expression_may_await() -> None:
    async def later() -> int:
        return 7

    assert await filled("{await later()}", {"later": later}) == Filled("7")


@given(st.text("{}[]()`$\\^~=:!'\" \nan_.,0", max_size=40))
async def test_any_text_comes_back_where_nothing_is_defined(prompt: str) -> None:
    """But for the escape, whose second braces go."""
    found = await filled(prompt, {})
    assert found.text.replace("{", "").replace("}", "") == prompt.replace("{", "").replace("}", "")
    if "{{" not in prompt:
        assert found.text == prompt


@pytest.mark.parametrize(
    "piece",
    ["{a", "{a(}", "{a}", "{a b}", "\\a{", "$a ", "`", "{{a", "[", "```\n", "{a(b" + ")" * 99],
)
def test_a_long_prompt_of_many_braces_is_soon_read(piece: str) -> None:
    began = time.process_time()
    assert sum(1 for _ in split(piece * (100_000 // len(piece)))) > 0
    assert time.process_time() - began < 10
