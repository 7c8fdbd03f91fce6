"""What Ollama says about its models, and how often it is asked."""

from __future__ import annotations

from typing import Any

import pytest

from runt_pyodide import errors
from runt_pyodide.llm.messages import ChatRequest
from tests.support.llm.scripted_ollama import NOT_FOUND, REQUEST, Server, answer, provider, shown


def row(name: str, digest: str = "1", **more: Any) -> dict[str, Any]:
    return {"name": name, "model": name, "digest": digest, "details": {}, **more}


async def test_models_with_what_they_can_do() -> None:
    told = row("new:1b", capabilities=["completion", "tools", "insert"])
    told["details"] = {"context_length": 4096, "parameter_size": "1B"}
    listed = answer({"models": [row("nomic-embed:latest"), told, row("qwen3:latest")]})
    server = Server(
        tags=listed,
        show=[shown("embedding"), shown("completion", "tools", "thinking", length=40960)],
    )
    asked = provider(server, model="qwen3")
    models = [model.to_json() for model in await asked.get_available_models()]
    assert models == [
        {
            "name": "qwen3:latest",
            "displayName": "qwen3",
            "provider": "ollama",
            "capabilities": ["completion", "tools", "thinking"],
            "metadata": {"contextLength": 40960, "parameterSize": "3.2B"},
        },
        {
            "name": "new:1b",
            "displayName": "new:1b",
            "provider": "ollama",
            "capabilities": ["completion", "tools"],
            "metadata": {"contextLength": 4096, "parameterSize": "1B"},
        },
    ]
    assert [body["model"] for body in server.bodies("show")] == [
        "nomic-embed:latest",
        "qwen3:latest",
    ]
    await asked.get_available_models()
    await asked.execute_prompt(ChatRequest(REQUEST.messages, "qwen3"))
    assert len(server.bodies("show")) == 2


async def test_a_model_that_was_pulled_anew_is_described_anew() -> None:
    lists = [answer({"models": [row("qwen3:latest", digest)]}) for digest in "112"]
    server = Server(tags=[*lists], show=[shown("completion"), shown("completion", "tools")])
    asked = provider(server)
    capabilities = [(await asked.get_available_models())[0].capabilities for _ in range(3)]
    assert capabilities == [("completion",), ("completion",), ("completion", "tools")]


async def test_a_model_that_is_not_described_is_listed_all_the_same() -> None:
    server = Server(tags=answer({"models": [row("qwen3:latest")]}), show=answer({}, 500))
    assert [model.name for model in await provider(server).get_available_models()] == [
        "qwen3:latest"
    ]


async def test_without_a_server_the_chosen_model_is_listed() -> None:
    server = Server(tags=errors.NetworkError("No answer."))
    asked = provider(server, model="qwen3")
    assert [model.name for model in await asked.get_available_models()] == ["qwen3"]
    with pytest.raises(errors.NetworkError, match="No answer"):
        await asked.list_models()


async def test_a_check_asks_for_the_description_alone() -> None:
    server = Server(show=NOT_FOUND)
    with pytest.raises(errors.ModelNotFoundError) as caught:
        await provider(server).check_model("llama3.2")
    assert "`ollama pull llama3.2`" in caught.value.advice
    assert server.bodies("chat") == []


@pytest.mark.parametrize(
    ("tags", "names"),
    [
        ({"models": None}, []),
        ({"models": []}, []),
        ({"models": [None, {}, {"name": None}, {"model": "a"}, 3]}, ["a"]),
        (
            {
                "models": [
                    row("nomic-embed-text:latest", details={"family": "nomic-bert"}),
                    row("mine:latest", details={"family": "nomic-bert"}),
                    row("llama3:latest", details={"family": "llama"}),
                ]
            },
            ["llama3:latest"],
        ),
        ({"models": [row("embed:latest")]}, ["embed:latest"]),
        ({"models": [row("a", details=None, capabilities=None, digest=None)]}, ["a"]),
    ],
)
async def test_an_old_or_odd_list_loses_nothing_else(tags: Any, names: list[str]) -> None:
    server = Server(tags=answer(tags), show=NOT_FOUND)
    assert [one.name for one in await provider(server).get_available_models()] == names


@pytest.mark.parametrize(
    ("told", "window"),
    [
        ({"model_info": {"llama.context_length": "8192"}}, 8192),
        ({"model_info": {"llama.context_length": None, "a.context_length": 4096}}, 4096),
        ({"model_info": None, "details": None, "capabilities": None}, None),
        ({"model_info": [], "details": "x", "capabilities": "completion"}, None),
    ],
)
async def test_a_description_in_another_form(told: Any, window: int | None) -> None:
    asked = provider(Server(show=answer(told)))
    model = await asked.describe_model("qwen3")
    assert model is not None
    assert (model.context_length, model.capabilities) == (window, ("completion",))


async def test_the_settings_decide_what_a_model_can_do() -> None:
    server = Server(show=[shown("completion", "tools")])
    model = await provider(server, vision=True, tools=False).describe_model("qwen3")
    assert model is not None
    assert model.capabilities == ("completion", "vision")


async def test_an_old_server_does_not_tell_what_sees_but_a_name_does() -> None:
    server = Server(show=answer({"model_info": {}}))
    for name, sees in (("llava:7b", True), ("llama3.2-vision", True), ("llama3.2", False)):
        model = await provider(server).describe_model(name)
        assert model is not None
        assert ("vision" in model.capabilities) is sees
