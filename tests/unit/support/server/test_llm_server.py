"""What the stand-in model server answers, in each protocol."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import chain
from typing import Any

import httpx
import pytest

from runt_pyodide.llm.messages import Usage as TokenUsage
from runt_pyodide.llm.openai.responses_events import EventReader
from runt_pyodide.llm.reply import Reply
from tests.support.server.captures import load_capture
from tests.support.server.clients import chat, deltas, events, open_client
from tests.support.server.llm_server import LLMServer
from tests.support.server.scenario import (
    Answer,
    Framing,
    ToolCall,
    Trouble,
    Usage,
    replay,
)


@pytest.fixture
def client(llm_server: LLMServer) -> Iterator[httpx.Client]:
    with open_client(llm_server) as client:
        yield client


def test_an_answer_is_streamed_as_openai_does(llm_server: LLMServer, client: httpx.Client) -> None:
    exchange = llm_server.enqueue(Answer("Hello, world", deltas=3, usage=Usage(5, 3)))
    response = chat(client, stream_options={"include_usage": True})
    role, *parts, finish, usage, done = events(response.text)
    assert response.headers["content-type"] == "text/event-stream; charset=utf-8"
    assert role["choices"][0]["delta"] == {"role": "assistant", "content": ""}
    contents = [part["choices"][0]["delta"]["content"] for part in parts]
    assert contents == ["Hell", "o, w", "orld"]
    assert {part["object"] for part in parts} == {"chat.completion.chunk"}
    assert {part["model"] for part in parts} == {"gpt-4o"}
    assert finish["choices"][0] | {"delta": {}, "finish_reason": "stop"} == finish["choices"][0]
    assert usage["choices"] == []
    assert usage["usage"] == {"prompt_tokens": 5, "completion_tokens": 3, "total_tokens": 8}
    assert done == "[DONE]"
    assert exchange.wait_closed() == "completed"


def test_usage_finish_reason_and_end_mark_can_be_left_out_or_forced(
    llm_server: LLMServer, client: httpx.Client
) -> None:
    llm_server.enqueue(Answer("a", finish_reason=None, done=False, send_usage="never"))
    llm_server.enqueue(Answer("a", finish_reason="length", send_usage="always"))
    bare = chat(client, stream_options={"include_usage": True}).text
    full = chat(client).text
    assert len(events(bare)) == 2
    assert "[DONE]" not in bare and '"finish_reason":"' not in bare
    assert '"finish_reason":"length"' in full and '"usage"' in full


def test_thinking_and_tool_calls(llm_server: LLMServer, client: httpx.Client) -> None:
    calls = (ToolCall("add", '{"a":1}', "c1", fragments=3), ToolCall("now", "{}", "c2", 1))
    llm_server.enqueue(Answer(("x",), thinking=("hm", "m"), tool_calls=calls))
    text = chat(client).text
    thinking, more, content, *fragments, finish = deltas(text)[1:]
    assert (thinking, more) == ({"reasoning_content": "hm"}, {"reasoning_content": "m"})
    assert (content, finish) == ({"content": "x"}, {})
    first, *rest, last = (fragment["tool_calls"][0] for fragment in fragments)
    function = {"name": "add", "arguments": ""}
    assert first == {"index": 0, "id": "c1", "type": "function", "function": function}
    assert rest == [{"index": 0, "function": {"arguments": part}} for part in ('{"a', '":1}')]
    assert (last["index"], last["id"], last["function"]["arguments"]) == (1, "c2", "{}")
    assert '"finish_reason":"tool_calls"' in text


def test_half_a_surrogate_pair_in_a_delta(llm_server: LLMServer, client: httpx.Client) -> None:
    llm_server.enqueue(Answer(("\ud83d", "\ude42", "é")))
    text = chat(client).text
    assert r'"\ud83d"' in text and r'"\ude42"' in text and '"é"' in text


@pytest.mark.parametrize("end", ["\n", "\r", "\r\n"])
def test_framing(llm_server: LLMServer, client: httpx.Client, end: Any) -> None:
    framing = Framing(end, comment_every=2, event_lines=True, space=False, bom=True, escape=True)
    llm_server.enqueue(Answer(("é", "b"), framing=framing))
    body = chat(client).content
    assert body.startswith(b"\xef\xbb\xbfevent: message" + end.encode() + b"data:{")
    assert body.endswith(b"data:[DONE]" + 2 * end.encode())
    assert body.count(b": keep-alive" + 2 * end.encode()) == 2
    assert b'"\\u00e9"' in body and body.isascii() is False  # the mark alone is not ASCII
    assert not set(b"\r\n") - set(end.encode()) & set(body)


def test_what_is_not_streamed_comes_whole(llm_server: LLMServer, client: httpx.Client) -> None:
    llm_server.enqueue(Answer("Hello", tool_calls=(ToolCall("f"),), thinking="hm"))
    response = chat(client, stream=False)
    choice = response.json()["choices"][0]
    assert response.headers["content-type"] == "application/json"
    assert (choice["message"]["content"], choice["finish_reason"]) == ("Hello", "tool_calls")
    assert choice["message"]["reasoning_content"] == "hm"
    assert choice["message"]["tool_calls"][0]["function"] == {"name": "f", "arguments": "{}"}


def test_scenarios_by_queue_then_by_model_then_default(
    llm_server: LLMServer, client: httpx.Client
) -> None:
    llm_server.default, llm_server.models["special"] = Answer("default"), Answer("by model")
    queued = llm_server.enqueue(Answer("queued"))
    answers = [chat(client, model=model).text for model in ("special", "special", "other")]
    texts = ["".join(delta.get("content", "") for delta in deltas(text)) for text in answers]
    assert texts == ["queued", "by model", "default"]
    assert llm_server.exchanges[0] is queued
    assert [exchange.wait_closed() for exchange in llm_server.exchanges] == ["completed"] * 3


@pytest.mark.parametrize("name", ["aimock-1", "llamaserver-1"])
def test_a_capture_is_replayed(llm_server: LLMServer, client: httpx.Client, name: str) -> None:
    capture = load_capture(name)
    for writes in (None, 1, 7, 100_000):
        llm_server.enqueue(replay(name, writes))
        response = chat(client)
        assert response.content == capture.body
        assert response.headers["content-type"] == capture.header("content-type")


@pytest.mark.parametrize(
    "path", ["/v1/chat/completions", "/chat/completions", "/a/b/chat/completions"]
)
def test_any_base_path(client: httpx.Client, path: str) -> None:
    assert chat(client, path).text.endswith("data: [DONE]\n\n")


def test_model_lists(llm_server: LLMServer, client: httpx.Client) -> None:
    llm_server.models["mine"] = Answer()
    for path in ("/v1/models", "/models"):
        listed = client.get(path).json()
        assert [row["id"] for row in listed["data"]] == ["gpt-4o-mini", "gpt-4o", "mine"]
    tags = client.get("/api/tags").json()["models"]
    assert [row["name"] for row in tags] == ["gpt-4o-mini", "gpt-4o", "mine"]


def test_ollama(llm_server: LLMServer, client: httpx.Client) -> None:
    calls = (ToolCall("add", '{"a":1}', fragments=3),)
    llm_server.default = Answer(("one", "\u2028two"), thinking=("hm",), tool_calls=calls)
    streamed = client.post("/api/chat", json={"model": "m", "messages": []})
    lines = [json.loads(line) for line in streamed.content.split(b"\n") if line]
    assert streamed.headers["content-type"] == "application/x-ndjson"
    assert [line["message"].get("thinking") for line in lines] == ["hm", *[None] * 4]
    assert [line["message"]["content"] for line in lines] == ["", "one", "\u2028two", "", ""]
    call = {"function": {"name": "add", "arguments": {"a": 1}}}
    assert lines[3]["message"]["tool_calls"] == [call]
    assert [line["done"] for line in lines] == [False] * 4 + [True]
    assert (lines[-1]["done_reason"], lines[-1]["prompt_eval_count"]) == ("stop", 11)
    whole = client.post("/api/chat", json={"model": "m", "messages": [], "stream": False}).json()
    assert whole["message"]["content"] == "one\u2028two" and whole["done"] is True
    llm_server.enqueue(Answer("ab", deltas=2, trouble=Trouble("error", 1, "out of memory")))
    broken = client.post("/api/chat", json={"model": "m", "messages": []})
    assert json.loads(broken.content.split(b"\n")[1]) == {"error": "out of memory"}


def test_responses(llm_server: LLMServer, client: httpx.Client) -> None:
    calls = (ToolCall("add", '{"a":1}', "c1", fragments=3), ToolCall("now", "{}", "c2", 1))
    answer = Answer(("one", "\u2028two"), thinking=("hm",), tool_calls=calls, usage=Usage(5, 3))
    llm_server.default = answer
    ask = {"model": "m", "input": [], "store": False}
    streamed = client.post("/v1/responses", json={**ask, "stream": True})
    assert streamed.headers["content-type"] == "text/event-stream; charset=utf-8"
    fields = [line.split(": ", 1) for line in streamed.text.split("\n") if line]
    names, data = [[text for name, text in fields if name == kind] for kind in ("event", "data")]
    records = [json.loads(text) for text in data]
    assert names == [record["type"] for record in records]
    assert [record["sequence_number"] for record in records] == [*range(len(records))]
    reply, reader = Reply(), EventReader("m")
    for delta in [*chain.from_iterable(map(reader.read, data)), *reader.end()]:
        reply.add(delta)
    assert (reply.text, reply.response().thinking) == ("one\u2028two", "hm")
    assert [(call.id, call.name, call.arguments) for call in reply.tool_calls] == [
        *(("c1", "add", '{"a":1}'), ("c2", "now", "{}"))
    ]
    assert reply.usage == TokenUsage(5, 3, 0, 0)
    assert reply.response().state[1]["encrypted_content"]
    whole = client.post("/v1/responses", json=ask).json()
    assert (whole["object"], whole["output"]) == ("response", records[-1]["response"]["output"])


@pytest.mark.parametrize(
    ("answer", "last"),
    [
        (Answer("ab", finish_reason="length"), "response.incomplete"),
        (Answer("ab", finish_reason=None), "response.output_item.done"),
        (Answer("ab", trouble=Trouble("error", 1, "out of memory")), "error"),
        (Answer("ab", trouble=Trouble("close", 1)), "response.output_text.delta"),
    ],
)
def test_how_responses_end(
    llm_server: LLMServer, client: httpx.Client, answer: Answer, last: str
) -> None:
    llm_server.enqueue(answer)
    streamed = client.post("/v1/responses", json={"model": "m", "stream": True})
    data = [line.removeprefix("data: ") for line in streamed.text.split("\n") if "data: " in line]
    assert json.loads(data[-1])["type"] == last


def test_values_that_make_no_sense_are_refused() -> None:
    with pytest.raises(ValueError, match="gate_after is 4, but the answer has 3 deltas"):
        Answer("abc", gate_after=4)
    with pytest.raises(ValueError, match=r"trouble.at is 2, but the answer has 1 delta"):
        Answer(("a",), trouble=Trouble("fin", 2))
    with pytest.raises(ValueError, match="needs a body"):
        Trouble("close", "before_headers")


def test_a_server_that_was_reset_is_as_new_at_its_address(
    llm_server: LLMServer, client: httpx.Client
) -> None:
    llm_server.api_key = "sk-x"
    llm_server.default = Answer("Before.")
    llm_server.enqueue(Answer("Never asked for."))
    assert client.get("/v1/models").status_code == 401
    llm_server.reset()
    assert (llm_server.requests, llm_server.exchanges) == ([], [])
    assert "Before." not in chat(client).text
    port = llm_server.port
    llm_server.stop()
    llm_server.reset()
    assert (client.get("/v1/models").status_code, llm_server.port) == (200, port)
