"""The contract suite itself: a provider that keeps the rules passes, one that breaks any fails."""

from __future__ import annotations

import os
import subprocess
import sys
import unittest
from pathlib import Path

import pytest

from runt_pyodide.testing import FEATURES, Feature, ProviderContract
from scripts.paths import ROOT
from tests.support.contract.echo import EchoProvider, EchoRig
from tests.support.contract.mutants import MUTANTS


class TestEcho(ProviderContract):
    rig = EchoRig()


def contract_of(
    provider: type[EchoProvider],
    cannot: frozenset[Feature] = frozenset(),
    seconds: float = ProviderContract.seconds,
) -> type[ProviderContract]:
    rig = EchoRig(provider)
    rig.cannot = cannot
    return type(provider.__name__, (ProviderContract,), {"rig": rig, "seconds": seconds})


def run(contract: type[ProviderContract]) -> unittest.TestResult:
    result = unittest.TestResult()
    unittest.defaultTestLoader.loadTestsFromTestCase(contract).run(result)
    return result


def found(provider: type[EchoProvider]) -> set[str]:
    """The cases that fail."""
    # Some hang: they are not waited for as long as one that may only be slow.
    result = run(contract_of(provider, seconds=0.2))
    failed = [test for test, _ in (*result.failures, *result.errors)]
    return {test.id().rpartition(".test_")[2] for test in failed}


def test_a_provider_that_keeps_to_the_rules_passes() -> None:
    result = run(contract_of(EchoProvider))
    assert result.wasSuccessful()
    assert result.skipped == []
    assert result.testsRun > 25


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.__name__)
def test_a_provider_that_breaks_a_rule_is_found(mutant: type[EchoProvider]) -> None:
    assert MUTANTS[mutant] <= found(mutant)


def test_every_case_finds_a_mutant_that_it_is_for() -> None:
    cases = unittest.defaultTestLoader.getTestCaseNames(ProviderContract)
    assert {case.removeprefix("test_") for case in cases} == set().union(*MUTANTS.values())


def test_a_feature_that_is_missing_skips_what_needs_it_and_says_so() -> None:
    contract = contract_of(EchoProvider, frozenset({"call ids", "refusal"}))
    result = run(contract)
    assert result.wasSuccessful()
    assert {reason for _, reason in result.skipped} == {
        "the ids of calls are the service s: echo has no call ids",
        "a refusal is told in its words: echo has no refusal",
    }
    assert {test.id().rpartition(".")[2] for test, _ in result.skipped} == {*contract.skipped()}


def test_every_feature_is_needed_by_some_case() -> None:
    for feature in FEATURES:
        assert contract_of(EchoProvider, frozenset({feature})).skipped()


def test_an_unknown_feature_is_refused() -> None:
    result = run(contract_of(EchoProvider, frozenset({"telepathy"})))  # type: ignore[arg-type]
    (_, said), *more = result.errors
    assert more == []
    assert "unknown features: ['telepathy']; known: call ids, error" in said


@pytest.mark.parametrize("runner", [["unittest"], ["pytest", "-q", "-p", "no:asyncio"]])
def test_it_runs_without_a_plugin_and_the_base_class_is_passed_over(
    tmp_path: Path, runner: list[str]
) -> None:
    (tmp_path / "test_mine.py").write_text(
        "from runt_pyodide.testing import ProviderContract\n"
        "from tests.support.contract.echo import EchoRig\n\n"
        "class TestMine(ProviderContract):\n    rig = EchoRig()\n",
        "utf-8",
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    done = subprocess.run(
        [sys.executable, "-W", "error", "-m", *runner, "test_mine.py"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "OK" in done.stderr or "passed" in done.stdout


def test_the_package_does_not_import_it() -> None:
    code = (
        "import sys, runt_pyodide.agent\n"
        "assert not {'unittest', 'pytest', 'runt_pyodide.testing'} & {*sys.modules}\n"
        "import runt_pyodide.testing\n"
        "assert 'pytest' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
