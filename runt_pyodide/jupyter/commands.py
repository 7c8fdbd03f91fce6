"""``%ai``: commands that list models and prompts, sum up what they took, explain and undo."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import asdict

from ..ai.prompt.manifest import explain_outputs
from ..ai.record.fields import AIRecord
from ..asking.ask import KEYS_PAGE, Ask, sign_in, sign_out
from ..asking.magic_line import HELP, OPTIONS
from ..asking.session import Exchange, Session
from ..errors import CellError, ProviderError
from ..llm.access.address import hide_credentials
from ..llm.messages import Usage
from ..llm.playback.deck import on_deck
from ..llm.provider import AIProvider
from .display import describe_run, format_price
from .shell_tools import ShellTools

COMMANDS = """Look at the AI cells of this session.

%ai list [provider]    list the models of each provider, or of one
%ai alias [name model] name a model, or list the names; %ai dealias name takes one back
%ai config             show the AI settings without keys (change: runt_pyodide.configure(...))
%ai login openrouter   sign in without a key; %ai logout openrouter forgets the key
%ai error [...]        explain the last error; what follows is as on the line of %%ai
%ai usage              show the tokens, time and price of this session
%ai history            list the prompts so far, with their numbers
%ai explain [number]   show what the model saw in an exchange, by default the last one
%ai undo [number]      restore the variables that run_python changed in an exchange
%ai policies           list the tools that may be called without asking you
%ai policies ask name  ask again before this tool is called; without a name: before each
%ai reset              forget the conversation; the cells stay
%ai help               show this, and what %%ai takes
"""
COMMAND_NAMES = tuple(dict.fromkeys(re.findall(r"^%ai (\w+)", COMMANDS, re.MULTILINE)))
_SAME = {"models": "list", "register": "alias", "delete": "dealias"}
"""What commands were called here earlier, or are in jupyter-ai."""
_PROMPT = 80


class Commands:
    """Runs commands about a ``conversation``, each of which returns Markdown."""

    def __init__(self, conversation: Ask, tools: ShellTools) -> None:
        self._conversation = conversation
        self._tools = tools
        self._commands: Mapping[str, Callable[[Sequence[str]], str | Awaitable[str]]] = {
            "": lambda _: f"```\n{COMMANDS}```",
            "list": lambda named: _list_models(conversation.session, named),
            "alias": lambda words: _alias(conversation.session, words),
            "dealias": lambda names: _dealias(conversation.session, names),
            "config": lambda _: _describe_config(conversation.session),
            "login": _login,
            "logout": _logout,
            "usage": lambda _: _sum_up(conversation.session),
            "history": lambda _: _list_exchanges(conversation.session),
            "explain": lambda number: explain_outputs(_find(conversation.session, number).outputs),
            "undo": lambda number: self._undo(_find(conversation.session, number)),
            "policies": self._tell_policies,
            "reset": lambda _: self._reset(),
            "help": lambda _: f"```\n{COMMANDS}\n{HELP}```",
        }

    async def run(self, line: str) -> str:
        """Run a command. Raise CellError if the command or what it is about does not exist."""
        name, *arguments = line.split() or [""]
        command = self._commands.get(_SAME.get(name, name))
        if command is None:
            raise CellError(
                f"%ai has no command {name!r}.",
                advice=f"Its commands: {', '.join(COMMAND_NAMES)}. A prompt stands below %%ai.",
            )
        said = command(arguments)
        return said if isinstance(said, str) else await said

    def _reset(self) -> str:
        self._conversation.reset()
        return "The conversation is forgotten: the next prompt is told of the cells alone."

    def _tell_policies(self, arguments: Sequence[str]) -> str:
        """List the tools that may be called without asking; or ask again before those named."""
        dialogue = self._conversation.dialogue
        policies = dialogue.notebook.policies
        allowed = [tool for (tool, _), one in policies.items() if one.policy == "auto"]
        if not arguments:
            if not allowed:
                return "No tool was allowed for good: you are asked before each call that needs it."
            rows = "\n".join(f"- `{tool}`: may be called without asking you" for tool in allowed)
            return f"{rows}\n\nTo be asked again: `%ai policies ask`, with a name or without."
        word, *named = arguments
        if word != "ask" or any(one not in allowed for one in named):
            raise CellError(
                f"%ai policies cannot do {' '.join(arguments)!r}.",
                advice="Write %ai policies ask, alone or with a tool that %ai policies lists.",
            )
        for tool in named or allowed:
            dialogue.set_policy(tool, "ask")
        return f"You are asked again before each call of {_names(named or allowed) or 'any tool'}."

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


def _find(session: Session, arguments: Sequence[str]) -> Exchange:
    if not session.exchanges:
        raise CellError("Nothing has been asked yet.", advice="Run an AI cell first.")
    said = arguments[0] if arguments else str(len(session.exchanges))
    if not (said.isascii() and said.isdigit() and 1 <= int(said) <= len(session.exchanges)):
        raise CellError(
            f"There is no exchange {said!r}.",
            advice=f"Exchanges are numbered 1 to {len(session.exchanges)}: see %ai history.",
        )
    return session.exchanges[int(said) - 1]


async def _list_models(session: Session, named: Sequence[str]) -> str:
    lines = []
    providers = on_deck(session.providers)
    for name in named:
        providers.require(name)
    for provider, listed in await providers.list_models():
        if named and provider.name not in named:
            continue
        missing = provider.missing()
        lines.append(f"**{provider.name}**" + (f" ({missing})" if missing else ""))
        if isinstance(listed, ProviderError):
            lines.append(f"- not known: {listed}")
        else:
            models = [f"- `{provider.name}/{model.name}`" for model in listed]
            lines += models or ["- lists none"]
        lines.append("")
    lines += [f"- `{alias}` is `{model}`" for alias, model in session.aliases.items()]
    return "\n".join(lines)


def _alias(session: Session, arguments: Sequence[str]) -> str:
    if not arguments:
        lines = [f"- `{name}` is `{model}`" for name, model in session.aliases.items()]
        return "\n".join(lines) or "There are no aliases: write %ai alias name provider/model."
    if len(arguments) != 2:
        raise CellError(
            "%ai alias takes a name and a model.", advice="Write %ai alias name provider/model."
        )
    name, model = arguments
    if "/" in name or on_deck(session.providers).get(name) is not None:
        raise CellError(
            f"{name!r} cannot be an alias, since it names a provider.",
            advice="Choose a word that is not a provider's name and has no slash.",
        )
    provider, own = session.find_model(model, None)
    session.aliases[name] = "/".join(filter(None, (provider, own)))
    return f"`%%ai {name}` asks `{session.aliases[name]}` until this session ends."


def _dealias(session: Session, arguments: Sequence[str]) -> str:
    for name in arguments:
        if name not in session.aliases:
            known = ", ".join(session.aliases) or "none"
            raise CellError(f"There is no alias {name!r}.", advice=f"Aliases: {known}.")
    for name in arguments:
        del session.aliases[name]
    return f"Taken back: {_names([*arguments]) or 'nothing, since no alias is named'}."


async def _login(services: Sequence[str]) -> str:
    budget = await sign_in(*_one_service("login", services))
    told = "Signed in: `%%ai` asks OpenRouter."
    return f"{told} {budget}" if budget else told


def _logout(services: Sequence[str]) -> str:
    sign_out(*_one_service("logout", services))
    return f"The key is forgotten here. To delete it for good: {KEYS_PAGE}"


def _one_service(command: str, services: Sequence[str]) -> Sequence[str]:
    if len(services) != 1:
        raise CellError(
            f"%ai {command} takes the name of a service.", advice=f"Write %ai {command} openrouter."
        )
    return services


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


def complete(line: str, session: Session) -> list[str]:
    """Return the words that may come next on a line of ``%%ai`` or ``%ai``; the shell picks those
    that match the word at the cursor."""
    if not line.lstrip().startswith("%%"):
        return list(COMMAND_NAMES)
    providers = on_deck(session.providers).list()
    models = [f"{one.name}/{model}" for one in providers for model in one.models]
    return [*(one.name for one in providers), *models, *session.aliases, *OPTIONS, "->"]
