"""OpenAI and every server that speaks its chat completions or its Responses API.

Knows that wire. What all services have in common stands above it, in `llm`.
"""
