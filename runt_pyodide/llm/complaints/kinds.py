"""Which error a complaint stands for: by its codes, its words and the answer's status.

Services agree on little: a wrong key comes as 400, 401 or 403, an empty account as 402, 403 or 429.
``SIGNS`` is one table of what they were reported to send, in order: the first sign that fits
decides, so that what is certain comes before what is only likely. The status alone comes last.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from ...errors import (
    AuthenticationError,
    BadRequestError,
    ContentFilterError,
    ModelNotFoundError,
    ModelSlipError,
    OverloadedError,
    PermissionDeniedError,
    ProtocolError,
    ProviderError,
    QuotaExceededError,
    RateLimitError,
    ServerError,
)
from .complaint import Complaint

_SOON = 120.0  # seconds
_USED_UP = r"exceeded|exhausted|depleted|used up|reached"
_PERIODS = r"hourly|daily|weekly|monthly|yearly|annual|session"
# What lets one in, and what may be wrong with it.
_SECRET = (
    r"(?:api[ _-]?(?:key|token|secret)|(?:access|auth\w*|bearer|virtual|subscription|secret)[ _-]"
    r"(?:key|token|header)|authorization|credentials?|jwt)s?"
)
_BAD = (
    r"(?:invalid|incorrect|wrong|missing|expired|unknown|malformed|bad|illegal|revoked|disabled|"
    r"deactivated|blocked|leaked|reported|required|suspended|unrecogni[sz]ed|"
    r"not (?:valid|found|provided|set|recogni[sz]ed)|does(?: not|n't) exist)"
)
_MOST_READ = 1 << 12  # characters; words are not far from the beginning
_5XX = range(500, 600)
_NEVER = float("inf")
_PER_MINUTE = re.compile(r"\bper (?:minute|second)\b|\b[rt]pm\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Sign:
    """What tells a kind of error.

    ``codes`` are separated by blanks, in lower case; ``words`` are patterns, in any case; ``field``
    is the name of a field of the error. One of these is enough. They count under the ``statuses``,
    under all if there are none; an error in a stream may have no status, and then they count, too.
    ``source`` says who sends it, and when that was read.
    """

    kind: type[ProviderError]
    source: str
    codes: str = ""
    words: tuple[str, ...] = ()
    statuses: Collection[int] = ()
    field: str = ""

    def fits(self, complaint: Complaint, status: int | None) -> bool:
        if self.statuses and status is not None and status not in self.statuses:
            return False
        if self.is_named(complaint):
            return True
        said = complaint.message[:_MOST_READ]
        return any(re.search(words, said, re.IGNORECASE) for words in self.words)

    def is_named(self, complaint: Complaint) -> bool:
        """Return whether a code or a field says it, and not only words."""
        codes = self.codes.split()
        named = any(code.lower() in codes for code in complaint.codes)
        return named or (bool(self.field) and self.field in complaint.facts)


LOADING = Sign(
    OverloadedError,
    "2026-11: llama.cpp `server-http.cpp`; Hugging Face (estimated_time).",
    "model_loading",
    (
        r"\bloading (?:the )?model\b",
        r"\bmodel\b[^.]{0,60} is (?:(?:currently|still) )*(?:loading|being loaded|warming up)",
        r"\bmodel (?:is )?not yet (?:ready|loaded)",
    ),
    (425, 500, 503),
)
"""The sign of a server that will answer once it has loaded the model."""

SIGNS = (
    Sign(
        ModelSlipError,
        "2026-11: console.groq.com/docs/errors (400); Gemini's finishReason of that name; the "
        "parsers of llama.cpp and Ollama (500).",
        "tool_use_failed json_validate_failed output_parse_failed malformed_function_call",
        (
            r"\bfailed to (?:call a function|(?:generate|validate) json|parse input at pos)",
            r"\bmalformed.function.call|\btool call validation failed|attempted to call tool",
            r"\berror parsing tool call|\bxml syntax error",
        ),
    ),
    Sign(
        ContentFilterError,
        "2026-11: openai-python `types/responses/response_error.py`; OpenRouter "
        "(metadata.flagged_input, 403); DeepSeek, Moonshot, DashScope, Azure, Z.ai 1301 (400); xAI "
        "(403); MiniMax 1026, 1027 (in base_resp).",
        "content_filter content_policy_violation invalid_prompt bio_policy "
        "misalignment_policy_violation image_content_policy_violation data_inspection_failed "
        "datainspectionfailed responsibleaipolicyviolation moderation_blocked 1301 1026 1027",
        (
            r"\bflagged\b|content exists risk|considered high risk|usage polic",
            r"content (?:management )?(?:policy|filter)",
            r"(?:sensitive|inappropriate|prohibited|unsafe)[ _](?:content|information)",
            r"(?:safety|moderation) (?:system|polic|filter)",
            r"blocked (?:by|due to) (?:safety|content|moderation)",
            r"violat\w*[^.]{0,30}\b(?:guidelines|polic(?:y|ies)|guardrails?)\b|敏感内容|不安全",
        ),
        (400, 403, 422, 451),
        "flagged_input",
    ),
    Sign(
        QuotaExceededError,
        "2026-11: DeepSeek, OpenRouter, Hugging Face (402); Z.ai 1113, 1308 and Ollama (429); "
        "SiliconFlow, OpenRouter, DashScope, xAI (403); Anthropic (400); Fireworks (412); MiniMax "
        "(in base_resp, under 200); Moonshot (429).",
        "insufficient_quota insufficient_balance insufficient_credits billing_not_active "
        "billing_hard_limit_reached exceeded_current_quota_error arrearage credits_exhausted "
        "payment_required budget_exceeded 1113 1308 allocationquota.freetieronly",
        (
            r"insufficient (?:account )?(?:balance|credit|fund|quota)",
            r"balance is (?:insufficient|not enough|too low)|credit balance",
            r"no resource package|out of (?:credit|fund)|needs? more credits",
            r"\b(?:no|not|\w+n.t)\b[^.]{0,20}\b(?:credits?|funds)\b(?! (?:was|were)\b)",
            r"requires more credits|(?:used|spent) all[^.]{0,20} credits",
            rf"(?:{_USED_UP})[^.]{{0,40}}\b(?:credits?|balance|budget|allowance)\b",
            rf"(?:credits?|budget|allowance)\b[^.]{{0,20}}\b(?:{_USED_UP})",
            rf"quota[^.]{{0,20}}\b(?:used up|exhausted|depleted)|(?:{_PERIODS})[^.]{{0,30}}"
            r"\b(?:limit|cap|credits|quota|allowance)\b",
            r"\b(?:usage|spend\w*) limits?\b|key (?:limit|cap) (?:reached|exceeded)",
            r"exceeded your[^.]{0,20} quota|check your plan and billing|good standing",
            r"payment (?:required|method)|trial[^.]{0,20}\b(?:ended|expired|over)\b",
            r"余额不足|欠费|额度(?:不足|已?用[完尽])",
            r"suspended[^.]{0,60}\b(?:billing|balance|payment|spending|invoice)",
        ),
    ),
    Sign(
        AuthenticationError,
        "2026-11: Gemini (400, in an array; 403 without a key); xAI (400); LiteLLM without a key "
        "(500), and with another than its own where it has no database for more (400); MiniMax (in "
        "base_resp, under 200).",
        "invalid_api_key api_key_invalid invalidapikey authentication_error unauthenticated "
        "invalid_authentication invalid_authentication_error incorrect_api_key_error "
        "unauthorized missing_api_key token_not_found_in_db no_db_connection",
        (
            rf"\b{_BAD} (?:or \w+ )?(?:\w+ )?{_SECRET}\b|\bno (?:\w+ )?{_SECRET}\b",
            rf"\b{_SECRET}['\"`]?(?: you (?:gave|provided|sent))?:? (?:field )?"
            rf"(?:(?:is|was|were|has|been|or) )*{_BAD}",
            r"\btoken (?:is |was |has )*(?:invalid|expired|revoked)|\binvalid token[.!]?$",
            r"auth(?:entication|orization) (?:fail|error|required)|not authenticated|login fail",
            r"^unauthori[sz]ed\b|身份验证失败|无法进行身份验证|(?:令牌|密钥|key)\s?(?:无效|不存在|错误)|无效的(?:令牌|密钥)",
            r"(?:provide|pass|specify|include|carry|use) (?:an? |the |your )?(?:valid )?"
            r"api[ _-]?(?:key|secret)|unregistered callers|security token[^.]{0,40}invalid",
        ),
        (400, 401, 403, 404, 422, 500),
    ),
    Sign(
        ModelNotFoundError,
        "2026-11: Groq (400); OpenRouter 'is not a valid model ID' (400); DeepSeek 'Model Not "
        "Exist' (400); Hugging Face, LiteLLM (400); Mistral 1500, Z.ai 1211 (400); Bedrock (400).",
        "model_not_found model_decommissioned model_deprecated model_not_available "
        "model_not_supported unknown_model invalid_model deploymentnotfound modelnotfound "
        "modelnotopen not_found_error not_found 1211 1500",
        (
            # The word, perhaps a name, and what became of it: other things than a model are not
            # found, and other things of a model are deprecated.
            r"\bmodel[ :]+(?:[`'\"]?[\w./:@-]+[`'\"]? )?(?:(?:is|was|has|been|currently|now) )*"
            r"(?:decommissioned|deprecated|retired|sunset|discontinued|(?:does )?not exist|"
            r"not (?:found|available|supported by any|supported[.!]?$|a valid)|unavailable|"
            r"removed|shut down|no longer (?:available|supported|offered|served))",
            r"not a valid model|no such model\b|(?:invalid|unknown|unsupported) model(?: name)?"
            r"(?: ?[:'`\".]| passed\b|$)",
            r"model (?:id|identifier|name) is (?:invalid|unknown)|not found the model",
            r"unable to access model|\bmodel\b[^.]{0,60}\bend of (?:its )?life|模型不存在",
        ),
        (400, 404, 410, 422),
    ),
    LOADING,
    Sign(
        OverloadedError,
        "2026-11: Anthropic (529); Moonshot, Z.ai 1305 (429); vLLM in the stream.",
        "overloaded overloaded_error engine_overloaded engine_overloaded_error server_overloaded "
        "server_busy service_unavailable unavailable 1305",
        (
            r"overload|(?:over|at|no|exceeded) capacity|capacity exceeded",
            r"(?:server|engine|system|service) (?:is )?(?:too |very )?busy",
        ),
        (429, *_5XX),
    ),
    Sign(
        RateLimitError,
        "2026-11: platform.openai.com/docs/guides/error-codes; google.rpc.Code; Bedrock; Z.ai.",
        "rate_limit_exceeded rate_limit_error rate_limit_reached_error resource_exhausted "
        "too_many_requests throttling throttlingexception 1302 1303",
        (r"rate[ -]?limit|too many (?:requests|tokens)|throttl|quota exceeded",),
        (400, 403, 429, *_5XX),
    ),
    Sign(
        PermissionDeniedError,
        "2026-11: google.rpc.Code; Anthropic, Groq, OpenAI.",
        "permission_denied permission_error insufficient_permissions forbidden access_denied "
        "accessdenied model_terms_required unsupported_country_region_territory",
        statuses=(400, 403),
    ),
    Sign(
        BadRequestError,
        "2026-11: llama.cpp (500): 'image input is not supported', 'tools param requires --jinja'.",
        words=(r"\bnot supported\b|does(?: not|n't) support\b|\brequires --\w",),
        statuses=(500, 501),
    ),
    Sign(
        ServerError,
        "2026-11: OpenAI, vLLM, Anthropic; google.rpc.Code.",
        "server_error internal_error internal_server_error internalservererror api_error internal",
        statuses=_5XX,
    ),
    Sign(
        BadRequestError,
        "2026-11: OpenAI, vLLM; google.rpc.Code; DashScope.",
        "invalid_request_error invalid_request bad_request badrequest badrequesterror "
        "invalid_argument invalidparameter invalid_parameter validation_error",
        statuses=(400, 409, 413, 422),
    ),
)
_BY_STATUS: dict[int, type[ProviderError]] = {
    401: AuthenticationError,
    402: QuotaExceededError,
    403: PermissionDeniedError,
    404: ModelNotFoundError,
    410: ModelNotFoundError,
    429: RateLimitError,
    503: OverloadedError,
    529: OverloadedError,
}
_GENERAL = (BadRequestError, ServerError)
_GENERAL_STATUSES = (400, 500, 502)


def find_kind(
    complaint: Complaint, status: int | None = None, wait: float | None = None
) -> type[ProviderError]:
    """Return the kind of a complaint. ``status`` is the answer's HTTP status, or the one that an
    error in a stream names; ``wait`` the wait in seconds that the service asks for.

    A quota that is whole again soon is a limit of the rate, in whatever words (Gemini's). If an
    answer's status says no more than that something went wrong, the one that the error names counts
    (gateways').
    """
    sign = next((sign for sign in SIGNS if sign.fits(complaint, status)), None)
    if (sign is None or sign.kind in _GENERAL) and status in _GENERAL_STATUSES:
        named = _BY_STATUS.get(complaint.status or status)
        if named is not None:
            return named
    if sign is None:
        return _kind_of_status(status)
    is_quota = sign.kind is QuotaExceededError and not sign.is_named(complaint) and status != 402
    if is_quota and (_PER_MINUTE.search(complaint.message) or (wait or _NEVER) <= _SOON):
        return RateLimitError
    return sign.kind


def _kind_of_status(status: int | None) -> type[ProviderError]:
    if status is None:
        return ServerError
    if status in _BY_STATUS:
        return _BY_STATUS[status]
    return ServerError if status >= 500 else BadRequestError if status >= 400 else ProtocolError
