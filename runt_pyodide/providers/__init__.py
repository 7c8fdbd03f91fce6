"""The services that answer prompts, behind one interface."""

from ..config import register_provider_type
from .base import AIProvider
from .cassette import Cassette
from .cassette.recorder import Recorder
from .ollama import OllamaProvider
from .openai import OpenAIProvider
from .registry import ProviderRegistry
from .test import TestProvider

__all__ = [
    "AIProvider",
    "Cassette",
    "OllamaProvider",
    "OpenAIProvider",
    "ProviderRegistry",
    "Recorder",
    "TestProvider",
    "register_provider_type",
]
