"""AI cells for notebooks that run in the browser.

In a page, ``startRuntime`` of the JavaScript package starts the runtime; ``RuntimeAgent`` is that
runtime, for those who bring their own events.
"""

from typing import Any

from .agent import RuntimeAgent
from .ai.function_tool import tool
from .config import AIConfig
from .console import ask, configure
from .diagnosis import Diagnosis, doctor
from .notebook import Notebook
from .providers import (
    AIProvider,
    OllamaProvider,
    OpenAIProvider,
    ProviderRegistry,
    TestProvider,
)

__version__ = "0.1.0"

__all__ = [
    "AIConfig",
    "AIProvider",
    "Diagnosis",
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
    "tool",
]


def load_ipython_extension(shell: Any) -> None:
    """``%load_ext runt_pyodide``: ``%%ai`` and ``%ai`` in this shell. Needs IPython."""
    from .ipython import load_ipython_extension as load

    load(shell)


def unload_ipython_extension(shell: Any) -> None:
    """``%unload_ext runt_pyodide``."""
    from .ipython import unload_ipython_extension as unload

    unload(shell)
