"""``%ai`` and its commands."""

from __future__ import annotations

import re
from typing import Any

import pytest

from runt_pyodide import configure
from runt_pyodide.asking.magic_line import OPTIONS
from runt_pyodide.errors import CellError, ConfigError
from runt_pyodide.jupyter.commands import COMMAND_NAMES
from runt_pyodide.llm.messages import ChatRequest
from tests.support.authorisation import AuthorisationServer, paste_from
from tests.support.buttons import messages
from tests.support.stages.ai_stage import call, say
from tests.support.stages.asking import script
from tests.support.stages.shell_stage import Stage


def test_commands(stage: Stage) -> None:
    script(say("Hi there."), model="m")
    stage.run("%%ai\nA | prompt")
    stage.run("%ai history")
    assert "| 1 | A \\| prompt | answered | test/m" in stage.page.markdown()[-1]
    stage.run("%ai usage")
    assert re.search(r"\| output tokens \| 2 \|", stage.page.markdown()[-1])
    stage.run("%ai config")
    assert "| test | m |  | default |" in stage.page.markdown()[-1]
    stage.run("%ai models")
    assert "`test/m`" in stage.page.markdown()[-1]
    stage.run("%ai explain 1")
    assert "| prompt | user |" in stage.page.markdown()[-1]
    stage.run("%ai undo")
    assert "changed no variables" in stage.page.markdown()[-1]
    stage.run("%ai")
    assert "%ai usage" in stage.page.markdown()[-1]


def test_runs_without_context_are_runs_too(stage: Stage) -> None:
    """Undo takes back the run that is named, or the last one, whichever they are."""
    code = {"source": "x = 2"}
    script(call("run_python", **code), say("Done."), model="m")
    configure(tools={"run_python": "auto"})
    stage.run("x = 0")
    stage.run("%%ai\nSet it.")
    stage.run("x = 1")
    stage.run("%%ai --no-context\nSet it alone.")
    stage.run("%ai history")
    history = stage.page.markdown()[-1]
    assert "| 2 | Set it alone. | answered | test/m" in history
    stage.run("%ai usage")
    assert "| exchanges | 2 |" in stage.page.markdown()[-1]
    stage.run("%ai explain 2")
    assert "| prompt | user |" in stage.page.markdown()[-1]
    stage.run("%ai undo")
    assert "Restored: `x`" in stage.page.markdown()[-1]
    assert stage.value("x") == 1
    stage.run("%ai undo 2")
    assert "has been undone already" in stage.page.markdown()[-1]
    assert stage.value("x") == 1


def test_a_model_gets_a_name_of_ones_own(stage: Stage, requests: list[ChatRequest]) -> None:
    script(say("Hi."), model="m")
    stage.run("%ai alias big test/gpt-5")
    stage.run("%%ai big\nHi")
    assert requests[-1].model == "gpt-5"
    stage.run("%ai list test")
    assert "`test/m`" in stage.page.markdown()[-1]
    assert "`big` is `test/gpt-5`" in stage.page.markdown()[-1]
    stage.run("%ai dealias big")
    stage.run("%ai alias")
    assert "no aliases" in stage.page.markdown()[-1]


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("alias big", "takes a name and a model. Write %ai alias name provider/model."),
        ("alias test test/m", "'test' cannot be an alias, since it names a provider."),
        ("alias big nobody/m", "No AI provider is named 'nobody'"),
        ("dealias big", "There is no alias 'big'. Aliases: none."),
        ("list nobody", "No AI provider is named 'nobody'"),
        ("policies never run_python", "cannot do 'never run_python'. Write %ai policies ask"),
        ("policies ask run_python", "cannot do 'ask run_python'"),
        ("error", "no cell has failed yet. Run the cell that fails"),
        ("version", "no command 'version'. Its commands: list, alias, config"),
    ],
)
def test_a_command_that_cannot_be_followed_says_what_to_write(
    stage: Stage, command: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr("sys.last_value", raising=False)
    script(say("Hi."), model="m")
    result = stage.run(f"%ai {command}")
    assert isinstance(result.error_in_exec, CellError | ConfigError)
    assert said in str(result.error_in_exec)


def test_what_is_always_allowed_can_be_taken_back(stage: Stage) -> None:
    """It holds for runs without context too, in both directions."""
    script(call("run_python", source="x = 2"), say("Done."), model="m")
    asked: list[str] = []

    def answer(_id: str, data: dict[str, Any]) -> None:
        for message in messages(data.get("text/html", "")):
            if message.get("status") == "approved_always":
                assert stage.buttons is not None
                asked.append(message["call"])
                stage.buttons.press(**message)

    stage.page.react = answer
    stage.run("%ai policies")
    assert "No tool was allowed for good" in stage.page.markdown()[-1]
    for line in ("%%ai --no-context", "%%ai", "%%ai --no-context"):
        assert stage.run(f"{line}\nSet it.").success
    assert len(asked) == 1
    stage.run("%ai policies")
    assert "`run_python`: may be called without asking" in stage.page.markdown()[-1]
    stage.run("%ai policies ask run_python")
    stage.run("%%ai\nSet it.")
    assert len(asked) == 2


def test_the_last_error_is_explained(stage: Stage, requests: list[ChatRequest]) -> None:
    script(say("A division by zero."), model="m")
    stage.run("x = 0")
    stage.run("1 / x")
    stage.run("%ai error test/big --no-context")
    assert requests[-1].model == "big"
    (message,) = requests[-1].messages
    assert message.content.startswith("Explain this error")
    assert "1 / x" in message.content and "ZeroDivisionError" in message.content
    assert stage.page.markdown()[-1] == "A division by zero."


def test_reset_forgets_the_conversation_and_keeps_the_cells(
    stage: Stage, requests: list[ChatRequest]
) -> None:
    script(say("Hi."), model="m")
    stage.run("x = 0")
    stage.run("%%ai\nMy name is Ada.")
    stage.run("%ai reset")
    stage.run("%%ai\nWho am I?")
    told = " ".join(message.content for message in requests[-1].messages)
    assert "Ada" not in told
    assert "x = 0" in told


def test_help_tells_all_commands_and_options(stage: Stage) -> None:
    stage.run("%ai help")
    said = stage.page.markdown()[-1]
    assert all(f"%ai {name}" in said for name in COMMAND_NAMES)
    assert all(option in said for option in OPTIONS)


def test_keys_are_not_shown(stage: Stage) -> None:
    configure("openai", api_key="sk-secret", base_url="https://ann:sk-secret@host/v1?key=sk-secret")
    stage.run("%ai config")
    assert "openai" in stage.page.markdown()[-1]
    assert "sk-secret" not in repr(stage.page.states)


def test_a_sign_in_by_command(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    service = AuthorisationServer()
    configure("openrouter", transport=service)
    monkeypatch.setattr("getpass.getpass", paste_from(service, lambda: capsys.readouterr().out))
    stage.run("%ai login openrouter")
    said = stage.page.markdown()[-1]
    assert "Signed in: `%%ai` asks OpenRouter. The key has $8.80 left" in said
    stage.run("%ai logout openrouter")
    assert "https://openrouter.ai/settings/keys" in stage.page.markdown()[-1]
    stage.run("%ai config")
    assert "has no API key" in stage.page.markdown()[-1]
    assert service.keys[0] not in repr(stage.page.markdown())
    for command in ("login", "logout openrouter groq"):
        with pytest.raises(CellError, match="takes the name of a service"):
            stage.run(f"%ai {command}").raise_error()
