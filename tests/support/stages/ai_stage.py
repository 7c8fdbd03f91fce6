"""An agent with a scripted model on a fixed world, for tests of runs with tools."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from runt_pyodide import AIConfig, ProviderRegistry, RuntimeAgent
from runt_pyodide.ai.record.fields import AIRecord
from runt_pyodide.errors import CellError
from runt_pyodide.execution.run import Run
from runt_pyodide.llm.messages import ChatRequest
from runt_pyodide.llm.test.provider import TestProvider
from runt_pyodide.llm.test.settings import TestSettings
from runt_pyodide.notebook.events import parse_event
from tests.support.stages.loop import settle
from tests.support.stages.wire import NOW, cell, request
from tests.support.stages.world import FixedWorld, WireEvent


class RecordedProvider(TestProvider):
    """The Test provider, which keeps the requests that it gets."""

    def __init__(self, settings: Mapping[str, Any]) -> None:
        super().__init__("test", TestSettings.model_validate(settings))
        self.requests: list[ChatRequest] = []

    def execute_prompt_stream(self, request: ChatRequest) -> Any:
        self.requests.append(request)
        return super().execute_prompt_stream(request)


class AiStage:
    """Give it the turns that answer every prompt, or ``responses``, or a ``cassette``; ``config``
    is what else the AIConfig holds. There is one AI cell, "ai", below the cells that are received
    first."""

    def __init__(
        self,
        *turns: Mapping[str, Any],
        responses: list[Mapping[str, Any]] | None = None,
        cassette: Mapping[str, Any] | None = None,
        config: Mapping[str, Any] | None = None,
        session_id: str = "session",
        world: FixedWorld | None = None,
        **agent: Any,
    ) -> None:
        self.world = world or FixedWorld()
        script = responses or [{"pattern": "", "turns": list(turns) or [say("Hello.")]}]
        settings = {"cassette": cassette} if cassette else {"responses": script}
        self.provider = RecordedProvider(settings)
        registry = ProviderRegistry()
        registry.register(self.provider)
        self.agent = RuntimeAgent(
            self.world.emit,
            registry,
            runtime_id="runtime",
            clock=self.world.clock,
            session_id=session_id,
            rules=AIConfig.read({"providers": {"test": {}}, **(config or {})}).rules,
            **agent,
        )

    @property
    def notebook(self) -> Any:
        return self.agent.notebook

    def receive(self, *wire: tuple[str, dict[str, Any]] | WireEvent) -> None:
        pairs = [(one["name"], one["args"]) if isinstance(one, dict) else one for one in wire]
        events = [parse_event({"name": name, "args": args}) for name, args in pairs]
        self.agent.receive([event for event in events if event is not None])

    def open(self, prompt: str = "Do it.") -> None:
        """The AI cell, and the agent started."""
        self.receive(*cell("ai", prompt, "ai"))
        self.agent.start()
        self.world.take()

    async def run(self, queue_id: str = "q", cell_id: str = "ai") -> list[WireEvent]:
        """Request a run of the cell, and return all its events until the agent can do no more."""
        self.receive(request(queue_id, cell_id))
        return await self.settle()

    async def settle(self) -> list[WireEvent]:
        await settle(300)
        if self.world.timers:
            self.world.advance(100)
        return [event for batch in self.world.take() for event in batch]

    def respond(self, call_id: str, status: str = "approved_once", **more: Any) -> None:
        args = {"toolCallId": call_id, "status": status, "approvedBy": "me", "respondedAt": NOW}
        self.receive(("v1.ToolApprovalResponded", {**args, **more}))

    def results(self, cell_id: str = "ai") -> list[str]:
        """Return what the model was told about its calls, in order."""
        mime = "application/vnd.anode.aitool.result+json"
        outputs = self.notebook.outputs_of(cell_id)
        return [o.bundle[mime].data["result"] for o in outputs if mime in o.bundle]

    def states(self, cell_id: str = "ai") -> list[str]:
        """Return the states of the cell's calls."""
        outputs = self.notebook.outputs_of(cell_id)
        return [str(state) for one in outputs if (state := AIRecord.of(one).state) is not None]

    def sources(self) -> list[tuple[str, str]]:
        """Return the types and sources of the cells, in order."""
        return [(one.cell_type, one.source) for one in self.notebook.cells_in_order()]


class Reader:
    """A code cell whose run can be observed: it reports its start, and ends when it may."""

    def __init__(self) -> None:
        self.began: list[str] = []
        self.gate = asyncio.Event()

    async def execute(self, run: Run) -> None:
        self.began.append(run.cell.id)
        await self.gate.wait()
        if run.cell.source == "fail":
            raise CellError("It failed.", ename="ValueError", traceback=["ValueError: no"])


def call(name: str, **arguments: Any) -> dict[str, Any]:
    """Return a turn that makes one call."""
    return {"toolCalls": [{"name": name, "arguments": arguments}]}


def calls(*named: tuple[str, dict[str, Any]]) -> dict[str, Any]:
    """Return a turn that makes several calls."""
    return {"toolCalls": [{"name": name, "arguments": args} for name, args in named]}


def say(text: str) -> dict[str, Any]:
    return {"text": text}
