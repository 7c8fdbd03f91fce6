"""Requests to OpenAI's Responses API, mapped to bodies. ``responses_events`` reads its answers.

Requests are stateless: the service stores nothing, and what it must have again of a turn, above all
its encrypted reasoning, goes out with FinishDelta.state and comes back with Message.state.
Source: openai-python `types/responses/response_create_params.py` and `response_input_param.py`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ..messages import ChatRequest, Message, ToolCall

Item = dict[str, Any]

LACKS = ("seed", "stop")
"""Settings that chat completions have and this API has not."""

PART_BREAK = "\n\n"
"""Between two messages of a turn, and between two parts of its thinking."""

_STATE = "openai.responses"
_SEARCH = "web_search_call"
_SEARCHED = ("type", "id", "status", "action")
_REASONING = ("type", "id", "summary", "content", "encrypted_content")


def build_body(request: ChatRequest) -> dict[str, Any]:
    """Return the JSON body of a streamed request. What was not asked for is left out."""
    settings = request.settings
    reasoning: dict[str, Any] = {"summary": "auto"}
    if settings.reasoning_effort is not None:
        reasoning["effort"] = settings.reasoning_effort
    body: dict[str, Any] = {
        "model": request.model,
        "input": [item for m in request.messages for item in _map_message(m, request.model)],
        "stream": True,
        "store": False,
        "include": ["reasoning.encrypted_content"],
        "reasoning": reasoning,
    }
    if request.system_prompt:
        body["instructions"] = request.system_prompt
    if settings.max_tokens is not None:
        body["max_output_tokens"] = settings.max_tokens
    if settings.temperature is not None:
        body["temperature"] = settings.temperature
    if settings.top_p is not None:
        body["top_p"] = settings.top_p
    searching = [{"type": "web_search"}] if settings.web_search else []
    if request.tools or searching:
        body["tools"] = [
            *searching,
            *(
                {
                    "type": "function",
                    "name": tool.name,
                    "description": tool.description,
                    "parameters": dict(tool.parameters),
                    # Its default is true, unlike in chat completions: few schemas would pass.
                    "strict": False,
                }
                for tool in request.tools
            ),
        ]
    if request.response_format is not None:
        schema = {"name": "answer", "schema": dict(request.response_format), "strict": True}
        body["text"] = {"format": {"type": "json_schema", **schema}}
    return body


def _map_message(message: Message, model: str) -> Iterator[Item]:
    if message.role == "tool":
        call_id = message.tool_call_id
        yield {"type": "function_call_output", "call_id": call_id, "output": message.content}
    elif message.role == "assistant":
        yield from _map_turn(message, model)
    elif message.images:
        parts: list[Item] = [
            {
                "type": "input_image",
                "image_url": f"data:{image.media_type};base64,{image.data}",
                "detail": "auto",
            }
            for image in message.images
        ]
        text = [{"type": "input_text", "text": message.content}] if message.content.strip() else []
        yield {"role": message.role, "content": [*text, *parts]}
    else:
        yield {"role": message.role, "content": message.content}


def _map_turn(message: Message, model: str) -> Iterator[Item]:
    """Yield the items of a turn of the model, in the order in which it made them if that is known.

    The message says which calls there are (one without a result was taken out, for example);
    reasoning must stand right before the item that it led to, or not at all.
    """
    kept = _kept_items(message, model)
    made = [item["call_id"] for item in kept if item["type"] == "function_call"]
    # Ids may have been made unique since; the order stays.
    same = len(made) == len(message.tool_calls)
    ids = made if same else [call.id for call in message.tool_calls]
    calls = {
        call_id: _map_call(call) for call_id, call in zip(ids, message.tool_calls, strict=True)
    }
    reasoning: list[Item] = []
    for item in kept:
        if item["type"] == "reasoning":
            reasoning.append(item)
            continue
        is_call = item["type"] == "function_call"
        is_search = item["type"] == _SEARCH
        led_to = calls.pop(item["call_id"], None) if is_call else item
        if not (is_call or is_search):
            led_to = _map_said(item)
        if led_to is not None:
            yield from (*reasoning, led_to)
        reasoning.clear()
    if message.content and not kept:
        yield _map_said({"content": message.content})
    yield from calls.values()


def _map_said(item: Mapping[str, Any]) -> Item:
    """Return what the model said, given as text, in the only form that OpenAI and llama.cpp's
    server both take. Source: llama.cpp `common/chat.cpp` and `tools/server` ("Cannot determine
    type of 'item'"); openai-python `types/responses/response_output_message_param.py`."""
    content = [{"type": "output_text", "text": item["content"]}]
    return {**item, "type": "message", "role": "assistant", "content": content}


def _map_call(call: ToolCall) -> Item:
    return {
        "type": "function_call",
        "call_id": call.id,
        "name": call.name,
        "arguments": call.arguments,
    }


def _kept_items(message: Message, model: str) -> list[Item]:
    """Return the items of the state, if they are this model's (another cannot read its reasoning)
    and say the same text as the message. A log may have them from anybody: what is not an item of
    ours is left out."""
    if message.state[:1] != ({"type": _STATE, "model": model},):
        return []
    items = [sound for item in message.state[1:] if (sound := _read_kept(item)) is not None]
    said = PART_BREAK.join(item["content"] for item in items if item["type"] == "message")
    # The breaks between texts depend on what was shown between them.
    return items if said.split() == message.content.split() else []


def _read_kept(item: Mapping[str, Any]) -> Item | None:
    """Return an item as `keep_item` made it; None if it is something else."""
    match item:
        case {"type": "function_call", "call_id": str(call_id)}:
            return {"type": "function_call", "call_id": call_id}
        case {"type": "message", "content": str(content)}:
            phase = item.get("phase")
            return {
                "type": "message",
                "content": content,
                **({"phase": phase} if isinstance(phase, str) else {}),
            }
        case {"type": "web_search_call", "id": str()}:
            return {name: item[name] for name in _SEARCHED if item.get(name) is not None}
        case {"type": "reasoning"}:
            return {name: item[name] for name in _REASONING if item.get(name) is not None}
    return None


def keep_item(item: Mapping[str, Any]) -> list[Item]:
    """Return an item as later input: reasoning with all that it must go back with, messages with
    their phase, without which newer models do worse, and calls by their ids, for the order."""
    if item["type"] == "function_call":
        return [{"type": "function_call", "call_id": item["call_id"]}]
    if item["type"] == "message":
        phase = {"phase": item["phase"]} if item.get("phase") else {}
        return [{"type": "message", "role": "assistant", "content": text_of(item), **phase}]
    if item["type"] == _SEARCH:
        return [{name: item[name] for name in _SEARCHED if item.get(name) is not None}]
    # Reasoning that was neither encrypted nor told cannot be found by its id later.
    if item["type"] == "reasoning" and (item.get("encrypted_content") or item.get("content")):
        return [{name: item[name] for name in _REASONING if item.get(name) is not None}]
    return []


def text_of(item: Mapping[str, Any]) -> str:
    """Return the text of a message item, including refusals."""
    content = item["content"]
    if isinstance(content, str):
        return content
    return "".join(part.get("text") or part.get("refusal") or "" for part in content)


def build_state(model: str, items: Sequence[Item]) -> tuple[Item, ...]:
    """Return what the next request must hold of a turn with these items: nothing if its text and
    its calls say it all."""
    if not any(item["type"] == "reasoning" or "phase" in item for item in items):
        return ()
    return ({"type": _STATE, "model": model}, *items)
