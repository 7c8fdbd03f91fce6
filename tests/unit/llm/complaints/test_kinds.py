"""What services send when they refuse, and the errors that it stands for.

Source of each: the service's documentation or code, or an issue of a project that uses it, read in
November 2026.
"""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import pytest

from runt_pyodide import errors
from runt_pyodide.llm.complaints.complaint import Complaint, read_complaint
from runt_pyodide.llm.complaints.kinds import LOADING, SIGNS, find_kind

Kind = type[errors.ProviderError]
# Words, codes, and the statuses under which they were seen; None is an error in a stream.
SEEN: dict[Kind, list[tuple[str, str, tuple[int | None, ...]]]] = {
    errors.QuotaExceededError: [
        ("Insufficient Balance", "invalid_request_error", (402,)),
        ("Payment needed", "", (402,)),
        ("Insufficient balance or no resource package. Please recharge.", "1113", (429, None)),
        ("you (x) have reached your weekly usage limit, upgrade for higher limits", "", (429,)),
        ("pay", "insufficient_quota", (401, 403, 429, None)),
        (
            "You exceeded your current quota, please check your plan and billing details.",
            "",
            (429,),
        ),
        ("insufficient balance", "1008", (None,)),
        ("Sorry, your account balance is insufficient", "30001", (403,)),
        ("Your credit balance is too low to access the Anthropic API.", "", (400,)),
        ("This request requires more credits, or fewer max_tokens.", "", (402,)),
        (
            "Your team has used all available credits or reached its monthly spending limit.",
            "",
            (403, 429),
        ),
        ("You have exceeded your monthly included credits for Inference Providers.", "", (402,)),
        ("Access denied, please make sure your account is in good standing.", "Arrearage", (400,)),
        ("Account is suspended, possibly due to reaching the monthly spending limit", "", (412,)),
        ("Key limit exceeded (total limit).", "", (403,)),
        ("x", "exceeded_current_quota_error", (429,)),
        ("you (x) have reached your hourly usage limit, upgrade for higher limits", "", (429,)),
        ("You have reached your specified API usage limits.", "invalid_request_error", (400,)),
        ("Your newly created team doesn't have any credits or licenses yet.", "", (403,)),
        ("Budget has been exceeded! Current cost: 1.2, Max budget: 1.0", "", (400, 429)),
        ("Daily quota exhausted for this key", "", (403, 429)),
        ("Your trial has ended. Add a payment method to continue.", "", (403,)),
        ("余额不足或无可用资源包,请充值。", "", (429,)),
    ],
    errors.AuthenticationError: [
        ("no", "", (401,)),
        ("API key not valid. Please pass a valid API key.", "API_KEY_INVALID", (400,)),
        ("API key expired. Please renew the API key.", "INVALID_ARGUMENT", (400,)),
        ("Incorrect API key provided: sk***89.", "Client specified an invalid argument", (400,)),
        ("Incorrect API key provided", "invalid_api_key", (401, None)),
        ("No auth credentials found", "", (401, None)),
        ("Method doesn't allow unregistered callers", "PERMISSION_DENIED", (403,)),
        ("Missing or invalid Authorization header.", "", (400,)),
        ("Authentication Error, No api key passed in.", "auth_error", (400, 401, 500)),
        ("login fail: Please carry the API secret key in the header", "1004", (None,)),
        ("You must provide an API key", "", (400, 401, 403)),
        ("Your API key was reported as leaked. Please use another API key.", "", (403,)),
        ("No connected db.", "no_db_connection", (400, None)),
        ("Invalid API-key provided.", "InvalidApiKey", (400, 401)),
        ("The API key you provided is invalid", "", (400, 403, 404)),
        ("The API key does not exist", "", (400,)),
        ("Unrecognized API key", "", (400,)),
        ("Access denied due to missing subscription key.", "", (400,)),
        ("Authorization Token is illegal, please confirm", "", (400,)),
        ("Authorization failed", "", (403,)),
        ("header.Authorization: Field required", "", (422,)),
        ("The token is invalid or has expired", "", (400,)),
        ("Invalid token", "", (400, 403)),
        ("Unauthorized", "", (400, 500)),
        ("身份验证失败。", "", (400,)),
        ("x", "401", (400, 500)),
    ],
    errors.ModelNotFoundError: [
        ("", "", (404,)),
        ("The model `mixtral-8x7b-32768` has been decommissioned and is no longer", "", (400,)),
        ("x", "model_decommissioned", (400, 404, None)),
        ("nobody/none is not a valid model ID", "", (400, None)),
        ("/chat/completions: Invalid model name passed in model=nope.", "", (400, None)),
        ("Model Not Exist", "invalid_request_error", (400,)),
        ("The requested model 'x' is not supported by any provider you have enabled.", "", (400,)),
        ("Invalid model: mistral-none", "1500", (400,)),
        ("The model `gpt-none` does not exist or you do not have access to it.", "", (404, 400)),
        ("model 'llama3.2' not found", "", (404, None)),
        ("The provided model identifier is invalid.", "", (400,)),
        ("Unable to access model x. Please visit our docs for the list.", "", (400,)),
        ("Not found the model k9 or Permission denied", "", (404, 400)),
        ("The model 'x' has reached its end of life on 2026-05-01.", "Gone", (410, 400)),
        ("The model foo has been removed", "", (400,)),
        ("Model foo is not supported", "", (400,)),
        ("No such model @cf/foo or task", "5007", (400,)),
        ("模型不存在。", "", (400,)),
        ("gone", "", (410,)),
        ("models/gemini-none is not found for API version v1", "NOT_FOUND", (404, None)),
    ],
    errors.ContentFilterError: [
        ("Your input was flagged", "", (403, 400)),
        ("Your prompt was flagged as potentially violating our usage policy", "", (400, None)),
        ("Content Exists Risk", "", (400,)),
        ("The request was rejected because it was considered high risk", "", (400,)),
        ("x", "content_policy_violation", (400, None)),
        ("x", "ResponsibleAIPolicyViolation", (400,)),
        ("Input data may contain inappropriate content.", "data_inspection_failed", (400,)),
        ('Your input was flagged for "violence". No credits were charged.', "403", (403,)),
        ("Content violates usage guidelines. Failed check: SAFETY_CHECK_TYPE_BIO", "", (403,)),
        ("The prompt was blocked due to PROHIBITED_CONTENT", "INVALID_ARGUMENT", (400,)),
        ("input new_sensitive", "1026", (None, 400)),
    ],
    errors.ModelSlipError: [
        ("Failed to call a function. Please adjust your prompt.", "tool_use_failed", (400, None)),
        ("Failed to generate JSON. Please adjust your prompt.", "json_validate_failed", (400,)),
        ("MALFORMED_FUNCTION_CALL", "", (None, 500)),
        ("Tool call validation failed: parameters did not match schema", "", (400,)),
        (
            "error parsing tool call: raw='{\"a\": ' err=unexpected end of JSON input",
            "",
            (500, None),
        ),
        ("Failed to parse input at pos 12: <tool_call>", "server_error", (500,)),
    ],
    errors.RateLimitError: [
        ("slow down", "", (429,)),
        ("Too many tokens, please wait", "", (429,)),
        ("Rate limit exceeded: free-models-per-min", "429", (429, None)),
        ("rate limited", "rate_limit_exceeded", (429, None)),
        ("Tokens per day limit exceeded - too many tokens processed.", "", (429,)),
        ("API rate limit exceeded for user", "", (403,)),
        ("You have reached your usage limit of 5 requests per minute", "", (429,)),
        ("x", "429", (400, 500, 502)),
        ("Quota exceeded for quota metric 'requests'", "RESOURCE_EXHAUSTED", (429, None)),
    ],
    errors.OverloadedError: [
        ("", "", (503, 529)),
        ("The engine is overloaded", "500", (500, None)),
        ("Model is overloaded", "overloaded", (None,)),
        ("The engine is currently overloaded", "engine_overloaded_error", (429,)),
        ("Overloaded", "overloaded_error", (529, None)),
        ("Loading model", "unavailable_error", (503, None)),
        ("Model x/y is currently loading", "", (503,)),
    ],
    errors.ServerError: [
        ("", "", (500, 502, 504, 521, 524, None)),
        ("Upstream failed", "api_error", (500, None)),
        ("boom", "GatewayTimeout", (504, None)),
        ("model runner has unexpectedly stopped", "", (500, None)),
    ],
    errors.PermissionDeniedError: [
        ("no", "", (403,)),
        ("The API key does not have permission to use this model", "", (403,)),
        ("The caller does not have permission", "PERMISSION_DENIED", (403, None)),
        ("The model requires terms acceptance.", "model_terms_required", (400,)),
    ],
    errors.BadRequestError: [
        ("bad", "invalid_request_error", (400, 422, None)),
        ("Model supports at most 1 image per prompt.", "", (400,)),
        ("This model no longer supports temperature", "", (400,)),
        ("For this model, 'max_tokens' is deprecated", "", (400,)),
        ("The model `x` does not support tools", "", (400,)),
        ("This response_format type is unavailable now", "", (400,)),
        ("Unexpected token at position 5", "", (400,)),
        ("Invalid 'tools[0].function.name'", "", (400,)),
        ("System role not supported", "", (400,)),
        ("Model foo is not supported with reasoning_effort", "", (400,)),
        ("Invalid token in JSON at position 5", "", (400,)),
        ("Invalid key 'foo' in schema", "", (400,)),
        ("Unknown parameter: 'api_key_hint'", "", (400,)),
        ("Unknown field 'credit_card' in the schema", "", (400,)),
        ("Tool call id was call_1 but must be a-z, A-Z, 0-9, with a length of 9.", "", (400,)),
        ("Function call is missing a thought_signature in functionCall parts.", "400", (400,)),
        ("System instruction is missing; check the balance of quotes", "", (400,)),
    ],
    errors.ProtocolError: [("", "", (301, 302))],
}
CASES = [
    (status, said, code, kind)
    for kind, seen in SEEN.items()
    for said, code, statuses in seen
    for status in statuses
]


