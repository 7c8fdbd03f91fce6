"""A request is changed by each refusal until it is taken, and that is remembered."""

from __future__ import annotations

from typing import Any

from runt_pyodide.errors import AuthenticationError, BadRequestError, ProviderError, ServerError
from runt_pyodide.llm.adaptation.adapter import Adapter, Built, Learnt
from runt_pyodide.llm.messages import ChatRequest, Image, Message, ToolSpec

PICTURE = (Image("image/png", "aGk="),)
ADD = ToolSpec("add", "Adds.", {"type": "object"})
REQUEST = ChatRequest(
    (Message("user", "a", images=PICTURE), Message("user", "b")), "m", (ADD,), "Be brief."
)


def build(request: ChatRequest, refused: frozenset[str]) -> Built:
    return Built(
        {
            "model": request.model,
            "system": request.system_prompt,
            "tools": [tool.name for tool in request.tools],
            "messages": [(one.role, one.content, len(one.images)) for one in request.messages],
            "seed": None if "seed" in refused else 1,
        }
    )


def open_adapter(learnt: Learnt, **more: Any) -> Adapter:
    return Adapter(REQUEST, build, learnt, **more)


def refuse(adapter: Adapter, error: ProviderError | str) -> dict[str, Any] | None:
    error = ServerError(error, status=500) if isinstance(error, str) else error
    return adapter.adapt(error, adapter.last)


def test_refusals_add_up_and_are_remembered_for_the_model() -> None:
    learnt = Learnt()
    adapter = open_adapter(learnt)
    assert adapter.body()["tools"] == ["add"]
    without_tools = refuse(adapter, "tools param requires --jinja flag")
    assert without_tools and without_tools["tools"] == []
    blind = refuse(adapter, "image input is not supported")
    assert blind and blind["tools"] == []
    assert blind["messages"][0] == (
        "user",
        "a\n\n[1 image left out here: you cannot see images]",
        0,
    )
    assert adapter.told == (
        "The model 'm' cannot call tools, so it was asked without them.",
        "The image was left out, since the model 'm' cannot see.",
    )
    assert open_adapter(learnt).body() == blind
    assert learnt.of("another") == frozenset()


def test_what_costs_the_reader_nothing_is_told_when_it_is_learnt() -> None:
    learnt = Learnt()
    adapter = open_adapter(learnt)
    adapter.body()
    assert refuse(adapter, "System role not supported")
    news = (
        "The model 'm' takes no system prompt, so it stands at the beginning of the first message."
    )
    assert adapter.told == (news,)
    assert refuse(adapter, "does not support tools")
    assert news in adapter.told
    again = open_adapter(learnt)
    again.body()
    assert news not in again.told


def test_each_refusal_is_learnt_once() -> None:
    adapter = open_adapter(Learnt())
    adapter.body()
    said = "Conversation roles must alternate user/assistant"
    changed = [refuse(adapter, said) for _ in range(9)]
    # Neighbours are joined, then the system prompt is one of the user's; calls there are none.
    assert [body is None for body in changed] == [False, False] + 7 * [True]
    assert [body and body["system"] for body in changed[:2]] == ["Be brief.", None]


def test_what_would_change_nothing_is_not_learnt() -> None:
    learnt = Learnt()
    request = ChatRequest((Message("user", "hi"),), "m")
    adapter = Adapter(request, build, learnt)
    adapter.body()
    for said in ("This model does not support tools", "image input is not supported"):
        assert refuse(adapter, said) is None
    assert learnt.of("m") == frozenset()
    assert adapter.told == ()


def test_errors_about_something_else_are_not_adapted_to() -> None:
    adapter = open_adapter(Learnt())
    adapter.body()
    for error in (
        ServerError("Internal error", status=500),
        AuthenticationError("This key does not support tools", status=401),
    ):
        assert refuse(adapter, error) is None


def test_two_requests_at_once_learn_of_the_same_refusal() -> None:
    learnt = Learnt()

    def find(*_: Any) -> Any:
        yield "seed"

    both = [open_adapter(learnt, find=find) for _ in range(2)]
    for adapter in both:
        adapter.body()
    error = BadRequestError("no", status=400)
    for adapter in both:
        body = refuse(adapter, error)
        assert body and body["seed"] is None
        assert refuse(adapter, error) is None


def test_what_is_known_is_not_tried_and_what_is_added_comes_last() -> None:
    adapter = open_adapter(
        Learnt(), known=frozenset({"tools", "seed"}), extra={"seed": 7, "system": None}
    )
    body = adapter.body()
    assert (body["tools"], body["seed"]) == ([], 7)
    assert "system" not in body
    assert refuse(adapter, "tools param requires --jinja flag") is None
