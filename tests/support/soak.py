"""How often a test that makes up its own cases does so: a few times in `make test`, always the
same; N times from SEED on in `make soak`."""

from __future__ import annotations

import os

import pytest

SEED = int(os.environ.get("SEED") or 0)
N = int(os.environ.get("N") or 0)


def repeats(few: int) -> int:
    return N or few


def seeds(few: int) -> pytest.MarkDecorator:
    """Run a test with each ``seed``, and as part of `make soak`; a failure names its seed."""
    return pytest.mark.parametrize(
        "seed", [pytest.param(SEED + at, marks=pytest.mark.soak) for at in range(repeats(few))]
    )
