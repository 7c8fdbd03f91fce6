"""The rules that every provider keeps to, as tests for your own.

    from runt_pyodide.testing import ProviderContract, Turn, Wire, WireRig

    class MyRig(WireRig):
        name = "mine"
        cannot = frozenset({"refusal"})       # what the service has no words for

        def connect(self, transport):         # your provider, over the transport that it is handed
            return MyProvider("mine", api_key=self.key, transport=transport)

        def encode(self, turn: Turn) -> Wire: # the turn as your service would send it
            ...

    class TestMyProvider(ProviderContract):
        rig = MyRig()

They are the tests of a ``unittest.IsolatedAsyncioTestCase``: pytest runs them without a plugin, and
so does ``python -m unittest``. What the rig cannot play is skipped, and said to be: by
``pytest -rs``, by ``python -m unittest -v``, and by ``TestMyProvider.skipped()``.
"""

from .answers import Answers
from .failures import Failures
from .rig import FEATURES, KEY, MODEL, WHOLE, Call, Delivery, Feature, Rig, Turn, Wire, WireRig

__all__ = [
    "FEATURES",
    "KEY",
    "MODEL",
    "WHOLE",
    "Call",
    "Delivery",
    "Feature",
    "ProviderContract",
    "Rig",
    "Turn",
    "Wire",
    "WireRig",
]


class ProviderContract(Answers, Failures):
    """Derive from it, and give the ``rig``. The name of each test says its rule."""
