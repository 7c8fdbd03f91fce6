"""One output of a cell, folded from the event that added it and the deltas that followed.

Deltas count in the order of their sequence numbers, whatever order they come in, and once each. In
order is the fast path; a late one folds the output anew from its deltas, which it keeps.
"""

from __future__ import annotations

from typing import Any, Literal

from .events import (
    Artifact,
    DeltaBody,
    ErrorOutputAdded,
    Inline,
    MarkdownOutputAdded,
    MultimediaDisplayOutputAdded,
    MultimediaResultOutputAdded,
    TerminalOutputAdded,
)

OutputAdded = (
    TerminalOutputAdded
    | MarkdownOutputAdded
    | MultimediaDisplayOutputAdded
    | MultimediaResultOutputAdded
    | ErrorOutputAdded
)
OutputKind = Literal["terminal", "markdown", "display", "result", "error"]

_KINDS: dict[type[OutputAdded], OutputKind] = {
    TerminalOutputAdded: "terminal",
    MarkdownOutputAdded: "markdown",
    MultimediaDisplayOutputAdded: "display",
    MultimediaResultOutputAdded: "result",
    ErrorOutputAdded: "error",
}


class Output:
    """An output as it stands now.

    ``text`` holds a terminal's or Markdown output's text, ``bundle`` the representations of a
    display or result by MIME type, ``error`` the {ename, evalue, traceback} of an error.
    ``metadata`` is what stands on the representations, deltas merged in.
    """

    def __init__(self, added: OutputAdded) -> None:
        self.added = added
        self.id = added.id
        self.cell_id = added.cell_id
        self.position = added.position
        self.kind = _KINDS[type(added)]
        self._seen: set[str] = set()
        self._deltas: list[tuple[int, str, DeltaBody]] = []
        self._updates: list[dict[str, Inline | Artifact]] = []
        self._text: list[str] = []
        self.bundle: dict[str, Inline | Artifact] = {}
        self.metadata: dict[str, Any] = {}
        self.error: dict[str, Any] = {}
        self._fold()

    @property
    def text(self) -> str:
        if len(self._text) > 1:
            self._text = ["".join(self._text)]
        return self._text[0] if self._text else ""

    @property
    def anode(self) -> dict[str, Any]:
        """What an AI cell says of this output: role, provider, model and so on."""
        value = self.metadata.get("anode")
        return value if isinstance(value, dict) else {}

    def add_delta(self, delta_id: str, sequence_number: int, body: DeltaBody) -> None:
        if delta_id in self._seen:
            return
        self._seen.add(delta_id)
        # Two writers may give one number twice: the id decides, so that every reader agrees.
        entry = (sequence_number, delta_id, body)
        late = bool(self._deltas) and entry[:2] < self._deltas[-1][:2]
        self._deltas.append(entry)
        if late:
            self._deltas.sort(key=lambda entry: entry[:2])
            self._fold()
        else:
            self._apply(body)

    def update(self, representations: dict[str, Inline | Artifact]) -> None:
        """Replace the bundle, as an update of its display id does."""
        self._updates.append(representations)
        self._show(representations)

    def _fold(self) -> None:
        self._text, self.bundle, self.metadata, self.error = [], {}, {}, {}
        added = self.added
        if isinstance(added, MultimediaDisplayOutputAdded | MultimediaResultOutputAdded):
            self._show(added.representations)
        else:
            self._read_content(added.content)
        for _, _, body in self._deltas:
            self._apply(body)
        for representations in self._updates:
            self._show(representations)

    def _read_content(self, content: Inline | Artifact) -> None:
        self.metadata = merge(self.metadata, content.metadata or {})
        if not isinstance(content, Inline):
            return
        if self.kind != "error":
            self._text.append(content.data if isinstance(content.data, str) else "")
        elif isinstance(content.data, dict):
            self.error = content.data

    def _show(self, representations: dict[str, Inline | Artifact]) -> None:
        self.bundle = dict(representations)
        for representation in representations.values():
            self.metadata = merge(self.metadata, representation.metadata or {})

    def _apply(self, body: DeltaBody) -> None:
        if body.text:
            self._text.append(body.text)
        if body.data:
            self.bundle = {**self.bundle, **body.data}
        if body.metadata:
            self.metadata = merge(self.metadata, body.metadata)


def merge(old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    """``old`` with ``new`` laid over it, objects within objects merged likewise."""
    merged = dict(old)
    for key, value in new.items():
        before = merged.get(key)
        if isinstance(before, dict) and isinstance(value, dict):
            value = merge(before, value)
        merged[key] = value
    return merged
