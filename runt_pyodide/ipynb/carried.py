"""What a part of a file holds beyond what we would write for it ourselves.

It is found when the file is read, by writing the part and comparing, is kept beside the part, and
is put back when the part is written again. So all that a file holds comes back, and what has been
changed since is written as it is now.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..notebook.state.cells import CARRIED
from .exact_json import is_equal, pack, unpack

__all__ = ["CARRIED", "Change", "find_carried"]

Change = list[Any]
"""[path, ours, theirs]: what the file has in place of what we write; [path, ours] if it has
nothing."""


def find_carried(ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> dict[str, Any]:
    """Return what must be carried so that ``ours`` becomes ``theirs``: {added?, changed?}, with
    what only the file has in ``added``, in objects as they stand in the file."""
    added, changed = _compare(ours, theirs, [])
    carried: dict[str, Any] = {}
    if added:
        carried["added"] = pack(added)
    if changed:
        carried["changed"] = pack(changed)
    return carried


def _compare(
    ours: Mapping[str, Any], theirs: Mapping[str, Any], path: list[str]
) -> tuple[dict[str, Any], list[Change]]:
    added: dict[str, Any] = {}
    changed: list[Change] = []
    for key, value in theirs.items():
        if key not in ours:
            added[key] = value
        elif isinstance(ours[key], dict) and isinstance(value, dict):
            within, changes = _compare(ours[key], value, [*path, key])
            if within:
                added[key] = within
            changed += changes
        elif not is_equal(ours[key], value):
            changed.append([[*path, key], ours[key], value])
    changed += [[[*path, key], value] for key, value in ours.items() if key not in theirs]
    return added, changed


def put_back(ours: dict[str, Any], carried: object) -> dict[str, Any]:
    """Return what we write with what was ``carried``, which may be anything, since it comes from a
    log. What has changed since the file was read stays as it is."""
    read = unpack(carried) if isinstance(carried, dict) else {}
    added, changed = read.get("added"), read.get("changed")
    whole = _add_under(ours, added) if isinstance(added, dict) else ours
    for change in changed if isinstance(changed, list) else []:
        if isinstance(change, list) and len(change) > 1 and isinstance(change[0], list):
            whole = _replace(whole, change[0], change)
    return whole


def _add_under(ours: dict[str, Any], added: dict[str, Any]) -> dict[str, Any]:
    both = dict(ours)
    for key, value in added.items():
        own = both.setdefault(key, value)
        if key in ours and isinstance(own, dict) and isinstance(value, dict):
            both[key] = _add_under(own, value)
    return both


def _replace(value: dict[str, Any], path: Sequence[Any], change: Change) -> dict[str, Any]:
    key, *rest = [str(part) for part in path] or [""]
    if key not in value:
        return value
    changed = dict(value)
    if rest and isinstance(value[key], dict):
        changed[key] = _replace(value[key], rest, change)
    elif not rest and is_equal(value[key], change[1]):
        del changed[key]
        if len(change) > 2:
            changed[key] = change[2]
    return changed
