"""Services that keep to their rules (tests/data/services/strict.toml), and the model that answers
in each of them: it calls two tools when it may and is asked for the weather, gives a typed answer
when it is shown a schema, and says "ok" else."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from runt_pyodide.llm.transport.base import Request
from runt_pyodide.llm.transport.scripted import Scripted
from tests.support.services.answers import SERVICES, read, said, told
from tests.support.services.service import Refusal, Service, is_aside
from tests.support.services.streams import chunk, stream

CALLS = (("weather", {"city": "Rome"}), ("clock", {}))


@dataclass(slots=True)
class StrictService(Service):
    """A service as its table in strict.toml describes it. ``refused`` names the rules that were
    broken, in their order. What is asked of the host "elsewhere" is answered ``elsewhere``."""

    name: str = ""
    about: Mapping[str, Any] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)
    elsewhere: StrictService | None = None
    _called: int = 0

    @property
    def can_call(self) -> bool:
        return bool(self.about.get("calls", True))

    def answer(self, request: Request) -> Scripted:
        """Return the answer to a request."""
        if self.elsewhere is not None and urlsplit(request.url).hostname == "elsewhere":
            return self.elsewhere.answer(request)
        if is_aside(request):
            return told({"data": [{"id": self.about["settings"]["model"]}]})
        for refusal in self.refusals:
            if refusal.fits(request):
                self.refused.append(refusal.rule)
                return refusal.answer  # type: ignore[return-value]
        body = json.loads(request.body or b"{}")
        path = urlsplit(request.url).path
        if _wants_calls(body):
            return self._call(path, body)
        return said(_speak(body), path, body, json.loads(self.about.get("message", "{}")))

    def _answer(self, request: Request) -> Scripted:
        return self.answer(request)

    def _call(self, path: str, body: Mapping[str, Any]) -> Scripted:
        made = [*self._make_calls()]
        if path.endswith("/responses"):
            return _respond_with_calls(made)
        deltas = [json.loads(self.about.get("message", "{}"))]
        deltas += [{"tool_calls": [{"index": n, **one}]} for n, one in enumerate(made)]
        if body.get("stream"):
            return stream(*map(chunk, deltas), chunk({}, "tool_calls"))
        message = {"role": "assistant", "content": None, **deltas[0], "tool_calls": made}
        return told({"choices": [{"message": message, "finish_reason": "tool_calls"}]})

    def _make_calls(self) -> Iterator[dict[str, Any]]:
        for name, arguments in CALLS:
            number = str(self._called)
            self._called += 1
            more = json.loads(self.about.get("call", "{}").replace("{n}", number))
            yield {
                "id": self.about.get("ids", "call_{n}").replace("{n}", number),
                "type": "function",
                "function": {"name": name, "arguments": json.dumps(arguments)},
                **more,
            }


def read_services() -> dict[str, Mapping[str, Any]]:
    """Return the tables of the services by name, each with the rules of all."""
    tables = tomllib.loads((SERVICES / "strict.toml").read_text("utf-8"))
    common = tables.pop("all")["refuses"]
    return {
        name: {**table, "refuses": [*common, *table.get("refuses", ())]}
        for name, table in tables.items()
    }


def open_service(name: str, elsewhere: str = "") -> StrictService:
    """Return the service of that name, which was asked nothing yet, beside another of a name."""
    about = read_services()[name]
    refusals = [*map(_read_refusal, about["refuses"])]
    other = open_service(elsewhere) if elsewhere else None
    return StrictService(refusals=refusals, name=name, about=about, elsewhere=other)


def _read_refusal(rule: Mapping[str, Any]) -> Refusal:
    if "answer" in rule:
        return Refusal(rule["breaks"], read(rule["answer"]))
    error = {"message": rule["says"], "type": "invalid_request_error"}
    return Refusal(rule["breaks"], told({"error": error}, rule["status"]))


def _wants_calls(body: Mapping[str, Any]) -> bool:
    """Return whether the last message asks for the weather, and there are tools for it."""
    return "weather in" in _last(body) and '"weather"' in json.dumps(body.get("tools") or [])


def _speak(body: Mapping[str, Any]) -> str:
    """Return a number in JSON if one is asked for and the schema is shown, in any way."""
    shown = _has_format(body) or "properties" in json.dumps(_messages(body))
    return '{"value": 5}' if shown and "How many" in _last(body) else "ok"


def _messages(body: Mapping[str, Any]) -> list[Any]:
    return [*body.get("messages", body.get("input", ()))]


def _last(body: Mapping[str, Any]) -> str:
    """Return what a person said since the model last did."""
    last = _messages(body)[-1]
    return json.dumps(last["content"]) if last.get("role") == "user" else ""


def _has_format(body: Mapping[str, Any]) -> bool:
    return "response_format" in body or "format" in (body.get("text") or {})


def _respond_with_calls(made: list[dict[str, Any]]) -> Scripted:
    items: list[dict[str, Any]] = [
        {"type": "reasoning", "id": "rs_1", "summary": [], "encrypted_content": "ENC"}
    ]
    items += [{"type": "function_call", "call_id": one["id"], **one["function"]} for one in made]
    done = [
        {"type": "response.output_item.done", "output_index": place, "item": item}
        for place, item in enumerate(items)
    ]
    response = {"status": "completed", "output": items}
    return stream(*done, {"type": "response.completed", "response": response}, done=False)
