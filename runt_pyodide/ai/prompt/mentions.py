"""Files that a prompt mentions: ``@sales.csv``, ``@data/sales.csv``, ``@"sales of 2026.csv"``.

Only the names of files that are there are mentions, so addresses and decorators stay as they are.
What a model is told of a file comes behind the prompt, between lines that mark it as data.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from .above import mark_data

_QUOTES = '"`'


def find_mentions(prompt: str, paths: Sequence[str]) -> list[str]:
    """Return those of the paths that the prompt mentions, each once, in its order."""
    longest_first = sorted(paths, key=len, reverse=True)
    found: dict[str, None] = {}
    start = prompt.find("@")
    while start >= 0:
        if start == 0 or not _is_word(prompt[start - 1]):
            path = next((one for one in longest_first if _stands_at(prompt, start + 1, one)), None)
            if path is not None:
                found[path] = None
        start = prompt.find("@", start + 1)
    return [*found]


def tell_mentions(prompt: str, paths: Sequence[str], describe: Callable[[str], str]) -> str:
    """Return the prompt with what ``describe`` says of each file that it mentions."""
    told = [mark_data(describe(path)) for path in find_mentions(prompt, paths)]
    return "\n\n".join([prompt, *told])


def _stands_at(prompt: str, place: int, path: str) -> bool:
    if prompt[place : place + 1] in [*_QUOTES]:
        return prompt.startswith(path + prompt[place], place + 1)
    if not prompt.startswith(path, place):
        return False
    rest = prompt[place + len(path) :]
    # A full stop ends a sentence, but "a.csv.gz" is another file.
    return not rest or not (_is_word(rest[0]) or (rest[0] in "./-" and _is_word(rest[1:2])))


def _is_word(letter: str) -> bool:
    return letter.isalnum() or letter == "_"
