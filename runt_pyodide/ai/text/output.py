"""Outputs as a model reads them: text as the page shows it, truncated, and images.

Base64 data and the JSON of charts and widgets are never given as text: an output without a text is
described by its MIME types.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence

from ...charts.spec import describe_chart
from ...llm.images import IMAGE_TYPES, LARGEST
from ...llm.messages import Image
from ...notebook.events import Bundle, Inline
from ...notebook.state.output import Output
from ...tables.resource import DATA_RESOURCE
from ..record.fields import CALL, RESULT
from . import sizes
from .sizes import Excerpt
from .table import describe_resource
from .terminal import is_plain, render

# What is rendered of a text at each of its ends, if it is longer than a cell prints.
_RENDERED = Excerpt(1 << 18, 1 << 17)
# What IPython puts before a line of code.
_NUMBER = re.compile(r"^\s*(?:-+>)?\s*\d+\s")
_OF_CELL = 'File "Cell In['
_HIDDEN = "    [a line of a cell that is hidden]"
_FRAME = re.compile(r'  File "(?P<file>[^"]*)", line \d+')
_LIBRARY = re.compile(r"site-packages|/lib/python\d|^<frozen |python\d*\.zip")


def clip(text: str, excerpt: Excerpt) -> tuple[str, int]:
    """Return the text, or an excerpt with a mark between its start and its end; and the number of
    characters that were left out."""
    left_out = len(text) - excerpt.head - excerpt.tail
    if left_out <= 0:
        return text, 0
    end = text[len(text) - excerpt.tail :]
    return f"{text[: excerpt.head]}\n[... {left_out:,} characters left out ...]\n{end}", left_out


def describe(output: Output, excerpt: Excerpt, hidden: Collection[str] = ()) -> tuple[str, int]:
    """Return an output as the text that the page shows, and the number of characters that were left
    out. Only so much of a huge one is looked at. In a traceback, also one that was printed, the
    lines of code ``hidden``, which are of cells that are hidden from AI, are left out."""
    if output.kind == "error":
        text, unread = _render("\n".join(_error_lines(output)))
    else:
        text, unread = _text_of(output)
    if output.kind == "error" or _OF_CELL in text:
        text = _hide(text, hidden)
    text, left_out = clip(text.strip("\n"), excerpt)
    return text, unread + left_out


def images_of(outputs: Iterable[Output]) -> tuple[Image, ...]:
    """Return the pictures that models can see, in order, one for each output."""
    return tuple(image for output in outputs for image in images_in(output.bundle))


def images_in(bundle: Bundle) -> tuple[Image, ...]:
    """Return the bundle's picture, if it has one that models can see."""
    for media_type in IMAGE_TYPES:
        shown = bundle.get(media_type)
        if isinstance(shown, Inline) and isinstance(shown.data, str):
            small = len(shown.data) <= LARGEST
            return (Image(media_type, "".join(shown.data.split())),) if small else ()
    return ()


def _hide(text: str, hidden: Collection[str]) -> str:
    if not hidden:
        return text
    lines = text.split("\n")
    return "\n".join(_HIDDEN if _NUMBER.sub("", one).strip() in hidden else one for one in lines)


def _text_of(output: Output) -> tuple[str, int]:
    """Return what the page shows of an output, and how much of it was not looked at."""
    if output.kind == "terminal":
        return _render(output.text)
    if output.kind == "markdown":
        return output.text, 0
    for mime, one in output.bundle.items():
        if isinstance(one, Inline) and (told := _summary(mime, one)):
            return told, 0
    for mime in ("text/markdown", "text/plain"):
        shown = output.bundle.get(mime)
        if isinstance(shown, Inline) and isinstance(shown.data, str):
            return _render(shown.data) if mime == "text/plain" else (shown.data, 0)
    kinds = [mime for mime in output.bundle if mime not in (CALL, RESULT)]
    return f"[shown to the reader: {', '.join(kinds)}]" if kinds else "", 0


def _summary(mime: str, shown: Inline) -> str:
    """Return what a table or a chart shows, without most of its data."""
    if mime == DATA_RESOURCE:
        return describe_resource(shown)
    return describe_chart(mime, shown.data)[: sizes.CHART]


def _render(text: str) -> tuple[str, int]:
    if is_plain(text):
        return text, 0
    text, left_out = clip(text, _RENDERED)
    return render(text), left_out


def _error_lines(output: Output) -> list[str]:
    traceback = output.error.get("traceback")
    lines = [str(line) for line in traceback] if isinstance(traceback, list) else []
    said = f"{output.error.get('ename')}: {output.error.get('evalue')}"
    return _trim("\n".join(lines).split("\n")) if lines else [said]


def _trim(lines: Sequence[str]) -> list[str]:
    """Return a Python traceback without the library frames between the user's own. The frame in
    which the error was raised stays."""
    kept: list[str] = []
    skipped: list[list[str]] = []
    for frame in _frames(lines):
        match = _FRAME.match(frame[0])
        if match and _LIBRARY.search(match["file"]):
            skipped.append(frame)
            continue
        kept += _summed_up(skipped)
        skipped = []
        kept += frame
    return kept + _summed_up(skipped)


def _summed_up(frames: list[list[str]]) -> list[str]:
    if len(frames) < 2:
        return [line for frame in frames for line in frame]
    return [f"  [{len(frames) - 1} frames of libraries left out]", *frames[-1]]


def _frames(lines: Sequence[str]) -> list[list[str]]:
    """Return the lines by frame; a line that belongs to none stands alone."""
    groups: list[list[str]] = []
    within = False
    for line in lines:
        if _FRAME.match(line):
            groups.append([line])
            within = True
        elif within and line.startswith("    "):
            groups[-1].append(line)
        else:
            groups.append([line])
            within = False
    return groups
