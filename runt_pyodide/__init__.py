"""AI cells for notebooks that run in the browser.

In a page, ``startRuntime`` of the JavaScript package starts the runtime. ``RuntimeAgent`` is that
runtime for those who supply the events themselves.
"""

from typing import Any

from ._moved import keep_earlier_names
from .agent import RuntimeAgent
from .ai.tools.function import tool
from .asking.answer import Answer
from .asking.ask import ask, configure, doctor, sign_in, sign_out
from .asking.conversation import Conversation
from .config import AIConfig
from .llm.anthropic.provider import AnthropicProvider
from .llm.doctor import Diagnosis
from .llm.gemini.provider import GeminiProvider
from .llm.ollama.provider import OllamaProvider
from .llm.openai.provider import OpenAIProvider
from .llm.playback.deck import record, replay
from .llm.provider import AIProvider
from .llm.registry import ProviderRegistry
from .llm.settings import register_provider_type
from .llm.test.provider import TestProvider
from .notebook.state import Notebook

__version__ = "0.1.0"

keep_earlier_names()

__all__ = [
    "AIConfig",
    "AIProvider",
    "Answer",
    "AnthropicProvider",
    "Conversation",
    "Diagnosis",
    "GeminiProvider",
    "Notebook",
    "OllamaProvider",
    "OpenAIProvider",
    "ProviderRegistry",
    "RuntimeAgent",
    "TestProvider",
    "__version__",
    "ask",
    "configure",
    "doctor",
    "load_ipython_extension",
    "record",
    "register_provider_type",
    "replay",
    "sign_in",
    "sign_out",
    "tool",
]


def load_ipython_extension(shell: Any) -> None:
    """Add ``%%ai`` and ``%ai`` to an IPython shell, for ``%load_ext runt_pyodide``."""
    from .jupyter.extension import load_ipython_extension as load

    load(shell)


def unload_ipython_extension(shell: Any) -> None:
    """Remove them, for ``%unload_ext runt_pyodide``."""
    from .jupyter.extension import unload_ipython_extension as unload

    unload(shell)
