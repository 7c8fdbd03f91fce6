"""``ask`` and ``configure``: prompts from Python code, in any Pyodide or outside of it.

::

    from runt_pyodide import ask, configure

    configure("openai", api_key="sk-...")
    answer = await ask("Why is the sky blue?")
"""

from __future__ import annotations

import asyncio
import os
import sys
import warnings
from collections.abc import AsyncGenerator, Mapping, Sequence
from typing import Any, Unpack

from ..ai.prompt.answer_type import AnswerType
from ..ai.tool import Tool, check_distinct
from ..ai.tools.function import registered_tools, tool_of
from ..ai.tools.notebook import reading_tools
from ..config import AIConfig
from ..errors import ConfigError
from ..execution.run import Run
from ..llm.transport.absent import find_transport
from ..llm.transport.base import Transport
from ..notebook import events as ev
from .answer import Answer, AnswerText, answer_calls, warnings_in
from .options import AskOptions, check_options, sampling_of, settings_of
from .pictures import read_pictures
from .session import Question, Session, Watch
from .shell_recorder import ShellRecorder


class Ask:
    """Ask a model, with the session's earlier exchanges as context. In IPython the earlier cells
    and their outputs are context too."""

    def __init__(self) -> None:
        self._session: Session | None = None
        self._recorders: dict[int, ShellRecorder] = {}

    @property
    def session(self) -> Session:
        """The session, created on first use from the environment: OPENAI_API_KEY and so on."""
        if self._session is None:
            self._session = Session(_read_environment(os.environ), find_transport())
        return self._session

    def record(self, shell: Any) -> ShellRecorder:
        """Use the cells of this IPython shell as context, including those that ran before."""
        if id(shell) not in self._recorders:
            self._recorders[id(shell)] = ShellRecorder(shell, lambda: self.session)
        return self._recorders[id(shell)]

    def forget(self, shell: Any) -> None:
        """Stop recording the shell's cells."""
        self._recorders.pop(id(shell)).close()

    async def __call__(
        self,
        prompt: str,
        model: str | None = None,
        provider: str | None = None,
        *,
        returns: Any = None,
        **options: Unpack[AskOptions],
    ) -> Any:
        """Return the answer: an ``Answer``, which is a ``str``, or with ``returns`` a value of that
        type.

        ``model`` may name the provider too: "ollama/qwen3". ``returns`` is any type that pydantic
        knows: a model, a dataclass, a TypedDict, ``list[int]``. If the answer is not of that type,
        the model is told so and asked once more.

        ``tools`` are functions that the model may call without asking. Without ``tools`` it may
        call those marked with ``@tool``, by their policies. If a policy is "ask", ``approve``
        decides: a function, sync or async, that takes the tool's name and arguments and returns a
        bool. The model may always look at variables and earlier cells, except with ``tools=[]``.

        ``images`` are pictures for the model to see: paths, bytes, data: URLs, PIL images, figures,
        and whatever else Jupyter shows as a picture (`read_picture`).

        ``system`` is added to the system prompt; ``temperature``, ``top_p``, ``seed`` and ``stop``
        (a text or several, before which the answer ends) are for the sampling,
        ``reasoning_effort`` is "none" to "max", and ``max_tokens`` the limit of output tokens.
        ``context=False`` leaves out everything earlier.

        Raise RuntError: ConfigError, ProviderError, LimitError or AnswerError; TypeError or
        ValueError if an option cannot be used. What the model was not sent after all, such as
        pictures that it cannot see, is told by `warnings`. Cancelling the task aborts the request.
        """
        answer = None if returns is None or returns is str else AnswerType.of(returns)
        session, question, watch = self._prepare(prompt, model, provider, answer, options)
        exchange = await session.ask(question, watch)
        for told in warnings_in(session.outputs_of(exchange)):
            warnings.warn(told, stacklevel=2)
        if answer is not None and exchange.response is not None:
            return answer.parse(exchange.response.text)
        return Answer.of(exchange)

    async def stream(
        self,
        prompt: str,
        model: str | None = None,
        provider: str | None = None,
        **options: Unpack[AskOptions],
    ) -> AsyncGenerator[str, None]:
        """Yield the answer's text in pieces, as it comes; a blank line separates turns. The
        parameters are those of ``ask``, except ``returns``.

        Raise what ``ask`` raises. Leaving the loop early aborts the request.
        """
        session, question, watch = self._prepare(prompt, model, provider, None, options)
        pieces = asyncio.Queue[str | None]()
        texts = AnswerText(pieces.put_nowait)

        def take(events: Sequence[ev.Event]) -> None:
            texts.take(events)
            watch(events)

        task = asyncio.ensure_future(session.ask(question, take))
        task.add_done_callback(lambda _: pieces.put_nowait(None))
        try:
            while (piece := await pieces.get()) is not None:
                yield piece
            exchange = await task
            for told in warnings_in(session.outputs_of(exchange)):
                warnings.warn(told, stacklevel=2)
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    def _prepare(
        self,
        prompt: str,
        model: str | None,
        provider: str | None,
        answer: AnswerType | None,
        options: AskOptions,
    ) -> tuple[Session, Question, Watch]:
        check_options(options)
        if not prompt.strip():
            raise ValueError("The prompt is empty: write what to ask the model.")
        variables = vars(sys.modules["__main__"])
        if (shell := _find_shell()) is not None:
            self.record(shell)
            variables = shell.user_ns
        session = self.session if options.get("context", True) else self.session.without_history()
        given = options.get("tools")
        own = None
        if given is not None:
            own = check_distinct([one if isinstance(one, Tool) else tool_of(one) for one in given])
        question = Question(
            prompt,
            *session.find_model(model, provider),
            settings=settings_of(options),
            sampling=sampling_of(options),
            images=read_pictures(options.get("images")),
            answer=answer,
            tools=lambda run: _tools_of(run, own, variables),
            policies={tool.spec.name: "auto" for tool in own or () if tool.policy == "ask"},
        )
        return session, question, answer_calls(session, options.get("approve"))


