"""Ollama, by its native API.

Knows two mappings, its models, its window and its errors, and nothing of other services.
"""
