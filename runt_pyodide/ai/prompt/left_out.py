"""What the reader of an answer is told about pictures that the model was not sent."""

from __future__ import annotations

from collections.abc import Iterator

from ...llm.images import LARGEST
from ...notebook.state import Notebook
from ..candidate import Candidate
from ..record.fields import AIRecord
from .above import Reach
from .context import Context

_MEGABYTES = LARGEST * 3 // 4 >> 20


def describe_left_out(
    notebook: Notebook, reach: Reach, candidate: Candidate, context: Context, *, sees: bool
) -> Iterator[str]:
    """Yield sentences on the pictures that were left out of a request.

    Those beside the prompt are always told of. Those of the cells above, which a notebook may be
    full of, are told of if the model is not known to see, and no AI cell above has said so already;
    the manifest counts them in any case.
    """
    own = context.pictures
    if own.unreadable:
        kinds = f"PNG, JPEG, GIF or WebP files of at most {_MEGABYTES} MB"
        yield f"Left out of the prompt: {_count(own.unreadable)}. Models take {kinds}."
    if sees:
        return
    if own.images:
        yield f"Left out of the prompt: {_count(len(own.images))}. {_describe_blind(candidate)}"
    if context.manifest.images_left_out > len(own):
        told = f"The pictures in cells above were left out. {_describe_blind(candidate)}"
        if not _is_told_above(notebook, reach, told):
            yield told


def _describe_blind(candidate: Candidate) -> str:
    return (
        f"The model {candidate.model!r} is not known to see pictures: choose one that does or, if "
        'it does, set Pictures to "To all models" in the advanced settings of the provider '
        f"{candidate.provider.name!r} (in code: vision=True)."
    )


def _count(number: int) -> str:
    return "1 picture" if number == 1 else f"{number:,} pictures"


def _is_told_above(notebook: Notebook, reach: Reach, told: str) -> bool:
    return any(
        notice.text == told
        for above in reach.upward()
        if above.cell_type == "ai"
        for output in notebook.outputs_of(above.id)
        for notice in AIRecord.of(output).notices
    )
