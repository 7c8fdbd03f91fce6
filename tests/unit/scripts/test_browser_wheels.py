"""From wheels on disk to Pyodide's lock file."""

import hashlib
from pathlib import Path
from typing import Any

import pytest
from packaging.utils import canonicalize_name
from packaging.version import Version

from scripts.lock import build_lock
from scripts.paths import PINNED_WHEELS
from scripts.wheels import Pin, Platform, Wheel, fetch_wheels, read_pins
from tests.support.wheels import make_wheel

INFO = {
    "abi_version": "2026_0",
    "arch": "wasm32",
    "platform": "emscripten_5_0_3",
    "python": "3.14.2",
}
PLATFORM = Platform.of("3.14.2", "2026_0")


def lock_entry(wheel: Wheel, *others: Wheel, later: tuple[str, ...] = ()) -> dict[str, Any]:
    lock = build_lock(INFO, [wheel, *others], later)
    entry: dict[str, Any] = lock["packages"][wheel.name]
    return entry


def test_platform_is_what_pip_calls_it() -> None:
    assert Platform("3.14", "cp314", "pyemscripten_2026_0_wasm32") == PLATFORM


def test_imports_are_the_top_level_modules(tmp_path: Path) -> None:
    wheel = make_wheel(
        tmp_path,
        "mixed",
        "package/__init__.py",
        "package/deep/module.py",
        "single.py",
        "_native.cpython-314-wasm32-emscripten.so",
        "compiled/_core.cpython-314-wasm32-emscripten.so",
        "docs/readme.txt",
        "bytecode.pyc",
        "mixed-1.5.data/scripts/run.py",
    )
    assert wheel.imports == ["_native", "bytecode", "compiled", "package", "single"]


def test_lock_entry_says_what_pyodide_reads(tmp_path: Path) -> None:
    wheel = make_wheel(tmp_path, "Some_Name", "some_name.py")
    assert lock_entry(wheel) == {
        "depends": [],
        "file_name": "Some_Name-1.5-py3-none-any.whl",
        "imports": ["some_name"],
        "install_dir": "site",
        "name": "Some_Name",
        "package_type": "package",
        "sha256": hashlib.sha256(wheel.path.read_bytes()).hexdigest(),
        "unvendored_tests": False,
        "version": "1.5",
    }


def test_only_what_the_browser_needs_is_a_dependency(tmp_path: Path) -> None:
    requires = (
        "here>=1",
        "elsewhere; sys_platform != 'emscripten'",
        "older; python_version < '3.14'",
        "optional; extra == 'more'",
    )
    wheel = make_wheel(tmp_path, "needy", requires=requires)
    assert lock_entry(wheel, make_wheel(tmp_path, "here"))["depends"] == ["here"]


def test_what_is_loaded_later_is_not_loaded_with_what_needs_it(tmp_path: Path) -> None:
    wheel = make_wheel(tmp_path, "needy", requires=("here", "big"))
    others = make_wheel(tmp_path, "here"), make_wheel(tmp_path, "big")
    assert lock_entry(wheel, *others, later=("big",))["depends"] == ["here"]


def test_a_missing_dependency_is_named(tmp_path: Path) -> None:
    wheel = make_wheel(tmp_path, "needy", requires=("absent>=2",))
    with pytest.raises(ValueError, match="needy needs absent>=2: add it"):
        lock_entry(wheel)


def test_a_dependency_of_another_version_is_named(tmp_path: Path) -> None:
    wheel = make_wheel(tmp_path, "needy", requires=("here>=2",))
    with pytest.raises(ValueError, match=r"needy needs here>=2, pinned is 1\.5"):
        lock_entry(wheel, make_wheel(tmp_path, "here"))


def test_a_cached_wheel_is_used_and_checked(tmp_path: Path) -> None:
    wheel = make_wheel(tmp_path, "cached", "cached.py")
    good = Pin(canonicalize_name("cached"), Version("1.5"), wheel.sha256)
    assert fetch_wheels([good], tmp_path, PLATFORM) == [wheel]
    bad = Pin(good.name, good.version, "0" * 64)
    with pytest.raises(ValueError, match=f"{wheel.sha256}, pinned is 000"):
        fetch_wheels([bad], tmp_path, PLATFORM)
    assert not wheel.path.exists(), "a wrong file must not be found again"


def test_each_wheel_is_pinned_once_by_a_whole_hash() -> None:
    pins = read_pins(PINNED_WHEELS, ("site", "tests"))
    assert len({pin.name for pin in pins}) == len(pins)
    assert {len(bytes.fromhex(pin.sha256)) for pin in pins} == {32}
    assert "pydantic-core" in {pin.name for pin in pins}
