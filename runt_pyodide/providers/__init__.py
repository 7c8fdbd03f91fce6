"""The services that answer prompts, behind one interface."""

from .base import AIProvider
from .openai import OpenAIProvider
from .registry import ProviderRegistry
from .test import TestProvider

__all__ = ["AIProvider", "OpenAIProvider", "ProviderRegistry", "TestProvider"]