ask = Ask()


def configure(
    config: AIConfig | Mapping[str, Any] | str | None = None,
    /,
    *,
    transport: Transport | None = None,
    **keywords: Any,
) -> None:
    """Set the provider that ``ask`` and ``%%ai`` use from now on.

    ::

        configure("openai", api_key="sk-...", model="gpt-5-mini")   # this provider, by default
        configure("ollama", model="qwen3")
        configure("work", type="openai", base_url="https://llm.example.com/v1", api_key="...")
        configure({"defaultProvider": ..., "providers": {...}})     # all of it, as in AIConfig
        configure(limits={"turns": 5}, tools={"run_python": "auto"})  # these keys of it

    A provider's name with settings adds that provider, or changes its settings, and makes it the
    default. ``transport`` sends the requests in place of the browser. Raise ConfigError if the
    configuration cannot be used.
    """
    now = ask.session.config
    if isinstance(config, str):
        made = now.with_provider(config, keywords)
    elif config is not None:
        if keywords:
            raise ConfigError(
                f"configure() takes a whole configuration or keywords, not both: {[*keywords]}.",
                advice="Put these keywords into the configuration.",
            )
        made = AIConfig.read(config)
    else:
        made = now.with_keys(keywords)
    ask.session.configure(made, transport)


def _read_environment(environ: Mapping[str, str]) -> AIConfig:
    """Return ``AIConfig.from_env``, but with the Test provider only if it is named: a program could
    take its answers for a model's."""
    config = AIConfig.from_env(environ)
    default = config.default_provider or ("ollama" if "ollama" in config.providers else "openai")
    return config.model_copy(update={"default_provider": default})


def _tools_of(
    run: Run, given: Sequence[Tool] | None, variables: Mapping[str, object]
) -> Sequence[Tool]:
    if given is not None and not given:
        return ()
    return [
        *reading_tools(run, lambda: variables),
        *(registered_tools() if given is None else given),
    ]


def _find_shell() -> Any:
    """Return the running IPython shell, or None. This does not import IPython."""
    ipython = sys.modules.get("IPython")
    return None if ipython is None else ipython.get_ipython()
