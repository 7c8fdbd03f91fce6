"""The rules that every provider must keep, as tests for your own provider.

    from runt_pyodide.testing import ProviderContract, Turn, Wire, WireRig

    class MyRig(WireRig):
        name = "mine"
        cannot = frozenset({"refusal"})       # features that the service does not have

        def connect(self, transport):         # return your provider, with this transport
            return MyProvider("mine", api_key=self.key, transport=transport)

        def encode(self, turn: Turn) -> Wire: # return the turn as your service would send it
            ...

    class TestMyProvider(ProviderContract):
        rig = MyRig()

They are the tests of a ``unittest.IsolatedAsyncioTestCase``: pytest runs them without a plugin, and
so does ``python -m unittest``. Tests of features that the rig does not have are skipped;
``pytest -rs``, ``python -m unittest -v`` and ``TestMyProvider.skipped()`` list them.
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
    """Derive from this class, and set its ``rig``. The name of each test states its rule."""
