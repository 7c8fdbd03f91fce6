"""The strict native services by their models: the class, the type of the provider, and its host."""

from __future__ import annotations

from tests.support.services.native.anthropic import MODELS as CLAUDES
from tests.support.services.native.anthropic import AnthropicService
from tests.support.services.native.gemini import MODELS as GEMINIS
from tests.support.services.native.gemini import GeminiService
from tests.support.services.native.service import NativeService

KINDS: dict[str, tuple[type[NativeService], str, str]] = {
    **dict.fromkeys(CLAUDES, (AnthropicService, "anthropic", "api.anthropic.com")),
    **dict.fromkeys(GEMINIS, (GeminiService, "gemini", "generativelanguage.googleapis.com")),
}
