"""Requests to a service: what is sent, and what an error says about the server."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from contextlib import aclosing
from typing import Any

import pytest

from runt_pyodide.errors import (
    AuthenticationError,
    BadRequestError,
    ContextLengthError,
    NetworkError,
    ProtocolError,
    ProviderError,
    ServerError,
)
from runt_pyodide.llm.messages import Delta, FinishDelta, TextDelta
from runt_pyodide.llm.service_client import Body, ServiceClient
from runt_pyodide.llm.transport.scripted import Scripted, ScriptedTransport

KEY = "correct-horse-battery"
URL = "https://host.example/v1"
PASSWORD = "open%20sesame"
REFUSED = Scripted(400, {}, [b'{"error": "no stop here"}'])


class Reader:
    """Takes the bytes for text, up to a full stop."""

    def __init__(self) -> None:
        self.done = False

    def feed(self, data: bytes) -> Iterable[Delta]:
        if data == b"!":
            raise BadRequestError("The service fell over.")
        self.done = data.endswith(b".")
        return [TextDelta(data.decode())]

    def end(self) -> Iterable[Delta]:
        return [FinishDelta("stop")]


def client(*answers: Scripted | ProviderError, url: str = URL, **more: Any) -> ServiceClient:
    return ServiceClient("mine", ScriptedTransport(answers), url, **more)


async def ask(
    asked: ServiceClient, deltas: list[Delta] | None = None, body: Body | None = None, **more: Any
) -> list[Delta]:
    deltas = [] if deltas is None else deltas
    stream = asked.stream("/chat", body or {"stop": "x"}, Reader, model="m", **more)
    async with aclosing(stream):
        async for delta in stream:
            deltas.append(delta)
    return deltas


async def error_of(asked: ServiceClient, **more: Any) -> ProviderError:
    with pytest.raises(ProviderError) as caught:
        await ask(asked, **more)
    return caught.value


async def test_what_goes_out_with_a_request() -> None:
    transport = ScriptedTransport([Scripted(200, {}, [b"hi."]), Scripted()])
    asked = ServiceClient(
        "mine",
        transport,
        URL,
        key=KEY,
        headers={"X-Team": "blue"},
        query={"api-version": "2026 11"},
    )
    assert await ask(asked) == [TextDelta("hi."), FinishDelta("stop")]
    async with asked.send("GET", "/models"):
        pass
    post, get = transport.requests
    authorized = {"Authorization": f"Bearer {KEY}", "X-Team": "blue"}
    assert (post.method, post.url) == ("POST", f"{URL}/chat?api-version=2026+11")
    assert post.headers == {"Content-Type": "application/json", **authorized}
    assert json.loads(post.body or b"") == {"stop": "x"}
    assert (get.url, get.headers, get.body) == (
        f"{URL}/models?api-version=2026+11",
        authorized,
        None,
    )


@pytest.mark.parametrize(
    ("key", "sent"), [("", "Basic YW5uOm9wZW4gc2VzYW1l"), (KEY, f"Bearer {KEY}")]
)
async def test_credentials_of_the_base_url_are_a_header(key: str, sent: str) -> None:
    transport = ScriptedTransport([Scripted(200, {}, [b"hi."])])
    asked = ServiceClient("mine", transport, f"https://ann:{PASSWORD}@host.example/v1", key=key)
    await ask(asked)
    assert asked.base_url == URL
    assert transport.requests[0].url == f"{URL}/chat"
    assert transport.requests[0].headers["Authorization"] == sent


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (Scripted(401), AuthenticationError),
        (NetworkError("No answer."), NetworkError),
        (Scripted(200, {"Content-Type": "text/html; charset=utf-8"}, [b"<p>"]), ProtocolError),
        (Scripted(200, {}, [b"!"]), BadRequestError),
        (Scripted(200, {}, [b"a", ServerError("It fell over.")]), ServerError),
    ],
)
async def test_an_error_says_who_was_asked(
    answer: Scripted | ProviderError, kind: type[ProviderError]
) -> None:
    error = await error_of(client(answer))
    assert type(error) is kind
    assert (error.provider, error.model, error.url) == ("mine", "m", f"{URL}/chat")


async def test_an_answer_without_end_is_ended() -> None:
    deltas: list[Delta] = []
    asked = client(Scripted(200, {}, [b"x" * 60] * 3), max_answer=100)
    with pytest.raises(ProtocolError, match="an answer of more than 100 bytes") as caught:
        await ask(asked, deltas)
    assert deltas == [TextDelta("x" * 60)]
    assert "maxAnswer" in caught.value.advice


async def test_the_header_alone_makes_no_page() -> None:
    asked = client(Scripted(200, {"Content-Type": "text/html"}, [b"hi."]))
    assert await ask(asked) == [TextDelta("hi."), FinishDelta("stop")]


SECRETS: list[tuple[dict[str, Any], str]] = [
    ({"key": KEY}, KEY),
    ({"url": f"https://ann:{PASSWORD}@host.example/v1"}, PASSWORD),
    ({"url": f"https://ann:{PASSWORD}@host.example/v1"}, "open sesame"),
    ({"url": f"https://ann:{PASSWORD}@host.example/v1"}, "YW5uOm9wZW4gc2VzYW1l"),
    ({"url": f"https://{KEY}@host.example/v1"}, KEY),
    ({"headers": {"api-key": KEY}}, KEY),
    ({"query": {"access_token": KEY}}, KEY),
]


@pytest.mark.parametrize(("settings", "secret"), SECRETS)
async def test_no_secret_is_in_an_error_wherever_the_service_repeats_it(
    settings: Mapping[str, Any], secret: str
) -> None:
    said = [f"{'x' * filler} {secret} is not known" for filler in (0, 560, 580, 590)]
    answers: list[Scripted | ProviderError] = [
        *(Scripted(401, {}, [json.dumps({"error": one}).encode()]) for one in said),
        *(Scripted(401, {}, [f"<title>{one}</title>".encode()]) for one in said),
        *(NetworkError(one) for one in said),
        *(Scripted(200, {}, [one.encode(), ServerError(one)]) for one in said),
    ]
    asked = client(*answers, **settings)
    assert secret in asked.secrets
    for _ in answers:
        error = await error_of(asked)
        shown = f"{error} {error!r} {error.args} {error.url} {error.provider}"
        assert not any(secret[:length] in shown for length in range(6, len(secret) + 1)), shown


async def test_a_parameter_that_is_no_secret_may_be_shown() -> None:
    asked = client(
        Scripted(400, {}, [b"2026-11-29 is too new"]), query={"api-version": "2026-11-29"}
    )
    assert "2026-11-29 is too new" in str(await error_of(asked))


async def test_the_service_s_own_advice_knows_where_the_error_was() -> None:
    def explain(error: ProviderError) -> ProviderError:
        return ContextLengthError(f"{error.model} at {error.url}: {error.message}")

    error = await error_of(
        client(Scripted(400, {}, [f"long {KEY}".encode()]), key=KEY, explain=explain)
    )
    assert error.message == f"m at {URL}/chat: The service answered with HTTP 400: long [key]"
    assert (type(error), error.provider, error.url) == (ContextLengthError, "mine", f"{URL}/chat")


async def test_an_error_before_the_request_is_located_too() -> None:
    with pytest.raises(BadRequestError) as caught, client(key=KEY).locating("m"):
        raise BadRequestError(f"The model cannot read {KEY}.")
    error = caught.value
    assert (error.provider, error.model, error.url) == ("mine", "m", URL)
    assert KEY not in str(error)


async def test_a_body_that_is_refused_is_sent_again_as_it_is_adapted() -> None:
    transport = ScriptedTransport([REFUSED, REFUSED, Scripted(200, {}, [b"hi."])])
    left = [{"stop": "y"}, {}]
    seen = []

    def adapt(error: BadRequestError, body: Body) -> Body | None:
        seen.append((error.message, error.provider, body))
        return left.pop(0)

    deltas = await ask(ServiceClient("mine", transport, URL), adapt=adapt)
    assert deltas == [TextDelta("hi."), FinishDelta("stop")]
    said = "The service answered with HTTP 400: no stop here"
    assert seen == [(said, "mine", {"stop": "x"}), (said, "mine", {"stop": "y"})]
    bodies = [json.loads(one.body or b"") for one in transport.requests]
    assert bodies == [{"stop": "x"}, {"stop": "y"}, {}]


@pytest.mark.parametrize(
    "refused",
    [Scripted(404, {}, [b"no"]), Scripted(500, {}, [b"no"]), Scripted(200, {}, [b"!"])],
    ids=["404", "500", "in the stream"],
)
async def test_a_refusal_may_have_any_status(refused: Scripted) -> None:
    answer = Scripted(200, {}, [b"a."])
    deltas = await ask(client(refused, answer), adapt=lambda _, body: {**body, "stop": "y"})
    assert deltas[0] == TextDelta("a.")


async def test_what_cannot_be_adapted_is_raised() -> None:
    assert "no stop here" in str(await error_of(client(REFUSED), adapt=lambda *_: None))


async def test_an_answer_that_began_is_not_asked_for_again() -> None:
    deltas: list[Delta] = []
    asked = client(Scripted(200, {}, [b"half ", b"!"]))
    await error_of(asked, deltas=deltas, adapt=lambda _, body: body)
    assert deltas == [TextDelta("half ")]
