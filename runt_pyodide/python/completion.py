"""Completion and inspection for editors: what IPython and jedi know about a position in a source.

Positions are counted in UTF-16 code units, as in JavaScript. Replies have the fields of Jupyter's
``complete_reply`` and ``inspect_reply``, in camelCase.
https://jupyter-client.readthedocs.io/en/stable/messaging.html#completion
"""

# IPython annotates only some of its functions.
# mypy: disable-error-code="no-untyped-call"

from __future__ import annotations

from functools import cache
from itertools import islice
from typing import TYPE_CHECKING, Any

from IPython.core.completer import provisionalcompleter, rectify_completions
from IPython.utils.tokenutil import token_at_cursor

from ..execution.stack import run_users
from ..notebook.bundle import clean_text, shorten

if TYPE_CHECKING:
    from .shell import Shell

_MOST = 1000


def use_jedi(shell: Shell) -> None:
    """Let the shell complete with jedi, which IPython may not have found when it was imported."""
    import jedi.settings

    # Looking at an attribute may run a property, which may take any time and do anything.
    jedi.settings.allow_unsafe_interpreter_executions = False
    _read_builtins()
    shell.Completer.use_jedi = True


@cache
def _read_builtins() -> None:
    """Let jedi parse what it knows of the built-ins, which its first answer would wait for."""
    from jedi import Script

    Script("str.").complete()


def complete(shell: Shell, code: str, cursor: int | None = None) -> dict[str, Any]:
    """Return the completions at ``cursor``, which is by default the end.

    The reply is {status: "ok", matches: [text], cursorStart, cursorEnd, metadata:
    {_jupyter_types_experimental: [{text, type, signature, start, end}]}}: each match may replace
    the text from ``cursorStart`` to ``cursorEnd``.
    """
    place = _index(code, cursor)
    try:
        with shell.current(), provisionalcompleter():
            found = shell.Completer.completions(code, place)
            matches = run_users(list, islice(rectify_completions(code, found), _MOST))
    except BaseException:  # noqa: BLE001 -- inspecting objects runs anybody's code
        matches = []
    start = _units(code, matches[0].start if matches else place)
    end = _units(code, matches[0].end if matches else place)
    return {
        "status": "ok",
        "matches": [clean_text(one.text) for one in matches],
        "cursorStart": start,
        "cursorEnd": end,
        "metadata": {
            "_jupyter_types_experimental": [
                {
                    "text": clean_text(one.text),
                    "type": one.type or "<unknown>",
                    "signature": clean_text(one.signature or ""),
                    "start": start,
                    "end": end,
                }
                for one in matches
            ]
        },
    }


def inspect(
    shell: Shell, code: str, cursor: int | None = None, detail_level: int = 0
) -> dict[str, Any]:
    """Return what is known about the name at ``cursor``, or about the function in whose call it is.

    The reply is {status: "ok", found, data: {MIME type: text}, metadata: {}}.
    """
    data: dict[str, str] = {}
    try:
        name = token_at_cursor(code, _index(code, cursor))
        with shell.current():
            told = run_users(shell.object_inspect_mime, name, detail_level=detail_level)
        data = {mime: shorten(clean_text(text)) for mime, text in told.items()}
    except BaseException:  # noqa: BLE001 -- as above; or there is no such name
        data = {}
    return {"status": "ok", "found": bool(data), "data": data, "metadata": {}}


def _index(code: str, cursor: int | None) -> int:
    """Return the string index for a position in UTF-16 code units; for a position within a
    character, the index of that character."""
    if cursor is None or code.isascii():
        return len(code) if cursor is None else max(0, min(cursor, len(code)))
    units = code.encode("utf-16-le", "surrogatepass")[: 2 * max(0, cursor)]
    before = units.decode("utf-16-le", "surrogatepass")
    return len(before) if code.startswith(before) else len(before) - 1


def _units(code: str, index: int) -> int:
    return len(code[:index].encode("utf-16-le", "surrogatepass")) // 2
