"""What an AI cell has of its own besides its prompt: sampling settings, and pictures.

Temperature, output tokens and system prompt are in the cell's AI settings. The rest is in its
metadata (``v1.CellMetadataSet``), under ``sampling`` {"topP", "seed", "stop", "reasoningEffort",
"webSearch"}, ``images`` [{"mediaType", "data", "name"}], with ``data`` in base64, and ``asking``
{"tools", "context", "raw", "format", "name", "type"}. A log is never trusted: what is of the wrong
type is passed over.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, Self, get_args, get_type_hints

from ...arguments import describe, fits, show
from ...errors import CellError
from ...llm.images import read_image
from ...llm.messages import ChatSettings, Image, ReasoningEffort
from ...notebook.state import Cell
from ...notebook.state.cells import ASKING as ASKING
from ..record.typed_json import Signed, TypedJson, read_as

IMAGES = "images"
SAMPLING = "sampling"
_WIRE = {
    "topP": "top_p",
    "seed": "seed",
    "stop": "stop",
    "reasoningEffort": "reasoning_effort",
    "webSearch": "web_search",
}


Format = Literal["code", "json", "markdown"]
FORMATS: tuple[Format, ...] = get_args(Format)


@dataclass(frozen=True, slots=True)
class Sampling:
    """The sampling settings beyond the temperature, and whether the service searches the web; what
    is not set is left to the service, or to the provider's settings."""

    top_p: float | None = None
    seed: Signed | None = None
    stop: tuple[str, ...] = ()
    reasoning_effort: ReasoningEffort | None = None
    web_search: bool | None = None

    @classmethod
    def read(cls, value: object) -> Self:
        """Return the settings in a cell's metadata."""
        found = value if isinstance(value, Mapping) else {}
        named = {_WIRE[key]: one for key, one in found.items() if key in _WIRE}
        if isinstance(named.get("stop"), str):
            named["stop"] = [named["stop"]]
        if isinstance(named.get("stop"), list):
            named["stop"] = [one for one in named["stop"] if one]
        return read_as(cls, named) or cls()

    def to_json(self) -> dict[str, Any]:
        """Return the settings as a cell's metadata has them, without those that are not set."""
        given = {key: getattr(self, name) for key, name in _WIRE.items()}
        return {
            key: [*value] if isinstance(value, tuple) else value
            for key, value in given.items()
            if value not in (None, ())
        }


@dataclass(frozen=True, slots=True)
class Asking(TypedJson):
    """Whether the model is offered ``tools`` and sent the ``context`` above the cell, and the
    prompt is sent ``raw``, without the values of its expressions; the ``format`` of the answer; and
    the ``name`` of the variable that gets the answer, with the source of its ``type``."""

    tools: bool = True
    context: bool = True
    raw: bool = False
    format: Format | None = None
    name: str | None = None
    type: str | None = None


@dataclass(frozen=True, slots=True)
class Pictures:
    """The pictures beside a prompt, and the number of those that cannot be read."""

    images: tuple[Image, ...] = ()
    unreadable: int = 0

    def __len__(self) -> int:
        return len(self.images) + self.unreadable


def settings_of(cell: Cell) -> ChatSettings:
    """Return the settings with which the cell's prompt is sent."""
    own = Sampling.read(cell.metadata.get(SAMPLING))
    temperature = limit = None
    if cell.ai is not None:
        temperature, limit = cell.ai.settings.temperature, cell.ai.settings.max_tokens
    return ChatSettings(
        temperature=temperature,
        max_tokens=None if limit is None else int(limit),
        top_p=own.top_p,
        seed=own.seed,
        stop=own.stop,
        reasoning_effort=own.reasoning_effort,
        web_search=own.web_search,
    )


def check_settings(cell: Cell) -> None:
    """Raise CellError, in one sentence, if the cell has a setting that no service takes: it may
    come from a file, or from the line of ``%%ai``."""
    kinds, settings = get_type_hints(ChatSettings, include_extras=True), settings_of(cell)
    for name, kind in kinds.items():
        value = getattr(settings, name)
        if not fits(kind, value):
            raise CellError(
                f"The cell's {name} must be {describe(kind)}, not {show(value)}.",
                advice="Change it in the cell's settings, or on its line %%ai.",
            )


def asking_of(cell: Cell) -> Asking:
    """Return how the cell's prompt is asked."""
    return Asking.read(cell.metadata.get(ASKING)) or Asking()


def pictures_of(cell: Cell) -> Pictures:
    """Return the pictures beside the prompt of an AI cell; none of any other cell."""
    found = cell.metadata.get(IMAGES) if cell.cell_type == "ai" else None
    if not isinstance(found, list):
        return Pictures()
    texts = [one.get("data") if isinstance(one, Mapping) else None for one in found]
    images = [read_image(text) if isinstance(text, str) else None for text in texts]
    readable = tuple(image for image in images if image is not None)
    return Pictures(readable, len(images) - len(readable))


def has_prompt(cell: Cell) -> bool:
    """Return whether there is anything to send: a text, or pictures alone."""
    return bool(cell.source.strip()) or (cell.cell_type == "ai" and bool(cell.metadata.get(IMAGES)))


def images_to_json(images: Iterable[Image]) -> list[dict[str, str]]:
    """Return pictures as a cell's metadata has them."""
    return [{"mediaType": image.media_type, "data": image.data} for image in images]
