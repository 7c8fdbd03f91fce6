"""The first line of an AI or SQL cell in a file, which holds its settings; those that do not fit on
it are under ``runt`` in the cell's metadata."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ..ai.prompt.cell_settings import ASKING, SAMPLING, asking_of, settings_of
from ..asking.magic_line import MagicLine, split_cell, split_magic
from ..notebook import events as ev
from ..notebook.state import Cell
from ..notebook.wire import is_in_range
from .ai_line import read_line, read_sql_line, write_line
from .carried import CARRIED
from .exact_json import is_equal


@dataclass(slots=True)
class Content:
    """What a cell of a file is in a notebook, besides its id and place. ``ai`` is {provider, model,
    settings}, as an event has it."""

    cell_type: ev.CellType
    source: str
    metadata: dict[str, Any] = field(default_factory=dict)
    ai: dict[str, Any] | None = None
    sql_variable: str | None = None


def read_magic(source: str, runt: Mapping[str, Any], choice: str, *, is_python: bool) -> Content:
    """Return what the source of a code cell is, and ``runt``, what its metadata say of it.
    ``choice`` is the notebook's model for cells that choose none."""
    metadata = _own_metadata(runt.get("metadata"))
    variable = runt.get("sql_variable")
    named = variable if isinstance(variable, str) else None
    if (asked := split_cell(source)) is not None and (told := read_line(asked[0])) is not None:
        return _read_ai(asked[1], told, metadata, runt.get("ai_settings"), choice)
    queried = split_magic(source, "%%sql") if is_python else None
    if queried is not None and (query := read_sql_line(queried[0])) is not None:
        own, first = query
        statements = f"{first}\n{queried[1]}" if first else queried[1]
        return Content("sql", statements, metadata, sql_variable=own if own is not None else named)
    ai = _read_ai_settings(runt.get("ai_settings"))
    return Content("code", source, metadata, ai, named)


def _own_metadata(metadata: Any) -> dict[str, Any]:
    items = metadata.items() if isinstance(metadata, dict) else ()
    return {key: value for key, value in items if key != CARRIED and value is not None}


def _read_ai(
    source: str, told: MagicLine, metadata: dict[str, Any], besides: Any, choice: str
) -> Content:
    kept = _read_ai_settings(besides)
    chosen = kept or {"provider": "", "model": "", "settings": {}}
    if told.model is not None and (told.model != choice or kept is not None):
        chosen = {**_split_model(told.model), "settings": chosen["settings"]}
    settings = {**chosen["settings"], **_settings_of(told)}
    for key, own in ((SAMPLING, _sampling_of(told)), (ASKING, _asking_of(told))):
        before = metadata.get(key)
        if own:
            metadata[key] = {**(before if isinstance(before, dict) else {}), **own}
    has_own = chosen["provider"] or chosen["model"] or settings
    return Content("ai", source, metadata, {**chosen, "settings": settings} if has_own else None)


def _split_model(word: str) -> dict[str, Any]:
    first, slash, rest = word.partition("/")
    return {"provider": first, "model": rest} if slash else {"provider": "", "model": word}


def _read_ai_settings(value: Any) -> dict[str, Any] | None:
    """Return the settings in a file, which may hold anything."""
    if not isinstance(value, dict):
        return None
    found = value.get("settings")
    settings = found if isinstance(found, dict) else {}
    numbers = {key: settings.get(key) for key in ("temperature", "maxTokens")}
    prompt = settings.get("systemPrompt")
    return {
        "provider": _text_or_empty(value.get("provider")),
        "model": _text_or_empty(value.get("model")),
        "settings": {
            **{key: number for key, number in numbers.items() if _is_number(number)},
            **({"systemPrompt": prompt} if isinstance(prompt, str) else {}),
        },
    }


def _text_or_empty(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and is_in_range(value)


def _settings_of(line: MagicLine) -> dict[str, Any]:
    given = {
        "temperature": line.temperature,
        "maxTokens": line.max_tokens,
        "systemPrompt": line.system,
    }
    return {key: value for key, value in given.items() if value is not None}


def _sampling_of(line: MagicLine) -> dict[str, Any]:
    return line.sampling.to_json()


def _asking_of(line: MagicLine) -> dict[str, Any]:
    return line.asking.to_json()


def write_magic(cell: Cell, choice: str) -> tuple[str, dict[str, Any]]:
    """Return the cell's source in a file, and what does not stand in it: {ai_settings?,
    sql_variable?, metadata?}."""
    metadata = {key: value for key, value in cell.metadata.items() if key != CARRIED}
    if cell.cell_type == "ai":
        return _write_ai(cell, choice, metadata)
    name, line, source = cell.sql_variable, "%%sql", cell.source
    is_on_line = (
        cell.cell_type == "sql" and name is not None and read_sql_line(f"-> {name}") == (name, "")
    )
    if cell.cell_type == "sql":
        line = f"%%sql -> {name}" if is_on_line else "%%sql"
        source = f"{line}\n{source}"
    runt = {
        "ai_settings": _ai_json(cell),
        "sql_variable": None if is_on_line else name,
        "metadata": metadata or None,
    }
    return source, {key: value for key, value in runt.items() if value is not None}


def _write_ai(cell: Cell, choice: str, metadata: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    ai, word = cell.ai, _word_of(cell)
    written = write_line(_line_of(cell, word or choice))
    told = read_line(written.removeprefix("%%ai").strip())
    line = written if told else "%%ai"
    told = told or MagicLine()
    is_chosen = not word or (
        ai is not None
        and told.model == word != choice
        and _split_model(word) == {"provider": ai.provider, "model": ai.model}
    )
    ours, on_line = _ai_json(cell) or {"settings": {}}, _settings_of(told)
    left = {
        key: value
        for key, value in ours["settings"].items()
        if not is_equal(on_line.get(key), value)
    }
    for key, own in ((SAMPLING, _sampling_of(told)), (ASKING, _asking_of(told))):
        if key in metadata and is_equal(own, metadata[key]):
            del metadata[key]
    runt: dict[str, Any] = {}
    if ai is not None and (not is_chosen or left):
        runt["ai_settings"] = {**ours, "settings": left}
    if metadata:
        runt["metadata"] = metadata
    return f"{line}\n{cell.source}", runt


def _word_of(cell: Cell) -> str:
    """Return the cell's choice of a model, as it stands on a line."""
    if cell.ai is None:
        return ""
    parts = (cell.ai.provider, cell.ai.model)
    return "/".join(part for part in parts if part) if cell.ai.provider else cell.ai.model


def _line_of(cell: Cell, model: str) -> MagicLine:
    settings, asking = settings_of(cell), asking_of(cell)
    own = cell.ai.settings if cell.ai else ev.AiSettings()
    return MagicLine(
        model=model or None,
        system=own.system_prompt,
        temperature=own.temperature,
        max_tokens=own.max_tokens,  # type: ignore[arg-type] # which a file may have as a fraction
        top_p=settings.top_p,
        seed=settings.seed,
        stop=settings.stop,
        reasoning_effort=settings.reasoning_effort,
        web_search=settings.web_search,
        format=asking.format,
        raw=asking.raw,
        tools=asking.tools,
        context=asking.context,
        target=asking.name,
        type=asking.type if asking.name else None,
    )


def _ai_json(cell: Cell) -> dict[str, Any] | None:
    if cell.ai is None:
        return None
    return cell.ai.model_dump(by_alias=True, exclude_none=True, exclude={"cell_id"})
