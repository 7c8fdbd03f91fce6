"""A writer on a fixed clock, and the outputs that it writes, in wire form."""

from __future__ import annotations

from typing import Any

from runt_pyodide.notebook.writer import OutputWriter
from tests.support.stages.world import FixedWorld, WireEvent

INTERVAL = 50


def open_writer() -> tuple[FixedWorld, OutputWriter]:
    world = FixedWorld()
    return world, OutputWriter(world.emit, world.clock, "c", interval=INTERVAL / 1000)


def inline(data: object, metadata: object = None) -> dict[str, Any]:
    return {"type": "inline", "data": data} | ({"metadata": metadata} if metadata else {})


def markdown(id: str, position: int, text: str, metadata: object = None) -> WireEvent:
    content = inline(text, metadata)
    args = {"id": id, "cellId": "c", "position": position, "content": content}
    return {"name": "v1.MarkdownOutputAdded", "args": args}


def terminal(id: str, position: int, text: str, stream: str) -> WireEvent:
    args = {"id": id, "cellId": "c", "position": position, "content": inline(text)}
    return {"name": "v1.TerminalOutputAdded", "args": {**args, "streamName": stream}}


def delta(id: str, output_id: str, number: int, **body: object) -> WireEvent:
    args = {"id": id, "cellId": "c", "outputId": output_id, "sequenceNumber": number}
    return {"name": "v1.OutputDelta", "args": {**args, "delta": body}}


def display(id: str, position: int, data: object, **more: object) -> WireEvent:
    representations = {"text/plain": inline(data)}
    args = {"id": id, "cellId": "c", "position": position, "representations": representations}
    return {"name": "v1.MultimediaDisplayOutputAdded", "args": {**args, **more}}
