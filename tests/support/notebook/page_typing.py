"""A person who types on a page, and a model that edits the same cell: the page's own JavaScript in
Node, the agent here, and messages between them that take as long as the test wants."""

from __future__ import annotations

import json
import subprocess
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from runt_pyodide import ProviderRegistry, RuntimeAgent
from runt_pyodide.ai.record.write import Transcript
from runt_pyodide.ai.rules import Limits, Policy, Rules
from runt_pyodide.ai.tool import Toolbox
from runt_pyodide.ai.tools.notebook import notebook_tools
from runt_pyodide.ai.turns.approvals import Approvals
from runt_pyodide.ai.turns.limits import Meter
from runt_pyodide.ai.turns.run_tools import ToolRunner
from runt_pyodide.execution.run import Run
from runt_pyodide.llm.messages import ToolCall
from runt_pyodide.llm.redaction import Redactor
from runt_pyodide.notebook.events import Event, to_wire
from runt_pyodide.notebook.log import Refusal
from runt_pyodide.notebook.vocabulary import read_event
from runt_pyodide.notebook.writer import OutputWriter
from scripts.paths import ROOT
from tests.support.stages.loop import settle
from tests.support.stages.wire import cell, request
from tests.support.stages.world import FixedWorld

_PROGRAM = Path(__file__).with_name("page_typing.mjs")
ID = "c"


class TypingPage:
    """One Node process; ``open`` begins a new page in it."""

    def __init__(self) -> None:
        self._node = subprocess.Popen(
            ["node", str(_PROGRAM)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
            cwd=ROOT,
        )

    def do(self, name: str, given: Any = None) -> dict[str, Any]:
        assert self._node.stdin is not None and self._node.stdout is not None
        self._node.stdin.write(json.dumps({name: given}) + "\n")
        self._node.stdin.flush()
        answer: dict[str, Any] = json.loads(self._node.stdout.readline())
        return answer

    def close(self) -> None:
        assert self._node.stdin is not None and self._node.stdout is not None
        self._node.stdin.close()
        self._node.wait()
        self._node.stdout.close()


class SharedCell:
    """The page, the agent, and what is on its way between them."""

    def __init__(self, page: TypingPage, source: str) -> None:
        self._page = page
        self._settles: dict[int, Callable[[Refusal | None], None]] = {}
        self.to_page: deque[tuple[str, Any]] = deque()
        self.to_agent: deque[dict[str, Any]] = deque()
        self.text = source
        self.source = source
        self.conflicts = 0
        self.agent = RuntimeAgent(
            self._emit,
            ProviderRegistry(),
            runtime_id="runtime",
            clock=FixedWorld().clock,
            session_id="session",
            propose=self._propose,
        )
        log = [*cell(ID, source), *cell("ai", "Do it.", "ai", "z"), request("q", "ai")]
        self._do("open", [{"name": name, "args": args} for name, args in log])
        self.arrive(len(self.to_agent))
        runner, notebook = self.agent._runner, self.agent.notebook
        self._writer = OutputWriter(runner.commit, runner.clock, "ai")
        self.run = Run(notebook.cells["ai"], notebook, "session", 1, self._writer, runner, "q")

    def type(self, text: str) -> None:
        """The person types."""
        self._do("type", text)

    def pause(self) -> None:
        """The person does not type for a while."""
        self._do("pause")

    def reach(self, count: int = 1) -> None:
        """So many messages reach the page."""
        for _ in range(min(count, len(self.to_page))):
            self._do(*self.to_page.popleft())

    def arrive(self, count: int = 1) -> None:
        """So many messages reach the agent."""
        for _ in range(min(count, len(self.to_agent))):
            message = self.to_agent.popleft()
            if "settlement" in message:
                answer = message["settlement"]
                present = answer.get("present")
                settle = self._settles.pop(answer["id"])
                settle(None if present is None else Refusal(present, answer.get("error", "")))
            else:
                events = map(read_event, message["events"])
                self.agent.receive([event for event in events if event is not None])

    async def call(self, name: str, **arguments: Any) -> str:
        """The model calls a tool; returns what it is told."""
        number = len(self.agent.notebook.outputs_of("ai"))
        policies: dict[str, Policy] = dict.fromkeys(("modify_cell", "delete_cell"), "auto")
        runner = ToolRunner(
            lambda: Toolbox(notebook_tools(self.run)),
            Approvals(self.run, Rules(policies=policies)),  # type: ignore[arg-type]
            Meter(Limits()),
            Transcript(self._writer, "q", Redactor()),
        )
        called = ToolCall(f"call {number}", name, json.dumps(arguments))
        (told,) = await runner.answer(runner.open([called]))
        self._writer.flush()
        return told.content

    async def quiet(self) -> None:
        """Everything arrives, and the person pauses."""
        self.pause()
        while True:
            self.reach(len(self.to_page))
            self.arrive(len(self.to_agent))
            await settle()
            if not self.to_page and not self.to_agent:
                return

    def _do(self, name: str, given: Any = None) -> None:
        answer = self._page.do(name, given)
        self.to_agent += answer["sent"]
        self.text, self.source = answer["text"], answer["source"]
        self.conflicts = answer["conflicts"]

    def _emit(self, events: Sequence[Event]) -> None:
        self.to_page.append(("emit", [to_wire(event) for event in events]))

    def _propose(
        self,
        events: Sequence[Event],
        expected: Mapping[str, str],
        settle: Callable[[Refusal | None], None],
    ) -> None:
        number = len(self._settles) + 1
        while number in self._settles:
            number += 1
        self._settles[number] = settle
        wire = [to_wire(event) for event in events]
        proposal = {"id": number, "events": wire, "expected": dict(expected)}
        self.to_page.append(("propose", proposal))
