"""How much of a prompt a model takes, as far as its service has said."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ...errors import ContextLengthError
from ..text import sizes
from .context import Context

# What the service's numbers allow counts only if it is at least so much less than what was sent:
# otherwise they are not of the same things as ours.
_LESS = 0.95


@dataclass(slots=True)
class Fit:
    """How much one candidate is sent.

    ``window`` is in tokens of the service; ``told`` says that the service named it. ``limit`` is
    the most that is sent, in our estimates of tokens, None until something was too long.
    """

    window: int = sizes.UNKNOWN_WINDOW
    told: bool = False
    limit: int | None = None
    _failures: int = 0

    def reserve(self, wanted: int | None) -> int:
        """Return how much of the window is kept for the answer: ``wanted`` or what is usual, and no
        more than a quarter of it."""
        return min(wanted or sizes.ANSWER, self.window // 4)

    def allow(self, wanted: int | None, prompt: int) -> int | None:
        """Return the limit of output tokens beside a prompt of so many tokens: what is wanted, or
        less if the window is known not to have as much."""
        if wanted is None or not self.told:
            return wanted
        return min(wanted, max(self.window - prompt, 1))

    def tighten(
        self, error: ContextLengthError, sent: int, wanted: int | None, scale: float
    ) -> None:
        """Take what was sent, by our estimate, for too long, and send less from now on: as much as
        the service's numbers allow, or else half of it, and ever less if that does not help."""
        by_number: int | None = None
        if error.window is not None:
            self.window, self.told = error.window, True
            counted = error.tokens or round(sent * scale) or 1
            if wanted is not None and counted > wanted:
                # Many count the answer's tokens, too.
                counted -= wanted
            by_number = round(sent * (self.window - self.reserve(wanted)) / counted)
        if by_number is not None and not 0 < by_number < sent * _LESS:
            by_number = None
        if self._failures == 0 and by_number is not None:
            self.limit = by_number
        else:
            halved = sent >> max(self._failures, 1)
            self.limit = halved if by_number is None else min(halved, by_number)
        self._failures += 1


def require_fit(model: str, fit: Fit, context: Context, scale: float) -> None:
    """Raise ContextLengthError if the prompt alone is certain to be too long, so that it need not
    be sent. Estimates are multiplied by ``scale``."""
    tokens = round(context.prompt_tokens * scale)
    most = fit.window * sizes.SURELY_TOO_LONG if fit.told else sizes.LONGEST_PROMPT
    if tokens <= most:
        return
    known = f"has a context window of {fit.window:,}" if fit.told else "has no window that is known"
    error = ContextLengthError(
        f"The prompt is too long: it has {context.prompt_characters:,} characters, about "
        f"{tokens:,} tokens, and the model {model!r} {known}. Nothing was sent."
    )
    error.window = fit.window if fit.told else None
    raise error


def describe_tight(model: str, fit: Fit, context: Context, *, lowered: bool) -> Iterator[str]:
    """Yield sentences on what a small window left no room for. ``lowered`` says whether the limit
    of output tokens is one of these things."""
    window = f"the context window of the model {model!r}"
    if fit.told:
        window += f" ({fit.window:,} tokens)"
    if left_out := context.frame.left_out:
        yield f"Left out, since {window} has no room: {', '.join(left_out)}."
    if lowered:
        yield f"The limit of output tokens was lowered to what {window} has room for."
