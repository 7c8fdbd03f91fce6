"""The calls of a turn: each is checked, allowed, run, and answered by exactly one result."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from typing import Any

from ...errors import ToolArgumentsError
from ...llm.messages import Image, Message, ToolCall
from ...notebook.state.output import Output
from ..model_json import read_arguments
from ..record.calls import Arguments
from ..record.write import CallOutput, Transcript
from ..text import sizes
from ..text.output import clip
from ..tool import Tool, Toolbox, ToolResult
from .approvals import Approvals
from .limits import Meter


@dataclass(frozen=True, slots=True)
class OpenCall:
    """A call that was written down and has no result yet. ``fault`` says why its arguments cannot
    be read, if they cannot."""

    call: ToolCall
    arguments: Mapping[str, Any]
    output: CallOutput
    fault: str = ""


class ToolRunner:
    """Runs calls. ``open_toolbox`` returns the tools as they are now: a call may define more.

    Calls run in order; adjacent ones that only read run concurrently. A call that cannot be made,
    fails or is denied has a result that says so.
    """

    def __init__(
        self,
        open_toolbox: Callable[[], Toolbox],
        approvals: Approvals,
        meter: Meter,
        transcript: Transcript,
    ) -> None:
        self._open_toolbox = open_toolbox
        self._approvals = approvals
        self._meter = meter
        self._transcript = transcript

    def open(self, calls: Iterable[ToolCall]) -> list[OpenCall]:
        """Write down the calls of a turn."""
        return [_open(call, partial(self._transcript.call, call)) for call in calls]

    def reopen(self, call: ToolCall, output: Output) -> OpenCall:
        """Return a call that an earlier session wrote down."""
        reopen = self._transcript.reopen_call
        return _open(call, lambda arguments: reopen(call, arguments, output))

    async def answer(self, opened: Sequence[OpenCall]) -> list[Message]:
        """Return the results as messages, in the order of the calls. Images follow in a user
        message, since no service takes them from a tool. Raise LimitError."""
        results: list[tuple[OpenCall, ToolResult]] = []
        try:
            for together, group in groupby(opened, self._runs_at_once):
                for batch in [[*group]] if together else ([one] for one in group):
                    for one, result in zip(batch, await self._run_batch(batch), strict=True):
                        results.append((one, result))
                        self._count(one, result)
        finally:
            for one in opened:
                if not one.output.is_over:
                    one.output.set_state("cancelled", wait=True)
        return [*_to_messages(results)]

    async def _run_batch(self, batch: Sequence[OpenCall]) -> list[ToolResult]:
        for _ in batch:
            self._meter.begin_call()
        if len(batch) == 1:
            return [await self._run(batch[0])]
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(self._run(one)) for one in batch]
        return [task.result() for task in tasks]

    async def _run(self, one: OpenCall) -> ToolResult:
        call = self._bind(one)
        if isinstance(call, ToolResult):
            one.output.end(call)
            return call
        tool, run = call
        policy = self._approvals.policy_for(tool, one.arguments)
        denial = _NEVER if policy == "never" else None
        if policy == "ask":
            if (refused := tool.refuse(one.arguments)) is not None:
                one.output.end(refused)
                return refused
            denial = await self._ask(one, tool.seen(one.arguments))
            if denial is None:
                self._approvals.grant(tool, one.arguments)
        if denial is not None:
            result = ToolResult(denial, failed=True)
            one.output.end(result, denied=True)
            return result
        one.output.set_state("running", wait=policy != "ask")
        result = await run()
        one.output.end(result)
        return result

    def _bind(self, one: OpenCall) -> ToolResult | tuple[Tool, Callable[[], Awaitable[ToolResult]]]:
        """Return the tool and a function that makes the call, or a result that says what is
        wrong."""
        name, toolbox = one.call.name, self._open_toolbox()
        tool = toolbox.get(name)
        if tool is None:
            known = ", ".join(toolbox.names()) or "none"
            return ToolResult(f"There is no tool {name!r}. The tools are: {known}.", failed=True)
        if one.fault:
            wrote, _ = clip(one.call.arguments, sizes.BROKEN_ARGUMENTS)
            return ToolResult(
                f"The arguments of {name} cannot be read: {one.fault}. Call it again with valid "
                f"JSON. You wrote: {wrote}",
                failed=True,
            )
        try:
            return tool, tool.bind(one.arguments)
        except ToolArgumentsError as error:
            return ToolResult(str(error), failed=True)

    async def _ask(self, one: OpenCall, seen: Mapping[str, str]) -> str | None:
        """Ask a person about a call for these sources. Return what the model is told if the call
        is not approved, None if it is."""
        one.output.set_state("waiting", seen=seen)
        with self._meter.paused():
            return await self._approvals.ask(one.call.id, one.call.name, one.arguments)

    def _runs_at_once(self, one: OpenCall) -> bool:
        tool = self._open_toolbox().get(one.call.name)
        return tool is not None and tool.reads_only and self._approvals.policy_of(tool) == "auto"

    def _count(self, one: OpenCall, result: ToolResult) -> None:
        arguments, change = one.call.arguments, result.change
        if change is not None and change.after is not None and change.kind == "created":
            # The same cell again is the same call, wherever the model wants it.
            arguments = f"{change.after.cell_type} {change.after.source}"
        elif not one.fault:
            arguments = json.dumps(one.arguments, sort_keys=True)
        self._meter.count_result(
            one.call.name, arguments, result.text, failed=result.failed, changes=change is not None
        )


_NEVER = "The notebook's settings do not allow this tool. Go on without it."


def _open(call: ToolCall, write: Callable[[Arguments], CallOutput]) -> OpenCall:
    """Write a call down, with the model's text if its arguments cannot be read."""
    try:
        arguments = read_arguments(call.arguments)
    except ValueError as error:
        return OpenCall(call, {}, write(call.arguments), fault=str(error))
    return OpenCall(call, arguments, write(arguments))


def _to_messages(results: Sequence[tuple[OpenCall, ToolResult]]) -> Iterator[Message]:
    images: list[Image] = []
    names: list[str] = []
    for one, result in results:
        call = one.call
        yield Message("tool", result.text, tool_call_id=call.id, tool_name=call.name)
        if result.images:
            images += result.images
            names.append(call.name)
    if images:
        yield Message("user", f"What {' and '.join(names)} showed:", images=tuple(images))
