"""Write Pyodide's lock file from the metadata of wheels.

The fields are those of Pyodide's own lock file, `pyodide-lock.json` in the npm package.
"""

from collections.abc import Collection, Sequence
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from scripts.wheels import Wheel

JsonObject = dict[str, Any]


def build_lock(
    info: JsonObject, wheels: Sequence[Wheel], later: Collection[str] = ()
) -> JsonObject:
    """Return a lock file for the Pyodide that `info` describes, which is in the folder of the
    wheels.

    What is named in `later` is not loaded with what needs it. Raises ValueError if a wheel needs
    something that is not among `wheels`, or not in that version.
    """
    environment = _environment(info)
    return {
        "info": info,
        "packages": {
            wheel.name: _entry(wheel, _depends(wheel, wheels, environment), later)
            for wheel in sorted(wheels, key=lambda wheel: wheel.name)
        },
    }


def _entry(wheel: Wheel, depends: list[str], later: Collection[str]) -> JsonObject:
    return {
        "depends": [name for name in depends if name not in later],
        "file_name": wheel.path.name,
        "imports": wheel.imports,
        "install_dir": "site",
        "name": wheel.metadata.name,
        "package_type": "package",
        "sha256": wheel.sha256,
        "unvendored_tests": False,
        "version": str(wheel.version),
    }


def _environment(info: JsonObject) -> dict[str, str]:
    """Return the values of environment markers (PEP 508) in the browser."""
    python = str(info["python"])
    return {
        "implementation_name": "cpython",
        "implementation_version": python,
        "os_name": "posix",
        "platform_machine": str(info["arch"]),
        "platform_python_implementation": "CPython",
        "platform_release": "",
        "platform_system": "Emscripten",
        "platform_version": "",
        "python_full_version": python,
        "python_version": python.rpartition(".")[0],
        "sys_platform": "emscripten",
    }


def _depends(wheel: Wheel, wheels: Sequence[Wheel], environment: dict[str, str]) -> list[str]:
    versions = {other.name: other.version for other in wheels}
    names = set()
    for requirement in wheel.metadata.requires_dist or []:
        if not _applies(requirement, environment):
            continue
        name = canonicalize_name(requirement.name)
        if name not in versions:
            raise ValueError(f"{wheel.name} needs {requirement}: add it to the pinned wheels")
        if not requirement.specifier.contains(versions[name], prereleases=True):
            raise ValueError(f"{wheel.name} needs {requirement}, pinned is {versions[name]}")
        names.add(name)
    return sorted(names)


def _applies(requirement: Requirement, environment: dict[str, str]) -> bool:
    if requirement.marker is None:
        return True
    return requirement.marker.evaluate(environment | {"extra": ""})
