"""The answers that every contestant reads: one text, cut into deltas, as each service writes it."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import cycle, islice
from typing import Any

from scripts.paths import ROOT

# Markdown, code, a table and characters beyond ASCII: quotes and line ends want escapes in JSON.
SAMPLE = ROOT / "tests" / "support" / "server" / "sample_answer.md"
_SIZES = (4, 3, 5, 4, 6, 2)  # characters of the deltas, in turn: 4 on average

# The fields of a chunk of OpenAI's service. With `include_obfuscation`, its default, there is one
# more, of random text: `padded` has it.
_HEAD: dict[str, Any] = {
    "id": "chatcmpl-CkT3mV9pYw2Zr7Qd1xLhB8sNf4Ga",
    "object": "chat.completion.chunk",
    "created": 1795367387,
    "model": "gpt-5-mini-2025-08-07",
    "service_tier": "default",
    "system_fingerprint": None,
}


@dataclass(frozen=True)
class Answer:
    """An answer as a service streams it: the text, and the records that carry it, one a delta."""

    text: str
    records: tuple[bytes, ...]

    @property
    def body(self) -> bytes:
        return b"".join(self.records)


def cut_text(count: int) -> Iterator[str]:
    """The sample, over and over, in `count` deltas of about four characters."""
    text = cycle(SAMPLE.read_text("utf-8"))
    for size in islice(cycle(_SIZES), count):
        yield "".join(islice(text, size))


@cache
def build_answer(kind: str, count: int) -> Answer:
    """`kind` is "sse" or "padded" (OpenAI's chat completions), or "ndjson" (Ollama's chat)."""
    deltas = list(cut_text(count))
    records = _ollama_records(deltas) if kind == "ndjson" else _openai_records(deltas, kind)
    return Answer("".join(deltas), tuple(records))


def _openai_records(deltas: list[str], kind: str) -> Iterator[bytes]:
    yield _event({"role": "assistant", "content": "", "refusal": None})
    for number, delta in enumerate(deltas):
        # As its own server does it, the padding makes up for the length of the delta.
        padding = f"{number * 2654435761 % 2**32:08x}"[len(delta) :] if kind == "padded" else None
        yield _event({"content": delta}, padding=padding)
    yield _event({}, finish="stop")
    usage = {"prompt_tokens": 9, "completion_tokens": len(deltas)}
    yield _data({**_HEAD, "choices": [], "usage": usage})
    yield b"data: [DONE]\n\n"


def _event(
    delta: dict[str, Any], *, finish: str | None = None, padding: str | None = None
) -> bytes:
    choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
    more = {} if padding is None else {"obfuscation": padding}
    return _data({**_HEAD, "choices": [choice], "usage": None, **more})


def _data(chunk: dict[str, Any]) -> bytes:
    return b"data: " + _dump(chunk) + b"\n\n"


def _ollama_records(deltas: list[str]) -> Iterator[bytes]:
    for number, delta in enumerate(deltas):
        yield _line(number, {"content": delta}, done=False)
    yield _line(len(deltas), {"content": ""}, done=True, done_reason="stop", eval_count=len(deltas))


def _line(number: int, message: dict[str, str], **rest: Any) -> bytes:
    seconds, micros = divmod(number * 12_345, 1_000_000)
    created = f"2026-11-22T10:{seconds // 60 % 60:02}:{seconds % 60:02}.{micros:06}Z"
    message = {"role": "assistant", **message}
    return _dump({"model": "llama3.2", "created_at": created, "message": message, **rest}) + b"\n"


def _dump(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