@pytest.mark.parametrize(("status", "said", "code", "kind"), CASES)
def test_what_a_complaint_stands_for(status: int | None, said: str, code: str, kind: Kind) -> None:
    complaint = Complaint(said, (code,) if code else ())
    assert find_kind(complaint, status) is kind
    if code:
        assert find_kind(Complaint(said, ("x", code.upper())), status) is kind


def test_a_field_tells_what_words_do_not() -> None:
    error = {"error": {"message": "No", "code": 403, "metadata": {"flagged_input": "x"}}}
    assert find_kind(read_complaint(error), 403) is errors.ContentFilterError


def test_a_quota_that_is_whole_again_soon_is_a_limit_of_the_rate() -> None:
    # Gemini's limits by the minute come in the same words as those by the month.
    complaint = Complaint("You exceeded your current quota, please check your plan and billing")
    assert find_kind(complaint, 429, 22.0) is errors.RateLimitError
    assert find_kind(complaint, 429, 3600.0) is errors.QuotaExceededError
    assert find_kind(complaint, 402, 22.0) is errors.QuotaExceededError
    named = Complaint(complaint.message, ("insufficient_quota",))
    assert find_kind(named, 429, 22.0) is errors.QuotaExceededError


def test_loading_is_told_from_other_overloads() -> None:
    assert LOADING.fits(Complaint("Loading model"), 503)
    assert LOADING.fits(Complaint("Model gpt2 is currently loading"), 503)
    assert not LOADING.fits(Complaint("The server is overloaded"), 503)
    assert not LOADING.fits(Complaint("The model is loaded with context length 5"), 400)


def test_the_table_says_who_sends_what_and_no_code_twice() -> None:
    assert all(sign.source for sign in SIGNS)
    codes = Counter(code for sign in SIGNS for code in sign.codes.split())
    assert [code for code, times in codes.items() if times > 1] == []
    assert all(sign.codes == sign.codes.lower() for sign in SIGNS)
    assert all(one is not other for one, other in pairwise(SIGNS))
