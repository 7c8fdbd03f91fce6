"""``%ai``: commands that list models and prompts, sum up what they took, explain and undo."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict

from ..ai.prompt.manifest import explain_outputs
from ..ai.record.fields import AIRecord
from ..asking.magic_line import OPTIONS
from ..asking.session import Exchange, Session
from ..errors import CellError, ProviderError
from ..llm.access.address import hide_credentials
from ..llm.messages import Usage
from ..llm.playback.deck import on_deck
from ..llm.provider import AIProvider
from ..llm.registry import ProviderRegistry
from .display import describe_run, format_price
from .shell_tools import ShellTools

COMMANDS = """Look at the AI cells of this session.

%ai models             list the models of each provider
%ai config             show the AI settings without keys (change: runt_pyodide.configure(...))
%ai usage              show the tokens, time and price of this session
%ai history            list the prompts so far, with their numbers
%ai explain [number]   show what the model saw in an exchange, by default the last one
%ai undo [number]      restore the variables that run_python changed in an exchange
"""
COMMAND_NAMES = ("models", "config", "usage", "history", "explain", "undo")
_PROMPT = 80


class Commands:
    """Runs commands, each of which returns Markdown. ``find_session`` returns the session that they
    are about."""

    def __init__(self, find_session: Callable[[], Session], tools: ShellTools) -> None:
        self._find_session = find_session
        self._tools = tools

    async def run(self, line: str) -> str:
        """Run a command. Raise CellError if the command or the exchange does not exist."""
        name, *arguments = line.split() or [""]
        session = self._find_session()
        match name:
            case "models":
                return await _list_models(session)
            case "config":
                return _describe_config(session)
            case "usage":
                return _sum_up(session)
            case "history":
                return _list_exchanges(session)
            case "explain":
                return explain_outputs(_find(session, arguments).outputs)
            case "undo":
                return self._undo(_find(session, arguments))
            case "":
                return f"```\n{COMMANDS}```"
        raise CellError(
            f"%ai has no command {name!r}.", advice=f"Its commands: {', '.join(COMMAND_NAMES)}."
        )

    def _undo(self, exchange: Exchange) -> str:
        undone, kept = self._tools.undo(exchange)
        if not undone and not kept:
            return "That exchange changed no variables, or it has been undone already."
        lines = []
        if undone:
            lines.append(f"Restored: {_names(undone)}. Changes *within* an object are not undone.")
        if kept:
            lines.append(f"Kept, since they have changed again: {_names(kept)}.")
        return "\n\n".join(lines)


def _names(names: list[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _find(session: Session, arguments: list[str]) -> Exchange:
    if not session.exchanges:
        raise CellError("Nothing has been asked yet.", advice="Run an AI cell first.")
    said = arguments[0] if arguments else str(len(session.exchanges))
    if not (said.isascii() and said.isdigit() and 1 <= int(said) <= len(session.exchanges)):
        raise CellError(
            f"There is no exchange {said!r}.",
            advice=f"Exchanges are numbered 1 to {len(session.exchanges)}: see %ai history.",
        )
    return session.exchanges[int(said) - 1]


async def _list_models(session: Session) -> str:
    lines = []
    for provider, listed in await on_deck(session.providers).list_models():
        missing = provider.missing()
        lines.append(f"**{provider.name}**" + (f" ({missing})" if missing else ""))
        if isinstance(listed, ProviderError):
            lines.append(f"- not known: {listed}")
        else:
            models = [f"- `{provider.name}/{model.name}`" for model in listed]
            lines += models or ["- lists none"]
        lines.append("")
    return "\n".join(lines)


def _describe_config(session: Session) -> str:
    providers = on_deck(session.providers)
    default = providers.get_default().name
    lines = ["**AI settings** (change them with `runt_pyodide.configure(...)`)", ""]
    lines += ["| provider | model | where | |", "| --- | --- | --- | --- |"]
    lines += [_row(one, default) for one in providers.list()]
    limits = ", ".join(f"{name}: {value}" for name, value in session.config.limits if value)
    policies = ", ".join(f"{name}: {policy}" for name, policy in session.config.tools.items())
    lines += ["", f"Limits of a run: {limits}."]
    if policies:
        lines.append(f"Tools: {policies}.")
    return "\n".join(lines)


def _row(provider: AIProvider, default: str) -> str:
    state = provider.missing() or ("default" if provider.name == default else "ready")
    model = provider.models[0] if provider.models else "the server's first"
    address = hide_credentials(provider.base_url) or ""
    return f"| {provider.name} | {model} | {address} | {state} |"


def _list_exchanges(session: Session) -> str:
    lines = ["| | prompt | | |", "| ---: | --- | --- | --- |"]
    for number, exchange in enumerate(session.exchanges, 1):
        prompt = " ".join(exchange.question.prompt.split()).replace("|", "\\|")
        prompt = prompt if len(prompt) <= _PROMPT else f"{prompt[:_PROMPT]}..."
        how = "answered" if exchange.response else "failed" if exchange.error else "stopped"
        took = describe_run(exchange.outputs)
        lines.append(f"| {number} | {prompt} | {how} | {took} |")
    return "\n".join(lines) if session.exchanges else "Nothing has been asked yet."


def _sum_up(session: Session) -> str:
    outputs = (output for one in session.exchanges for output in one.outputs)
    accounts = [run for output in outputs if (run := AIRecord.of(output).run) is not None]
    unpriced = sum(account.price_usd is None or bool(account.unpriced) for account in accounts)
    counts: dict[str, float] = {}
    for account in accounts:
        summed = {name: getattr(account, name) for name in _SUMMED}
        for name, count in {**asdict(account.usage or Usage()), **summed}.items():
            if count is not None:
                counts[name] = counts.get(name, 0) + count
    seconds = counts.pop("duration_ms", 0) / 1000
    price = counts.pop("price_usd", 0)
    rows = [f"| {name.replace('_', ' ')} | {count:,.0f} |" for name, count in counts.items()]
    rows += [f"| seconds | {seconds:,.1f} |"]
    if price:
        also = f" (for {unpriced} the price is not known, or not all of it)" if unpriced else ""
        least = "at least " if unpriced else ""
        rows += [f"| price | {least}{format_price(price)}{also} |"]
    head = [f"| exchanges | {len(session.exchanges)} |", "| --- | ---: |"]
    return "\n".join([*head, *rows])


_SUMMED = ("turns", "tool_calls", "duration_ms", "price_usd")


def complete(line: str, providers: ProviderRegistry) -> list[str]:
    """Return the words that may come next on a line of ``%%ai`` or ``%ai``; the shell picks those
    that match the word at the cursor."""
    if not line.lstrip().startswith("%%"):
        return list(COMMAND_NAMES)
    models = [f"{one.name}/{model}" for one in providers.list() for model in one.models]
    return [*(one.name for one in providers.list()), *models, *OPTIONS, "->"]
