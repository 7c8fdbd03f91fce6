"""OpenAI's chat completions as two mappings: a request to a body, a stream's records to deltas.

The reader follows OpenAI's protocol, and lets compatible servers depart from it in every way that
has one meaning only; each departure is named beside the line that allows it. Source: openai-python
`types/chat/chat_completion_chunk.py` and `_streaming.py`, and captures of compatible servers
(`tests/data/captures`).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from ..adaptation.wordings import EMPTY_CONTENT, NULL_CONTENT
from ..messages import ChatRequest, ChatSettings, Delta, Image, Message, UsageDelta
from ..wire.endings import Ending, read_ending, worse
from ..wire.records import RecordReader
from ..wire.template import Layout
from ..wire.usage import read_usage
from .chat_calls import CallReader
from .chat_state import Returns, StateReader, map_call_states, map_state

_DELTA = ("choices", 0, "delta")
_THOUGHTS = ("reasoning_content", "reasoning", "reasoning_details")


def build_body(
    request: ChatRequest,
    returns: Returns | None = None,
    named: Collection[str] = (),
    refused: Collection[str] = (),
) -> dict[str, Any]:
    """Return the JSON body of a streamed request. What was not asked for is left out, since several
    servers answer an empty ``tools`` list or a null with HTTP 400.

    ``returns`` are the fields of its own messages that the server wants back, and ``named`` those
    of which it said so (see ``chat_state``). Of what is ``refused``, this knows what concerns the
    contents of messages.
    """
    messages = [_map_message(message, refused) for message in request.messages]
    for message, mapped in zip(request.messages, messages, strict=True):
        mapped |= map_state(message, returns or {}, request.model, named)
        states = map_call_states(message, returns or {}, request.model, named)
        for call, state in zip(mapped.get("tool_calls", ()), states, strict=True):
            call |= state
    if request.system_prompt:
        messages.insert(0, {"role": "system", "content": request.system_prompt})
    body: dict[str, Any] = {
        "model": request.model,
        "messages": messages,
        "stream": True,
        "stream_options": {"include_usage": True},
        **_map_settings(request.settings),
    }
    if request.tools:
        body["tools"] = [
            {
                "type": "function",
                "function": {
                    "name": tool.name,
                    "description": tool.description,
                    "parameters": dict(tool.parameters),
                },
            }
            for tool in request.tools
        ]
    if request.response_format is not None:
        schema = {"name": "answer", "schema": dict(request.response_format), "strict": True}
        body["response_format"] = {"type": "json_schema", "json_schema": schema}
    return body


def _map_settings(settings: ChatSettings) -> dict[str, Any]:
    wanted = {
        "temperature": settings.temperature,
        "max_tokens": settings.max_tokens,
        "top_p": settings.top_p,
        "seed": settings.seed,
        "stop": [*settings.stop] or None,
        "reasoning_effort": settings.reasoning_effort,
    }
    return {name: value for name, value in wanted.items() if value is not None}


def _map_message(message: Message, refused: Collection[str]) -> dict[str, Any]:
    mapped: dict[str, Any] = {"role": message.role, "content": _map_content(message, refused)}
    if message.tool_calls:
        mapped["tool_calls"] = [
            {
                "id": call.id,
                "type": "function",
                "function": {"name": call.name, "arguments": call.arguments},
            }
            for call in message.tool_calls
        ]
    if message.tool_call_id is not None:
        mapped["tool_call_id"] = message.tool_call_id
    return mapped


def _map_content(message: Message, refused: Collection[str]) -> Any:
    """Return the content of a message: null beside calls without text, as OpenAI has it, unless
    the server wants text ("" is taken by DeepSeek and Moonshot) or even some (Bedrock)."""
    if message.tool_calls and not message.content.strip():
        if EMPTY_CONTENT in refused:
            return f"(calls {', '.join(call.name for call in message.tool_calls)})"
        return "" if NULL_CONTENT in refused else None
    if not message.images:
        return message.content
    text = [{"type": "text", "text": message.content}] if message.content.strip() else []
    images = ({"type": "image_url", "image_url": _map_image(one)} for one in message.images)
    return [*text, *images]


def _map_image(image: Image) -> dict[str, str]:
    return {"url": f"data:{image.media_type};base64,{image.data}", "detail": "auto"}


class ChunkReader(RecordReader):
    """Reads the records of one stream, the data of its server-sent events."""

    layout = Layout(
        texts=(
            *((*_DELTA, name) for name in ("content", "refusal", "reasoning_content", "reasoning")),
            (*_DELTA, "tool_calls", 0, "function", "arguments"),
        ),
        # Only what begins a call is named after its answer.
        noise=(("id",), ("created",), ("obfuscation",)),
    )

    def __init__(self) -> None:
        super().__init__()
        self._calls = CallReader()
        self._state = StateReader()
        self._ending: Ending | None = None
        self._streamed: set[str] = set()
        self._whole_texts: dict[int, str] = {}

    def find_error(self, record: Mapping[str, Any]) -> Any:
        choices = record.get("choices")
        tells_none = choices and not record.get("error") and "error" not in (choices[-1] or ())
        if tells_none and "base_resp" not in record:
            return None  # as most records do: this one need not be searched
        return super().find_error(record)

    def has_ended(self) -> bool:
        return self._ending is not None or self.done

    def read_end(self) -> list[Delta]:
        calls = self._calls.end()
        ending = self._ending or read_ending("stop")
        finish = ending.finish(called=self._calls.any)
        return [*calls, replace(finish, state=self._state.state())]

    def read_record(self, record: Mapping[str, Any]) -> list[Delta]:
        deltas: list[Delta] = []
        for place, choice in enumerate(record.get("choices") or ()):
            if choice is not None:
                deltas += self._read_choice(choice, place, record.get("id"))
        # Groq sends it in an object of its own if it was not asked for in OpenAI's way.
        usage = record.get("usage") or (record.get("x_groq") or {}).get("usage")
        if usage and (counted := read_usage(usage)):
            deltas.append(UsageDelta(counted))
        return deltas

    def _read_choice(self, choice: Mapping[str, Any], place: int, answer_id: Any) -> list[Delta]:
        delta, message = choice.get("delta"), choice.get("message")
        deltas: list[Delta] = []
        if delta:
            if len(delta) > 1 or "content" not in delta:
                self._state.read(delta)
            deltas = self._read_delta(delta, answer_id)
        if message and not deltas:
            deltas = self._read_message(message, place, answer_id)
        for said in (delta, message):
            for one in (said or {}).get("annotations") or ():
                cited = one.get("url_citation") or one  # LiteLLM has it without the envelope
                self.cite(cited.get("url"), cited.get("title"))
        if word := choice.get("finish_reason"):
            self._ending = worse(self._ending, read_ending(word))
        return deltas

    def _read_message(self, message: Mapping[str, Any], place: int, answer_id: Any) -> list[Delta]:
        """Read the whole message of a server that does not stream. Some send it in each chunk, as
        far as it came, or once more after it was streamed."""
        streamed = set(self._streamed)
        text, thinking = _read_texts(message)
        said = self._whole_texts.get(place, "")
        self._whole_texts[place] = text if text.startswith(said) else said + text
        news: dict[str, Any] = {
            "content": "" if "text" in streamed else text.removeprefix(said),
            "reasoning_content": "" if streamed or said else thinking,
        }
        if "call" not in streamed:
            news |= {name: message.get(name) for name in ("tool_calls", "function_call")}
        if not (streamed or said):
            self._state.read(message)
        deltas = self._read_delta(news, answer_id)
        self._streamed = streamed
        return deltas

    def _read_delta(self, delta: Mapping[str, Any], answer_id: Any) -> list[Delta]:
        text, thinking = _read_texts(delta)
        deltas: list[Delta] = []
        if thinking:
            deltas += self.think(thinking)
            self._streamed.add("thinking")
        if text:
            deltas += self.say(text)
            self._streamed.add("text")
        calls = delta.get("tool_calls")
        if not calls and (function := delta.get("function_call")):
            # As calls were before there could be several.
            calls = ({"function": function},)
        for call in [calls] if isinstance(calls, Mapping) else calls or ():
            if call is not None:
                deltas += self._calls.read(call, answer_id)
                self._streamed.add("call")
        return deltas


def _read_texts(message: Mapping[str, Any]) -> tuple[str, str]:
    """Return the text and the thinking of a message or a delta. OpenAI's has no thinking;
    compatible servers send it under one of these names, or the same under several."""
    content = message.get("content") or message.get("refusal") or ""
    if not isinstance(content, str | list | dict):
        raise TypeError("a content of an unknown kind")
    text, thinking = (content, "") if isinstance(content, str) else _split_content(content)
    for name in _THOUGHTS:
        if name in message and not thinking:
            thinking = "".join(_split_content(message[name]))
    return text, thinking


def _split_content(content: Any) -> tuple[str, str]:
    """Return the text and the thinking of a content. Reasoning models' may be a list of parts, in
    which thinking is a list of parts again (Mistral: thinking, thinking; gateways to OpenAI:
    reasoning, summary; OpenRouter: reasoning.text, reasoning.summary)."""
    if isinstance(content, str):
        return content, ""
    if isinstance(content, Mapping):
        names = ("text", "thinking", "summary", "content", "refusal", "reasoning")
        said = next((content[name] for name in names if content.get(name)), "")
        text, thinking = _split_content(said)
        is_thought = any(stem in str(content.get("type")) for stem in ("think", "reason"))
        return ("", thinking + text) if is_thought else (text, thinking)
    texts = [_split_content(part) for part in content] if isinstance(content, list) else ()
    return "".join(text for text, _ in texts), "".join(thought for _, thought in texts)
