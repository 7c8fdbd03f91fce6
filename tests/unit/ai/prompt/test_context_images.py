"""The images that are sent with a prompt: its own, and those of the cells above."""

from __future__ import annotations

from typing import Any

from runt_pyodide.ai.prompt.cell_settings import IMAGES
from runt_pyodide.llm.messages import Image
from runt_pyodide.notebook import events as ev
from tests.support.notebook.logs import cell, fold, output
from tests.support.notebook.prompt import PROMPT, context_of
from tests.support.pictures import PNG, base64_of


def pictures(count: int) -> list[Any]:
    return [
        part
        for n in range(count)
        for part in (
            cell(f"p{n:02}", "code", "draw"),
            output(
                "display", f"o{n}", f"p{n:02}", data={"image/png": f"aV{n}\n", "text/plain": "p"}
            ),
        )
    ]


def test_images_are_sent_to_models_that_see_and_no_more_than_eight() -> None:
    notebook = fold(*pictures(10), PROMPT)
    seeing = context_of(notebook, sees=True)
    assert [message.images for message in seeing.messages[:3]] == [
        (),
        (),
        (Image("image/png", "aV2"),),
    ]
    assert seeing.manifest.to_json()["images_left_out"] == 2
    assert all(not message.images for message in context_of(notebook).messages)
    huge = fold(
        cell("a", "code", "x"),
        output("display", "o", "a", data={"image/png": "A" * (5 << 20)}),
        PROMPT,
    )
    (message, _) = context_of(huge, sees=True).messages
    assert message.images == ()


def beside(cell_id: str, count: int) -> ev.CellMetadataSet:
    """Return pictures beside the cell's prompt."""
    return ev.CellMetadataSet(
        cell_id=cell_id, key=IMAGES, value=[{"data": base64_of(PNG)} for _ in range(count)]
    )


def test_the_prompt_s_own_images_go_with_it_all_of_them_and_before_any_other() -> None:
    notebook = fold(*pictures(3), PROMPT, beside("z", 7))
    seeing = context_of(notebook, sees=True)
    assert [len(message.images) for message in seeing.messages] == [0, 0, 1, 7]
    assert seeing.manifest.images_left_out == 2
    assert seeing.manifest.messages[-1].images == 7
    blind = context_of(notebook)
    assert all(not message.images for message in blind.messages)
    assert blind.manifest.images_left_out == 10
    assert seeing.estimate > blind.estimate + 7_000
    many = context_of(fold(*pictures(3), PROMPT, beside("z", 12)), sees=True)
    assert [len(message.images) for message in many.messages] == [0, 0, 0, 12]


def test_images_within_markdown_are_sent_as_images() -> None:
    data = base64_of(PNG + bytes(99))
    inline = f"![plot](data:image/png;base64,{data})"
    asked = f"What is {inline}?"
    notebook = fold(cell("a", "markdown", inline), cell("z", "ai", asked), beside("z", 1))
    seeing, blind = context_of(notebook, sees=True), context_of(notebook)
    for context in (seeing, blind):
        contents = [message.content for message in context.messages]
        assert contents == ["A markdown cell:\n\n![plot](picture-1)", "What is ![plot](picture-1)?"]
    assert [len(message.images) for message in seeing.messages] == [1, 2]
    assert seeing.messages[1].images[0].data == data
    assert (seeing.manifest.images_left_out, blind.manifest.images_left_out) == (0, 3)
    assert len(blind.pictures) == 2


def test_the_images_of_an_earlier_prompt_go_with_that_prompt() -> None:
    notebook = fold(
        cell("a", "ai", "What is this?"),
        beside("a", 2),
        output("markdown", "o", "a", data="A cat."),
        cell("b", "ai", "Never run."),
        beside("b", 3),
        PROMPT,
    )
    seeing = context_of(notebook, sees=True)
    assert [(m.role, len(m.images)) for m in seeing.messages] == [
        ("user", 2),
        ("assistant", 0),
        ("user", 0),
    ]
    assert seeing.manifest.images_left_out == 0
    assert context_of(notebook).manifest.images_left_out == 2
