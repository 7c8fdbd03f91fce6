"""Pictures from Python values."""

from __future__ import annotations

import re
import sys
from io import BytesIO
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from runt_pyodide.asking.pictures import read_picture, read_pictures
from runt_pyodide.errors import ArgumentError
from runt_pyodide.llm.images import LARGEST
from runt_pyodide.llm.messages import Image
from tests.support.pictures import BMP, GIF, JPEG, PNG, WEBP, base64_of

PICTURE = Image("image/png", base64_of(PNG))


class Shown:
    """An object that Jupyter shows by a method."""

    def __init__(self, method: str, returned: Any) -> None:
        setattr(self, method, lambda: returned)


class Figure:
    """As matplotlib's figures."""

    def savefig(self, file: BytesIO, **_: Any) -> None:
        file.write(PNG)


@pytest.mark.parametrize(
    "value",
    [
        PNG,
        bytearray(PNG),
        memoryview(PNG),
        PICTURE,
        Image("image/jpeg", PICTURE.data),
        f"data:image/png;base64,{PICTURE.data}",
        f"DATA:text/plain;charset=x;BASE64,{PICTURE.data}",
        "data:image/png," + "".join(f"%{byte:02x}" for byte in PNG),
        Shown("_repr_png_", PNG),
        Shown("_repr_png_", (PICTURE.data, {"width": 1})),
        Figure(),
        SimpleNamespace(get_figure=Figure),
    ],
)
def test_whatever_holds_a_picture(value: Any) -> None:
    assert read_picture(value) == PICTURE


@pytest.mark.parametrize(
    ("data", "kind"), [(JPEG, "jpeg"), (GIF, "gif"), (WEBP, "webp"), (PNG, "png")]
)
def test_the_bytes_say_what_a_file_is(data: bytes, kind: str, tmp_path: Path) -> None:
    path = tmp_path / "picture.txt"
    path.write_bytes(data)
    for value in (path, str(path)):
        assert read_picture(value) == Image(f"image/{kind}", base64_of(data))


def test_an_object_without_a_png_is_shown_as_jpeg() -> None:
    both = Shown("_repr_png_", None)
    both._repr_jpeg_ = lambda: JPEG  # type: ignore[attr-defined]
    assert read_picture(both).media_type == "image/jpeg"


@pytest.mark.parametrize(
    "value", [1, None, object(), Shown, Figure, {"image/png": PNG}, Shown("_repr_png_", None)]
)
def test_other_values_are_refused_in_a_sentence(value: Any) -> None:
    with pytest.raises(TypeError, match=r"^A value of the type '\w+' is not a picture: [^.]*\.$"):
        read_picture(value)


def test_a_picture_is_as_good_as_a_list_of_one(tmp_path: Path) -> None:
    assert read_pictures(None) == read_pictures([]) == ()
    path = tmp_path / "a.png"
    path.write_bytes(PNG)
    for one in (PNG, str(path), path, PICTURE, Figure(), f"data:image/png;base64,{PICTURE.data}"):
        assert read_pictures(one) == read_pictures(iter([one])) == (PICTURE,)
        assert read_pictures((one, PNG)) == (PICTURE, PICTURE)


def test_addresses_are_not_asked_and_files_must_be_there() -> None:
    with pytest.raises(ValueError, match=r"not downloaded from addresses: 'https://x\.org/a\.png'"):
        read_picture("https://x.org/a.png")
    for none in ("no-such.png", Path("no-such.png"), "a\0b", "no\nsuch", "data:foo", "."):
        with pytest.raises(ArgumentError, match=r"^The picture '.*' cannot be read \(.*Check the"):
            read_picture(none)
    with pytest.raises(ArgumentError, match="The base64 of a data: URL is damaged"):
        read_picture("data:image/png;base64,abc")


@pytest.fixture
def no_pillow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "PIL", None)


@pytest.mark.usefixtures("no_pillow")
@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (BMP, "This picture is not a PNG, JPEG, GIF or WebP picture: convert it, or install"),
        (b"", "This picture is not a PNG"),
        (PNG + bytes(LARGEST), "This picture is 4.0 MB large, and models take 3 MB: convert it"),
    ],
)
def test_what_models_do_not_take_says_what_to_do(data: bytes, problem: str) -> None:
    with pytest.raises(ValueError, match=re.escape(problem)):
        read_picture(data)


class StandIn(ModuleType):
    """Pillow as far as it is used here: a picture is its size, and JPEG is small."""

    class Image:
        mode = "CMYK"

        def __init__(self, size: tuple[int, int], weight: int = len(PNG)) -> None:
            self.size, self.weight = size, weight
            self.steps: list[str] = []

        def __enter__(self) -> Any:
            return self

        def __exit__(self, *_: object) -> None:
            pass

        def turn(self) -> Any:
            self.size = (self.size[1], self.size[0])
            return self

        def copy(self) -> Any:
            self.steps.append("copy")
            return self

        def thumbnail(self, size: tuple[int, int]) -> None:
            self.steps.append(f"thumbnail {size}")

        def convert(self, mode: str) -> Any:
            self.steps.append(mode)
            return self

        def save(self, file: BytesIO, format: str, **_: Any) -> None:
            file.write({"PNG": PNG + bytes(self.weight - len(PNG)), "JPEG": JPEG}[format])

    def open(self, file: BytesIO) -> Image:
        if file.getvalue().startswith(b"BM"):
            return self.Image((10, 10))
        if file.getvalue().startswith(PNG):
            return self.Image((9_000, 4_000), LARGEST)
        raise OSError("cannot identify image file")


@pytest.fixture
def pillow(monkeypatch: pytest.MonkeyPatch) -> StandIn:
    module = StandIn("PIL.Image")
    package = ModuleType("PIL")
    package.Image = module  # type: ignore[attr-defined]
    turned = SimpleNamespace(exif_transpose=lambda picture: picture.turn())
    package.ImageOps = turned  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "PIL", package)
    monkeypatch.setitem(sys.modules, "PIL.Image", module)
    return module


def test_with_pillow_other_kinds_and_sizes_are_converted(pillow: StandIn) -> None:
    assert read_picture(BMP) == PICTURE
    assert read_picture(PNG + bytes(LARGEST)).media_type == "image/jpeg"
    with pytest.raises(ValueError, match="not a PNG, JPEG, GIF or WebP picture, and Pillow cannot"):
        read_picture(b"<svg/>")


def test_a_picture_of_pillow_is_made_as_small_as_models_see_it(pillow: StandIn) -> None:
    small, large = pillow.Image((2048, 10)), pillow.Image((2049, 10))
    assert read_picture(small) == read_picture(large) == PICTURE
    assert small.steps == ["RGB"]
    assert large.steps == ["copy", "thumbnail (2048, 2048)", "RGB"]
