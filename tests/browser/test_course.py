"""The notebook of a course shows in the page what it shows elsewhere: tests/support/course.py."""

from __future__ import annotations

from playwright.sync_api import Page

from runt_pyodide.notebook.events import parse_event, to_wire
from runt_pyodide.notebook.state import Notebook
from tests.support import course
from tests.support.browser.runtime import requested as requested_of

RUN = """async ({ config, made, requested }) => {
  await runtime.configure(config);
  const last = requested.at(-1).args.queueId;
  const ended = new Promise((resolve) => store.subscribe((batch) => {
    const isEnd = ({ name, args }) => name === "v1.ExecutionCompleted" && args.queueId === last;
    if (batch.some(isEnd)) resolve();
  }));
  store.commit(...made);
  store.commit(...requested);
  await ended;
  return events;
}"""


def test_each_cell_shows_what_is_expected(shared_runtime: Page) -> None:
    made = course.events()
    cells = [cell for cell in Notebook(made).cells_in_order() if cell.cell_type != "markdown"]
    requested = [
        {"name": "v1.ExecutionRequested", "args": requested_of(cell.id, cell.id)} for cell in cells
    ]
    events = shared_runtime.evaluate(
        RUN,
        {
            "config": course.config(),
            "made": [to_wire(event) for event in made],
            "requested": requested,
        },
    )
    read = [parse_event(event) for event in events]
    notebook = Notebook(event for event in read if event is not None)
    assert course.describe_notebook(notebook) == course.expected()
