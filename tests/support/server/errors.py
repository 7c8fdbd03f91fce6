"""Error answers as OpenAI's API words them (platform.openai.com/docs/guides/error-codes)."""

from __future__ import annotations

from dataclasses import dataclass

from tests.support.server.scenario import Fixed, error_body

NO_KEY = (
    "You didn't provide an API key. You need to provide your API key in an Authorization header "
    "using Bearer auth (i.e. Authorization: Bearer YOUR_KEY), or as the password field (with blank "
    "username) if you're accessing the API from your browser and are prompted for a username and "
    "password. You can obtain an API key from https://platform.openai.com/account/api-keys."
)
WRONG_KEY = (
    "Incorrect API key provided: {key}. "
    "You can find your API key at https://platform.openai.com/account/api-keys."
)
QUOTA = (
    "You exceeded your current quota, please check your plan and billing details. For more "
    "information on this error, read the docs: "
    "https://platform.openai.com/docs/guides/error-codes/api-errors."
)


@dataclass(frozen=True, slots=True)
class _Words:
    message: str
    kind: str
    code: str | None


_BY_STATUS = {
    400: _Words("We could not parse the JSON body of your request.", "invalid_request_error", None),
    401: _Words(NO_KEY, "invalid_request_error", None),
    403: _Words(
        "Country, region, or territory not supported",
        "request_forbidden",
        "unsupported_country_region_territory",
    ),
    404: _Words(
        "The model `gpt-none` does not exist or you do not have access to it.",
        "invalid_request_error",
        "model_not_found",
    ),
    429: _Words(
        "Rate limit reached for gpt-4o in organization org-test on requests per min (RPM): "
        "Limit 3, Used 3, Requested 1. Please try again in 120ms.",
        "requests",
        "rate_limit_exceeded",
    ),
    500: _Words(
        "The server had an error while processing your request. Sorry about that!",
        "server_error",
        None,
    ),
    503: _Words(
        "The engine is currently overloaded, please try again later", "service_unavailable", None
    ),
}
_QUOTA = _Words(QUOTA, "insufficient_quota", "insufficient_quota")


def api_error(
    status: int,
    *,
    message: str | None = None,
    code: str | None = None,
    param: str | None = None,
    retry_after: str | None = None,
    retry_after_ms: str | None = None,
    headers: tuple[tuple[str, str], ...] = (),
) -> Fixed:
    """An HTTP error with a JSON body; what is not given is what OpenAI says with that status.

    `code="insufficient_quota"` brings the words that go with it. `retry_after` is seconds or an
    HTTP date, `retry_after_ms` milliseconds. A status that is not known here needs a message.
    """
    words = _QUOTA if code == "insufficient_quota" else _BY_STATUS.get(status)
    if words is None:
        if message is None:
            raise ValueError(f"no words known for HTTP {status}: give a message")
        words = _Words(message, "invalid_request_error", None)
    retry = (("Retry-After", retry_after), ("Retry-After-Ms", retry_after_ms))
    extra = tuple((name, value) for name, value in retry if value is not None)
    body = error_body(message or words.message, words.kind, code or words.code, param)
    return Fixed(status, body, headers=extra + headers)


def key_error(authorization: str, expected: str) -> Fixed | None:
    """What OpenAI answers to this Authorization header where `expected` is the key; None if right.

    Its answer to a wrong key repeats the head and the last four characters of it.
    """
    scheme, _, key = authorization.partition(" ")
    if scheme.lower() != "bearer" or not key:
        return api_error(401)
    if key == expected:
        return None
    shown = f"{key[:8]}{'*' * (len(key) - 12)}{key[-4:]}" if len(key) > 12 else "*" * len(key)
    return api_error(401, message=WRONG_KEY.format(key=shown), code="invalid_api_key")
