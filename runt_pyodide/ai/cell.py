"""AI cells: the prompt, with the notebook above it, to a model, which may act on the notebook."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from ..errors import ConfigError
from ..execution.run import Run
from ..llm.cassette.tape import Tape
from ..llm.messages import AIResponse, Message
from ..llm.provider import AIProvider
from ..llm.registry import ProviderRegistry
from ..llm.retry import RetryPolicy
from ..llm.test.provider import TestProvider
from ..llm.test.settings import ScriptedResponse, TestSettings
from ..llm.tokens import Estimator
from ..notebook.state import Notebook
from .candidate import Candidate
from .prompt.answer_type import AnswerType
from .prompt.conversation import NotebookConversation
from .record import resume as resuming
from .record.read import MOCK_PROVIDER, last_iteration, read_turns, repair
from .record.write import Transcript
from .rules import Limits, Rules
from .tool import Tool, Toolbox
from .turns.approvals import Approvals, NotebookApprovals
from .turns.limits import Meter
from .turns.loop import Loop
from .turns.request_turn import TurnRequester
from .turns.run_tools import ToolRunner

_GO_ON = "Go on from where you stopped."


class AICell:
    """Asks the cell's own provider and model where it names them, else those that the notebook's
    metadata name (``ai_provider``, ``ai_model``), else the default.

    ``providers`` and ``rules`` give what holds at each run, since both may be replaced; ``tools``
    gives a run's tools, as they are at each turn, and ``approvals`` who is asked.
    ``fallback_provider`` gives the provider that answers if none is ready, and is told what is
    missing. ``tape`` gives what a run's turns are written down on.
    """

    def __init__(
        self,
        providers: Callable[[], ProviderRegistry],
        rules: Callable[[], Rules] = Rules,
        *,
        tools: Callable[[Run], Iterable[Tool]] = lambda _: (),
        approvals: Callable[[Run, Rules], Approvals] | None = None,
        fallback_provider: Callable[[str], AIProvider] | None = None,
        policy: RetryPolicy | None = None,
        tape: Callable[[Run], Tape] = lambda _: Tape(),
    ) -> None:
        self._providers = providers
        self._rules = rules
        self._tools = tools
        self._approvals = approvals or _ask_in_notebook
        self._fallback_provider = fallback_provider or _mock_provider
        self._policy = policy or RetryPolicy()
        self._tape = tape
        self._estimator = Estimator()

    async def execute(self, run: Run, answer: AnswerType | None = None) -> AIResponse | None:
        """The answer, the last turn of the run; None for an empty prompt, which asks nothing.

        With an ``answer`` type the model is told its schema, and asked once more where it did not
        follow it. Raises ProviderError, LimitError or ConfigError.
        """
        if not run.cell.source.strip():
            return None
        rules = self._rules()
        meter = Meter(_limits_of(run.notebook, rules))
        transcript = Transcript(run.writer, run.id)
        outputs = run.notebook.outputs_of(run.cell.id) if run.resumed else []
        opened = resuming.open_calls(outputs, run.id)
        turns = read_turns(outputs)
        if not opened:
            turns = repair(turns)
            if turns and turns[-1].role == "assistant":
                turns.append(Message("user", _GO_ON))
        conversation = NotebookConversation(
            run.notebook,
            run.cell,
            turns,
            lambda: self._toolbox(run),
            transcript,
            self._estimator,
            answer.schema if answer else None,
            [secret for one in self._providers().list() for secret in one.secrets()],
        )
        requester = TurnRequester(
            await self._choose(run), transcript, self._policy, self._tape(run)
        )
        tool_runner = ToolRunner(
            lambda: self._toolbox(run), self._approvals(run, rules), meter, transcript
        )
        loop = Loop(
            conversation,
            requester,
            tool_runner,
            meter,
            transcript,
            run.workspace.clock.time,
            check=answer.complaint if answer else lambda _: None,
            turns_before=last_iteration(outputs),
        )
        return await loop.run([tool_runner.reopen(call, output) for call, output in opened])

    def _toolbox(self, run: Run) -> Toolbox:
        return Toolbox(self._tools(run))

    async def _choose(self, run: Run) -> Sequence[Candidate]:
        """Who is asked, and the model: the one that is chosen, then those to fall back on. Who is
        not ready is left out, and where nobody is left a mock answers."""
        registry = self._providers()
        name, model = _chosen(run)
        first = registry.require(name) if name else registry.get_default()
        others = [registry.require(name) for name in registry.fallback if name != first.name]
        wanted = [(first, model), *((other, "") for other in others)]
        ready = [(provider, model) for provider, model in wanted if provider.missing() is None]
        chosen = ready or [(self._fallback_provider(first.missing() or ""), "")]
        return [
            Candidate(provider, model or await _default_model(provider))
            for provider, model in chosen
        ]


def _chosen(run: Run) -> tuple[str, str]:
    """The names of the provider and the model that the cell or the notebook asks for; "" where it
    leaves that open."""
    own, metadata = run.cell.ai, run.notebook.metadata
    if own is not None and own.provider:
        return own.provider, own.model
    provider = metadata.get("ai_provider", "")
    return provider, metadata.get("ai_model", "") if provider else ""


def _ask_in_notebook(run: Run, rules: Rules) -> Approvals:
    return NotebookApprovals(run.notebook, run.workspace, run.cell.id, rules.policies)


def _limits_of(notebook: Notebook, rules: Rules) -> Limits:
    """The rules' limits, with the notebook's own number of turns where it has one."""
    own = notebook.metadata.get("max_ai_iterations", "")
    turns = int(own) if own.isascii() and own.isdigit() else 0
    return rules.limits.model_copy(update={"turns": turns}) if turns else rules.limits


async def _default_model(provider: AIProvider) -> str:
    if provider.models:
        return provider.models[0]
    listed = await provider.get_available_models()
    if not listed:
        raise ConfigError(
            f"No model is chosen for the provider {provider.name!r}, and its server lists none.",
            advice="Check the base URL, and enter a model in the AI settings.",
        )
    return listed[0].name


def _mock_provider(missing: str) -> AIProvider:
    """Answers in place of a provider that is not configured, and says so."""
    text = (
        "**This is a mock answer: no model was asked.**\n\n"
        f"{missing} For real answers, do one of these and run the cell again:\n\n"
        "- open the AI settings and enter an API key;\n"
        "- enter the base URL of a server that needs none, such as a local one;\n"
        "- in code, pass `config` with `providers.openai.apiKey` to `startRuntime`.\n\n"
        "To try AI cells without a key, choose the Test provider."
    )
    response = ScriptedResponse(pattern="", text=text)
    return TestProvider(MOCK_PROVIDER, TestSettings(responses=(response,), model="none"))
