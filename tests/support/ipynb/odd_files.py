"""Generated notebooks' files: odd in every field, and with first lines of AI and SQL cells."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import strategies as st

# Characters that JSON, lines and magics have a meaning for, halves of pairs, and others. No digits,
# since JavaScript puts keys that are numbers first.
_TEXT = st.text("ab_ \n\r%->:'\"=\\\u00e9\u2028\U0001f600\ud800\udc00", max_size=8)
_NUMBERS = st.one_of(
    st.integers(-3, 12),
    st.sampled_from([2**53, -(2**70), 0.5, 1e300, float("nan"), float("inf"), -0.0]),
)
_KEYS = st.one_of(_TEXT, st.sampled_from(["$json", "__proto__", "ipynb", "anode", "runt"]))
JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), _NUMBERS, _TEXT),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(_KEYS, inner, max_size=3)),
    max_leaves=6,
)
_LINES = st.one_of(_TEXT, st.lists(_TEXT, max_size=3))


def _odd(usual: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """What is usual, and now and then anything."""
    return st.integers(0, 7).flatmap(lambda chance: JSON if chance == 0 else usual)


def _object(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """An object with any of these fields, and now and then another one."""
    usual = st.fixed_dictionaries({}, optional={key: _odd(one) for key, one in fields.items()})
    other = st.one_of(st.just({}), st.dictionaries(_KEYS, JSON, max_size=1))
    return _odd(st.builds(lambda known, more: {**more, **known}, usual, other))


_MIMES = ["text/plain", "text/html", "image/png", "application/json", "a/b+json"]
_BUNDLE = st.dictionaries(st.sampled_from(_MIMES), st.one_of(_LINES, JSON), max_size=3)
_OUTPUT_METADATA = _object(
    **{"image/png": _object(width=_NUMBERS), "needs_background": st.just("light")},
    runt=_object(kind=st.just("markdown"), artifacts=st.just({"image/png": "a"})),
    anode=_object(run_id=st.just("q"), ai_provider=st.just("p"), role=st.just("assistant")),
    ipynb=JSON,
)
_OUTPUT = _object(
    output_type=st.sampled_from(["stream", "error", "display_data", "execute_result", "x"]),
    name=st.sampled_from(["stdout", "stderr", "x"]),
    text=_LINES,
    data=_BUNDLE,
    metadata=_OUTPUT_METADATA,
    execution_count=st.integers(0, 9),
    ename=_TEXT,
    evalue=_TEXT,
    traceback=st.lists(_TEXT, max_size=2),
)
WORDS = st.sampled_from(
    [
        "ollama/qwen3",
        "gpt-5",
        "a/b/c",
        "--temperature",
        "0.5",
        "-1",
        "1e2",
        "--seed=3",
        "--seed",
        "--system",
        "'two-words'",
        "'a -> b'",
        "'-> '",
        "don't",
        "a->b",
        '"x"',
        "--stop",
        "''",
        "--no-tools",
        "--raw",
        "-f",
        "--format",
        "code",
        "-fjson",
        "'-f oo'",
        "-f=markdown",
        "'--seed=a b'",
        "--no-context",
        "--what",
        "--reasoning-effort",
        "low",
        "->",
        "x",
        "x:",
        "int",
        "->y:list[str]",
        "\\",
        "'",
        "--image",
        "--max-tokens",
        "7",
        "--top-p",
        ".5",
        "<<",
        "SELECT",
        "--",
        "-x",
    ]
)
_MAGIC = st.builds(
    lambda blank, magic, words, below: f"{blank}{magic} {' '.join(words)}\n{below}",
    st.sampled_from(["", "\n", " \r\n"]),
    st.sampled_from(["%%ai", "%%sql", "%%ai\t", "%%aid"]),
    st.lists(WORDS, max_size=5),
    _TEXT,
)
_AI_SETTINGS = _object(
    provider=st.sampled_from(["openai", ""]),
    model=st.sampled_from(["gpt-5", ""]),
    settings=_object(temperature=st.just(0.5), maxTokens=st.just(9), systemPrompt=_TEXT),
)
_CELL_METADATA = _object(
    tags=st.just(["a"]),
    collapsed=st.booleans(),
    jupyter=_object(source_hidden=st.booleans(), outputs_hidden=st.booleans()),
    trusted=st.booleans(),
    runt=_object(
        ai_context=st.booleans(),
        ai_settings=_AI_SETTINGS,
        sql_variable=st.just("v"),
        metadata=_object(
            sampling=_object(topP=st.just(0.5)), asking=_object(name=_TEXT), ipynb=JSON
        ),
    ),
)
_CELL = st.fixed_dictionaries(
    {},
    optional={
        "cell_type": _odd(st.sampled_from(["code", "code", "code", "markdown", "raw"])),
        "id": _odd(st.sampled_from(["a", "b", "c d", "x" * 70, "load-runt-pyodide"])),
        "metadata": _CELL_METADATA,
        "source": _odd(st.one_of(_LINES, _MAGIC)),
        "execution_count": _odd(st.one_of(st.none(), st.integers(0, 9))),
        "outputs": _odd(st.lists(_OUTPUT, max_size=2)),
        "attachments": _object(**{"a.png": _BUNDLE, "b": _BUNDLE}),
        "more": JSON,
    },
)
_METADATA = _object(
    title=_TEXT,
    kernelspec=_object(name=_TEXT, language=st.sampled_from(["python", "R"])),
    language_info=_object(name=st.sampled_from(["python", "julia", "IPython3"])),
    signature=_TEXT,
    runt=_object(
        metadata=_object(ai_provider=st.just("openai"), ai_model=st.just("gpt-5"), other=JSON)
    ),
    tags=JSON,
)


def _file(known: dict[str, Any], more: dict[str, Any], cells: list[Any]) -> str:
    return json.dumps({**more, **known, "cells": cells})


FILES = st.builds(
    _file,
    st.fixed_dictionaries(
        {"nbformat": st.just(4)},
        optional={
            "nbformat_minor": _odd(st.sampled_from([2, 4, 5, 5, 6])),
            "metadata": _METADATA,
        },
    ),
    st.one_of(st.just({}), st.dictionaries(_TEXT, JSON, max_size=1)),
    st.lists(_CELL, max_size=3),
)
"""The texts of files of format 4."""
