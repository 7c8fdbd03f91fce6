"""A small model of the runt notebooks' application: its tables, and what a reader sees of them.

The rules are those of runtimed/anode at a2b52706: the materializers of its schema's index.ts,
src/util/output-grouping.ts, src/queries/outputDeltas.ts, and SingleOutput.tsx.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

WireEvent = dict[str, Any]
CALL = "application/vnd.anode.aitool+json"
RESULT = "application/vnd.anode.aitool.result+json"
# Which representation it shows, the first that has data.
_VEGA = [f"application/vnd.vegalite.v{number}+json" for number in range(2, 7)]
_VEGA += [f"application/vnd.vega.v{number}+json" for number in range(3, 6)]
_AS_JSON = ("application/vnd.plotly.v1+json", *_VEGA, "application/json")
_AS_TEXT = (
    "application/vnd.jupyter.widget-state+json",
    "application/vnd.jupyter.widget-view+json",
    "application/vnd.dataresource+json",
    "application/vdom.v1+json",
)
PREFERRED = (
    *(CALL, RESULT, *_AS_TEXT[:2], "application/vnd.plotly.v1+json", _AS_TEXT[2], *_VEGA),
    *("application/geo+json", _AS_TEXT[3], "text/markdown", "text/html", "image/png"),
    *("image/jpeg", "image/svg+xml", "image/svg", "application/json", "text/plain"),
)
NOTHING = ("box", "No displayable content")
Seen = tuple[str, Any]
"""A kind of block, and what is in it."""


@dataclass
class RuntApplication:
    """Commit events; ``look`` returns what is seen below a cell, from top to bottom."""

    outputs: dict[str, dict[str, Any]] = field(default_factory=dict)
    deltas: dict[str, dict[str, Any]] = field(default_factory=dict)
    to_clear: set[str] = field(default_factory=set)

    def commit(self, event: WireEvent) -> None:
        name, args = event["name"], event["args"]
        if name in ("v2.MarkdownOutputAppended", "v2.TerminalOutputAppended"):
            # A repeated key ends its store.
            assert args["id"] not in self.deltas
            self.deltas[args["id"]] = args
        elif name == "v1.CellOutputsCleared":
            if args["wait"]:
                self.to_clear.add(args["cellId"])
            else:
                self._clear(args["cellId"])
        elif name == "v1.AllOutputsCleared":
            self.outputs.clear()
            self.to_clear.clear()
        elif name == "v1.MultimediaDisplayOutputUpdated":
            self._update(args)
        elif name.endswith("OutputAdded"):
            self._add(name, args)

    def _add(self, name: str, args: dict[str, Any]) -> None:
        if args["cellId"] in self.to_clear:
            self._clear(args["cellId"])
            self.to_clear.discard(args["cellId"])
        if args.get("displayId"):
            self._update(args)
        # An output that is added again replaces the row, which is the last one then.
        self.outputs.pop(args["id"], None)
        self.outputs[args["id"]] = {**args, "name": name}

    def _clear(self, cell_id: str) -> None:
        self.outputs = {id: row for id, row in self.outputs.items() if row["cellId"] != cell_id}

    def _update(self, args: dict[str, Any]) -> None:
        for row in self.outputs.values():
            if row.get("displayId") == args["displayId"]:
                row["representations"] = args["representations"]

    def look(self, cell_id: str) -> list[Seen]:
        rows = [row for row in self.outputs.values() if row["cellId"] == cell_id]
        rows.sort(key=lambda row: row["position"])
        seen: list[tuple[str, Seen]] = []
        for row in rows:
            block = self._block(row)
            last = seen[-1][1][0] if seen else ""
            if block[0] in ("markdown", "stdout", "stderr") and block[0] == last:
                first, (kind, text) = seen.pop()
                seen.append((first, (kind, text + block[1])))
            else:
                seen.append((row["id"], block))
        # Only then are deltas laid on, by the id of the first of those that were joined.
        return [
            (kind, data + self._appended(id)) if kind == "markdown" else (kind, data)
            for id, (kind, data) in seen
        ]

    def _appended(self, output_id: str) -> str:
        found = [one for one in self.deltas.values() if one["outputId"] == output_id]
        return "".join(one["delta"] for one in sorted(found, key=lambda one: one["sequenceNumber"]))

    def _block(self, row: dict[str, Any]) -> Seen:
        match row["name"]:
            case "v1.TerminalOutputAdded":
                return (row["streamName"], row["content"]["data"])
            case "v1.MarkdownOutputAdded":
                return ("markdown", row["content"]["data"])
            case "v1.ErrorOutputAdded":
                error = row["content"]["data"]
                return ("error", f"{error['ename']}: {error['evalue']}")
        return show_bundle(row["representations"])


def show_bundle(representations: Mapping[str, Any]) -> Seen:
    for mime in PREFERRED:
        if mime in representations and representations[mime].get("data") is not None:
            return _show(mime, representations[mime]["data"])
    return NOTHING


def _show(mime: str, data: Any) -> Seen:
    if mime == CALL:
        is_call = isinstance(data, dict) and isinstance(data.get("arguments"), dict)
        return ("call", data["tool_name"]) if is_call else ("box", "Invalid tool call data")
    if mime == RESULT:
        is_result = data.get("status") in ("success", "error")
        return ("result", data["result"]) if is_result else ("box", "Invalid tool result data")
    if mime in _AS_TEXT:
        return ("box", "[object Object]")
    if mime in _AS_JSON:
        return (mime, data)
    return (mime, str(data or ""))


def thought_in(markdown: str) -> str | None:
    """Return the text of folded thinking; None if this is something else."""
    found = re.fullmatch(
        r"<details><summary>Thinking</summary><div[^<>]*>([^<>\n]*)</div></details>", markdown
    )
    return html.unescape(found[1]) if found else None
