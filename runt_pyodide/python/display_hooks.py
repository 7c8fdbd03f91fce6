"""IPython's display hooks: they write what a cell shows to its outputs."""

# IPython annotates only some of its functions.
# mypy: disable-error-code="no-untyped-call"

from __future__ import annotations

from typing import Any

from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.formatters import BaseFormatter, PlainTextFormatter
from traitlets import ObjectName, Unicode

from ..errors import is_stop
from ..execution.stack import shared
from ..notebook.bundle import build_bundle, describe_failed_repr
from ..tables.frame import read_frame
from ..tables.kept import KeptTables
from ..tables.resource import DATA_RESOURCE, build_resource
from .kernel.libraries import tell_figure
from .outputs import current_outputs


class ResultHook(DisplayHook):
    """Writes the value of the cell's last expression."""

    shell: Any

    def write_output_prompt(self) -> None:
        """Write nothing: the page shows the number."""

    def write_format_data(
        self, format_dict: dict[str, Any], md_dict: dict[str, Any] | None = None
    ) -> None:
        if (outputs := current_outputs()) is not None:
            outputs.result(build_bundle(format_dict, md_dict))

    def finish_displayhook(self) -> None:
        # IPython's own method writes to sys.stdout, which the cell may have replaced.
        self._is_active = False


class Publisher(DisplayPublisher):
    """Writes what ``display`` shows."""

    def publish(
        self,
        data: dict[str, Any],
        metadata: dict[str, Any] | None = None,
        *_source: object,
        transient: dict[str, Any] | None = None,
        update: bool = False,
        **_: object,
    ) -> None:
        self._validate_data(data, metadata)
        if (outputs := current_outputs()) is None:
            return
        bundle = build_bundle(data, metadata)
        display_id = (transient or {}).get("display_id")
        if update and display_id is not None:
            outputs.update_display(str(display_id), bundle)
        else:
            outputs.display(bundle, None if display_id is None else str(display_id))

    def clear_output(self, wait: bool = False) -> None:
        if (outputs := current_outputs()) is not None:
            outputs.clear(bool(wait))


class PlainText(PlainTextFormatter):
    """Returns the repr of an object, or the error that it raised: any object can be shown. Of a
    figure it tells what is in it."""

    @shared
    def __call__(self, obj: object) -> Any:
        try:
            told: str | None = tell_figure(obj)
            return told or PlainTextFormatter.__call__.__wrapped__(self, obj)
        except BaseException as error:  # it is shown in place of the repr
            if is_stop(error):
                raise
            return describe_failed_repr(obj, error)


class TableData(BaseFormatter):
    """Returns the data of a table and what is to be known of it; of what else has a
    ``_repr_data_resource_``, what that returns. ``tables`` keeps the rows that outputs do not hold.
    """

    format_type = Unicode(DATA_RESOURCE)
    print_method = ObjectName("_repr_data_resource_")
    _return_type = (dict, tuple)

    def __init__(self, tables: KeptTables | None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._tables = tables

    @shared
    def __call__(self, obj: object) -> Any:
        if not self.enabled:
            return None
        try:
            frame = read_frame(obj)
            if frame is not None:
                show = build_resource if self._tables is None else self._tables.show
                shown = show(frame)
                return shown.data, shown.metadata
        except BaseException as error:  # the table is shown as its library does
            if is_stop(error):
                raise
            return None
        return super().__call__(obj)
