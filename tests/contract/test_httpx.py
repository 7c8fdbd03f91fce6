"""The providers keep the contract over the transport of CPython, too, with real connections."""

from __future__ import annotations

from runt_pyodide.testing import ProviderContract
from tests.support.contract.native_rigs import AnthropicRig, GeminiRig
from tests.support.contract.rigs import ChatRig, OllamaRig, ResponsesRig
from tests.support.contract.served import ServedRig


class OverHttpx(ProviderContract):
    """Without what tries every byte: that is the parsers' matter, whatever brings the bytes."""

    seconds = 30.0
    test_a_cut_at_any_byte_is_never_a_success = None
    test_unicode_survives_every_split = None
    test_what_ends_well_is_whole = None


class TestOpenAIChat(OverHttpx):
    rig = ServedRig(ChatRig())


class TestOpenAIResponses(OverHttpx):
    rig = ServedRig(ResponsesRig())


class TestOllama(OverHttpx):
    rig = ServedRig(OllamaRig())


class TestAnthropic(OverHttpx):
    rig = ServedRig(AnthropicRig())


class TestGemini(OverHttpx):
    rig = ServedRig(GeminiRig())
