"""Bundles as the runt notebooks' application can show them.

It shows the representation that it likes best, and knows a fixed list of types. What it would show
wrongly is kept in a mark, and where it knows nothing better a representation stands in.
"""

from __future__ import annotations

import html
from collections.abc import Mapping
from typing import Any

from ..ai.record.fields import CALL, RESULT
from ..notebook.events import Bundle, Inline, Representation
from ..notebook.vocabulary import MARK

# As in its SingleOutput.tsx and RichOutputContent.tsx. Without text/plain and application/json,
# which only say in other words what better representations show.
_VEGA = [f"application/vnd.vegalite.v{number}+json" for number in range(2, 7)]
_VEGA += [f"application/vnd.vega.v{number}+json" for number in range(3, 6)]
_RICH = frozenset(
    (
        *(CALL, RESULT, "application/vnd.plotly.v1+json", *_VEGA, "application/geo+json"),
        *("text/markdown", "text/html", "image/png", "image/jpeg", "image/svg+xml"),
    )
)
_PLAIN = frozenset(("application/json", "text/plain"))
# These it prefers to all that it can show, and shows as "[object Object]".
_MISREAD = frozenset(
    (
        "application/vnd.jupyter.widget-state+json",
        "application/vnd.jupyter.widget-view+json",
        "application/vnd.dataresource+json",
        "application/vdom.v1+json",
    )
)


def fit(bundle: Bundle) -> Bundle:
    """Return the bundle for the application; `read_event` returns the bundle as it was."""
    kept = {mime: one for mime, one in bundle.items() if _is_misread(mime, one)}
    shown = {mime: one for mime, one in bundle.items() if mime not in kept}
    stand_in = _stand_in(bundle, {mime for mime, one in shown.items() if _has_content(one)})
    if stand_in:
        shown |= stand_in
    if not kept:
        return shown
    last = max(shown)
    return {**shown, last: mark(shown[last], kept={k: _to_wire(one) for k, one in kept.items()})}


def mark(shown: Representation, **marks: Any) -> Representation:
    """Return the representation with more marks on it."""
    metadata = shown.metadata or {}
    return shown.model_copy(
        update={"metadata": {**metadata, MARK: {**metadata.get(MARK, {}), **marks}}}
    )


def _is_misread(mime: str, shown: Representation) -> bool:
    if mime != CALL:
        return mime in _MISREAD
    data = shown.data if isinstance(shown, Inline) else None
    return not isinstance(data, Mapping) or not isinstance(data.get("arguments"), Mapping)


def _has_content(shown: Representation) -> bool:
    return not isinstance(shown, Inline) or shown.data is not None


def _stand_in(bundle: Bundle, shown: set[str]) -> Bundle:
    """Return what is to be shown in place of the rest; nothing if that will do."""
    if shown & _RICH:
        return {}
    for mime, one in sorted(bundle.items()):
        if not isinstance(one, Inline) or not isinstance(one.data, str):
            continue
        if mime == "text/latex":
            return _standing_in("text/markdown", one.data)
        if mime.startswith("image/") and ";" not in mime:
            # Its Markdown shows no pictures that are in the text.
            address = html.escape(f"data:{mime};base64,{''.join(one.data.split())}")
            return _standing_in("text/html", f'<img src="{address}">')
    if shown & _PLAIN:
        return {}
    kinds = ", ".join(sorted(bundle))
    said = f"An output of the type {kinds} cannot be shown here." if kinds else ""
    return _standing_in("text/plain", said)


def _standing_in(mime: str, text: str) -> Bundle:
    return {mime: mark(Inline(data=text), standIn=True)}


def _to_wire(shown: Representation) -> dict[str, Any]:
    return shown.model_dump(by_alias=True, exclude_none=True)
