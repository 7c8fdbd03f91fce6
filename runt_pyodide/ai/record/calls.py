"""A tool call and its result as bundles: for the page, for the history, and for plain readers."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Self

from ...llm.messages import ToolCall
from ...llm.redaction import Redactor
from ...notebook.events import Bundle, Inline
from ...notebook.hidden import show_hidden
from ...notebook.state.output import Output
from .changes import Change
from .fields import CALL, RESULT, AIRecord, CallData, ResultData
from .service_state import read_state, write_state

Arguments = Mapping[str, Any] | str
"""The arguments of a call: an object, or the model's text if that is not a JSON object."""


@dataclass(frozen=True, slots=True)
class CallResult:
    """The result of a call, as it is written down. The model reads ``text``; the reader also sees
    ``bundle``. If the call ``failed``, the model is told so. ``change`` is what was done to a cell,
    kept so that it can be undone."""

    text: str
    failed: bool = False
    bundle: Bundle = field(default_factory=dict)
    change: Change | None = None

    def without_secrets(self, redactor: Redactor) -> Self:
        """Return the result as it may be written down. What undoing the change needs stays."""
        bundle = {
            mime: one.model_copy(update={"data": redactor.json(one.data)})
            if isinstance(one, Inline)
            else one
            for mime, one in self.bundle.items()
        }
        return replace(self, text=redactor.text(self.text), bundle=bundle)


def build_call(call: ToolCall, arguments: Arguments, source: AIRecord) -> Bundle:
    """Return the call as a bundle. ``source`` names the run, turn and model that made it, and the
    origin of the call's state if there is one."""
    state = write_state([call.state] if call.state else [])
    record = replace(
        source,
        role="function_call",
        tool_call=True,
        tool_call_id=call.id,
        tool_name=call.name,
        tool_args=arguments if isinstance(arguments, Mapping) else {},
        state="pending",
        origin=(source.origin or None) if state else None,
        service_state=state,
    )
    data = CallData(call.id, call.name, arguments)
    shown = arguments if isinstance(arguments, str) else json.dumps(arguments, ensure_ascii=False)
    return {
        CALL: Inline(data=data.to_json(), metadata=record.to_metadata()),
        "text/markdown": Inline(
            data=f"**Tool call:** {_as_code(call.name)}\n\n{fence(shown, 'json')}"
        ),
        "text/plain": Inline(data=f"Tool call: {call.name}({shown})"),
    }


def build_result(
    call: ToolCall, arguments: Arguments, result: CallResult, timestamp: str, source: AIRecord
) -> Bundle:
    """Return the result as a bundle, together with what the tool shows."""
    record = AIRecord(
        role="tool",
        run_id=source.run_id,
        iteration=source.iteration,
        tool_call_id=call.id,
        tool_name=call.name,
        tool_error=result.failed,
        change=result.change,
    )
    data = ResultData(
        tool_call_id=call.id,
        status="error" if result.failed else "success",
        result=result.text,
        tool_name=call.name,
        arguments=arguments,
        timestamp=timestamp,
    )
    said = "failed" if result.failed else "result"
    return {
        "text/markdown": Inline(
            data=f"**Tool {said}:** {_as_code(call.name)}\n\n{fence(result.text)}"
        ),
        "text/plain": Inline(data=f"Tool {said}: {call.name}: {result.text}"),
        **result.bundle,
        RESULT: Inline(data=data.to_json(), metadata=record.to_metadata()),
    }


def call_of(output: Output) -> CallData | None:
    """Return the call that an output shows, or None if it shows none that can be read."""
    return CallData.read(_data_of(output, CALL))


def read_call(output: Output) -> ToolCall | None:
    """Return the call that an output shows as the model made it, with its state; None if it shows
    none that can be read."""
    if (data := call_of(output)) is None:
        return None
    state = read_state(AIRecord.of(output).service_state)
    return replace(data.to_call(), state=state[0] if state else None)


def result_of(output: Output) -> ResultData | None:
    """Return the result that an output shows, or None if it shows none that can be read."""
    return ResultData.read(_data_of(output, RESULT))


def fence(text: str, language: str = "") -> str:
    """Return a Markdown code block whose fence is longer than any in the text."""
    longest = max((len(run) for run in re.findall(r"`{3,}", text)), default=2)
    bar = "`" * (longest + 1)
    return f"{bar}{language}\n{text}\n{bar}"


def as_line(name: str) -> str:
    """Return a name that a model has chosen so that it is one line, and all of it is seen."""
    return show_hidden(" ".join(name.split()))


def _as_code(name: str) -> str:
    quoted = as_line(name).replace("`", "'")
    return f"`{quoted}`"


def _data_of(output: Output, mime: str) -> object:
    shown = output.bundle.get(mime) if output.kind == "display" else None
    return shown.data if isinstance(shown, Inline) else None
