"""The documentation: its examples run, and it covers every error."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

import pytest

from runt_pyodide import AIConfig, AIProvider, OllamaProvider, OpenAIProvider, TestProvider, errors
from runt_pyodide.llm import settings as llm_settings
from runt_pyodide.llm.openai.presets import PRESETS
from runt_pyodide.llm.test.settings import TestSettings
from runt_pyodide.llm.transport.httpx_client import HttpxTransport
from runt_pyodide.notebook.events import event_names, parse_event
from scripts.build_docs import list_presets
from scripts.paths import ROOT
from tests.support.examples import PAGES, examples, pages_with
from tests.support.stages.shell_stage import Stage

CONFIG = "const config ="
# What real services would answer.
ANSWERS = TestSettings(
    responses=(
        {"pattern": "primes", "text": '{"value": [2, 3, 5, 7, 11, 13, 17, 19]}'},
        {"pattern": "cities", "text": '{"value": ["Oslo", "Bergen", "Trondheim"]}'},
        {"pattern": "", "text": "Because."},
    )
)


# What a reader has done by then.
BEFORE = """
from runt_pyodide import ask, configure

configure("openai", api_key="sk-...")
provider = ask.session.providers.get_default()
loans = [{"day": "Mon"}]
"""


@pytest.fixture
def answered(monkeypatch: pytest.MonkeyPatch) -> None:
    """OpenAI and Ollama answer prompts, without a network."""
    service = TestProvider("service", ANSWERS)

    def say(self: AIProvider, request: Any) -> Any:
        return service.execute_prompt_stream(request)

    for provider in (OpenAIProvider, OllamaProvider):
        monkeypatch.setattr(provider, "execute_prompt_stream", say)

    def refuse(self: HttpxTransport, request: Any) -> NoReturn:
        raise errors.NetworkError("There is no network.")

    monkeypatch.setattr(HttpxTransport, "send", refuse)


@pytest.fixture
def reader(
    terminal: Stage, answered: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[Stage]:
    """A shell in which a reader tries what a page says; nothing is installed, and the types of
    providers that are registered go with it, as do the files."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(llm_settings, "_TYPES", dict(llm_settings._TYPES))
    terminal.shell.register_magic_function(lambda line: None, magic_name="pip")
    terminal.run(BEFORE)
    return terminal


@pytest.mark.parametrize("page", pages_with("python"))
def test_the_python_of_a_page_runs_from_top_to_bottom(page: Path, reader: Stage) -> None:
    for source in examples(page, "python"):
        result = reader.run(source)
        assert result.success, f"{result.error_in_exec or result.error_before_exec}\n{source}"


MODULE = re.compile(r"\b(?:js|web)/[\w/-]+\.jsx?\b")


def read_constant(source: str, name: str) -> Any:
    """What an example in JavaScript makes of a constant."""
    code = f"{source}\nconsole.log(JSON.stringify({name}));"
    command = ["node", "--input-type=module", "--eval", code]
    return json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


@pytest.mark.parametrize("page", pages_with("js", CONFIG))
def test_a_configuration_of_a_page_is_one(page: Path) -> None:
    for source in filter(lambda source: CONFIG in source, examples(page, "js")):
        AIConfig.read(read_constant(source, "config"))


def test_the_events_that_a_page_commits_can_be_read() -> None:
    (source,) = examples(ROOT / "docs" / "events.md", "js")
    assert all(map(parse_event, read_constant(source, "events")))


def test_every_error_has_its_entry() -> None:
    text = (ROOT / "docs" / "troubleshooting.md").read_text("utf-8")
    entries = re.findall(r"^### (\w+)$", text, re.M)
    raised = [
        name
        for name, one in vars(errors).items()
        if isinstance(one, type) and issubclass(one, errors.RuntError)
    ]
    assert sorted(entries) == sorted([*raised, "RuntimeStartError"])


def test_the_types_that_the_page_shows_are_listed_in_its_order() -> None:
    """The table of the page is the one place; the documentation tells each of its types."""
    code = (ROOT / "web" / "ui" / "outputs" / "bundle.jsx").read_text("utf-8")
    table = code[
        code.index("const VIEWS = [") : code.index("/** @param", code.index("const VIEWS"))
    ]
    shown = [one.replace("\\/", "/") for one in re.findall(r"/(\^\S+\$)/,", table)]
    text = " ".join((ROOT / "docs" / "events.md").read_text("utf-8").split())
    told = text.partition("The demo page shows, in this order,")[2].partition(". ")[0]
    listed = re.findall(r"`([^`]+)`", told)
    places = [next(at for at, one in enumerate(shown) if re.match(one, mime)) for mime in listed]
    assert [*dict.fromkeys(places)] == [*range(len(shown))]
    alternatives = [one for pattern in shown for one in re.findall(r"\(([^()]+)\)", pattern)[:1]]
    for one in "|".join(alternatives).replace("\\", "").split("|"):
        assert any(one in mime for mime in listed), one


def test_every_event_a_page_names_is_one() -> None:
    for page in PAGES:
        named = set(re.findall(r"\bv\d\.[A-Z]\w+", page.read_text("utf-8")))
        assert named <= set(event_names()), page


def test_every_path_that_the_architecture_names_exists() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    named = re.findall(r"`([\w.-]*/[\w./-]*|[\w-]+\.(?:py|toml))`", text)
    assert len(named) > 40
    roots = (ROOT, ROOT / "runt_pyodide")
    missing = [
        name
        for name in named
        if not any((root / name).exists() or (root / f"{name}.py").exists() for root in roots)
    ]
    assert missing == []


def test_every_module_of_javascript_that_python_names_exists() -> None:
    modules = (ROOT / "runt_pyodide").rglob("*.py")
    texts = {path: path.read_text("utf-8") for path in modules}
    named = [(path, one) for path, text in texts.items() for one in re.findall(MODULE, text)]
    assert len(named) > 5
    assert [one for one in named if not (ROOT / one[1]).exists()] == []


def test_the_table_of_presets_has_each_of_them_with_its_facts_and_their_dates() -> None:
    assert '--8<-- "presets.md"' in (ROOT / "docs/providers.md").read_text("utf-8")
    rows = list_presets().splitlines()[2:]
    assert len(rows) == len(PRESETS)
    for name, row in zip(sorted(PRESETS), rows, strict=True):
        preset = PRESETS[name]
        assert row.startswith(f"| `{name}` | {preset.title} | ")
        assert preset.base_url in row
        assert row.endswith(f"| {preset.cors} | {preset.cors_checked or 'never'} |")
