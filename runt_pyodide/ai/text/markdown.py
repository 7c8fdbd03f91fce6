"""Markdown of a model for front ends that show pictures from anywhere, and HTML, as Jupyter does.

What is fetched to be shown tells its host whatever the address holds. So a poisoned text could have
a model send what it has read to a stranger, without any call that a person is asked about.

A picture becomes a link, and HTML is shown as text. Code stays as it is, but only if every reader
of Markdown takes it for code: those of CommonMark, marked (JupyterLab's), and what JupyterLab does
about formulas before. From the first line on about which they may differ, nothing is code here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_LINE_END = re.compile(r"\r\n|\r|\n")
_FENCE = re.compile(r"(`{3,})[ \t]*([\w+#.-]*)[ \t]*")
_LONG_RUN = re.compile(r"`{3}|~{3}")
_RUN = re.compile(r"`+")
# What may begin a formula, an escape, or a definition, whose title may go over many lines.
_DOUBT = re.compile(r"[$\\]|\]:")
# Entities, not backslashes: what stands before them may be one.
_PICTURE = re.compile(r"!(?=\[)")
_HTML = re.compile(r"<(?=[A-Za-z/!?])")
_DIAGRAM = re.compile("mermaid", re.IGNORECASE)  # its diagrams may hold pictures

_Span = tuple[int, int]


def without_fetches(text: str) -> str:
    """Return Markdown that reads the same, and fetches nothing when it is shown."""
    if any(one.search(text) for one in (_PICTURE, _HTML, _DIAGRAM)):
        return "\n".join(_quieten(_LINE_END.split(text)))
    return text


def _quieten(lines: list[str]) -> Iterator[str]:
    paragraph: list[str] = []
    fence, is_sure = "", True
    for line in lines:
        if fence:
            yield line
            if line.startswith(fence) and not line.strip("`"):
                fence = ""
            elif line.lstrip().startswith(fence):
                fence, is_sure = "", False  # some take it for the end
            continue
        opening = _FENCE.fullmatch(line) if is_sure else None
        is_sure = is_sure and bool(opening or not (_LONG_RUN.search(line) or _DOUBT.search(line)))
        if opening or not line.strip(" \t"):
            yield from _quieten_paragraph(paragraph, is_sure)
            paragraph = []
        if opening:
            fence = opening[1]
            yield _without_diagram(line)
        elif line.strip(" \t"):
            paragraph.append(line)
        else:
            yield line
    yield from _quieten_paragraph(paragraph, is_sure)


def _quieten_paragraph(lines: list[str], is_sure: bool) -> Iterator[str]:
    """Yield the lines of what may be one paragraph, or several. If each line has whole spans of
    code, it does not matter which of them belong together."""
    found = [_spans_of(line) for line in lines]
    sure = [spans for spans in found if spans is not None] if is_sure else []
    spans_by_line = sure if len(sure) == len(lines) else [[]] * len(lines)
    for line, spans in zip(lines, spans_by_line, strict=True):
        yield _without_diagram("".join(_quieten_line(line, spans)))


def _quieten_line(line: str, spans: list[_Span]) -> Iterator[str]:
    at = 0
    for start, end in [*spans, (len(line), len(line))]:
        yield _HTML.sub("&lt;", _PICTURE.sub("&#33;", line[at:start]))
        yield line[start:end]
        at = end


def _without_diagram(line: str) -> str:
    return _DIAGRAM.sub("diagram", line) if _LONG_RUN.search(line) else line


def _spans_of(line: str) -> list[_Span] | None:
    """Return where the line's spans of code are; None if that may be seen otherwise: a bar may end
    a cell of a table, and so a span, and a bare address may go on over a backtick."""
    runs = [one.span() for one in _RUN.finditer(line)]
    spans: list[_Span] = []
    at = 0
    for (start, opened), (closing, end) in zip(runs[::2], runs[1::2], strict=False):
        word = line[at:start].rstrip("([\"'*_")[-1:]
        if opened - start != end - closing or "|" in line[start:end] or word.strip():
            return None
        spans.append((start, end))
        at = end
    return spans if len(runs) % 2 == 0 else None
