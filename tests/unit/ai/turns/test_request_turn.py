"""Retries: after which failures, after how long, and what the reader is told meanwhile."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from runt_pyodide import AIConfig, ProviderRegistry, TestProvider, errors
from runt_pyodide.ai.candidate import Candidate
from runt_pyodide.ai.record.fields import AIRecord
from runt_pyodide.ai.record.write import Ending, Transcript
from runt_pyodide.ai.turns.request_turn import TurnRequester
from runt_pyodide.llm.cassette.tape import Tape
from runt_pyodide.llm.messages import AIResponse, ChatRequest, Message
from runt_pyodide.llm.redaction import Redactor
from runt_pyodide.llm.retry import RetryPolicy
from runt_pyodide.llm.transport.scripted import Scripted, ScriptedTransport
from runt_pyodide.notebook.state import Notebook
from runt_pyodide.notebook.writer import OutputWriter
from tests.support.stages.world import FixedWorld

REQUEST = ChatRequest((Message("user", "hi"),), "m")
SSE = {"content-type": "text/event-stream"}
GOOD = Scripted(
    200, SSE, [b'data: {"choices":[{"delta":{"content":"hi"},"finish_reason":"stop"}]}\n\n']
)
HALF = Scripted(200, SSE, [b'data: {"choices":[{"delta":{"content":"half"}}]}\n\n'])


def refusal(status: int, **headers: str) -> Scripted:
    return Scripted(status, {name.replace("_", "-"): value for name, value in headers.items()})


def events(*chunks: str) -> Scripted:
    return Scripted(200, SSE, [f"data: {chunk}\n\n".encode() for chunk in chunks])


# Every error of a provider, but for those that say that the request itself is at fault.
ERRORS = [
    name
    for name, kind in vars(errors).items()
    if isinstance(kind, type)
    and issubclass(kind, errors.ProviderError)
    and kind is not errors.ProviderError
    and (kind is errors.ContextLengthError or not issubclass(kind, errors.BadRequestError))
]


class Run:
    """One run of the loop over scripted answers; how long it slept, and what it wrote."""

    def __init__(self, *answers: Scripted | errors.ProviderError, fallback: bool = False) -> None:
        self.world = FixedWorld()
        self.slept: list[float] = []
        self.transport = ScriptedTransport(answers)
        self._fallback = fallback
        self.asked: list[str] = []
        self.shortened = 0
        self.shortens = 3

    async def __call__(self) -> AIResponse:
        config = AIConfig.read({"providers": {"openai": {"baseUrl": "http://x/v1", "apiKey": "k"}}})
        provider = ProviderRegistry.from_config(config, self.transport).require("openai")
        candidates = [Candidate(provider, "m")]
        if self._fallback:
            candidates.append(Candidate(TestProvider(), "m"))
        policy = RetryPolicy(sleep=self._sleep, random=lambda: 0.0)
        writer = OutputWriter(self.world.emit, self.world.clock, "c")
        transcript = Transcript(writer, "q", Redactor())
        ending: Ending = "error"
        try:
            response = await TurnRequester(candidates, transcript, policy, Tape()).request(self)
            ending = response.finish_reason
        except asyncio.CancelledError:
            ending = "cancelled"
            raise
        finally:
            transcript.end_turn(ending)
            self.world.emit(writer.drain())
        return response

    async def build(self, candidate: Candidate) -> ChatRequest:
        self.asked.append(candidate.provider.name)
        return REQUEST

    def shorten(self, _candidate: Candidate, error: errors.ContextLengthError) -> bool:
        assert type(error) is errors.ContextLengthError
        self.shortened += 1
        return self.shortened < self.shortens

    async def _sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.world.advance(round(seconds * 1000))

    @property
    def output(self) -> Any:
        from runt_pyodide.notebook.events import parse_event

        events = [parse_event(wire) for wire in self.world.events]
        return Notebook(event for event in events if event is not None).outputs_of("c")[-1]

    @property
    def record(self) -> AIRecord:
        return AIRecord.of(self.output)


async def test_it_asks_again_and_says_so_while_it_waits() -> None:
    run = Run(refusal(429, retry_after="2"), errors.NetworkError("No answer."), GOOD)
    assert (await run()).text == "hi"
    assert run.slept == [2.0, 1.0]
    first, second = run.record.notices
    assert first.kind == second.kind == "retry"
    assert first.text.endswith("Retrying in 2 s (1 of 2).")
    assert first.until == "2026-01-01T00:00:02.000Z"
    assert second.text == "No answer. Retrying in 1 s (2 of 2)."
    assert (run.output.text, run.record.finish_reason) == ("hi", "stop")


async def test_it_gives_up_after_two_retries() -> None:
    run = Run(refusal(500), refusal(500), refusal(500), GOOD)
    with pytest.raises(errors.ServerError):
        await run()
    assert (len(run.transport.requests), run.slept) == (3, [0.5, 1.0])
    assert run.record.finish_reason == "error"


async def test_after_the_first_delta_nothing_is_asked_again() -> None:
    run = Run(HALF, GOOD, fallback=True)
    with pytest.raises(errors.CutStreamError):
        await run()
    assert (len(run.transport.requests), run.output.text) == (1, "half")


async def test_a_wait_can_be_cancelled() -> None:
    run = Run(refusal(429, retry_after="60"), GOOD)
    waits, never = asyncio.Event(), asyncio.Event()

    async def sleep(_seconds: float) -> None:
        waits.set()
        await never.wait()

    run._sleep = sleep  # type: ignore[method-assign]
    task = asyncio.create_task(run())
    await waits.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert len(run.transport.requests) == 1
    assert run.record.finish_reason == "cancelled"


@pytest.mark.parametrize("status", [400, 409, 422])
async def test_what_is_wrong_with_the_request_is_not_asked_of_another(status: int) -> None:
    with pytest.raises(errors.BadRequestError):
        await Run(*[refusal(status)] * 3, fallback=True)()


@pytest.mark.parametrize("name", ERRORS)
async def test_every_other_failure_is(name: str) -> None:
    run = Run(*[getattr(errors, name)("It failed")] * 3, fallback=True)
    assert "Test provider" in (await run()).text
    told = run.record.notices[-1]
    assert (told.kind, told.text) == ("fallback", "It failed. Asking 'test' instead.")


async def test_a_fallback_says_why_and_who_answered() -> None:
    run = Run(refusal(401), fallback=True)
    assert "Test provider" in (await run()).text
    (notice,) = run.record.notices
    assert notice.kind == "fallback"
    assert notice.text.startswith("The service answered with HTTP 401")
    assert notice.text.endswith("Asking 'test' instead.")
    assert run.record.ai_provider == "test"


TOO_LONG = Scripted(
    400, {}, [b'{"error":{"code":"context_length_exceeded","message":"Too many tokens."}}']
)


async def test_a_prompt_that_was_too_long_is_asked_again_with_less() -> None:
    run = Run(TOO_LONG, TOO_LONG, GOOD)
    assert (await run()).text == "hi"
    assert (run.shortened, run.slept) == (2, [])
    notices = [notice.text for notice in run.record.notices]
    assert (
        notices == ["The service answered with HTTP 400: Too many tokens. Retrying with less."] * 2
    )


async def test_a_prompt_that_cannot_be_shortened_is_asked_of_another() -> None:
    run = Run(TOO_LONG, TOO_LONG, TOO_LONG, fallback=True)
    assert "Test provider" in (await run()).text
    kinds = [notice.kind for notice in run.record.notices]
    assert kinds == ["warning", "warning", "fallback"]


async def test_and_no_more_where_nothing_is_left_to_leave_out() -> None:
    run = Run(TOO_LONG, TOO_LONG, TOO_LONG, GOOD)
    with pytest.raises(errors.ContextLengthError) as caught:
        await run()
    assert len(run.transport.requests) == 3
    # What is usually advised has been done by then: everything but the prompt was left out.
    assert caught.value.advice.startswith("Shorten the prompt, ")


ERROR_IN_STREAM = [
    '{"error": {"message": "busy", "code": 429}}',
    '{"error": {"message": "busy", "code": "rate_limit_exceeded"}}',
    '{"error": {"message": "busy", "type": "overloaded_error"}}',
    '{"error": {"message": "busy", "code": 504}}',
    '{"error": "busy"}',
]


@pytest.mark.parametrize("error", ERROR_IN_STREAM)
async def test_an_error_in_the_stream_before_any_text_counts_as_its_status_would(
    error: str,
) -> None:
    run = Run(events(error), events(error), GOOD)
    assert ((await run()).text, run.slept) == ("hi", [0.5, 1.0])
    fallen = Run(*[events(error)] * 3, fallback=True)
    assert "Test provider" in (await fallen()).text


async def test_a_wrong_key_in_the_stream_is_not_asked_again_but_another_is() -> None:
    run = Run(events('{"error": {"message": "no", "code": "invalid_api_key"}}'), fallback=True)
    assert "Test provider" in (await run()).text
    assert run.slept == []


@pytest.mark.parametrize("error", ERROR_IN_STREAM)
async def test_an_error_after_text_keeps_the_text(error: str) -> None:
    run = Run(events('{"choices":[{"delta":{"content":"half"}}]}', error), GOOD, fallback=True)
    with pytest.raises(errors.ProviderError) as caught:
        await run()
    assert run.output.text == "half"
    assert str(caught.value).startswith("The service reported an error in mid-answer: busy. What")
    assert caught.value.advice.startswith("What came is kept. ")


@pytest.mark.parametrize(
    "answer", [Scripted(200, SSE), events('{"choices":[{"delta":{"role":"assistant"}}]}')]
)
async def test_what_came_is_kept_only_where_something_came(answer: Scripted) -> None:
    with pytest.raises(errors.CutStreamError) as caught:
        await Run(*[answer] * 3)()
    assert "kept" not in str(caught.value)
    with pytest.raises(errors.CutStreamError) as caught:
        await Run(HALF)()
    assert caught.value.advice.startswith("What came is kept. Run the cell again")


SLIP = errors.ModelSlipError("The model said nothing")


async def test_a_slip_of_the_model_is_asked_once_more_at_once() -> None:
    run = Run(SLIP, GOOD)
    assert ((await run()).text, run.slept) == ("hi", [0.0])
    (notice,) = run.record.notices
    assert notice.text == "The model said nothing. Asking once more."
    with pytest.raises(errors.ModelSlipError):
        await Run(SLIP, SLIP, GOOD)()


@pytest.mark.parametrize(
    ("delta", "asked"),
    [
        ('{"reasoning_content": "hm"}', 2),
        ('{"content": " \\n"}', 2),
        ('{"content": "word"}', 1),
    ],
)
async def test_a_slip_is_mended_after_thinking_and_blanks_but_not_after_words(
    delta: str, asked: int
) -> None:
    slip = '{"error": {"message": "Failed to call a function.", "code": "tool_use_failed"}}'
    run = Run(events(f'{{"choices":[{{"delta":{delta}}}]}}', slip), GOOD)
    if asked == 1:
        with pytest.raises(errors.ModelSlipError, match="What came is kept"):
            await run()
    else:
        assert (await run()).text == "hi"
    assert len(run.transport.requests) == asked


async def test_a_model_that_is_loaded_is_waited_for_as_long_as_an_answer_is() -> None:
    loading = Scripted(503, {}, [b'{"error":{"message":"Loading model","code":503}}'])
    run = Run(*[loading] * 6, GOOD)
    assert (await run()).text == "hi"
    assert run.slept == [0.5, 1, 2, 4, 8, 8]
    (notice,) = run.record.notices
    assert notice.text.endswith("HTTP 503: Loading model. Waiting for it, up to 120 s.")
