"""SQL cells: Python's sqlite3, with one database for all of them. Its file is among the session's
files, so that Python cells can open it too.

A statement may name a variable of the Python cells as a table. So every statement is simply run; if
SQLite reports that a table is missing, and there is a variable of that name, the variable is lent
as a temporary table and the statement is run again.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from typing import Any

from ..errors import CellError
from ..execution.run import Run
from ..execution.stack import look_for_signal, run_users
from ..tables.frame import unique_names
from ..tables.kept import KeptTables
from ..tables.resource import MOST_ROWS
from ..tables.rows import Table
from .source import check_name, read_name, split_statements
from .variables import LentTables

# How many instructions SQLite's virtual machine runs between two checks for an interrupt.
_STEPS = 100_000
_LONGEST_QUOTE = 300


class SqlCell:
    """Runs SQL cells, each statement in a transaction of its own unless the cell begins one.

    The rows of each statement are shown. Those of the last statement are the cell's result, and are
    assigned to the variable that the cell names: as a DataFrame if pandas is installed, otherwise
    as a list of dicts. ``database`` is the path of the file. ``namespace`` returns the namespace of
    the Python cells, and creates it if there is none yet; ``variables`` returns what it holds now.
    ``tables`` keeps the rows that outputs do not hold.
    """

    def __init__(
        self,
        database: str,
        namespace: Callable[[], Awaitable[dict[str, object]]],
        variables: Callable[[], Mapping[str, object]],
        tables: KeptTables | None = None,
    ) -> None:
        self._kept_tables = tables
        self._namespace = namespace
        self._variables = variables
        self._database = database
        self._connection: sqlite3.Connection | None = None

    async def execute(self, run: Run) -> None:
        """Run a cell. Raise CellError, quoting the statement that failed, or CancelledError."""
        named = run.cell.sql_variable
        name = check_name(named) if named else read_name(run.cell.source)
        statements = [*split_statements(run.cell.source)]
        if not statements:
            return
        lent = LentTables(self._open(), self._variables)
        try:
            await self._execute(run, statements, name, lent)
        except KeyboardInterrupt as error:  # asyncio would let it through the event loop
            raise asyncio.CancelledError from error
        finally:
            lent.take_back()

    def close(self) -> None:
        """Close the database."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    async def _execute(
        self, run: Run, statements: Sequence[str], name: str | None, lent: LentTables
    ) -> None:
        table: Table | None = None
        for index, statement in enumerate(statements):
            if table is not None:
                run.writer.display(table.bundle(self._kept_tables))
            await asyncio.sleep(0)  # the cell can be cancelled here
            where = f" ({index + 1} of {len(statements)})" if len(statements) > 1 else ""
            is_last = index == len(statements) - 1
            everything = is_last and name is not None
            table = self._run(run, statement, where, lent, everything=everything)
        if table is not None:
            run.writer.result(table.bundle(self._kept_tables), run.execution_count)
        if name is not None:
            await self._keep(name, table)

    def _run(
        self, run: Run, statement: str, where: str, lent: LentTables, *, everything: bool
    ) -> Table | None:
        """Run a statement and return its rows. If it returns none, print how many it changed, and
        return None."""
        connection = self._open()
        before = connection.total_changes
        cursor = connection.cursor()
        try:
            run_users(cursor.execute, statement)
            fetch = cursor.fetchall if everything else partial(cursor.fetchmany, MOST_ROWS + 1)
            rows = run_users(fetch)
        except (sqlite3.Error, sqlite3.Warning, ValueError, MemoryError) as error:
            if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_INTERRUPT:
                raise asyncio.CancelledError from error
            if self._lend(lent, error, statement, where):
                return self._run(run, statement, where, lent, everything=everything)
            raise self._to_cell_error(error, statement, where) from error
        finally:
            columns = [column[0] for column in cursor.description or ()]
            cursor.close()
        if columns:
            is_whole = everything or len(rows) <= MOST_ROWS
            return Table(unique_names(columns), rows if is_whole else rows[:MOST_ROWS], is_whole)
        if changed := connection.total_changes - before:
            run.writer.stream("stdout", f"{changed:,} row{'' if changed == 1 else 's'} changed\n")
        return None

    def _lend(self, lent: LentTables, error: BaseException, statement: str, where: str) -> bool:
        try:
            return run_users(lent.lend, error)
        except Exception as refused:  # noqa: BLE001 -- a variable is anybody's
            raise self._to_cell_error(refused, statement, where) from error

    async def _keep(self, name: str, table: Table | None) -> None:
        if table is None:
            raise CellError(
                f"There are no rows for the variable {name!r}: the last statement returns none.",
                advice="End the cell with a SELECT, or remove the name.",
            )
        (await self._namespace())[name] = _value(table)

    def _open(self) -> sqlite3.Connection:
        if self._connection is None:
            try:
                # None means that no transaction begins unless the cell begins it.
                connection = sqlite3.connect(self._database, isolation_level=None)
            except sqlite3.Error as error:
                raise CellError(
                    f"The database {self._database} cannot be opened: {error}.",
                    advice="Move that file out of the way, and run the cell again.",
                ) from error
            # Python gets a turn from time to time, so that an interrupt also ends the statement.
            connection.set_progress_handler(look_for_signal, _STEPS)
            self._connection = connection
        return self._connection

    def _to_cell_error(self, error: BaseException, statement: str, where: str) -> CellError:
        quoted = statement.strip()
        if len(quoted) > _LONGEST_QUOTE:
            quoted = f"{quoted[:_LONGEST_QUOTE]}..."
        text = str(error) or type(error).__name__
        return CellError(
            f"{text}. {self._advise(text)}\nThe statement{where}:\n{quoted}",
            ename=type(error).__name__,
        )

    def _advise(self, text: str) -> str:
        if text.startswith("no such table"):
            names = self._tables()
            there = f"The tables are: {', '.join(names)}." if names else "There are no tables yet."
            return f"{there} A DataFrame or a list of dicts in a Python variable is a table too."
        if text.startswith("no such column"):
            return "Check its name; text belongs in single quotes: 'text', not \"text\"."
        if "locked" in text:
            return "Another connection is writing to the database: let it commit, or close it."
        return "Correct the statement and run the cell again; those before it have taken effect."

    def _tables(self) -> list[str]:
        look = "SELECT name FROM sqlite_schema WHERE type IN ('table', 'view') LIMIT 50"
        try:
            return [row[0] for row in self._open().execute(look)]
        except sqlite3.Error:
            return []


def _value(table: Table) -> Any:
    try:
        import pandas
    except ImportError:
        return [dict(zip(table.columns, row, strict=True)) for row in table.values]
    return pandas.DataFrame(table.values, columns=table.columns)
