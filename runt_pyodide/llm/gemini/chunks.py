"""Answers of Gemini's ``streamGenerateContent``: a stream's chunks, mapped to deltas.

There is no mark at the end: the last chunk has the reason why the model ended. Source:
ai.google.dev, the reference of GenerateContentResponse; python-genai `types.py`.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from ..messages import Delta, ToolCallDelta, UsageDelta
from ..wire.endings import Ending, read_ending, worse
from ..wire.records import RecordReader, mend_surrogates
from ..wire.template import Layout
from ..wire.usage import read_usage
from .request_body import SIGNATURE, Part, build_state

_COUNTED = ("promptTokenCount", "candidatesTokenCount", "thoughtsTokenCount", "totalTokenCount")


def new_call_id() -> str:
    """Return an id unlike any other, for a call that the service gave none."""
    return f"call_{uuid.uuid4().hex[:12]}"


class ChunkReader(RecordReader):
    """Reads the chunks of one stream. What is counted counts at the end alone. ``new_id`` names the
    calls that the service left unnamed."""

    layout = Layout(
        texts=(("candidates", 0, "content", "parts", 0, "text"),),
        noise=tuple(("usageMetadata", name) for name in _COUNTED),
    )

    def __init__(self, model: str, new_id: Callable[[], str] = new_call_id) -> None:
        super().__init__()
        self._model = model
        self._new_id = new_id
        self._parts: list[tuple[list[str], str]] = []
        self._calls = 0
        self._searches = 0
        self._ending: Ending | None = None
        self._notice = ""

    def has_ended(self) -> bool:
        return self._ending is not None

    def read_end(self) -> list[Delta]:
        ending = self._ending or read_ending("stop")
        finish = ending.finish(called=self._calls > 0)
        state = build_state(self._model, [*map(_to_part, self._parts)])
        return [replace(finish, notice=self._notice or finish.notice, state=state)]

    def read_record(self, record: Mapping[str, Any]) -> list[Delta]:
        deltas: list[Delta] = []
        candidates = record.get("candidates") or ()
        for candidate in candidates[:1]:
            for part in (candidate.get("content") or {}).get("parts") or ():
                deltas += self._read_part(part)
            self._read_grounding(candidate.get("groundingMetadata") or {})
            if word := candidate.get("finishReason"):
                self._ending = worse(self._ending, read_ending(word))
                self._notice = candidate.get("finishMessage") or self._notice
        if reason := (record.get("promptFeedback") or {}).get("blockReason"):
            self._ending = Ending("content_filter", reason)
            self._notice = f"The service refused the prompt ({reason})."
        if self._ending or not candidates:
            usage = read_usage(record.get("usageMetadata"))
            if usage:
                deltas.append(UsageDelta(replace(usage, searches=self._searches or None)))
        return deltas

    def _read_grounding(self, grounding: Mapping[str, Any]) -> None:
        self._searches = len(grounding.get("webSearchQueries") or ()) or self._searches
        for chunk in grounding.get("groundingChunks") or ():
            page = chunk.get("web") or {}
            self.cite(page.get("uri"), page.get("title"))

    def _read_part(self, part: Mapping[str, Any]) -> list[Delta]:
        if call := part.get("functionCall"):
            return [self._read_call(call, part)]
        text, signature = part.get("text") or "", part.get(SIGNATURE) or ""
        if part.get("thought"):
            return self.think(text)
        if text or signature:
            self._keep(text, signature)
        return self.say(text)

    def _read_call(self, call: Mapping[str, Any], part: Mapping[str, Any]) -> ToolCallDelta:
        index, self._calls = self._calls, self._calls + 1
        given = {"id": call.get("id"), SIGNATURE: part.get(SIGNATURE)}
        state = {name: value for name, value in given.items() if value}
        arguments = json.dumps(call.get("args") or {}, ensure_ascii=False)
        call_id = call.get("id") or self._new_id()
        return ToolCallDelta(index, call_id, call["name"], arguments, state or None)

    def _keep(self, text: str, signature: str) -> None:
        """Keep a part of the text. A signature belongs to its own part alone."""
        if signature or not self._parts or self._parts[-1][1]:
            self._parts.append(([], signature))
        self._parts[-1][0].append(text)


def _to_part(kept: tuple[list[str], str]) -> Part:
    texts, signature = kept
    signed = {SIGNATURE: signature} if signature else {}
    return {"text": mend_surrogates("".join(texts)), **signed}
