"""The notebook above an AI cell as messages: what the model is told besides the prompt."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..events import Inline
from ..folded_output import Output
from ..messages import Message
from ..notebook import Cell, Notebook

_SYSTEM_PROMPT = (
    "You are the assistant in a notebook that runs Python in a web browser (Pyodide). The messages "
    "before the last one are the notebook's cells above the prompt, in order, with their outputs; "
    "earlier prompts are followed by your answers. Answer the last message, in Markdown."
)
# Who answers in the place of a provider that is not configured.
MOCK_PROVIDER = "mock"
# Control sequences, control strings and escape sequences of terminals (ECMA-48, ECMA-35): colours,
# titles and cursor moves mean nothing to a model.
_ANSI = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|[\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\)|[ -/]*[0-~])")


def build_system_prompt(notebook: Notebook, cell: Cell) -> str:
    """Ours, then the notebook's saved prompt and the cell's own."""
    parts = [_SYSTEM_PROMPT, notebook.metadata.get("user_saved_prompt", "")]
    if cell.ai is not None:
        parts.append(cell.ai.settings.system_prompt or "")
    return "\n\n".join(part for part in parts if part.strip())


def build_messages(notebook: Notebook, cell: Cell) -> tuple[Message, ...]:
    """The cells above that models may see, and the cell's source as the prompt."""
    messages = [
        message
        for above in notebook.cells_above(cell.id)
        if above.ai_context_visible and above.source.strip()
        for message in _describe(notebook, above)
    ]
    return (*messages, Message("user", cell.source))


def _describe(notebook: Notebook, cell: Cell) -> Iterator[Message]:
    outputs = notebook.outputs_of(cell.id)
    if cell.cell_type == "ai":
        # A prompt without an answer would read as one that the model passed over.
        if answer := "\n\n".join(_answers(outputs)):
            yield Message("user", cell.source)
            yield Message("assistant", answer)
    elif cell.cell_type in ("code", "sql"):
        language = "python" if cell.cell_type == "code" else "sql"
        parts = [f"A {cell.cell_type} cell:\n{_fence(cell.source, language)}"]
        parts += [f"Its output:\n{_fence(text)}" for text in _texts(outputs)]
        yield Message("user", "\n\n".join(parts))
    else:
        yield Message("user", f"A {cell.cell_type} cell:\n\n{cell.source}")


def _answers(outputs: list[Output]) -> Iterator[str]:
    """What a model said: no thinking, and no mock answer, which is for the reader."""
    for output in outputs:
        unsaid = output.anode.get("thinking") or output.anode.get("ai_provider") == MOCK_PROVIDER
        if output.kind == "markdown" and not unsaid and output.text.strip():
            yield output.text


def _texts(outputs: list[Output]) -> Iterator[str]:
    for output in outputs:
        text = _ANSI.sub("", _text_of(output)).strip("\n")
        if text.strip():
            yield text


def _text_of(output: Output) -> str:
    if output.kind == "error":
        traceback = output.error.get("traceback")
        lines = traceback if isinstance(traceback, list) else []
        said = f"{output.error.get('ename')}: {output.error.get('evalue')}"
        return "\n".join(str(line) for line in lines) or said
    if output.kind in ("terminal", "markdown"):
        return output.text
    for mime in ("text/markdown", "text/plain"):
        shown = output.bundle.get(mime)
        if isinstance(shown, Inline) and isinstance(shown.data, str):
            return shown.data
    return ""


def _fence(text: str, language: str = "") -> str:
    """A code block whose fence is longer than any in the text."""
    longest = max((len(run) for run in re.findall(r"`{3,}", text)), default=2)
    fence = "`" * (longest + 1)
    return f"{fence}{language}\n{text}\n{fence}"
