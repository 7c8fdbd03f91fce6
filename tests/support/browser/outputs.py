"""Writes outputs into a notebook as events."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Locator, Page

from tests.support.browser.demo import commit

PLOTLY = {"data": [{"type": "bar", "x": ["Mon", "Tue"], "y": [3, 5]}], "layout": {"height": 300}}


class Writer:
    """Writes outputs into the one cell of an empty notebook."""

    def __init__(self, page: Page):
        self.page = page
        self.count = 0
        self.cell = page.get_by_test_id("cell-c")
        created = {"id": "c", "cellType": "code", "fractionalIndex": "i", "createdBy": "test"}
        page.locator("main").wait_for()
        self.commit("v2.CellCreated", **created)

    def commit(self, name: str, **args: Any) -> None:
        commit(self.page, (name, args))

    def add(self, name: str, **args: Any) -> str:
        self.count += 1
        id = f"o{self.count}"
        self.commit(name, id=id, cellId="c", position=self.count, **args)
        return id

    def display(self, **bundle: Any) -> Locator:
        """Keys are MIME types, with _ for /."""
        representations = {
            type.replace("_", "/", 1): {"type": "inline", "data": data}
            for type, data in bundle.items()
        }
        self.add("v1.MultimediaDisplayOutputAdded", representations=representations)
        return self.cell.get_by_test_id("result").last

    def stream(self, text: str, name: str = "stdout") -> str:
        content = {"type": "inline", "data": text}
        return self.add("v1.TerminalOutputAdded", content=content, streamName=name)

    def markdown(self, text: str) -> str:
        return self.add("v1.MarkdownOutputAdded", content={"type": "inline", "data": text})

    def append(self, output_id: str, number: int, text: str) -> None:
        args = {"id": f"{output_id}-{number}", "outputId": output_id, "sequenceNumber": number}
        self.commit("v1.OutputDelta", cellId="c", delta={"text": text}, **args)
