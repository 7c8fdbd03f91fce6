"""What a model is told of the variables of a namespace: types, sizes and schemas, never all of a
value. Nothing that an object does when it is looked at can raise through it."""

from __future__ import annotations

import inspect
import types
from collections.abc import Iterable, Mapping
from typing import Any

_LONGEST = 200
_ROWS = 3
_COLUMNS = 40
_MOST = 200
# Names that IPython keeps in a namespace, besides those that begin with an underscore.
_SHELLS = frozenset(("In", "Out", "exit", "quit", "get_ipython", "open"))
_SCALARS = (bool, int, float, complex, str, bytes, type(None))


def describe_variables(namespace: Mapping[str, object], names: Iterable[str] | None = None) -> str:
    """One variable in a paragraph, in the order of the namespace; only these ``names`` where they
    are given, which says of a name that is not there that it is not."""
    if names is None:
        shown = [name for name, value in namespace.items() if _is_users(name, value)]
    else:
        shown = [*names]
    lines = [
        _describe(name, namespace[name]) if name in namespace else f"{name}: not defined"
        for name in shown[:_MOST]
    ]
    if len(shown) > _MOST:
        lines.append(f"{len(shown) - _MOST} more: ask for them by name.")
    return "\n".join(lines) or "There are no variables."


def _is_users(name: str, value: object) -> bool:
    hidden = name.startswith("_") or name in _SHELLS
    return not hidden and not isinstance(value, types.ModuleType)


def _describe(name: str, value: object) -> str:
    kind = _name_of(type(value))
    for describe in (_scalar, _callable, _frame, _array, _collection):
        try:
            told = describe(value)
        except Exception:  # noqa: BLE001 -- an object that cannot be looked at has only its type
            told = None
        if told is not None:
            return f"{name}: {kind}{told}"
    return f"{name}: {kind}"


def _scalar(value: object) -> str | None:
    if type(value) not in _SCALARS:
        return None
    if isinstance(value, str | bytes):
        more = f", {len(value):,} long" if len(value) > _LONGEST else ""
        return f" = {value[:_LONGEST]!r}{more}"
    return f" = {_cut(repr(value))}"


def _callable(value: object) -> str | None:
    if not (inspect.isroutine(value) or inspect.isclass(value)):
        return None
    try:
        signature = str(inspect.signature(value))
    except (TypeError, ValueError):
        signature = "(...)"
    document = inspect.getdoc(value) or ""
    first = document.partition("\n")[0]
    return f" {getattr(value, '__name__', '')}{_cut(signature)}" + (
        f": {_cut(first)}" if first else ""
    )


def _frame(value: Any) -> str | None:
    """Frames of pandas, polars and whoever has columns with types."""
    if inspect.isclass(value) or not hasattr(value, "columns") or not hasattr(value, "head"):
        return None
    shape = getattr(value, "shape", None)
    types_ = [str(one) for one in value.dtypes]
    columns = [str(one) for one in value.columns]
    typed = [f"{column} {type_}" for column, type_ in zip(columns, types_, strict=False)]
    more = f", and {len(typed) - _COLUMNS} more" if len(typed) > _COLUMNS else ""
    rows = _cut(str(value.head(_ROWS)), _LONGEST * 10)
    return f" of shape {shape}: {', '.join(typed[:_COLUMNS])}{more}\n{rows}"


def _array(value: Any) -> str | None:
    shape = getattr(value, "shape", None)
    if not isinstance(shape, tuple):
        return None
    dtype = getattr(value, "dtype", None)
    return f" of shape {shape}" + (f", {dtype}" if dtype is not None else "")


def _collection(value: Any) -> str | None:
    if isinstance(value, Mapping):
        keys = [_short(key) for key, _ in zip(value, range(5), strict=False)]
        return f" of {len(value):,}" + (f", keys {', '.join(keys)}" if keys else "")
    if not hasattr(value, "__len__"):
        return None
    told = f" of {len(value):,}"
    if isinstance(value, list | tuple | set | frozenset) and value:
        kinds = {_name_of(type(one)) for one, _ in zip(value, range(100), strict=False)}
        told += f": {', '.join(sorted(kinds))}"
    return told


def _short(value: object) -> str:
    return _cut(repr(value), 40) if type(value) in _SCALARS else _name_of(type(value))


def _name_of(kind: type) -> str:
    module = kind.__module__
    plain = module in ("builtins", "__main__")
    return kind.__qualname__ if plain else f"{module.partition('.')[0]}.{kind.__qualname__}"


def _cut(text: str, longest: int = _LONGEST) -> str:
    return text if len(text) <= longest else f"{text[:longest]}..."
