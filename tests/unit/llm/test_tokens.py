"""Estimates of how many tokens a text takes."""

from __future__ import annotations

from runt_pyodide.llm.tokens import Estimator, estimate_tokens


def test_the_estimate_is_corrected_by_what_was_counted() -> None:
    estimator = Estimator()
    assert estimator.scale("m") == 1.0
    estimator.learn("m", 100, 150)
    assert estimator.scale("m") == 1.5
    estimator.learn("m", 100, 100)
    assert estimator.scale("m") == 1.25
    estimator.learn("m", 0, 100)
    assert (estimator.scale("m"), estimator.scale("other")) == (1.25, 1.0)


def test_a_window_holds_until_the_model_took_more() -> None:
    estimator = Estimator()
    assert estimator.window("m") is None
    estimator.learn_window("m", 4096)
    estimator.learn("m", 4000, 4096)
    assert (estimator.window("m"), estimator.window("other")) == (4096, None)
    estimator.learn("m", 4000, 4097)
    assert estimator.window("m") is None


def test_text_beyond_ascii_takes_more_tokens() -> None:
    assert estimate_tokens("word" * 100) == 100
    assert estimate_tokens("語" * 100) > 100
    assert estimate_tokens("") == 0
    assert estimate_tokens("\ud800") > 0
