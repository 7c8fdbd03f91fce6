"""Build the documentation in dist/site/docs/ with mkdocs. A table comes from the code."""

import subprocess
import sys
from collections.abc import Iterable, Sequence

from runt_pyodide.llm.openai.presets import PRESETS
from scripts.paths import BUILD, ROOT, SITE

# The folder in which mkdocs.yml looks for the files that pages include.
TABLES = BUILD / "docs"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def list_presets() -> str:
    return table(
        ["preset", "service", "base URL", "CORS", "checked"],
        [
            [f"`{name}`", one.title, _code(one.base_url), one.cors, one.cors_checked or "never"]
            for name, one in sorted(PRESETS.items())
        ],
    )


def _code(url: str) -> str:
    return f"`{url}`" if url else "your own"


def main() -> None:
    TABLES.mkdir(parents=True, exist_ok=True)
    (TABLES / "presets.md").write_text(list_presets(), "utf-8")
    command = [sys.executable, "-m", "mkdocs", "build"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    for path in (SITE / "docs").rglob("*.map"):
        path.unlink()  # of the theme's scripts and styles
    if done.returncode:
        sys.exit(f"The documentation could not be built.\n{done.stdout}{done.stderr}")


if __name__ == "__main__":
    main()
