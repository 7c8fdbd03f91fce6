"""Names that files, models and servers chose are marked wherever the page says them, if they hold
characters that cannot be seen: in texts, tooltips and labels, in the tab, in the names of files."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.support.browser.demo import commit, export_ipynb
from tests.support.notebook.sample_events import CAPABILITIES, TIME
from tests.support.pictures import PNG, base64_of

Wire = tuple[str, dict[str, Any]]
HIDDEN = "\u202egnp\u200b"
MARK = "⟦U+202E⟧gnp⟦U+200B⟧"
# What a person reads, points at or hears. What is in a field is what it will be used as.
SAID = """() => {
  const hidden = /[\\u202e\\u200b]/;
  const found = hidden.test(document.title) ? [document.title] : [];
  for (const element of document.querySelectorAll("*")) {
    for (const { name, value } of element.attributes) {
      const isSaid = /^(aria-(label|description)|alt|label|placeholder|title)$/.test(name);
      if (isSaid && hidden.test(value)) found.push(`${element.outerHTML.slice(0, 80)}: ${name}`);
    }
    for (const node of element.childNodes) {
      const isText = node.nodeType === Node.TEXT_NODE && element.tagName !== "SCRIPT";
      if (isText && hidden.test(node.data)) found.push(`${element.outerHTML.slice(0, 80)}: text`);
    }
  }
  return found;
}"""


def inline(data: Any, **record: Any) -> dict[str, Any]:
    return {"type": "inline", "data": data, "metadata": {"anode": record}}


def display(place: int, mime: str, data: Any, **record: Any) -> Wire:
    return output(place, "MultimediaDisplay", representations={mime: inline(data, **record)})


def output(place: int, kind: str, **shown: Any) -> Wire:
    at = {"id": f"o-{place}", "cellId": "ai", "position": place}
    return f"v1.{kind}OutputAdded", at | shown


def metadata(key: str, value: Any) -> Wire:
    return "v1.CellMetadataSet", {"cellId": "ai", "key": key, "value": value}


def cell(cell_type: str) -> Wire:
    place = {"fractionalIndex": cell_type, "createdBy": "me"}
    return "v2.CellCreated", {"id": cell_type, "cellType": cell_type, **place}


def requested(queue_id: str, cell_id: str) -> Wire:
    args = {"queueId": queue_id, "cellId": cell_id, "executionCount": 1, "requestedBy": "me"}
    return "v1.ExecutionRequested", args


def hostile_names(hidden: str) -> list[Wire]:
    """A notebook all of whose names hold this text."""
    tool = f"tool{hidden}"
    session = {"sessionId": "s", "runtimeId": "r", "runtimeType": "python"}
    choice = {"provider": f"provider{hidden}", "model": f"model{hidden}", "settings": {}}
    picture = {"mediaType": "image/png", "data": base64_of(PNG), "name": hidden}
    run = {"run_id": "run", "ai_provider": hidden, "ai_model": hidden, "role": "assistant"}
    call = {"tool_call_id": "t", "tool_name": tool, "arguments": {hidden: hidden}}
    create = {"cellType": hidden, "source": ""}
    created = {"tool_call_id": "u", "tool_name": "create_cell", "arguments": create}
    asked = {"toolCallId": "t", "cellId": "ai", "toolName": tool, "arguments": {hidden: hidden}}
    policy = {"tool": tool, "policy": "auto", "setBy": "me"}
    text = f'[a](http://b "{hidden}") ![c]({hidden}.png)'
    return [
        ("v1.NotebookTitleChanged", {"title": f"invoice{hidden}"}),
        ("v1.NotebookJsonSet", {"key": "language_info", "value": {"name": f"r{hidden}"}}),
        ("v1.RuntimeSessionStarted", {**session, "capabilities": CAPABILITIES}),
        *[cell("ai"), cell("code")],
        ("v1.AiSettingsChanged", {"cellId": "ai", **choice}),
        metadata("images", [picture]),
        metadata("sampling", {"stop": [hidden]}),
        metadata("asking", {"name": hidden, "type": hidden}),
        requested("run", "ai"),
        (
            "v1.ExecutionStarted",
            {"queueId": "run", "cellId": "ai", "runtimeSessionId": "s", "startedAt": TIME},
        ),
        display(1, f"x/{hidden}", "data"),
        display(2, "application/json", {hidden: 1}),
        display(3, "application/vnd.anode.aitool+json", call, **run, state="waiting"),
        display(4, "application/vnd.anode.aitool+json", created, **run, state="success"),
        output(5, "Error", content=inline({"ename": hidden, "evalue": "", "traceback": []})),
        output(
            6, "Markdown", content=inline(text, **run, notices=[{"kind": "retry", "text": hidden}])
        ),
        ("v1.ToolApprovalRequested", {**asked, "requestedAt": TIME}),
        ("v1.ToolPolicySet", policy),
        ("v1.ToolPolicySet", {**policy, "policy": "never", "scope": {"cellId": "ai"}}),
    ]


@pytest.fixture
def named(without_python: None, page: Page, site: str) -> Page:
    """A page that shows these names."""
    page.goto(f"{site}/?notebook=named")
    page.get_by_test_id("title").wait_for()
    commit(page, *hostile_names(HIDDEN))
    expect(page.get_by_test_id("approval")).to_be_visible()
    expect(page.get_by_test_id("origin")).to_contain_text(MARK)
    return page


def test_every_name_is_marked_in_what_the_page_says(named: Page) -> None:
    expect(named).to_have_title(f"invoice{MARK}")
    title = named.get_by_test_id("title")
    expect(title).to_have_value(f"invoice{MARK}")
    title.focus()
    expect(title).to_have_value(f"invoice{HIDDEN}")
    title.blur()
    expect(title).to_have_value(f"invoice{MARK}")
    for test_id, shown in (
        ("error", MARK),
        ("foreign-language", MARK),
        ("json", MARK),
        ("notice", MARK),
        ("own-settings", MARK),
        ("unshown", MARK),
        ("cell-model", f"model{MARK}"),
    ):
        expect(named.get_by_test_id(test_id).first).to_contain_text(shown)
    allow = f"Let tool{MARK} run without asking"
    expect(named.locator(f"[aria-label='{allow}']")).to_be_attached()
    expect(named.get_by_role("group", name=f"Approval: Call tool{MARK}")).to_be_visible()
    expect(named.get_by_role("button", name=f"Remove {MARK}")).to_be_attached()
    expect(named.get_by_role("button", name="Create a", exact=False)).to_contain_text(MARK)
    assert named.evaluate(SAID) == []


@pytest.mark.parametrize(
    ("open_it", "says"),
    [
        ("cell-model", "Same as the notebook"),
        ("own-settings", "Settings of this cell"),
        ("see-policies", f"tool{MARK}"),
        ("notebooks", f"invoice{MARK}"),
    ],
)
def test_every_name_is_marked_in_dialogs(named: Page, open_it: str, says: str) -> None:
    if open_it == "notebooks":
        named.get_by_test_id("notebook-menu").click()
    elif open_it == "see-policies":
        named.get_by_test_id("approve-always").click()
    named.get_by_test_id(open_it).first.click()
    place = named.get_by_role("dialog").last
    expect(place).to_contain_text(says)
    assert named.evaluate(SAID) == []


def test_a_file_gets_a_name_that_reads_as_it_is(named: Page, tmp_path: Any) -> None:
    assert export_ipynb(named, tmp_path).name == "invoice gnp.ipynb"
