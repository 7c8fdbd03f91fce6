"""The examples of the README for JupyterLite and for any Pyodide."""

from __future__ import annotations

import json
import re

from scripts.paths import ROOT, SITE
from tests.support.lab import Lab
from tests.support.node import run_in_node
from tests.support.server.llm_server import LLMServer
from tests.support.server.scenario import Answer

ANSWERS = """
from runt_pyodide import ask, configure

primes = {"prompt": "The primes up to 20", "text": '{"value": [2, 3, 5, 7, 11, 13, 17, 19]}'}
configure("test", responses=[primes, {"pattern": "", "text": "Because."}])
"""
KEEP = """
import json
exchanges = ask.session.exchanges
described = json.dumps([[one.question.prompt, one.response.text] for one in exchanges])
"""


def examples(heading: str) -> list[str]:
    """The Python blocks of a section."""
    readme = (ROOT / "README.md").read_text("utf-8")
    section = readme.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    return re.findall(r"```python\n(.*?)```", section, re.DOTALL)


def test_the_cells_for_jupyterlite(shared_lab: Lab, llm_server: LLMServer) -> None:
    *before, last = examples("In JupyterLite")
    assert len(before) == 2
    for source in before:
        assert shared_lab.run(source).error is None
    # A key is for its address: another one is not given it.
    shared_lab.run(f"configure('openai', base_url={llm_server.base_url!r}, api_key='sk-...')")
    llm_server.enqueue(Answer("**Because.**"))
    assert shared_lab.run(last).markdown == ["**Because.**"]
    assert shared_lab.run("answer").markdown == ["**Because.**"]
    assert llm_server.requests[-1].headers["authorization"] == "Bearer sk-..."


def test_the_example_for_any_pyodide() -> None:
    (source,) = examples("In any Pyodide")
    pyodide = SITE / "pyodide"
    told = run_in_node(pyodide, pyodide / "pyodide-lock.json", f"{ANSWERS}{source}{KEEP}")
    assert told == [
        ["Why is the sky blue?", "Because."],
        ["The primes up to 20", json.dumps({"value": [2, 3, 5, 7, 11, 13, 17, 19]})],
        ["Tell me a story.", "Because."],
    ]
