"""Google's Gemini, by its own API (`generateContent`).

Knows two mappings, its models and what they refuse, and nothing of other services.
"""
