"""A cassette as JSON: what is written is read again, and what cannot be read is named."""

from __future__ import annotations

import json
from typing import Any

import pytest

from runt_pyodide import errors
from runt_pyodide.errors import ConfigError, ProviderError, RateLimitError
from runt_pyodide.llm.cassette.cassette import (
    Cassette,
    RecordedDelta,
    RecordedError,
    RecordedTurn,
    describe_request,
)
from runt_pyodide.llm.messages import (
    ChatRequest,
    ChatSettings,
    Delta,
    FinishDelta,
    Image,
    Message,
    TextDelta,
    ThinkingDelta,
    ToolCall,
    ToolCallDelta,
    ToolSpec,
    Usage,
    UsageDelta,
)
from runt_pyodide.llm.redaction import Redactor

REQUEST = ChatRequest(
    messages=(
        Message("user", "Gr\u00fc\u00dfe", images=(Image("image/png", "aGk="),)),
        Message("assistant", "", tool_calls=(ToolCall("1", "f", "{"),), state=({"a_b": {"c": 1}},)),
        Message("tool", "42", tool_call_id="1", tool_name="f"),
    ),
    model="m",
    tools=(ToolSpec("f", "Does.", {"type": "object", "properties": {"a_b": {}}}),),
    system_prompt="Be kind.",
    settings=ChatSettings(temperature=0.5, stop=("END",)),
    response_format={"type": "object"},
)
DELTAS: tuple[Delta, ...] = (
    ThinkingDelta("hm"),
    ThinkingDelta(""),
    TextDelta("\U0001f642"),
    TextDelta(""),
    ToolCallDelta(0, "1", "f"),
    ToolCallDelta(0, arguments="{"),
    UsageDelta(Usage(1, None, 0)),
    UsageDelta(Usage()),
    FinishDelta("tool_calls", "Cut.", ({"id_x": [1]},)),
)


class OwnError(RateLimitError):
    """A third party's."""


def turn(error: ProviderError | None = None) -> RecordedTurn:
    return RecordedTurn(
        request=REQUEST,
        deltas=tuple(map(RecordedDelta.of, DELTAS)),
        error=RecordedError.of(error) if error else None,
    )


def test_what_was_written_is_read() -> None:
    cassette = Cassette(provider="openai", turns=(turn(), turn(RateLimitError("Slow down"))))
    read = Cassette.read(cassette.to_json())
    assert read == cassette
    assert read.turns[0].request == REQUEST
    assert tuple(delta.delta() for delta in read.turns[0].deltas) == DELTAS
    assert Cassette.read(json.loads(cassette.to_json())) == cassette


def test_what_is_as_ever_is_left_out_but_for_the_version() -> None:
    request = ChatRequest((Message("user", "hi"),), "m")
    plain = RecordedTurn(request=request, deltas=(RecordedDelta(text="Hello"),))
    assert json.loads(Cassette(turns=(plain,)).to_json()) == {
        "version": 2,
        "turns": [
            {
                "request": {"messages": [{"role": "user", "content": "hi"}], "model": "m"},
                "deltas": [{"text": "Hello"}],
            }
        ],
    }


def test_names_are_camel_case_but_for_those_of_others() -> None:
    text = Cassette(turns=(turn(),)).to_json()
    value = json.loads(text)["turns"][0]
    assert value["request"]["messages"][2]["toolCallId"] == "1"
    assert value["request"]["tools"][0]["parameters"]["properties"] == {"a_b": {}}
    assert value["deltas"][-1]["finish"]["state"] == [{"id_x": [1]}]


@pytest.mark.parametrize("kind", [errors.RateLimitError, errors.CutStreamError, ProviderError])
def test_an_error_comes_back_as_it_was(kind: type[ProviderError]) -> None:
    error = kind("What happened", status=429, retry_after=2.5, should_retry=False)
    again = Cassette.read(Cassette(turns=(turn(error),)).to_json()).turns[0].error
    assert again is not None
    back = again.error()
    assert type(back) is kind
    assert str(back) == str(error)
    assert (back.status, back.retry_after, back.should_retry) == (429, 2.5, False)


def test_what_decides_about_the_next_request_comes_back() -> None:
    too_long = errors.ContextLengthError("Too long")
    too_long.window, too_long.tokens = 4096, 5000
    back = RecordedError.of(too_long).error()
    assert isinstance(back, errors.ContextLengthError)
    assert (back.window, back.tokens) == (4096, 5000)
    loading = errors.OverloadedError("Loading")
    loading.loading, loading.patience = True, 300.0
    back = RecordedError.of(loading).error()
    assert isinstance(back, errors.OverloadedError)
    assert (back.loading, back.patience) == (True, 300.0)


def test_a_third_party_s_error_comes_back_as_the_nearest_of_ours() -> None:
    back = RecordedError.of(OwnError("Slow down", advice="Wait.")).error()
    assert type(back) is RateLimitError
    assert str(back) == "Slow down. Wait."


@pytest.mark.parametrize("name", ["Nonsense", "RuntError", "Sequence", "annotations"])
def test_an_unknown_error_is_refused(name: str) -> None:
    error = {"type": name, "message": ""}
    turn = {"request": {"messages": [], "model": "m"}, "error": error}
    with pytest.raises(ConfigError, match=f"no error of a provider: '{name}'"):
        Cassette.read({"turns": [turn]})


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ("{", "it is not JSON ("),
        ("[]", "it is not an object."),
        ({"version": "one"}, "version: Input should be 1 or 2."),
        ({"turns": [{}]}, "turns.0.request: Field required."),
        ({"turns": [{"request": {"model": "m"}}]}, "turns.0.request.messages: Field required."),
        ({"extra": 1}, "unknown key 'extra'; known keys: provider, providers, turns, version."),
    ],
)
def test_what_cannot_be_read_is_named(data: Any, said: str) -> None:
    with pytest.raises(ConfigError) as caught:
        Cassette.read(data)
    assert str(caught.value).startswith("The cassette cannot be read: ")
    assert said in str(caught.value)
    assert str(caught.value).endswith(". Record it again.")


def test_the_state_of_an_answer_makes_no_other_request() -> None:
    def described(state: Any) -> Any:
        calls = (ToolCall("1", "f", "{}", state and {"signature": state}),)
        turn = Message("assistant", "", tool_calls=calls, state=({"t": state},) if state else ())
        return describe_request(ChatRequest((turn,), "m"), Redactor())

    assert described("a") == described("b") == described(None)
