"""Anthropic, and servers that speak its Messages API.

Knows two mappings, its models and what they refuse, and nothing of other services.
"""
