"""The providers of this package keep the contract."""

from __future__ import annotations

import pytest

from runt_pyodide.testing import ProviderContract
from tests.support.contract.native_rigs import AnthropicRig, GeminiRig
from tests.support.contract.rigs import ChatRig, OllamaRig, ResponsesRig, TestRig


class TestOpenAIChat(ProviderContract):
    rig = ChatRig()


class TestOpenAIResponses(ProviderContract):
    rig = ResponsesRig()


class TestOllama(ProviderContract):
    rig = OllamaRig()


class TestAnthropic(ProviderContract):
    rig = AnthropicRig()


class TestGemini(ProviderContract):
    rig = GeminiRig()


class TestTheTestProvider(ProviderContract):
    rig = TestRig()


_NO_WIRE = {
    "a_cut_at_any_byte_is_never_a_success",
    "a_dropped_connection_is_an_error_after_what_came",
    "cancelling_closes_the_connection",
    "it_asks_once_whatever_comes",
    "leaving_the_stream_closes_the_connection",
    "no_server_is_a_network_error",
    "unicode_survives_every_split",
    "what_came_is_told_while_the_rest_is_awaited",
    "what_ends_well_is_whole",
}
_NO_KEY = {
    "a_wrong_key_is_an_authentication_error",
    "the_key_is_named_to_those_who_must_not_write_it_down",
    "the_key_is_shown_nowhere",
}
_NO_REFUSAL = {"a_refusal_is_told_in_its_words"}


@pytest.mark.parametrize(
    ("contract", "skipped"),
    [
        (TestOpenAIChat, set()),
        (TestOpenAIResponses, set()),
        (TestOllama, _NO_REFUSAL | {"the_ids_of_calls_are_the_service_s"}),
        (TestAnthropic, _NO_REFUSAL),
        (TestGemini, _NO_REFUSAL),
        (TestTheTestProvider, _NO_REFUSAL | _NO_KEY | _NO_WIRE),
    ],
)
def test_what_is_skipped_is_known(contract: type[ProviderContract], skipped: set[str]) -> None:
    assert {name.removeprefix("test_") for name in contract.skipped()} == skipped
