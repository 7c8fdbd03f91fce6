"""Wheels for the browser: the pinned ones, their files, and their metadata."""

import hashlib
import subprocess
import sys
import tempfile
import tomllib
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from fcntl import LOCK_EX, flock
from functools import cached_property
from pathlib import Path, PurePosixPath

from packaging.metadata import Metadata
from packaging.utils import NormalizedName, canonicalize_name, parse_wheel_filename
from packaging.version import Version

MODULE_SUFFIXES = (".py", ".pyc", ".so", ".pyd")


@dataclass(frozen=True)
class Wheel:
    """A wheel on disk."""

    path: Path

    @property
    def name(self) -> NormalizedName:
        return parse_wheel_filename(self.path.name)[0]

    @property
    def version(self) -> Version:
        return parse_wheel_filename(self.path.name)[1]

    @cached_property
    def sha256(self) -> str:
        return hashlib.sha256(self.path.read_bytes()).hexdigest()

    @cached_property
    def metadata_bytes(self) -> bytes:
        """Return the file METADATA, which an index serves beside the wheel (PEP 658)."""
        with zipfile.ZipFile(self.path) as archive:
            (member,) = (
                name
                for name in archive.namelist()
                if name.endswith(".dist-info/METADATA") and name.count("/") == 1
            )
            return archive.read(member)

    @cached_property
    def metadata(self) -> Metadata:
        # Published wheels have classifiers and fields that are newer than the validator.
        return Metadata.from_email(self.metadata_bytes, validate=False)

    @cached_property
    def imports(self) -> list[str]:
        """Return the top-level modules, from the file names: most wheels have no top_level.txt."""
        with zipfile.ZipFile(self.path) as archive:
            members = [PurePosixPath(name) for name in archive.namelist()]
        modules = {
            member.parts[0].partition(".")[0]
            for member in members
            if member.suffix in MODULE_SUFFIXES
            and not member.parts[0].endswith((".data", ".dist-info"))
        }
        return sorted(module for module in modules if module.isidentifier())


@dataclass(frozen=True)
class Pin:
    """One line of the data file."""

    name: NormalizedName
    version: Version
    sha256: str

    def matches(self, wheel: Wheel) -> bool:
        return wheel.name == self.name and wheel.version == self.version


@dataclass(frozen=True)
class Platform:
    """The Python of a Pyodide release, in pip's terms."""

    python: str
    abi: str
    platform: str

    @classmethod
    def of(cls, python: str, abi_version: str) -> "Platform":
        """Return the platform for values of Pyodide's lock file, such as "3.14.2" and "2026_0"."""
        major, minor, _ = python.split(".")
        return cls(f"{major}.{minor}", f"cp{major}{minor}", f"pyemscripten_{abi_version}_wasm32")


def read_pins(data_file: Path, tables: Iterable[str]) -> list[Pin]:
    data = tomllib.loads(data_file.read_text("utf-8"))
    return [
        Pin(canonicalize_name(name), Version(line["version"]), line["sha256"])
        for table in tables
        for name, line in data[table].items()
    ]


def fetch_wheels(pins: list[Pin], cache: Path, platform: Platform) -> list[Wheel]:
    """Return the pinned wheels, from `cache` if they are there already, otherwise through pip.

    Raises ValueError if a file is not the pinned one, or if pip cannot download it.
    """
    cache.mkdir(parents=True, exist_ok=True)
    with (cache / ".lock").open("w") as lock:
        flock(lock, LOCK_EX)  # another part of the build may be downloading
        missing = [pin for pin in pins if _find(pin, cache) is None]
        if missing:
            _download(missing, cache, platform)
        return [_checked(pin, _find(pin, cache)) for pin in pins]


def _find(pin: Pin, cache: Path) -> Wheel | None:
    wheels = (Wheel(path) for path in sorted(cache.glob("*.whl")))
    return next((wheel for wheel in wheels if pin.matches(wheel)), None)


def _checked(pin: Pin, wheel: Wheel | None) -> Wheel:
    if wheel is None:
        raise ValueError(f"pip left no wheel of {pin.name} {pin.version}")
    if wheel.sha256 != pin.sha256:
        wheel.path.unlink()
        raise ValueError(f"{wheel.path.name} has sha256 {wheel.sha256}, pinned is {pin.sha256}")
    return wheel


def _download(pins: list[Pin], cache: Path, platform: Platform) -> None:
    """Let pip download the wheels for the given platform, and check their hashes."""
    lines = [f"{pin.name}=={pin.version} --hash=sha256:{pin.sha256}\n" for pin in pins]
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as requirements:
        requirements.writelines(lines)
        requirements.flush()
        command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "download"]
        command += ["--quiet", "--no-deps", "--require-hashes", "--only-binary=:all:"]
        command += ["--python-version", platform.python, "--implementation", "cp"]
        command += ["--abi", platform.abi, "--platform", platform.platform]
        command += ["--dest", str(cache), "--requirement", requirements.name]
        if subprocess.run(command).returncode != 0:
            raise ValueError("pip could not download the pinned wheels: see what it says above")
