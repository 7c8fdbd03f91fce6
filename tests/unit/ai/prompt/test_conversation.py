"""The requests of a run's turns, and what the run learns from the answers."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from itertools import pairwise
from typing import Any

import pytest

from runt_pyodide.ai.candidate import Candidate
from runt_pyodide.ai.prompt.above import Reach
from runt_pyodide.ai.prompt.cell_settings import IMAGES
from runt_pyodide.ai.prompt.conversation import Conversation
from runt_pyodide.ai.record.fields import AIRecord
from runt_pyodide.ai.record.resume import as_it_began
from runt_pyodide.ai.record.write import Transcript
from runt_pyodide.ai.tool import Toolbox
from runt_pyodide.ai.tools.notebook import notebook_tools
from runt_pyodide.errors import ContextLengthError
from runt_pyodide.llm.messages import (
    AiModel,
    AIResponse,
    Capability,
    ChatRequest,
    ChatSettings,
    Delta,
    Message,
    ToolCall,
    Usage,
)
from runt_pyodide.llm.provider import AIProvider
from runt_pyodide.llm.redaction import Redactor
from runt_pyodide.llm.test.provider import TestProvider
from runt_pyodide.llm.tokens import Estimator
from runt_pyodide.notebook import events as ev
from tests.support.notebook.logs import TIME, cell, output, requested, started
from tests.support.pictures import PNG, base64_of
from tests.support.stages.run_stage import RunStage


class Known(AIProvider):
    """A provider of which one knows a window and whether it takes tools."""

    name = "known"
    models = ("m",)

    def __init__(self, window: int | None = None, *, tools: bool = True) -> None:
        self._window = window
        self._tools = tools

    async def execute_prompt_stream(self, request: ChatRequest) -> AsyncGenerator[Delta, None]:
        raise AssertionError("it is not asked")
        yield

    async def describe_model(self, model: str) -> AiModel | None:
        return AiModel(model, self.name, model, context_length=self._window)

    def supports_tools(self, model: str | None = None) -> bool:
        return self._tools


PROMPT = cell("ai", "ai", "What now?", index="z")


def conversation_of(
    *events: ev.Event, turns: Sequence[Message] = (), **more: Any
) -> tuple[Conversation, Estimator]:
    return conversation_on(RunStage([*events, *PROMPT]), turns, **more)


def conversation_on(
    stage: RunStage, turns: Sequence[Message] = (), **more: Any
) -> tuple[Conversation, Estimator]:
    estimator = more.pop("estimator", None) or Estimator()
    conversation = Conversation(
        run=stage.run,
        cell=as_it_began(stage.run),
        turns=[*turns],
        open_toolbox=lambda: Toolbox(notebook_tools(stage.run)),
        transcript=Transcript(stage.writer, "q", Redactor()),
        estimator=estimator,
        redactor=Redactor.of_keys(more.pop("secrets", ())),
        reach=lambda: Reach.above(stage.run.notebook, stage.run.cell),
        **more,
    )
    return conversation, estimator


async def asked(conversation: Conversation, provider: AIProvider) -> ChatRequest:
    return await conversation.build(Candidate(provider, "m"))


async def test_a_request_holds_the_cells_above_the_prompt_and_the_run_so_far() -> None:
    turns = [Message("assistant", "I look.")]
    conversation, _ = conversation_of(*cell("a", "raw", "first", index="a"), turns=turns)
    request = await asked(conversation, Known())
    contents = [message.content for message in request.messages]
    assert contents == ["A raw cell:\n\nfirst", "What now?", "I look."]
    assert request.settings == ChatSettings()
    assert "create_cell" in [tool.name for tool in request.tools]


async def test_a_model_without_tools_is_told_of_none() -> None:
    conversation, _ = conversation_of()
    assert (await asked(conversation, Known(tools=False))).tools == ()


async def test_the_settings_are_the_cell_s() -> None:
    settings = ev.AiSettings(temperature=0.5, max_tokens=9)
    changed = ev.AiSettingsChanged(cell_id="ai", provider="p", model="m", settings=settings)
    conversation, _ = conversation_of(*PROMPT, changed)
    assert (await asked(conversation, Known())).settings == ChatSettings(0.5, 9)


async def test_the_reader_is_told_once_in_a_run_that_a_picture_was_left_out() -> None:
    picture = ev.CellMetadataSet(cell_id="ai", key=IMAGES, value=[{"data": base64_of(PNG)}])
    stage = RunStage([*PROMPT, picture])
    conversation, _ = conversation_on(stage)
    for _ in range(2):
        assert (await asked(conversation, Known())).messages[-1].images == ()
    stage.writer.flush()
    (output,) = stage.notebook.outputs_of("ai")
    (notice,) = AIRecord.of(output).notices
    assert notice.kind == "warning"
    assert "1 picture. The model 'm' is not known to see pictures" in notice.text
    seeing = await asked(conversation, TestProvider())
    assert len(seeing.messages[-1].images) == 1


@pytest.mark.parametrize(
    ("secret", "told"),
    [
        ("sk-proj-abcdefghij0123456789", False),  # known by its looks
        ("plain-secret-1", False),  # known since it is configured
        ("a-long-one-of-words", False),
        ("ollama", True),  # the stand-in of local servers is a word
        ("secrets", True),
    ],
)
async def test_keys_are_left_out_and_words_are_not(secret: str, told: bool) -> None:
    shown = output("terminal", "o", "a", data=f"<{secret}>")
    called = Message("assistant", "", tool_calls=(ToolCall("c", "look", f'{{"k": "{secret}"}}'),))
    secrets = [] if secret.startswith("sk-") else [secret]
    conversation, _ = conversation_of(
        *cell("a", "code", f"'{secret}'", index="a"), shown, turns=[called], secrets=secrets
    )
    assert (secret in repr((await asked(conversation, Known())).messages)) == told


LONG = [event for n in range(40) for event in cell(f"c{n:02}", "raw", "x" * 4_000, index="a")]


async def test_a_prompt_that_was_too_long_is_shortened_until_there_is_only_the_prompt() -> None:
    conversation, _ = conversation_of(*LONG)
    candidate = Candidate(Known(100_000), "m")
    requests = [await conversation.build(candidate)]
    while conversation.shorten(candidate, ContextLengthError("Too long.")):
        requests.append(await conversation.build(candidate))
    lengths = [sum(len(one.content) for one in request.messages) for request in requests]
    frames = [len(request.system_prompt or "") + len(request.tools) for request in requests]
    assert len(requests[0].messages) == 41
    assert all(
        after < before for before, after in pairwise(map(sum, zip(lengths, frames, strict=True)))
    )
    assert 3 < len(requests) < 7
    last = requests[-1]
    assert (last.messages, last.tools, last.system_prompt) == (
        (Message("user", "What now?"),),
        (),
        None,
    )


def too_long(window: int | None, tokens: int | None) -> ContextLengthError:
    error = ContextLengthError("Too long.")
    error.window, error.tokens = window, tokens
    return error


async def test_what_a_service_says_of_its_window_is_kept_to_at_once_and_in_later_runs() -> None:
    conversation, estimator = conversation_of(*LONG)
    candidate = Candidate(Known(), "m")
    first = await conversation.build(candidate)
    conversation.shorten(candidate, too_long(8_000, 45_000))
    second = await conversation.build(candidate)
    assert len(first.messages) == 41
    assert 3 < len(second.messages) < 8
    later, _ = conversation_of(*LONG, estimator=estimator)
    assert (await later.build(candidate)).messages == second.messages


async def test_the_limit_of_output_tokens_is_lowered_to_what_a_known_window_has_room_for() -> None:
    settings = ev.AiSettings(max_tokens=3_000)
    changed = ev.AiSettingsChanged(cell_id="ai", provider="p", model="m", settings=settings)
    for window, limit in ((None, 3_000), (100_000, 3_000), (4_096, 1_300)):
        conversation, _ = conversation_of(*LONG, *PROMPT, changed)
        request = await asked(conversation, Known(window))
        assert request.settings.max_tokens is not None
        assert 0 <= limit - request.settings.max_tokens < 300


@pytest.mark.parametrize(
    ("window", "left_out"),
    [
        (4_096, None),
        (1_600, "tools"),
        (400, "tools"),
        (100, "tools, the system prompt"),
    ],
)
async def test_a_small_window_has_no_room_for_tools_and_the_reader_is_told(
    window: int, left_out: str | None
) -> None:
    stage = RunStage([*LONG, *PROMPT])
    conversation, _ = conversation_on(stage)
    request = await asked(conversation, Known(window))
    await asked(conversation, Known(window))
    stage.writer.flush()
    told = [
        notice.text
        for output in stage.notebook.outputs_of("ai")
        for notice in AIRecord.of(output).notices
    ]
    assert bool(request.tools) == (left_out is None)
    assert bool(request.system_prompt) == (window > 100)
    window_is = f"the context window of the model 'm' ({window:,} tokens)"
    expected = [] if left_out is None else [f"Left out, since {window_is} has no room: {left_out}."]
    assert told == expected


async def test_the_estimate_is_corrected_by_what_the_service_counts() -> None:
    conversation, estimator = conversation_of(*cell("a", "raw", "x" * 4_000, index="a"))
    candidate = Candidate(Known(), "m")
    await conversation.build(candidate)
    for usage in (None, Usage(None, 3)):
        conversation.learn(candidate, AIResponse("", "", (), usage, "stop"))
    assert estimator.scale(Known().origin("m")) == 1.0
    conversation.learn(candidate, AIResponse("", "", (), Usage(10_000, 3), "stop"))
    assert estimator.scale(Known().origin("m")) > 1.0


def test_each_call_has_an_id_of_its_own() -> None:
    requested = ev.ToolApprovalRequested(
        tool_call_id="c_2", cell_id="ai", tool_name="t", arguments={}, requested_at=TIME
    )
    before = Message("assistant", "", tool_calls=(ToolCall("c", "t", "{}"),))
    conversation, _ = conversation_of(requested, turns=[before])
    calls = [ToolCall(id, "t", "{}") for id in ("c", "c", "d", "", "")]
    named = [one.id for one in conversation.name_calls(calls)]
    assert named == ["c_3", "c_4", "d", "call", "call_2"]


class Listing(Known):
    """A provider that knows nothing of its models until it is told to look."""

    def __init__(self, window: int | None, *capabilities: Capability) -> None:
        super().__init__()
        self._about = AiModel("m", self.name, "m", ("completion", *capabilities), window)
        self.looked = 0

    async def look_up(self, model: str) -> None:
        self.looked += 1

    async def describe_model(self, model: str) -> AiModel | None:
        return self._about if self.looked else None


async def test_a_window_is_found_out_before_a_long_prompt_and_not_before_a_short_one() -> None:
    provider = Listing(4_096)
    short, _ = conversation_of(*cell("a", "raw", "x" * 400, index="a"))
    await asked(short, provider)
    assert provider.looked == 0
    long, _ = conversation_of(*LONG)
    for _ in range(3):
        assert len((await asked(long, provider)).messages) < 5
    assert provider.looked == 1


async def test_whether_a_model_sees_is_found_out_where_there_is_something_to_see() -> None:
    picture = ev.CellMetadataSet(cell_id="ai", key=IMAGES, value=[{"data": base64_of(PNG)}])
    stage = RunStage([*PROMPT, picture])
    conversation, _ = conversation_on(stage)
    provider = Listing(None, "vision")
    assert len((await asked(conversation, provider)).messages[-1].images) == 1
    await asked(conversation, provider)
    assert provider.looked == 1
    stage.writer.flush()
    assert stage.notebook.outputs_of("ai") == []


async def test_the_schema_of_an_answer_has_its_room() -> None:
    schema = {"type": "object", "description": "x" * 4_000}
    with_schema, _ = conversation_of(*LONG, response_format=schema)
    without, _ = conversation_of(*LONG)
    provider = Known(4_096)
    lengths = [len((await asked(one, provider)).messages) for one in (with_schema, without)]
    assert lengths[0] < lengths[1]


async def test_the_prompt_is_the_one_that_the_run_began_with() -> None:
    stage = RunStage(PROMPT)
    conversation, _ = conversation_on(stage)
    typed = ev.CellSourceChanged(id="ai", source="What n", modified_by="me")
    settings = ev.CellMetadataSet(cell_id="ai", key="sampling", value={"seed": 1})
    stage.run.workspace.commit([typed, settings])
    request = await asked(conversation, Known())
    assert [message.content for message in request.messages] == ["What now?"]
    assert request.settings.seed is None


async def test_a_run_that_another_session_began_keeps_its_prompt() -> None:
    typed = ev.CellSourceChanged(id="ai", source="What n", modified_by="me")
    stage = RunStage([*PROMPT, requested("q", "ai"), started("q", "ai"), typed])
    conversation, _ = conversation_on(stage)
    request = await asked(conversation, Known())
    assert [message.content for message in request.messages] == ["What now?"]
