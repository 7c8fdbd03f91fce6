"""An agent on a fixed world, whose model answers over a scripted transport."""

from __future__ import annotations

from typing import Any

from runt_pyodide import AIConfig, ProviderRegistry, RuntimeAgent
from runt_pyodide.errors import NetworkError
from runt_pyodide.llm.transport.scripted import Scripted, ScriptedTransport
from runt_pyodide.notebook.events import parse_event
from tests.support.stages.loop import settle
from tests.support.stages.wire import plain
from tests.support.stages.world import FixedWorld

SSE = {"content-type": "text/event-stream"}


def chunk(text: str, finish: str = "null") -> bytes:
    choice = f'{{"delta":{{"content":"{text}"}},"finish_reason":{finish}}}'
    return f'data: {{"choices":[{choice}]}}\n\n'.encode()


class Stage:
    """An agent on a fixed world, with an OpenAI provider whose answers are scripted."""

    def __init__(self, *answers: Scripted | NetworkError, **executors: Any) -> None:
        self.world = FixedWorld()
        self.transport = ScriptedTransport(answers)
        config = AIConfig.read({"providers": {"openai": {"baseUrl": "http://x/v1", "model": "m"}}})
        self.agent = RuntimeAgent(
            self.world.emit,
            ProviderRegistry.from_config(config, self.transport),
            runtime_id="runtime",
            clock=self.world.clock,
            session_id="session",
            executors=executors,
        )

    def receive(self, *wire: tuple[str, dict[str, Any]]) -> None:
        events = [parse_event({"name": name, "args": args}) for name, args in wire]
        self.agent.receive([event for event in events if event is not None])

    def start(self) -> None:
        self.agent.start()
        self.world.take()

    async def settle(self) -> list[list[dict[str, Any]]]:
        """Return what the agent has emitted since the last call, once it has nothing more to do."""
        await settle()
        return [plain(batch) for batch in self.world.take()]
