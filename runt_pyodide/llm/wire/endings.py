"""How an answer ended, by the word that the service has for it.

Services call the same end by their own words, in their own spelling ("max_tokens", "MAX_TOKENS",
"model_length", "content_filter: PROHIBITED_CONTENT"). So a word is known by its stem: what is left
of it without capitals and signs, with anything before or behind.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Literal

from ...errors import CutStreamError, ModelSlipError
from ..messages import FinishDelta

End = Literal["length", "content_filter", "slip", "fault", "good", "unknown"]

# The first stem in a word counts, from the top. Sources, read in November 2026: OpenAI's and
# Anthropic's API references, Google's `FinishReason`, the documentation of Mistral, DeepSeek, Z.ai
# (sensitive, network_error), OpenRouter (error), vLLM (abort), Ollama `api/types.go` (load).
_STEMS: tuple[tuple[End, re.Pattern[str]], ...] = (
    ("slip", re.compile(r"malformed|unexpectedtool|toomanytool|tooluse\w*fail|invalidtool")),
    (
        "content_filter",
        re.compile(
            r"filter|safety|sensitive|prohibited|block|spii|recitation|refus|guardrail|moderat"
            r"|flagged|policy|censor"
        ),
    ),
    (
        "length",
        re.compile(
            r"length|max\w*token|maxoutput|(token|output|context|stop|stopped)limit|window|trunc"
        ),
    ),
    (
        "fault",
        re.compile(
            r"error|abort|fail|cancel|interrupt|insufficient|timeout|timedout|disconnect|overload"
            r"|unavailable|ratelimit|incomplete"
        ),
    ),
    ("good", re.compile(r"stop|tool|functioncall|endturn|endofturn|eos|complete")),
)
_GOOD_WORDS = frozenset(("end", "done", "finished", "success", "load", "unload"))
_SIGNS = re.compile(r"[\W_]+")
_LONGEST_WORD = 80


@dataclass(frozen=True, slots=True)
class Ending:
    """How an answer ended, and the word that said so."""

    end: End
    word: str

    def finish(self, *, called: bool) -> FinishDelta:
        """Return the end of a turn, in which calls were made or not: the word is "stop" on many
        servers if there were. Raise CutStreamError and ModelSlipError where the word says so."""
        if self.end == "slip":
            raise ModelSlipError(f"The model made a call that broke ({self.word}).")
        if self.end == "fault":
            raise CutStreamError(f"The server ended the answer early ({self.word}).")
        if self.end in ("length", "content_filter"):
            return FinishDelta(self.end)
        unknown = f"The service ended the answer with a word that is not known: {self.word!r}."
        notice = unknown if self.end == "unknown" else ""
        return FinishDelta("tool_calls" if called else "stop", notice)


def read_ending(word: Any) -> Ending:
    """Return what a service's word for the end of an answer means."""
    told = str(word)
    bare = _SIGNS.sub("", told).lower()
    found = (end for end, stem in _STEMS if stem.search(bare))
    end = next(found, "good" if bare in _GOOD_WORDS else "unknown")
    return Ending(end, told if len(told) <= _LONGEST_WORD else f"{told[:_LONGEST_WORD]}...")


def worse(known: Ending | None, new: Ending) -> Ending:
    """Return the ending that counts, if a service names two: a good end mends no bad one."""
    return new if known is None or known.end == "good" else known
