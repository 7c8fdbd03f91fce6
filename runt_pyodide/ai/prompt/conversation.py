"""What an AI cell sends: the notebook as its model may see it, the prompt, and the run so far."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from itertools import count
from typing import Any

from ...errors import ContextLengthError
from ...execution.run import Run
from ...llm.messages import (
    AiModel,
    AIResponse,
    ChatRequest,
    Message,
    ToolCall,
    ToolSpec,
)
from ...llm.redaction import Redactor
from ...llm.tokens import Estimator, estimate_message, estimate_size, estimate_tokens
from ...notebook.state import Cell
from ..candidate import Candidate
from ..model_json import mend_arguments
from ..record.write import Transcript
from ..text import sizes
from ..tool import Toolbox
from .above import Reach
from .cell_settings import settings_of
from .context import Budget, Context, build_context
from .fit import Fit, describe_tight, require_fit
from .left_out import describe_left_out


class Conversation:
    """The conversation of one run of an AI cell; ``turns`` are the run's own messages so far.
    Each turn sees the notebook as it is then, without what ``redactor`` takes out of it; the
    prompt and its settings stay those of ``cell``, as it was when the run began, whatever is typed
    meanwhile."""

    def __init__(
        self,
        *,
        run: Run,
        cell: Cell,
        turns: list[Message],
        open_toolbox: Callable[[], Toolbox],
        transcript: Transcript,
        estimator: Estimator,
        reach: Callable[[], Reach],
        response_format: Mapping[str, Any] | None = None,
        redactor: Redactor,
    ) -> None:
        self.turns = turns
        self._reach = reach
        self._notebook = run.notebook
        self._seen = run.seen
        self._cell = cell
        self._open_toolbox = open_toolbox
        self._transcript = transcript
        self._estimator = estimator
        self._response_format = response_format
        self._schema_tokens = estimate_tokens(json.dumps(response_format)) if response_format else 0
        self._redactor = redactor
        self._fits: dict[Candidate, Fit] = {}
        self._sent: Context | None = None
        self._told: set[str] = set()

    @property
    def token_limit(self) -> int | None:
        """The limit of output tokens that the prompt came with, if it came with one."""
        return settings_of(self._cell).max_tokens

    async def build(self, candidate: Candidate) -> ChatRequest:
        """Return the request for this candidate, whose model decides what is sent and how much.
        Raise ContextLengthError if the prompt alone is far too long."""
        provider, model = candidate.provider, candidate.model
        about = await provider.describe_model(model)
        context = self._compose(candidate, about)
        if self._must_know_more(candidate, context):
            await provider.look_up(model)
            if (told := await provider.describe_model(model)) != about:
                about, context = told, self._compose(candidate, told)
        fit, origin = self._fits[candidate], provider.origin(model)
        scale = self._estimator.scale(origin)
        self._sent = None
        require_fit(model, fit, context, scale)
        self._sent = context
        self._seen.update(context.seen)
        wanted = settings_of(self._cell)
        prompt = round(context.estimate * scale)
        limit = fit.allow(wanted.max_tokens, prompt)
        self._transcript.explain(context.manifest)
        self._tell_left_out(candidate, context, sees=_sees(about))
        self._tell(describe_tight(model, fit, context, lowered=limit != wanted.max_tokens))
        return ChatRequest(
            messages=tuple(
                self._redact(_keep_own_state(message, origin)) for message in context.messages
            ),
            model=model,
            tools=context.frame.tools,
            system_prompt=self._redactor.text(context.frame.system_prompt) or None,
            settings=replace(wanted, max_tokens=limit),
            response_format=self._response_format,
        )

    def _compose(self, candidate: Candidate, about: AiModel | None) -> Context:
        """Return what is sent to a candidate of which this is known."""
        origin = candidate.provider.origin(candidate.model)
        fit = self._fit_of(candidate, about)
        return build_context(
            self._notebook,
            self._cell,
            self.turns,
            budget=Budget(
                window=fit.window,
                reserved=fit.reserve(settings_of(self._cell).max_tokens),
                scale=self._estimator.scale(origin),
                weigh=lambda message: _weigh(_keep_own_state(message, origin), candidate),
                limit=fit.limit,
                fixed=self._schema_tokens,
            ),
            sees=_sees(about),
            tools=self._tools_of(candidate),
            reach=self._reach(),
        )

    def _must_know_more(self, candidate: Candidate, context: Context) -> bool:
        """Return whether it matters what is not known of a model: whether it sees, or its
        window."""
        is_long = context.estimate > sizes.SURELY_FITS and not self._fits[candidate].told
        return is_long or context.manifest.images_left_out > 0

    def _fit_of(self, candidate: Candidate, about: AiModel | None) -> Fit:
        told = self._estimator.window(candidate.provider.origin(candidate.model))
        window = told or (about.context_length if about else None)
        fit = self._fits.get(candidate)
        if fit is None or (window and not fit.told and fit.limit is None):
            fit = self._fits[candidate] = Fit(window, told=True) if window else Fit()
        return fit

    def _tools_of(self, candidate: Candidate) -> tuple[ToolSpec, ...]:
        if not candidate.provider.supports_tools(candidate.model):
            return ()
        return tuple(tool.spec for tool in self._open_toolbox())

    def _redact(self, message: Message) -> Message:
        """Return the message without the keys that stand in cells and outputs: no model may have
        them. Its state stays as it is: a signature counts byte by byte, and who gave it has it."""
        text = self._redactor.text
        calls = tuple(replace(call, arguments=text(call.arguments)) for call in message.tool_calls)
        return replace(message, content=text(message.content), tool_calls=calls)

    def _tell_left_out(self, candidate: Candidate, context: Context, *, sees: bool) -> None:
        """Tell the reader, once in a run, which pictures the model is not sent."""
        where = self._notebook, self._reach()
        self._tell(describe_left_out(*where, candidate, context, sees=sees))

    def _tell(self, sentences: Iterable[str]) -> None:
        for told in sentences:
            if told not in self._told:
                self._told.add(told)
                self._transcript.notice("warning", told)

    def shorten(self, candidate: Candidate, error: ContextLengthError) -> bool:
        """Send this candidate less from now on, since the prompt was too long. Return False if only
        the prompt itself was sent."""
        if self._sent is None or self._sent.is_least:
            return False
        origin, sent = candidate.provider.origin(candidate.model), self._sent.estimate
        wanted, scale = settings_of(self._cell).max_tokens, self._estimator.scale(origin)
        self._fits[candidate].tighten(error, sent, wanted, scale)
        if error.tokens is not None and wanted is None:
            self._estimator.learn(origin, sent, error.tokens)
        self._estimator.learn_window(origin, error.window or round(sent * scale))
        return True

    def learn(self, candidate: Candidate, response: AIResponse) -> None:
        """Correct the estimate of tokens by the service's own count."""
        if self._sent and response.usage is not None and response.usage.input_tokens:
            origin = candidate.provider.origin(candidate.model)
            self._estimator.learn(origin, self._sent.estimate, response.usage.input_tokens)

    def name_calls(self, calls: Iterable[ToolCall]) -> tuple[ToolCall, ...]:
        """Return the calls under ids that are unique in the notebook, since some services number
        calls from the start in each run, under the names of the tools that they mean, and with
        arguments as JSON if they can be read."""
        toolbox = self._open_toolbox()
        taken = {call.id for turn in self.turns for call in turn.tool_calls}
        named = []
        for call in calls:
            base = call.id or "call"
            names = (base if number == 1 else f"{base}_{number}" for number in count(1))
            free = next(n for n in names if n not in taken and n not in self._notebook.approvals)
            taken.add(free)
            name, arguments = toolbox.resolve(call.name), mend_arguments(call.arguments)
            named.append(replace(call, id=free, name=name, arguments=arguments))
        return tuple(named)


def _keep_own_state(message: Message, origin: str) -> Message:
    """Return the message with its state if that is of this origin, and without it otherwise."""
    calls = message.tool_calls
    if message.origin != origin:
        calls = tuple(replace(call, state=None) for call in calls)
        message = replace(message, state=(), tool_calls=calls)
    return replace(message, origin="") if message.origin else message


def _sees(about: AiModel | None) -> bool:
    return about is not None and "vision" in about.capabilities


def _weigh(message: Message, candidate: Candidate) -> int:
    size = candidate.provider.state_size(message, candidate.model)
    return estimate_message(message) + estimate_size(size)
