"""The services that answer prompts, behind one interface."""

from .base import AIProvider
from .cassette import Cassette
from .ollama import OllamaProvider
from .openai import OpenAIProvider
from .recorder import Recorder
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
]
