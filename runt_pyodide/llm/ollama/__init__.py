"""Ollama, by its native API: two mappings, its models, its window, its errors."""
