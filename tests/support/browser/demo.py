"""Drives the demo page as a person would, by looking, clicking and typing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page, expect

KEY = "sk-nobody-else-may-see-this"

_NEW_CELL = """(known) => [...document.querySelectorAll("[data-cell-id]")]
  .map((cell) => cell.dataset.cellId).find((id) => !known.includes(id))"""
# Of the test's own notebook: `begun` is how much had happened in the page before (SharedPage).
_EVENTS = """(name) => runt.store.events().slice(globalThis.begun ?? 0)
  .filter((event) => event.name === name).map((event) => event.args)"""


def expect_status(page: Page, status: str = "ready") -> None:
    """Wait until the page shows this status of Python."""
    expect(page.get_by_test_id("status")).to_have_attribute("data-status", status)


def open_settings(page: Page) -> None:
    page.get_by_test_id("model-picker").click()
    page.get_by_test_id("open-settings").click()


def close_settings(page: Page) -> None:
    page.get_by_test_id("close").click()
    expect(page.get_by_test_id("settings-dialog")).to_have_count(0)


def choose_server(page: Page, base_url: str, key: str = KEY, model: str = "m") -> None:
    """Add an OpenAI provider with these settings; it answers the AI cells from then on."""
    open_settings(page)
    page.get_by_test_id("add-provider").select_option("openai")
    page.get_by_test_id("base-url").fill(base_url)
    page.get_by_test_id("api-key").fill(key)
    page.get_by_test_id("model").fill(model)
    page.get_by_test_id("apply").click()
    close_settings(page)


def forget_providers(page: Page) -> None:
    """Remove all providers that were added, and what the browser remembers of them."""
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    open_settings(page)
    added = page.get_by_test_id("edit-provider")
    for left in reversed(range(added.count())):
        added.first.click()
        page.get_by_test_id("remove-provider").click()
        expect(added).to_have_count(left)
    close_settings(page)
    page.evaluate("() => localStorage.clear()")


def cell_ids(page: Page) -> list[str]:
    """Return the ids of the shown cells, in order."""
    ids: list[str] = page.locator("[data-cell-id]").evaluate_all(
        "(all) => all.map((cell) => cell.dataset.cellId)"
    )
    return ids


def add_cell(page: Page, kind: str, source: str) -> Locator:
    """Add a cell at the end and write its source, with the cursor at its end. Return the cell,
    wherever it stands later."""
    known = cell_ids(page)
    page.get_by_test_id(f"add-{kind}").last.click()
    new = page.wait_for_function(_NEW_CELL, arg=known).json_value()
    cell = page.get_by_test_id(f"cell-{new}")
    text = cell.get_by_test_id("source").get_by_role("textbox")
    text.click()
    expect(text).to_be_focused()
    page.keyboard.insert_text(source)
    return cell


def add_prompt(page: Page, prompt: str) -> Locator:
    """Add an AI cell; see add_cell."""
    return add_cell(page, "ai", prompt)


def add_code(page: Page, source: str) -> Locator:
    """Add a Python cell; see add_cell."""
    return add_cell(page, "code", source)


def id_of(cell: Locator) -> str:
    cell_id = cell.get_attribute("data-cell-id")
    assert cell_id
    return cell_id


def start(cell: Locator) -> None:
    """Run a cell with its button, without waiting for the end."""
    cell.get_by_test_id("run").click()


def expect_state(cell: Locator, state: str = "completed") -> None:
    """Wait until the cell's execution is in this state."""
    expect(cell).to_have_attribute("data-execution-state", state)


def run(cell: Locator, until: str = "completed") -> None:
    """Run a cell with its button, and wait until it is in this state."""
    start(cell)
    expect_state(cell, until)


def events_of(page: Page, name: str) -> list[dict[str, Any]]:
    """Return the args of the notebook's events with this name."""
    found: list[dict[str, Any]] = page.evaluate(_EVENTS, name)
    return found


def commit(page: Page, *events: tuple[str, dict[str, Any]]) -> None:
    """Write events into the notebook, as another tab would."""
    # As text: the browser's protocol takes no deeply nested values, and never answers.
    wire = json.dumps([{"name": name, "args": args} for name, args in events])
    page.evaluate("(events) => runt.store.commit(...JSON.parse(events))", wire)


def choose_file(page: Page, button: str, path: Path) -> None:
    """Click what opens a file chooser, and choose."""
    with page.expect_file_chooser() as chooser:
        page.get_by_test_id(button).click()
    chooser.value.set_files(path)


def save_download(page: Page, button: Locator, folder: Path) -> Path:
    """Click what downloads a file; return its path in the folder, where it has its own name."""
    with page.expect_download() as download:
        button.click()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    return path


def export_ipynb(page: Page, folder: Path) -> Path:
    page.get_by_test_id("notebook-menu").click()
    return save_download(page, page.get_by_test_id("export"), folder)


def import_ipynb(page: Page, path: Path) -> None:
    page.get_by_test_id("notebook-menu").click()
    choose_file(page, "import", path)
