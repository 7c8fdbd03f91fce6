"""The public surface is short, listed, and present."""

from __future__ import annotations

import runt_pyodide


def test_all_is_there_and_sorted() -> None:
    names = runt_pyodide.__all__
    assert list(names) == sorted(names, key=lambda name: (not name[0].isupper(), name))
    assert all(hasattr(runt_pyodide, name) for name in names)


def test_what_others_program_against() -> None:
    assert set(runt_pyodide.__all__) >= {
        "AIConfig",
        "AIProvider",
        "AnthropicProvider",
        "Diagnosis",
        "GeminiProvider",
        "Notebook",
        "OllamaProvider",
        "OpenAIProvider",
        "ProviderRegistry",
        "RuntimeAgent",
        "TestProvider",
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
    }
