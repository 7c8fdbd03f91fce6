"""The versions of Pyodide on which the wheel works, under Node.

The browser's pydantic comes from PyPI, which has it only for Pyodide 314. Users of older versions
get it from Pyodide's own distribution. There, what depends on the version is tested without it:
that the wheel's files compile, and the transport.
"""

from __future__ import annotations

import json

import pytest

from scripts.paths import DIST, ROOT, SITE
from tests.support.node import run_in_node
from tests.support.same_outputs import ASK
from tests.support.server.llm_server import LLMServer
from tests.support.server.scenario import Answer

LOCK = SITE / "pyodide" / "pyodide-lock.json"
PARTS = """
import json, pathlib, sys, types
from pyodide.ffi import can_run_sync, create_proxy, run_sync

compiled = 0
for file in pathlib.Path("/wheel").rglob("*.py"):
    compile(file.read_text("utf-8"), str(file), "exec")
    compiled += 1
package = types.ModuleType("runt_pyodide")
package.__path__ = ["/wheel/runt_pyodide"]
sys.modules["runt_pyodide"] = package

from runt_pyodide.llm.transport.base import Request
from runt_pyodide.llm.transport.absent import find_transport

body = json.dumps({"model": "m", "stream": True, "messages": []}).encode()
request = Request("POST", "URL/chat/completions", {"content-type": "application/json"}, body)
pieces = []
for early in (False, True):
    async with find_transport().send(request) as response:
        async for piece in response.body:
            pieces.append(piece.decode())
            if early:
                break
described = json.dumps([compiled, response.status, "".join(pieces)])
"""


@pytest.mark.parametrize("version", ["314-0-0", "314-0-6"])
def test_the_wheel_works_on_pyodide_314(version: str) -> None:
    described = run_in_node(ROOT / "node_modules" / f"pyodide-{version}", LOCK, ASK)
    assert [kind for kind, *_ in described] == [
        "markdown",
        "markdown",
        "display",
        "display",
        "markdown",
    ]


@pytest.mark.parametrize(
    ("name", "told"), [("314-0-6", "314.0.6"), ("0-29", "0.29.5"), ("0-27", "0.27.7")]
)
def test_the_guide_says_which_pydantic_comes_with_pyodide(name: str, told: str) -> None:
    """Which a site of JupyterLite as it comes uses; its kernel asks for 314.0.6."""
    lock = json.loads((ROOT / "node_modules" / f"pyodide-{name}" / LOCK.name).read_text("utf-8"))
    pydantic = lock["packages"]["pydantic"]["version"]
    guide = " ".join((ROOT / "docs" / "teaching.md").read_text("utf-8").split())
    assert f"| {told} | {pydantic} |" in guide


@pytest.mark.parametrize("version", ["0-27", "0-29"])
def test_what_depends_on_the_version_works_on_older_ones(
    version: str, llm_server: LLMServer
) -> None:
    (wheel,) = DIST.glob("runt_pyodide-*.whl")
    llm_server.enqueue(Answer("Hello, world"))
    left = llm_server.enqueue(Answer("Hello again", gate_after=2))
    source = PARTS.replace("URL", llm_server.base_url)
    compiled, status, text = run_in_node(
        ROOT / "node_modules" / f"pyodide-{version}", wheel, source
    )
    assert compiled > 80
    assert status == 200
    assert "data: [DONE]" in text
    assert left.wait_closed() == "closed_by_client"
