"""Pyodide's distribution: the packages that are built for one version of it, and where they are.

Its lock file is in Pyodide's npm package. The site has some of them; a page loads the others from
the distribution's address, or from a mirror of it.
"""

import hashlib
import json
import re
import urllib.request
from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from packaging.utils import canonicalize_name

from scripts.lock import JsonObject

# How the owner of a site says that its pages load nothing from elsewhere.
NONE = "none"
# The address of what may come from nowhere: a host that there never is (RFC 2606). The page knows
# it (js/runtime/packages/locked-packages.js), and without the page the request fails.
_NOWHERE = "https://distribution.invalid/"
# The folder beside the lock file with what a build has brought from the distribution.
BROUGHT = "packages"
_TIMEOUT = 60  # seconds
_AT_ONCE = 8
_ADDRESS = re.compile(r"`(https://[^`$]+)\$\{\w+\}([^`$]*)`")


class UnavailableError(Exception):
    """A file of the distribution cannot be had; the message says why."""


@dataclass(frozen=True)
class Distribution:
    """The packages of a Pyodide.

    `npm` is the folder of its npm package. `mirror` is an address to take the place of its own, or
    NONE; by default it is the one that Pyodide itself knows.
    """

    npm: Path
    mirror: str = ""

    @cached_property
    def lock(self) -> JsonObject:
        lock: JsonObject = json.loads((self.npm / "pyodide-lock.json").read_text("utf-8"))
        return lock

    @cached_property
    def url(self) -> str:
        """The address of its folder. Raises ValueError if Pyodide does not say it."""
        if self.mirror == NONE:
            return _NOWHERE
        if self.mirror:
            return self.mirror.removesuffix("/") + "/"
        found = _ADDRESS.findall((self.npm / "pyodide.mjs").read_text("utf-8"))
        if len(found) != 1:
            raise ValueError("pyodide.mjs does not name one address of its packages")
        version = json.loads((self.npm / "package.json").read_text("utf-8"))["version"]
        before, after = found[0]
        return f"{before}{version}{after}"

    def entries(self, folder: Path) -> dict[str, JsonObject]:
        """Return the entries of its lock file for that of `folder`, which may have some of the
        files."""
        return {name: self._placed(entry, folder) for name, entry in self.lock["packages"].items()}

    def bring(self, names: Collection[str], present: Collection[str], folder: Path) -> list[str]:
        """Bring packages, and what they need besides those that are `present`, into `folder`.

        Returns a sentence about each that is not there now: a page loads it from the distribution.
        """
        known = self.lock["packages"].keys() | present
        lacking = [
            f"{name} is not on the site: Pyodide's distribution has no such package."
            for name in names
            if canonicalize_name(name) not in known
        ]
        (folder / BROUGHT).mkdir(exist_ok=True)

        def fetch(entry: JsonObject) -> str | None:
            try:
                self._fetch(entry, folder / BROUGHT / entry["file_name"])
            except UnavailableError as error:
                return f"{entry['name']} {entry['version']} is not on the site: {error}."
            return None

        with ThreadPoolExecutor(_AT_ONCE) as pool:
            return [*lacking, *filter(None, pool.map(fetch, self._needed(names, present)))]

    def _placed(self, entry: JsonObject, folder: Path) -> JsonObject:
        brought = f"{BROUGHT}/{entry['file_name']}"
        is_here = (folder / brought).is_file()
        return entry | {"file_name": brought if is_here else self.url + entry["file_name"]}

    def _needed(self, names: Collection[str], present: Collection[str]) -> list[JsonObject]:
        packages = self.lock["packages"]
        needed: dict[str, JsonObject] = {}
        waiting = [*names]
        while waiting:
            name = canonicalize_name(waiting.pop(0))
            if name in packages and name not in needed and name not in present:
                needed[name] = packages[name]
                waiting += packages[name]["depends"]
        return [*needed.values()]

    def _fetch(self, entry: JsonObject, path: Path) -> None:
        if self.mirror == NONE:
            raise UnavailableError("no distribution is set")
        try:
            with urllib.request.urlopen(self.url + entry["file_name"], timeout=_TIMEOUT) as answer:
                data = answer.read()
        except OSError as error:
            raise UnavailableError(f"{self.url} cannot be reached ({error})") from error
        sha256 = hashlib.sha256(data).hexdigest()
        if sha256 != entry["sha256"]:
            raise UnavailableError(
                f"{self.url} sent another file, with the SHA-256 {sha256} in place of "
                f"{entry['sha256']}"
            )
        path.write_bytes(data)
