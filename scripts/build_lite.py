"""Build build/jupyterlite/, the JupyterLite site for tests/jupyter: JupyterLite's own files, our
Pyodide, and our wheel, given as docs/teaching.md says, so that the site needs no other host.
"""

import json
import shutil
import subprocess
import sys
from pathlib import Path

from scripts.build_site import emptied, our_wheel, pinned_wheels, write_distribution
from scripts.paths import LITE, LITE_SOURCE, LITE_VENV

KERNEL = "@jupyterlite/pyodide-kernel-extension:kernel"
CONFIG = {
    "jupyter-lite-schema-version": 0,
    "jupyter-config-data": {
        "appName": "runt-pyodide in JupyterLite",
        "exposeAppInBrowser": True,
        "disabledExtensions": [
            "@jupyterlab/apputils-extension:announcements",
            "nbdime-jupyterlab",  # it needs a server
        ],
        "litePluginSettings": {KERNEL: {"disablePyPIFallback": True}},
    },
}


def write_source(folder: Path) -> None:
    """Write what `jupyter lite build` reads. The kernel loads IPython and other packages from
    Pyodide's lock file; our wheel is not in it, since users install it themselves."""
    pyodide = folder / "static" / "pyodide"
    pyodide.mkdir(parents=True)
    write_distribution(pyodide, pinned_wheels("site", "jupyterlite"))
    (folder / "jupyter-lite.json").write_text(json.dumps(CONFIG, indent=2) + "\n", "utf-8")


def main() -> None:
    write_source(emptied(LITE_SOURCE))
    shutil.rmtree(LITE, ignore_errors=True)
    command = [str(LITE_VENV / "bin" / "jupyter"), "lite", "build"]
    options = [
        "--lite-dir",
        str(LITE_SOURCE),
        "--output-dir",
        str(LITE),
        "--apps",
        "lab",
        "--no-sourcemaps",
        "--piplite-wheels",
        str(our_wheel().path),
    ]
    done = subprocess.run([*command, *options], capture_output=True, text=True, cwd=LITE_SOURCE)
    if done.returncode:
        sys.exit(f"jupyter lite build failed:\n{done.stdout}\n{done.stderr}")


if __name__ == "__main__":
    main()
