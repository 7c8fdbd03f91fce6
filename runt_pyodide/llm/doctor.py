"""Why a provider does not answer, and what would mend it.

``await doctor(provider)`` tries the steps between a cell and a model's answer, in their order, and
says what it found at the first that fails, and what mends it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from ..errors import (
    AuthenticationError,
    BadRequestError,
    CorsError,
    LocalNetworkError,
    MixedContentError,
    ModelNotFoundError,
    OfflineError,
    PermissionDeniedError,
    ProtocolError,
    ProviderError,
    RateLimitError,
    RequestTimeoutError,
)
from .messages import AiModel
from .provider import AIProvider
from .redaction import Redactor

StepName = Literal[
    "online",
    "mixed content",
    "reachable",
    "local network access",
    "CORS",
    "path",
    "key",
    "model",
]
Outcome = Literal["ok", "failed", "skipped"]

_PASSED: dict[StepName, str] = {
    "online": "This machine is on the network.",
    "mixed content": "The browser lets this page call an address of that scheme.",
    "reachable": "The server answers.",
    "local network access": "The browser does not keep this page from the server's network.",
    "CORS": "This page may read the server's answers.",
    "path": "The API is at this base URL.",
    "key": "The server accepts the requests as they are.",
    "model": "The model is there.",
}
_NAMES: tuple[StepName, ...] = (*_PASSED,)
# Which step an error is about; "reachable" if none of these fits.
_STEP_OF: tuple[tuple[StepName, tuple[type[ProviderError], ...]], ...] = (
    ("online", (OfflineError,)),
    ("mixed content", (MixedContentError,)),
    ("local network access", (LocalNetworkError,)),
    ("CORS", (CorsError,)),
    ("key", (AuthenticationError, PermissionDeniedError, RateLimitError)),
)
# If one of these fails, the same provider at another address may do better.
_ADDRESS: tuple[StepName, ...] = ("mixed content", "reachable", "CORS", "path")
_ENTER = "Enter it in the AI settings."
_SHOWN = 8


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that has to be right. ``fix`` says what to do if it failed; a step that could not
    be tried, or did not have to be, was skipped."""

    name: StepName
    outcome: Outcome
    found: str = ""
    fix: str = ""

    def to_json(self) -> dict[str, str]:
        """Return the step as pages have it."""
        return {"name": self.name, "outcome": self.outcome, "found": self.found, "fix": self.fix}

    def __str__(self) -> str:
        return f"{self.outcome:<8}{self.name}: {self.found} {self.fix}".rstrip()


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What the doctor found: all steps, in their order."""

    provider: str
    base_url: str | None
    steps: tuple[Step, ...]

    @property
    def ok(self) -> bool:
        return self.failed is None

    @property
    def failed(self) -> Step | None:
        """Return the step that failed: those after it could not be tried."""
        return next((step for step in self.steps if step.outcome == "failed"), None)

    def to_json(self) -> dict[str, Any]:
        """Return it as pages have it: {"ok", "provider", "baseUrl"?, "steps"}."""
        where = {"baseUrl": self.base_url} if self.base_url else {}
        steps = [step.to_json() for step in self.steps]
        return {"ok": self.ok, "provider": self.provider, **where, "steps": steps}

    def __str__(self) -> str:
        verdict = "is ready" if self.ok else "does not work"
        where = f" at {self.base_url}" if self.base_url else ""
        head = f"The provider {self.provider!r}{where} {verdict}."
        return "\n".join([head, *map(str, self.steps)])


async def doctor(provider: AIProvider, *, patience: float = 15.0) -> Diagnosis:
    """Ask the provider's server for its models, and try the one that cells would use.

    ``patience`` is in seconds for the list of models. If a provider cannot check a model otherwise,
    the model is asked for a few tokens. What the provider raises is told, not raised.
    """
    if provider.base_url is None:
        return await _explain_no_server(provider, patience)
    listed = await _list(provider, patience)
    if not isinstance(listed, ProviderError):
        return await _check_model(provider, listed)
    step = _step_of(listed, else_="path" if _is_path(listed) else "reachable")
    if step in _ADDRESS and (url := await _find_address(provider, step, patience)):
        fix = f"Set the base URL to {url} in the AI settings: the API answers there."
        return _failed(provider, "path" if step == "CORS" else step, listed.message, fix)
    if step == "path" and provider.models:
        # Some servers answer, and list nothing.
        diagnosis = await _check_model(provider, [])
        if diagnosis.failed is None or diagnosis.failed.name == "key":
            return diagnosis
    if step in ("key", "CORS") and (missing := provider.missing()):
        # Servers leave the CORS headers off when they refuse: the key comes first.
        return _failed(provider, "key", missing, _ENTER)
    return _failed(provider, step, listed.message, listed.advice)


async def _explain_no_server(provider: AIProvider, patience: float) -> Diagnosis:
    """Return the diagnosis of a provider that has no address: it wants one, or asks no server."""
    missing = provider.missing()
    found = "It was not tried." if missing else f"The provider {provider.name!r} asks no server."
    steps = {name: Step(name, "skipped", found) for name in _NAMES}
    if missing:
        steps["reachable"] = Step("reachable", "failed", missing, _ENTER)
    elif isinstance(listed := await _list(provider, patience), ProviderError):
        steps["model"] = Step("model", "failed", listed.message, listed.advice)
    return Diagnosis(provider.name, None, tuple(steps.values()))


async def _list(provider: AIProvider, patience: float) -> list[AiModel] | ProviderError:
    try:
        async with asyncio.timeout(patience):
            return await provider.list_models()
    except ProviderError as error:
        return error
    except TimeoutError:
        return RequestTimeoutError(
            f"{_address_of(provider)} did not answer within {patience:g} s.",
            advice="Check the base URL, and that the server is not busy.",
        )


async def _check_model(provider: AIProvider, listed: Sequence[AiModel]) -> Diagnosis:
    names = [*provider.models[:1], *(model.name for model in listed)]
    if not names:
        found = "No model is chosen, and the server lists none."
        return _failed(
            provider, "model", found, "Install one on the server, or enter one in the AI settings."
        )
    if (missing := provider.missing()) is not None:
        return _failed(provider, "key", missing, _ENTER)
    try:
        await provider.check_model(names[0])
    except ProviderError as error:
        fix = error.advice
        if isinstance(error, ModelNotFoundError) and listed:
            offered = ", ".join(model.name for model in listed[:_SHOWN])
            fix = f"{fix} The server has {offered}{', ...' if len(listed) > _SHOWN else '.'}"
        return _failed(provider, _step_of(error, else_="model"), error.message, fix)
    steps = [_passed(provider, name) for name in _NAMES[:-1]]
    budget = await provider.find_budget()
    told = [f"The model {names[0]!r} is there.", *provider.remarks()]
    found = " ".join([*told, str(budget)] if budget else told)
    last = Step("model", "ok", found)
    return Diagnosis(provider.name, _address_of(provider), (*steps, last))


async def _find_address(provider: AIProvider, failed: StepName, patience: float) -> str | None:
    """Return the first alternative address at which the API answers, even if it refuses.

    All are asked without the key. If the server's own address answers that way, too, it is right,
    and the header with the key is what CORS does not allow.
    """
    urls = provider.alternative_addresses()
    if urls and failed == "CORS" and provider.base_url and provider.secrets():
        urls = [provider.base_url, *urls]
    answers = await asyncio.gather(*(_list(provider.elsewhere(url), patience / 3) for url in urls))
    for url, answer in zip(urls, answers, strict=True):
        if not isinstance(answer, ProviderError) or _step_of(answer, else_="path") == "key":
            return url if url != provider.base_url else None
    return None


def _is_path(error: ProviderError) -> bool:
    # Other paths of a server say that they do not know the method, or the request.
    return isinstance(error, ModelNotFoundError | ProtocolError | BadRequestError)


def _step_of(error: ProviderError, *, else_: StepName) -> StepName:
    return next((step for step, kinds in _STEP_OF if isinstance(error, kinds)), else_)


def _failed(provider: AIProvider, failed: StepName, found: str, fix: str) -> Diagnosis:
    """Return the diagnosis: the steps before the one that failed are right, since the request came
    that far; those after it were not tried."""
    at = _NAMES.index(failed)
    steps = [_passed(provider, name) for name in _NAMES[:at]]
    if failed == "local network access":
        unknown = "It cannot be known while the browser keeps this page from it."
        steps[_NAMES.index("reachable")] = Step("reachable", "skipped", unknown)
    after = [Step(name, "skipped", "It was not tried.") for name in _NAMES[at + 1 :]]
    steps += [Step(failed, "failed", found, fix), *after]
    return Diagnosis(provider.name, _address_of(provider), tuple(steps))


def _passed(provider: AIProvider, name: StepName) -> Step:
    documented = provider.describe_cors() if name == "CORS" else ""
    return Step(name, "ok", f"{_PASSED[name]} {documented}".rstrip())


def _address_of(provider: AIProvider) -> str:
    """Return the base URL as it may be shown: it may hold a key in its query."""
    return Redactor(provider.secrets()).text(provider.base_url or "")
