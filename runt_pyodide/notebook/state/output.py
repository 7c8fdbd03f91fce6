"""One output of a cell, folded from the event that added it and the deltas that followed.

Deltas count in the order of their sequence numbers, whatever order they come in, and once each.
They are kept as they come and folded when the output is read: those that are new, or all of them
after a late one.
"""

from __future__ import annotations

from typing import Any

from ..events import (
    Artifact,
    Bundle,
    DeltaBody,
    ErrorOutputAdded,
    Inline,
    MarkdownOutputAdded,
    MultimediaDisplayOutputAdded,
    MultimediaResultOutputAdded,
    OutputKind,
    OutputRestored,
    RestoredOutput,
    TerminalOutputAdded,
)

OutputAdded = (
    TerminalOutputAdded
    | MarkdownOutputAdded
    | MultimediaDisplayOutputAdded
    | MultimediaResultOutputAdded
    | ErrorOutputAdded
    | OutputRestored
)

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
        self.kind = added.output.kind if isinstance(added, OutputRestored) else _KINDS[type(added)]
        self._seen: set[str] = set()
        self._deltas: list[tuple[int, str, DeltaBody]] = []
        self._replaced: Bundle | None = None
        self._stale = True
        self._folded = 0
        self._text: list[str] = []
        self._bundle: Bundle = {}
        self._metadata: dict[str, Any] = {}
        self._error: dict[str, Any] = {}

    @property
    def text(self) -> str:
        self._fold()
        if len(self._text) > 1:
            self._text = ["".join(self._text)]
        return self._text[0] if self._text else ""

    @property
    def bundle(self) -> Bundle:
        self._fold()
        return self._bundle

    @property
    def error(self) -> dict[str, Any]:
        self._fold()
        return self._error

    @property
    def metadata(self) -> dict[str, Any]:
        self._fold()
        return self._metadata

    @property
    def display_id(self) -> str | None:
        """What updates of it name."""
        if isinstance(self.added, OutputRestored):
            return self.added.output.display_id
        return getattr(self.added, "display_id", None)

    @property
    def next_number(self) -> int:
        """The sequence number of the next delta."""
        return max((number for number, _, _ in self._deltas), default=-1) + 1

    def add_delta(self, delta_id: str, sequence_number: int, body: DeltaBody) -> None:
        if delta_id in self._seen:
            return
        self._seen.add(delta_id)
        # Two writers may give one number twice: the id decides, so that every reader agrees.
        delta = (sequence_number, delta_id, body)
        if self._deltas and delta[:2] < self._deltas[-1][:2]:
            self._stale = True
        self._deltas.append(delta)

    def update(self, representations: Bundle) -> None:
        """Replace the bundle that was added, as an update of its display id does.

        Deltas lie over it, whichever came first: tables of a store do not tell.
        """
        self._replaced = representations
        self._stale = True

    def _fold(self) -> None:
        """Lay on the deltas that came since the last look, or all of them where one came late."""
        if self._stale:
            self._deltas.sort(key=lambda delta: delta[:2])
            self._read_added()
            self._stale = False
        for _, _, body in self._deltas[self._folded :]:
            self._apply(body)
        self._folded = len(self._deltas)

    def _read_added(self) -> None:
        self._folded, self._text, self._bundle, self._metadata = 0, [], {}, {}
        added = self.added
        if isinstance(added, MultimediaDisplayOutputAdded | MultimediaResultOutputAdded):
            self._show(added.representations if self._replaced is None else self._replaced)
        elif isinstance(added, OutputRestored):
            self._read_restored(added.output)
        else:
            self._read_content(added.content)

    def _read_content(self, content: Inline | Artifact) -> None:
        self._metadata = merge({}, content.metadata or {})
        if not isinstance(content, Inline):
            return
        if self.kind == "error" and isinstance(content.data, dict):
            self._error = content.data
        elif self.kind != "error" and isinstance(content.data, str):
            self._text.append(content.data)

    def _read_restored(self, output: RestoredOutput) -> None:
        self._text = [output.text] if output.text else []
        self._error = output.error or {}
        if bundle := (output.bundle if self._replaced is None else self._replaced):
            self._show(bundle)
        self._metadata = merge(self._metadata, output.metadata or {})

    def _apply(self, body: DeltaBody) -> None:
        if body.text:
            self._text.append(body.text)
        if body.data:
            self._show(body.data)
        if body.metadata:
            self._metadata = merge(self._metadata, body.metadata)

    def _show(self, representations: Bundle) -> None:
        self._bundle = {**self._bundle, **representations}
        for representation in representations.values():
            self._metadata = merge(self._metadata, representation.metadata or {})


def merge(old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    """``old`` with ``new`` laid over it, objects within objects merged likewise."""
    merged = dict(old)
    for key, value in new.items():
        before = merged.get(key)
        if isinstance(before, dict) and isinstance(value, dict):
            value = merge(before, value)
        merged[key] = value
    return merged
