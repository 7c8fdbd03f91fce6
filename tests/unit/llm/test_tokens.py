"""Estimates of how many tokens a text takes."""

from __future__ import annotations

from runt_pyodide.llm.tokens import Estimator, estimate_tokens


def test_the_estimate_is_corrected_by_what_was_counted() -> None:
    estimator = Estimator()
    assert estimator.scale("p", "m") == 1.0
    estimator.learn("p", "m", 100, 150)
    assert estimator.scale("p", "m") == 1.5
    estimator.learn("p", "m", 100, 100)
    assert estimator.scale("p", "m") == 1.25
    estimator.learn("p", "m", 0, 100)
    assert (estimator.scale("p", "m"), estimator.scale("p", "other")) == (1.25, 1.0)


def test_text_beyond_ascii_takes_more_tokens() -> None:
    assert estimate_tokens("word" * 100) == 100
    assert estimate_tokens("語" * 100) > 100
    assert estimate_tokens("") == 0
    assert estimate_tokens("\ud800") > 0
