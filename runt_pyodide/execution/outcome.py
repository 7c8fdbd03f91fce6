"""How an execution ended."""

from __future__ import annotations

import asyncio
import traceback
from dataclasses import dataclass
from typing import ClassVar, Literal

from ..errors import CellError, RuntError


@dataclass(frozen=True, slots=True)
class Success:
    status: ClassVar[Literal["success"]] = "success"


@dataclass(frozen=True, slots=True)
class Cancelled:
    status: ClassVar[Literal["cancelled"]] = "cancelled"


@dataclass(frozen=True, slots=True)
class Failure:
    error: BaseException
    status: ClassVar[Literal["error"]] = "error"

    @property
    def message(self) -> str:
        """The error's text. That of a class that is not ours may fail, and the end must come."""
        try:
            return str(self.error)
        except Exception as problem:  # noqa: BLE001 -- the user's code
            return f"(its text cannot be shown: __str__ raised {type(problem).__name__})"

    def describe(self) -> tuple[str, str, list[str]]:
        """Return the ename, evalue and traceback of an error output. An error that the package
        raises on purpose explains itself; any other comes with a traceback."""
        error = self.error
        if isinstance(error, CellError):
            return error.ename, error.evalue, list(error.traceback)
        if isinstance(error, RuntError):
            return type(error).__name__, self.message, []
        lines = traceback.format_exception(error)
        return type(error).__name__, self.message, [line.rstrip("\n") for line in lines]


Outcome = Success | Failure | Cancelled


def outcome_of(task: asyncio.Task[None]) -> Outcome:
    """Return how a finished task ended."""
    if task.cancelled():
        return Cancelled()
    error = task.exception()
    return Success() if error is None else Failure(error)
