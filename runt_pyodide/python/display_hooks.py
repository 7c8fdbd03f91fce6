"""What IPython's shell shows, on its way to the outputs of an execution."""

# IPython annotates only some of its functions.
# mypy: disable-error-code="no-untyped-call"

from __future__ import annotations

from typing import Any, Protocol

from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.formatters import PlainTextFormatter

from ..notebook.bundle import build_bundle, describe_failed_repr
from ..notebook.events import Bundle


class Screen(Protocol):
    """Where the displays and the result of one execution are shown."""

    def result(self, bundle: Bundle) -> None: ...

    def display(self, bundle: Bundle, display_id: str | None) -> None: ...

    def update_display(self, display_id: str, bundle: Bundle) -> None: ...

    def clear(self, wait: bool) -> None: ...


class ResultHook(DisplayHook):
    """The cell's last expression."""

    shell: Any

    def write_output_prompt(self) -> None:
        """The page writes the number."""

    def write_format_data(
        self, format_dict: dict[str, Any], md_dict: dict[str, Any] | None = None
    ) -> None:
        if (screen := self.shell.screen) is not None:
            screen.result(build_bundle(format_dict, md_dict))

    def finish_displayhook(self) -> None:
        # Not IPython's, which writes to sys.stdout, whatever the cell has put there.
        self._is_active = False


class Publisher(DisplayPublisher):
    """What ``display`` shows."""

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
        if (screen := self.shell.screen) is None:
            return
        bundle = build_bundle(data, metadata)
        display_id = (transient or {}).get("display_id")
        if update and display_id is not None:
            screen.update_display(str(display_id), bundle)
        else:
            screen.display(bundle, None if display_id is None else str(display_id))

    def clear_output(self, wait: bool = False) -> None:
        if (screen := self.shell.screen) is not None:
            screen.clear(bool(wait))


class PlainText(PlainTextFormatter):
    """The repr of an object, or what it raised: an object can always be shown."""

    def __call__(self, obj: object) -> Any:
        try:
            return PlainTextFormatter.__call__.__wrapped__(self, obj)
        except Exception as error:  # noqa: BLE001 -- it is shown in the place of the repr
            return describe_failed_repr(obj, error)
