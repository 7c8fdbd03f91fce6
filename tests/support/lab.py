"""Drives a notebook in JupyterLite through its application object, as clicks would."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Browser, Locator, Page, Route

from tests.support.browser import PATIENCE

# Its site is that whose package index is installed from.
INSTALL = """import micropip
await micropip.install("runt-pyodide", index_urls="{site}/pypi/simple")
%load_ext runt_pyodide"""
_NOTEBOOK = {
    "cells": [],
    "metadata": {
        "kernelspec": {"name": "python", "display_name": "Python (Pyodide)", "language": "python"}
    },
    "nbformat": 4,
    "nbformat_minor": 5,
}
_OPEN = """async (content) => {
  const app = window.jupyterapp;
  await app.serviceManager.ready;
  const path = "test.ipynb";
  const saved = { type: "notebook", format: "json", content };
  await app.serviceManager.contents.save(path, saved);
  const panel = await app.commands.execute("docmanager:open", { path, factory: "Notebook" });
  await panel.context.ready;
  await panel.sessionContext.ready;
  await panel.sessionContext.session.kernel.info;
  window.panel = panel;
}"""
_ADD = """(source) => {
  const { content } = window.panel;
  const { sharedModel } = content.model;
  const [first] = sharedModel.cells;
  // A notebook without cells has an empty one.
  if (sharedModel.cells.length === 1 && !first.source) first.setSource(source);
  else sharedModel.insertCell(sharedModel.cells.length, { cell_type: "code", source });
  const place = content.widgets.length - 1;
  content.activeCellIndex = place;
  content.deselectAll();
  return place;
}"""
_START = """(place) => {
  const area = window.panel.content.widgets[place].outputArea;
  window.states = [];
  area.model.changed.connect(() => window.states.push(area.model.toJSON()));
  window.running = window.jupyterapp.commands.execute("notebook:run-cell");
}"""
_OUTPUTS = "(place) => window.panel.content.widgets[place].outputArea.model.toJSON()"
_RUN_ALL = "() => window.jupyterapp.commands.execute('notebook:run-all-cells')"
_SAVE = """async () => {
  const { commands, serviceManager } = window.jupyterapp;
  await commands.execute("docmanager:save");
  return (await serviceManager.contents.get(window.panel.context.path, { content: true })).content;
}"""
_OPEN_BESIDE = """async (content) => {
  const { commands, serviceManager } = window.jupyterapp;
  const saved = { type: "notebook", format: "json", content };
  await serviceManager.contents.save("beside.ipynb", saved);
  const options = { path: "beside.ipynb", factory: "Notebook", options: { mode: "split-right" } };
  const panel = await commands.execute("docmanager:open", options);
  await panel.context.ready;
  panel.content.id = "beside";
  window.beside = panel;
}"""
_CLOSE_BESIDE = """() => {
  window.beside.dispose();
  window.jupyterapp.shell.activateById(window.panel.id);
}"""
_RESTART = """async () => {
  window.restarted = window.jupyterapp.commands.execute("notebook:restart-run-all");
}"""


def _take_jspi(route: Route) -> None:
    body = route.fetch().text()
    taken = "delete WebAssembly.Suspending; delete WebAssembly.promising;"
    route.fulfill(body=f"{taken}\n{body}", content_type="text/javascript")


@dataclass
class Cell:
    page: Page
    place: int

    @property
    def outputs(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.page.evaluate(_OUTPUTS, self.place)
        return found

    @property
    def data(self) -> list[dict[str, Any]]:
        """Return the data by MIME type, of each output that shows something."""
        return [output["data"] for output in self.outputs if "data" in output]

    @property
    def markdown(self) -> list[str]:
        return ["".join(one["text/markdown"]) for one in self.data if "text/markdown" in one]

    @property
    def error(self) -> dict[str, Any] | None:
        errors = [output for output in self.outputs if output["output_type"] == "error"]
        return errors[0] if errors else None

    @property
    def shown(self) -> Locator:
        """Return what the reader sees."""
        return self.page.locator(".jp-Notebook .jp-Cell").nth(self.place).locator(".jp-OutputArea")

    def wait(self) -> Cell:
        """Wait until it has run."""
        self.page.evaluate("() => window.running")
        return self


class Lab:
    """One notebook; cells are added at its end."""

    def __init__(self, page: Page, address: str, notebook: Mapping[str, Any] = _NOTEBOOK) -> None:
        self.page = page
        page.goto(f"{address}/lab/index.html")
        page.wait_for_function("() => window.jupyterapp !== undefined")
        page.evaluate("() => window.jupyterapp.started")
        page.evaluate(_OPEN, dict(notebook))

    @classmethod
    @contextmanager
    def opened(
        cls,
        browser: Browser,
        address: str,
        *,
        notebook: Mapping[str, Any] = _NOTEBOOK,
        without_jspi: bool = False,
    ) -> Iterator[Lab]:
        """In a page of its own. ``without_jspi`` takes from the kernel what older browsers lack:
        JavaScript Promise Integration."""
        # Requests that a service worker makes pass by the route.
        context = browser.new_context(
            viewport={"width": 1100, "height": 900}, service_workers="block"
        )
        context.set_default_timeout(PATIENCE)
        if without_jspi:
            context.route("**/static/pyodide/pyodide.mjs", _take_jspi)
        try:
            yield cls(context.new_page(), address, notebook)
        finally:
            context.close()

    def start(self, source: str) -> Cell:
        """Run a cell without waiting for its end."""
        cell = Cell(self.page, self.page.evaluate(_ADD, source))
        self.page.evaluate(_START, cell.place)
        return cell

    def run(self, source: str) -> Cell:
        return self.start(source).wait()

    def run_all(self) -> list[Cell]:
        """Run all cells, and return them."""
        self.page.evaluate(_RUN_ALL)
        return [Cell(self.page, place) for place in range(len(self.sources()))]

    def saved(self) -> dict[str, Any]:
        """Save the notebook, and return its file."""
        found: dict[str, Any] = self.page.evaluate(_SAVE)
        return found

    @contextmanager
    def opened_beside(self, notebook: Mapping[str, Any]) -> Iterator[Locator]:
        """Open a file of this content: within this, what the reader sees of it."""
        self.page.evaluate(_OPEN_BESIDE, notebook)
        yield self.page.locator("#beside")
        self.page.evaluate(_CLOSE_BESIDE)

    def remove_all(self) -> None:
        """Remove the cells; the kernel keeps running."""
        self.page.evaluate(
            """() => {
              const { sharedModel } = window.panel.content.model;
              sharedModel.deleteCellRange(0, sharedModel.cells.length);
            }"""
        )

    def states(self) -> list[list[dict[str, Any]]]:
        """Return the outputs of the cell that was started last, after each change."""
        found: list[list[dict[str, Any]]] = self.page.evaluate("() => window.states")
        return found

    def sources(self) -> list[str]:
        found: list[str] = self.page.evaluate(
            "() => window.panel.content.widgets.map((cell) => cell.model.sharedModel.source)"
        )
        return found

    def complete(self, source: str) -> list[str]:
        """Return the kernel's completions at the end of this source."""
        found: list[str] = self.page.evaluate(
            """async (code) => {
              const kernel = window.panel.sessionContext.session.kernel;
              const reply = await kernel.requestComplete({ code, cursor_pos: code.length });
              return reply.content.matches;
            }""",
            source,
        )
        return found

    def restart_and_run_all(self) -> None:
        self.page.evaluate(_RESTART)
        self.page.locator(".jp-Dialog .jp-mod-accept").click()
        self.page.evaluate("() => window.restarted")
