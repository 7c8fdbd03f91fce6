"""A marimo notebook as the page that marimo exports, with its Pyodide beside it."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from scripts.paths import MARIMO, MARIMO_VENV
from scripts.serve import serving

# The third cell shows the answer, as any other value; the fourth one its description.
_NOTEBOOK = """import marimo

app = marimo.App()


@app.cell
async def _():
    import micropip

    await micropip.install("runt-pyodide", index_urls="{site}/pypi/simple")
    installed = True
    return (installed,)


@app.cell
async def _(installed):
    assert installed
    {source}
    return answer, described


@app.cell
def _(answer):
    answer
    return


@app.cell
def _(described):
    import html
    import marimo as mo

    mo.Html("<pre id='described'>" + html.escape(described) + "</pre>")
    return
"""
_PLACES = {"index": "./pyodide/", "lockfile": "./pyodide/pyodide-lock.json"}


@contextmanager
def exported(folder: Path, site: str, source: str) -> Iterator[str]:
    """The address of the page, made in ``folder``, of a notebook that installs the wheel from
    ``site``, and whose ``source`` leaves an ``answer`` and a text ``described``."""
    notebook = folder / "source" / "notebook.py"
    notebook.parent.mkdir()
    notebook.write_text(_NOTEBOOK.format(site=site, source=source.replace("\n", "\n    ")), "utf-8")
    page = folder / "page"
    programs = MARIMO_VENV / "bin"
    command = [programs / "marimo", "export", "html-wasm", notebook, "--output", page]
    path = os.pathsep.join([str(programs), os.environ["PATH"]])  # where it finds uv
    done = subprocess.run(
        [*command, "--no-sandbox"],
        env={**os.environ, "PATH": path},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise AssertionError(f"marimo did not export its notebook:\n{done.stdout}\n{done.stderr}")
    (page / "pyodide").symlink_to(MARIMO)
    _point_to_pyodide(page / "index.html")
    with serving(page, isolated=False) as address:
        yield address


def _point_to_pyodide(index: Path) -> None:
    """As marimo's own export for use without a network writes it."""
    html = index.read_text("utf-8")
    tag = "<marimo-wasm "
    assert html.count(tag) == 1
    attributes = "".join(f'data-pyodide-{name}-url="{url}" ' for name, url in _PLACES.items())
    index.write_text(html.replace(tag, tag + attributes), "utf-8")
