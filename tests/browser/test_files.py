"""Files of a notebook: a person's day with a CSV, and what a large file costs."""

from __future__ import annotations

import json
import re
from pathlib import Path

from playwright.sync_api import JSHandle, Locator, Page, expect

from tests.support.browser.demo import (
    add_code,
    add_prompt,
    choose_server,
    expect_status,
    run,
    save_download,
    start,
)
from tests.support.browser.fixtures import OpenPage
from tests.support.server.llm_server import LLMServer
from tests.support.server.scenario import Answer, ToolCall

SALES = "day,price\nMon,3\nTue,5\n"
DRAW = """from IPython.display import SVG
bars = "".join(f'<rect x="{i * 20}" y="0" width="15" height="{int(row["price"]) * 9}"/>'
               for i, row in enumerate(rows))
SVG(f'<svg xmlns="http://www.w3.org/2000/svg" width="60" height="60">{bars}</svg>')"""


def dropped(page: Page, *files: tuple[str, str]) -> JSHandle:
    """Return what is dragged when these files are, each with its name and its text."""
    return page.evaluate_handle(
        """(files) => {
            const dragged = new DataTransfer();
            for (const [name, text] of files) dragged.items.add(new File([text], name));
            return dragged;
        }""",
        [[*file] for file in files],
    )


def open_files(page: Page) -> Locator:
    page.get_by_test_id("show-files").click()
    return page.get_by_test_id("files-panel")


def read_call(id: str, path: str) -> Answer:
    arguments = json.dumps({"path": path})
    return Answer("", tool_calls=(ToolCall("read_file", arguments, id=id),))


def test_a_file_is_dropped_read_drawn_asked_about_kept_and_carried_on(
    open_page: OpenPage, llm_server: LLMServer, tmp_path: Path
) -> None:
    page = open_page("?notebook=files-journey")
    choose_server(page, llm_server.base_url)
    cell = add_code(page, "")
    cell.locator(".cm-content").dispatch_event(
        "drop", {"dataTransfer": dropped(page, ("sales.csv", SALES))}
    )
    expect(cell.get_by_test_id("source")).to_contain_text('open("sales.csv"')
    run(cell)
    expect(cell.get_by_test_id("outputs")).to_contain_text("'price': '5'")
    drawn = add_code(page, DRAW)
    run(drawn)
    expect(drawn.get_by_role("img")).to_be_visible()

    llm_server.enqueue(read_call("call_1", "sales.csv"))
    llm_server.enqueue(read_call("call_2", "sales.csv"))
    exchange = llm_server.enqueue(Answer("Eight in all."))
    prompt = add_prompt(page, "What did we sell? See @sales.csv.")
    start(prompt)
    expect(prompt.get_by_test_id("approval")).to_contain_text("Allow once")
    page.get_by_test_id("approve-once").click()
    expect(prompt).to_have_attribute("data-execution-state", "completed")
    sent = json.dumps(exchange.request.json)
    assert "Columns: day (text); price (integer)" in sent
    assert sent.count("Mon,3") >= 2, "in the prompt, and as the tool's result"

    page.evaluate("() => runt.runtime.restart()")
    expect_status(page)
    run(cell)
    page.reload()
    expect_status(page)
    run(page.locator("[data-cell-type=code]").first)

    page.get_by_test_id("notebook-menu").click()
    bundle = save_download(page, page.get_by_test_id("export-files"), tmp_path)
    page.get_by_test_id("notebook-menu").click()
    with page.expect_navigation(), page.expect_file_chooser() as chooser:
        page.get_by_test_id("import").click()
        chooser.value.set_files(bundle)
    expect(page).not_to_have_url(re.compile("files-journey"))
    files = open_files(page)
    expect(files.get_by_test_id("file")).to_contain_text("sales.csv")
    expect_status(page)
    run(page.locator("[data-cell-type=code]").first)


def test_a_gigabyte_is_listed_previewed_and_read_in_little_memory(notebook: Page) -> None:
    """Also in the panel: names that are taken, an encoding, a delete and its undo."""
    page = notebook
    page.evaluate(
        """() => runt.files.write([{ path: "large.txt",
            content: new Blob(Array(64).fill(new Blob([new Uint8Array(16 << 20).fill(97)]))) }])"""
    )
    files = open_files(page)
    line = files.get_by_test_id("file").filter(has_text="large.txt")
    expect(line).to_contain_text("1.1 GB")
    line.get_by_role("button", name="large.txt", exact=True).click()
    expect(files.get_by_test_id("preview")).to_contain_text("aaaa")
    cell = add_code(
        page,
        "import os\nwith open('large.txt', 'rb') as f:\n    f.seek(-3, 2)\n    end = f.read()\n"
        "print(os.path.getsize('large.txt'), end)",
    )
    run(cell)
    expect(cell.get_by_test_id("outputs")).to_contain_text("1073741824 b'aaa'")
    used = page.evaluate("() => performance.memory.usedJSHeapSize")
    assert used < 200 << 20

    drop = dropped(page, ("large.txt", "another"), ("a\nb.csv", "name\nK\u00f6ln"))
    files.locator(".files").dispatch_event("drop", {"dataTransfer": drop})
    expect(files.get_by_test_id("files-notice")).to_contain_text("“large (2).txt”")
    expect(files.get_by_test_id("files-notice")).to_contain_text("“a_b.csv”")
    line.first.get_by_test_id("file-actions").click()
    page.get_by_test_id("delete-file").click()
    expect(files.get_by_test_id("file")).to_have_count(2)
    page.get_by_test_id("undo-delete-file").click()
    expect(files.get_by_test_id("file")).to_have_count(3)
