"""AI cells for notebooks that run in the browser.

In a page, ``startRuntime`` of the JavaScript package starts the runtime; ``RuntimeAgent`` is that
runtime, for those who bring their own events.
"""

from .agent import RuntimeAgent
from .ai.function_tool import tool
from .config import AIConfig
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
    "doctor",
    "tool",
]
