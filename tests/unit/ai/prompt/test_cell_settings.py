"""What an AI cell has of its own besides its prompt."""

from __future__ import annotations

from typing import Any

import pytest

from runt_pyodide.ai.prompt.cell_settings import (
    IMAGES,
    SAMPLING,
    Pictures,
    Sampling,
    check_settings,
    has_prompt,
    images_to_json,
    pictures_of,
    settings_of,
)
from runt_pyodide.errors import CellError
from runt_pyodide.llm.messages import ChatSettings, Image
from runt_pyodide.notebook import events as ev
from runt_pyodide.notebook.state import Cell
from tests.support.notebook.logs import cell, fold
from tests.support.pictures import BMP, PNG, base64_of

PICTURE = Image("image/png", base64_of(PNG))


def cell_with(
    key: str, value: Any, cell_type: ev.CellType = "ai", source: str = "What is this?"
) -> Cell:
    kept = ev.CellMetadataSet(cell_id="c", key=key, value=value)
    return fold(cell("c", cell_type, source), kept).cells["c"]


def test_sampling_settings_come_back_as_they_were_written() -> None:
    settings = Sampling(0.9, 7, ("END", "\n\n"), "high")
    written = settings.to_json()
    assert written == {
        "topP": 0.9,
        "seed": 7,
        "stop": ["END", "\n\n"],
        "reasoningEffort": "high",
    }
    assert Sampling.read(written) == settings
    assert Sampling().to_json() == {}


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (None, Sampling()),
        ("hot", Sampling()),
        ([1], Sampling()),
        ({"topP": "0.5", "seed": 3}, Sampling(seed=3)),
        (
            {"topP": True, "seed": 1.5, "stop": {}, "reasoningEffort": "huge", "webSearch": 1},
            Sampling(),
        ),
        ({"topP": 0, "seed": 0}, Sampling(0, 0)),
        ({"seed": 3.0}, Sampling(seed=3)),
        ({"topP": -1, "seed": -3}, Sampling(seed=-3)),
        ({"seed": -(10**400)}, Sampling()),
        ({"stop": "END"}, Sampling(stop=("END",))),
        ({"stop": ["", 1, "END", None]}, Sampling(stop=("END",))),
        ({"top_p": 0.5, "unknown": 1}, Sampling()),
    ],
)
def test_what_is_of_the_wrong_type_is_passed_over(written: Any, read: Sampling) -> None:
    assert Sampling.read(written) == read


def test_settings_are_those_of_the_cell_and_of_its_metadata() -> None:
    own = ev.AiSettingsChanged(
        cell_id="c",
        provider="",
        model="",
        settings=ev.AiSettings(temperature=0.5, max_tokens=9),
    )
    kept = ev.CellMetadataSet(cell_id="c", key=SAMPLING, value={"topP": 0.9, "seed": 7})
    notebook = fold(cell("c", "ai", "Hi"), own, kept)
    assert settings_of(notebook.cells["c"]) == ChatSettings(0.5, 9, 0.9, 7)
    assert settings_of(fold(cell("c", "ai", "Hi")).cells["c"]) == ChatSettings()


@pytest.mark.parametrize(
    ("settings", "sampling", "said"),
    [
        ({}, {"topP": 9}, "The cell's top_p must be a number from 0 to 1, not 9. Change it in the"),
        ({"temperature": 3}, {}, "The cell's temperature must be a number from 0 to 2, not 3"),
        ({"max_tokens": 0}, {}, "The cell's max_tokens must be a whole number above 0, not 0."),
    ],
)
def test_a_setting_that_no_service_takes_is_told_in_a_sentence(
    settings: Any, sampling: Any, said: str
) -> None:
    one = cell_with(SAMPLING, sampling)
    one.ai = ev.AiSettingsChanged(
        cell_id=one.id, provider="", model="", settings=ev.AiSettings(**settings)
    )
    with pytest.raises(CellError, match=f"^{said}"):
        check_settings(one)
    check_settings(cell_with(SAMPLING, {"topP": 1, "seed": -5, "stop": ["a"]}))


def test_pictures_come_back_as_they_were_written() -> None:
    assert pictures_of(cell_with(IMAGES, images_to_json([PICTURE]))) == Pictures((PICTURE,))


def test_the_bytes_say_what_a_picture_is() -> None:
    said = [{"mediaType": "text/html", "data": PICTURE.data, "name": "a.png"}]
    assert pictures_of(cell_with(IMAGES, said)).images == (PICTURE,)


@pytest.mark.parametrize(
    "value",
    [{"data": PICTURE.data}, "x", 1, True, []],
)
def test_what_is_not_a_list_holds_no_pictures(value: Any) -> None:
    assert pictures_of(cell_with(IMAGES, value)) == Pictures()


def test_pictures_that_cannot_be_read_are_counted() -> None:
    spoilt = [None, 1, {}, {"data": 1}, {"data": "?"}, {"data": base64_of(BMP)}]
    pictures = pictures_of(cell_with(IMAGES, [*spoilt, *images_to_json([PICTURE])]))
    assert pictures == Pictures((PICTURE,), 6)
    assert len(pictures) == 7


def test_only_an_ai_cell_has_pictures() -> None:
    assert not pictures_of(cell_with(IMAGES, images_to_json([PICTURE]), "code"))


def test_pictures_alone_are_a_prompt() -> None:
    pictures = images_to_json([PICTURE])
    assert has_prompt(cell_with(IMAGES, pictures, source=" "))
    assert not has_prompt(cell_with(IMAGES, [], source=" "))
    assert not has_prompt(cell_with(IMAGES, pictures, "code", source=" "))
    assert has_prompt(cell_with(IMAGES, [], "code", source="x"))
