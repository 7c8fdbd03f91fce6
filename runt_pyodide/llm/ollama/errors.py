"""What went wrong with Ollama, and the next step in its own terms.

Its errors are words without codes. Source: ollama `server/routes.go`, `server/images.go`,
`llm/llama_server.go`.
"""

from __future__ import annotations

import re

from ...errors import (
    AuthenticationError,
    CorsError,
    ModelNotFoundError,
    NetworkError,
    PermissionDeniedError,
    ProtocolError,
    ProviderError,
    RequestTimeoutError,
    ServerError,
)

_NO_MODEL = re.compile(r"\bmodel\b.*\bnot found", re.IGNORECASE | re.DOTALL)
_NO_MEMORY = re.compile(r"more (system )?memory|out of memory", re.IGNORECASE)
_IN_THE_WAY = (NetworkError, RequestTimeoutError, AuthenticationError, PermissionDeniedError)


def is_final(error: ProviderError) -> bool:
    """Return whether what kept the server from describing a model keeps it from running it, too."""
    return isinstance(error, _IN_THE_WAY) or _lacks_model(error)


def explain(error: ProviderError, base_url: str, *, keyed: bool) -> ProviderError:
    """Return the error with Ollama's advice. ``keyed`` tells whether a key was sent."""
    advice = _advise(error, base_url, keyed)
    if advice is not None:
        error.advice = advice
    return error


def _advise(error: ProviderError, base_url: str, keyed: bool) -> str | None:
    match error:
        case CorsError():
            return f"{_allow(error.origin)}, then run the cell again."
        case NetworkError() if error.may_be_cors and error.origin:
            return (
                f"Start Ollama (`ollama serve`) at {base_url}. If it runs: {_allow(error.origin)}."
            )
        case NetworkError() if type(error) is NetworkError and "advice" not in vars(error):
            return f"Start Ollama (`ollama serve`), and check that it listens at {base_url}."
        case ModelNotFoundError() if _lacks_model(error):
            return f"Run `ollama pull {error.model}` on the server, or choose a model that it has."
        case ModelNotFoundError() | ProtocolError():
            return (
                f"Check that it is Ollama which listens at {base_url}; a server that speaks "
                "OpenAI's API is a provider of type openai."
            )
        case AuthenticationError() if not keyed:
            return "Run `ollama signin` on the server: it asks for an account to run this model."
        case PermissionDeniedError() if error.status == 403:
            return (
                "Ollama refuses host names that it does not know: start it with "
                "OLLAMA_HOST=0.0.0.0, or let the proxy before it send the host localhost."
            )
        case ServerError() if _NO_MEMORY.search(error.message):
            return "Choose a smaller model, or set a smaller `numCtx` in the AI settings."
        case _:
            return None


def _allow(origin: str) -> str:
    allowed = origin or "the origin of this page"
    return (
        f'Start Ollama with OLLAMA_ORIGINS="{allowed}" in its environment (several origins are '
        "parted by commas)"
    )


def _lacks_model(error: ProviderError) -> bool:
    return isinstance(error, ModelNotFoundError) and _NO_MODEL.search(error.message) is not None
