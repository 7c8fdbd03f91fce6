"""Write Pyodide's lock file: from the metadata of wheels, and from Pyodide's own lock file.

The fields are those of Pyodide's own lock file, `pyodide-lock.json` in the npm package. Of the
package pyodide-lock, the versions that know them need Python 3.12.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from scripts.wheels import Wheel

JsonObject = dict[str, Any]

# What is imported in place of a package that is data alone: zoneinfo reads tzdata, if it is there.
_IMPORTED_INSTEAD = {"tzdata": ["zoneinfo"]}


def build_lock(
    info: JsonObject,
    wheels: Sequence[Wheel],
    later: Collection[str] = (),
    others: Mapping[str, JsonObject] | None = None,
) -> JsonObject:
    """Return a lock file for the Pyodide that `info` describes, which is in the folder of the
    wheels.

    What is named in `later` is not loaded with what needs it. `others` are entries of another lock
    file, by name, for what is not among the wheels. Raises ValueError if a wheel needs something
    that is not among `wheels`, or not in that version.
    """
    environment = _environment(info)
    packages = dict(others or {})
    for wheel in wheels:
        packages[wheel.name] = _entry(wheel, _depends(wheel, wheels, environment), later)
    return {"info": info, "packages": dict(sorted(packages.items()))}


def _entry(wheel: Wheel, depends: list[str], later: Collection[str]) -> JsonObject:
    return {
        "depends": [name for name in depends if name not in later],
        "file_name": wheel.path.name,
        "imports": [*wheel.imports, *_IMPORTED_INSTEAD.get(wheel.name, [])],
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
