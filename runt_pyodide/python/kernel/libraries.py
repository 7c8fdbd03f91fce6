"""How libraries show what they draw: as data that the page draws, or as pictures."""

# IPython annotates only some of its functions.
# mypy: disable-error-code="no-untyped-call"

from __future__ import annotations

import os
import sys
from typing import Any, NoReturn

from IPython.core.formatters import DisplayFormatter

from ...charts.figure import describe_figure
from ...charts.spec import describe_chart

# What matplotlib draws becomes displays; it reads this when it is first imported.
_MATPLOTLIB_BACKEND = "module://matplotlib_inline.backend_inline"
# What Plotly draws is data for the page; otherwise Plotly would write all of its JavaScript there.
_PLOTLY_RENDERER = "plotly_mimetype"
# The modules of Altair's versions that have charts.
_ALTAIR = tuple(f"altair.vegalite.v{version}.api" for version in (4, 5, 6, 7))

# Pictures have twice as many pixels as they are wide and high, for screens that have them too.
CONFIG = {"InlineBackend": {"figure_formats": {"retina"}}}


def choose_renderers() -> None:
    """Tell the libraries, before they are imported, how to show what they draw."""
    os.environ.setdefault("MPLBACKEND", _MATPLOTLIB_BACKEND)
    os.environ.setdefault("PLOTLY_RENDERER", _PLOTLY_RENDERER)


def register_formatters(formatter: DisplayFormatter) -> None:
    """Make the formatter show charts as data."""
    # Otherwise a Plotly figure would display itself, and need nbformat for that.
    formatter.ipython_display_formatter.for_type_by_name(
        "plotly.basedatatypes", "BaseFigure", _let_others_show
    )
    for module in _ALTAIR:
        formatter.mimebundle_formatter.for_type_by_name(module, "TopLevelMixin", _show_altair)


def _let_others_show(_: object) -> NoReturn:
    """Raise NotImplementedError, which makes IPython try the next formatter."""
    raise NotImplementedError


def tell_figure(value: Any) -> str | None:
    """Return what a figure of matplotlib shows, in words; None for any other value. IPython's
    formatter cannot be told this: matplotlib takes all that is said of figures out of it."""
    names = [(kind.__module__, kind.__name__) for kind in type.mro(type(value))]
    is_figure = ("matplotlib.figure", "Figure") in names
    return describe_figure(value) if is_figure else None


def _show_altair(chart: Any) -> Any:
    """Return a chart as data. By default Altair would return a page with scripts from elsewhere."""
    renderers = sys.modules["altair"].renderers
    if renderers.active != "default":
        return chart._repr_mimebundle_()
    with renderers.enable("mimetype"):
        shown = chart._repr_mimebundle_()
    data = shown[0] if isinstance(shown, tuple) else shown
    told = [describe_chart(mime, spec) for mime, spec in data.items()]
    return {**data, "text/plain": next(filter(None, told), "alt.Chart(...)")}
