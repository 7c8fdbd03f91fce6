"""Pictures beside the prompt of an AI cell, and its own settings."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import nbformat
import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.support.browser.axe import serious_faults
from tests.support.browser.demo import (
    add_code,
    add_prompt,
    close_settings,
    events_of,
    expect_state,
    expect_status,
    export_ipynb,
    id_of,
    import_ipynb,
    open_settings,
    run,
)
from tests.support.browser.pictures import Drawn, send
from tests.support.pictures import PNG, base64_of
from tests.support.server.llm_server import LLMServer
from tests.support.server.scenario import Answer


def kept(page: Page) -> list[dict[str, Any]]:
    """Return the pictures of the cell whose pictures were changed last."""
    changes = [args for args in events_of(page, "v1.CellMetadataSet") if args["key"] == "images"]
    return changes[-1]["value"] or []


def test_pictures_are_pasted_sent_and_removed(demo: Page) -> None:
    cell = add_prompt(demo, "What do these show?")
    assert send(cell, Drawn(name="one.png"), Drawn(name="two.jpg", type="image/jpeg"))
    shown = cell.get_by_test_id("pictures").get_by_role("img")
    expect(shown).to_have_count(2)
    expect(shown.last).to_have_attribute("alt", "two.jpg")
    assert [picture["mediaType"] for picture in kept(demo)] == ["image/png", "image/jpeg"]
    assert serious_faults(demo) == []
    run(cell)
    expect(cell.get_by_test_id("answer")).to_contain_text("and 2 pictures")
    cell.get_by_test_id("explain").click()
    expect(demo.get_by_test_id("explanation")).to_contain_text("images: 2")
    demo.keyboard.press("Escape")
    cell.get_by_role("button", name="Remove one.png").focus()
    demo.keyboard.press("Enter")
    expect(shown).to_have_count(1)
    expect(cell).to_be_focused()
    run(cell)
    expect(cell.get_by_test_id("answer")).to_contain_text("and 1 picture.")


def test_pictures_alone_are_a_prompt(demo: Page) -> None:
    cell = add_prompt(demo, "")
    send(cell, Drawn())
    expect(cell.get_by_test_id("pictures").get_by_role("img")).to_have_count(1)
    run(cell)
    expect(cell.get_by_test_id("answer")).to_contain_text("and 1 picture.")


def test_a_dropped_picture_is_of_the_ai_cell_that_takes_it(demo: Page) -> None:
    code = add_code(demo, "x = 1")
    cell = add_prompt(demo, "What is this?")
    assert send(cell, Drawn(), event="dragover")
    expect(cell).to_have_attribute("data-drop", "picture")
    assert send(cell, Drawn(), event="drop")
    expect(cell.get_by_test_id("pictures").get_by_role("img")).to_have_count(1)
    expect(cell).not_to_have_attribute("data-drop", "picture")
    assert send(code, Drawn(), event="dragover")  # there it becomes the line that reads it
    expect(code).not_to_have_attribute("data-drop", "picture")
    # Anywhere else, the browser would open the file in place of the notebook.
    assert demo.locator("footer").evaluate(
        """(footer) => {
          const dataTransfer = new DataTransfer();
          dataTransfer.items.add(new File(["x"], "a.png", { type: "image/png" }));
          const how = { dataTransfer, bubbles: true, cancelable: true };
          return !footer.dispatchEvent(new DragEvent("dragover", how));
        }"""
    )
    # Office programs copy text together with its picture.
    send(cell, Drawn(), text="1\t2")
    expect(cell.get_by_test_id("source")).to_contain_text("1")
    expect(cell.get_by_test_id("pictures").get_by_role("img")).to_have_count(1)


def test_files_are_chosen_and_those_that_are_no_pictures_are_told_of(
    demo: Page, tmp_path: Path
) -> None:
    cell = add_prompt(demo, "What is this?")
    good, bad = tmp_path / "good.png", tmp_path / "bad.png"
    good.write_bytes(PNG)
    bad.write_text("no picture")
    with demo.expect_file_chooser() as chooser:
        cell.get_by_role("button", name="Add pictures").click()
    chooser.value.set_files([good, bad])
    expect(cell.get_by_test_id("pictures").get_by_role("img")).to_have_count(1)
    banner = demo.get_by_test_id("banner")
    expect(banner).to_contain_text("“bad.png” is not a picture that this browser can read.")
    banner.get_by_role("button").click()
    send(cell, *[Drawn(name=f"{n}.png") for n in range(9)])
    expect(cell.get_by_test_id("pictures").get_by_role("img")).to_have_count(8)
    expect(banner).to_contain_text("An AI cell takes up to 8 pictures.")
    banner.get_by_role("button").click()


@pytest.mark.parametrize("type_", ["image/png", "image/jpeg", "image/webp"])
def test_a_large_picture_is_kept_as_small_as_models_see_it(demo: Page, type_: str) -> None:
    cell = add_prompt(demo, "What is this?")
    send(cell, Drawn(4000, 3000, type_, noisy=True))
    image = cell.get_by_test_id("pictures").get_by_role("img")
    expect(image).to_be_visible()
    assert image.evaluate("(it) => [it.naturalWidth, it.naturalHeight]") == [2048, 1536]
    (picture,) = kept(demo)
    assert picture["mediaType"] == "image/jpeg"
    assert len(picture["data"]) < 4 << 20


def test_pictures_and_settings_are_kept_copied_exported_and_imported(
    without_python: None, context: BrowserContext, site: str, tmp_path: Path
) -> None:
    page = context.new_page()
    page.goto(f"{site}/?notebook=pictures")
    cell = add_prompt(page, "What is this?")
    send(cell, Drawn(name="one.png"))
    image = cell.get_by_test_id("pictures").get_by_role("img")
    expect(image).to_be_visible()
    cell.get_by_test_id("cell-menu").click()
    cell.get_by_test_id("cell-settings").click()
    dialog = page.get_by_test_id("cell-settings-dialog")
    expect(dialog).to_be_visible()
    assert serious_faults(page) == []
    for name, value in {"temperature": "0", "topP": "0.5", "maxTokens": "99", "seed": "7"}.items():
        page.get_by_test_id(name).fill(value)
    page.get_by_test_id("system-prompt").fill("Be brief.")
    page.get_by_test_id("stop-texts").fill("END\n\\n\\n")
    page.get_by_test_id("reasoning-effort").select_option("low")
    page.get_by_test_id("save-settings").click()
    own = cell.get_by_test_id("own-settings")
    told = (
        "temperature 0, top P 0.5, output tokens 99, seed 7, "
        'stop at "END" "\\n\\n", reasoning effort low, system prompt'
    )
    expect(own).to_have_text(told)
    page.reload()
    cell = page.locator("[data-cell-type=ai]")
    expect(cell.get_by_test_id("own-settings")).to_have_text(told)
    expect(cell.get_by_test_id("pictures").get_by_role("img")).to_have_attribute("alt", "one.png")
    # A copy has them too, and so has a cell that was deleted and restored.
    cell.focus()
    for key in ("c", "v"):
        page.keyboard.press(key)
    expect(page.get_by_test_id("pictures")).to_have_count(2)
    expect(page.get_by_test_id("own-settings").last).to_have_text(told)
    path = export_ipynb(page, tmp_path)
    nbformat.validate(nbformat.read(path, as_version=4))
    file = json.loads(path.read_text("utf-8"))
    # The first cell loads the extension that runs them in JupyterLite.
    (_, own_metadata, _) = [
        cell["metadata"].get("runt", {}).get("metadata") for cell in file["cells"]
    ]
    assert own_metadata["sampling"]["stop"] == ["END", "\n\n"]
    page.goto(f"{site}/?memory=empty")
    import_ipynb(page, path)
    page.get_by_role("button", name="Use them").click()  # instructions that come with a file
    expect(page.get_by_test_id("pictures")).to_have_count(2)
    expect(page.get_by_test_id("own-settings").first).to_have_text(told)
    page.get_by_test_id("own-settings").first.click()
    page.get_by_test_id("reset-settings").click()
    expect(page.get_by_test_id("own-settings")).to_have_count(1)


def choose_ollama(page: Page, url: str) -> None:
    open_settings(page)
    page.get_by_test_id("add-provider").select_option("ollama")
    page.get_by_test_id("base-url").fill(url)
    page.get_by_test_id("model").fill("m")
    page.get_by_test_id("apply").click()
    close_settings(page)


@pytest.mark.parametrize("sees", [True, False])
def test_a_picture_arrives_at_a_model_that_sees_and_else_the_reader_is_told(
    context: BrowserContext, site: str, llm_server: LLMServer, sees: bool
) -> None:
    page = context.new_page()
    page.goto(f"{site}/?memory=empty")
    expect_status(page)
    llm_server.shown["m"] = {"capabilities": ["completion", *(["vision"] if sees else [])]}
    choose_ollama(page, llm_server.origin)
    exchange = llm_server.enqueue(Answer("A square."))
    cell = add_prompt(page, "What is this?")
    send(cell, Drawn())
    expect(cell.get_by_test_id("pictures").get_by_role("img")).to_have_count(1)
    page.get_by_test_id(f"cell-{id_of(cell)}").get_by_test_id("run").click()
    expect_state(cell)
    message = exchange.request.json["messages"][-1]
    if sees:
        assert message["images"] == [kept(page)[0]["data"]]
        expect(cell.get_by_test_id("notice")).to_have_count(0)
    else:
        assert "images" not in message
        expect(cell.get_by_test_id("notice")).to_have_text(
            "Left out of the prompt: 1 picture. The model 'm' is not known to see pictures: choose "
            'one that does or, if it does, set Pictures to "To all models" in the advanced '
            "settings of the provider 'ollama' (in code: vision=True)."
        )


def test_ask_sends_pictures_and_settings_from_a_python_cell(
    demo: Page, llm_server: LLMServer
) -> None:
    exchange = llm_server.enqueue(Answer("A grey pixel."))
    source = f"""from base64 import b64decode
from runt_pyodide import ask, configure
configure("openai", base_url="{llm_server.base_url}", api_key="k", model="m", vision=True)
pixel = b64decode("{base64_of(PNG)}")
print(await ask("What is this?", images=[pixel], seed=7, stop="END"))"""
    cell = add_code(demo, source)
    run(cell)
    expect(cell.get_by_test_id("stream")).to_have_text("A grey pixel.")
    body = exchange.request.json
    assert (body["seed"], body["stop"]) == (7, ["END"])
    image = body["messages"][-1]["content"][-1]
    assert image["image_url"]["url"] == f"data:image/png;base64,{base64_of(PNG)}"
