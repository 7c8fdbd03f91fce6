"""All the cases in one class, to be derived from."""

from __future__ import annotations

from .answers import Answers
from .failures import Failures


class ProviderContract(Answers, Failures):
    """Derive from it, and give the ``rig``. The name of each test says its rule."""
