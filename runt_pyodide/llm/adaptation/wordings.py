"""By which words services say that they do not take a part of a request.

A table, of patterns that each stand for many wordings. What services said, word for word and with
the place where it was reported, is in `tests/data/requests/refusals.json`: add a wording there
first, then here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ...errors import (
    AuthenticationError,
    BadRequestError,
    ContentFilterError,
    ContextLengthError,
    ModelSlipError,
    NetworkError,
    ProviderError,
    RateLimitError,
    RequestTimeoutError,
)
from .shape import (
    ASSISTANT_LAST,
    CALL_IDS,
    CALLS,
    IMAGES,
    NEIGHBOURS,
    RESPONSE_FORMAT,
    SYSTEM,
    TOOLS,
    USER_AFTER_TOOL,
    WEB_SEARCH,
)

EFFORT = "reasoning_effort"
LEVEL_OF_EFFORT = "reasoning_effort.level"
STREAM = "stream"
NULL_CONTENT = "null_content"
EMPTY_CONTENT = "empty_content"
WITHOUT = "without."
"""With the name of a field behind it, which assistant messages must have."""

_LONGEST_ID = 32
_LONGEST_WORDS = 1000  # characters; the patterns take time that grows faster than the text


@dataclass(frozen=True, slots=True)
class Wording:
    """A pattern, and the names of what it refuses, the likeliest first. ``{n}`` in a name stands
    for the pattern's group of that name."""

    pattern: re.Pattern[str]
    names: tuple[str, ...]


def _say(pattern: str, *names: str) -> Wording:
    return Wording(re.compile(pattern, re.IGNORECASE | re.DOTALL), names)


_NOT = r"(is|are|was|were)?\s*(not|n't|un)\s?-?(yet |currently )?"
_REFUSED = (
    rf"({_NOT}(supported|available|enabled|allowed|permitted|implemented)"
    r"|(is|are|was|were) (disabled|forbidden|prohibited|unavailable))"
)
_LACKS = (
    r"(does|do|did|can)\s?(not|n't) (currently |yet )?(support|accept|handle|process)( the)?"
    r"( use of)?"
)
_CALLING = r"(tools|functions|tool[ _-]choice|(tool|function)[ -]?(use|usage|call(s|ing)?))"
_FORMAT = r"(response[_ ]?(format|schema)|json[_ ](mode|schema|object)|structured outputs?)"
_FORCED = rf"({_FORMAT}|json|response mime type|guided decoding|grammar)"
_EXCLUDES = r"(incompatible|not compatible|mutually exclusive|can ?not be (used|combined)|together)"
_SAYS_NO = r"(can ?not|can't|not|unable to|mutually|only one)"
# Not only large ones, or those of one type.
_WHOLLY = r"(?![/-]| (larger|bigger|over|above|exceeding|type|format|file|of (type|size|format)))"
_SEARCH = r"(web[ _-]?search|google[ _-]?search|search grounding)\w*"
_SYSTEM = r"(system|developer)[ -]?(role|message|prompt|instruction)s?"

# The first that fits and is not done yet decides: what is more special stands first.
WORDINGS = (
    # Tools of the service's own, before those that are given.
    _say(rf"{_SEARCH}\W.{{0,40}}{_REFUSED}|{_LACKS} .{{0,40}}{_SEARCH}", WEB_SEARCH),
    _say(
        r"only when they are all search tools|tool use with function calling is", WEB_SEARCH, TOOLS
    ),
    # A schema and tools together: the tools stay, since the schema can be told in words.
    _say(rf"{_FORMAT}.{{0,60}}(combined|together|along) with.{{0,20}}{_CALLING}", RESPONSE_FORMAT),
    _say(rf"{_CALLING}.{{0,60}}with.{{0,20}}{_FORCED}.{{0,40}}{_NOT}supported", RESPONSE_FORMAT),
    _say(
        rf"{_CALLING}\b.{{0,20}}{_FORMAT}.{{0,30}}{_EXCLUDES}"
        rf"|{_FORMAT}.{{0,20}}{_CALLING}\b.{{0,30}}{_EXCLUDES}"
        rf"|{_CALLING}\b.{{0,40}}{_EXCLUDES}.{{0,30}}{_FORMAT}"
        rf"|{_FORMAT}.{{0,40}}{_EXCLUDES}.{{0,30}}{_CALLING}",
        RESPONSE_FORMAT,
    ),
    _say(rf"{_SAYS_NO}.{{0,20}}{_FORMAT}.{{0,20}} (with|and|or) {_CALLING}", RESPONSE_FORMAT),
    _say(rf"{_SAYS_NO}.{{0,20}}{_CALLING} (with|and|or) .{{0,20}}{_FORMAT}", RESPONSE_FORMAT),
    _say(r"instead of populating .response_mime_type", RESPONSE_FORMAT),
    _say(rf"{_FORMAT}\S*( type)? (is )?(unavailable|{_REFUSED})", RESPONSE_FORMAT),
    _say(rf"{_FORMAT}\S* .{{0,30}}is unavailable", RESPONSE_FORMAT),
    _say(rf"((guided|constrained) (decoding|generation)|grammars?) {_REFUSED}", RESPONSE_FORMAT),
    _say(rf"endpoints found that support .{{0,20}}{_FORMAT}", RESPONSE_FORMAT),
    _say(
        r"(unknown|unrecognized|unexpected|unsupported)[ \w]*: ?.?response_format\b(?!\.)"
        r"|response_format: (extra inputs|unknown|unexpected)",
        RESPONSE_FORMAT,
    ),
    _say(rf"({_LACKS}|unsupported) \W?{_FORMAT}", RESPONSE_FORMAT),
    _say(rf"{_FORMAT}\S* (must|should) be|json_schema\W+(\S+ )?supported values", RESPONSE_FORMAT),
    _say(r"json.?schema conversion failed|failed to parse grammar|grammar error", RESPONSE_FORMAT),
    # Streams.
    _say(r"verified to stream|.stream. does not support true|set .?stream.? to false", STREAM),
    _say(rf"\bstream(ing|ed)?( mode| responses?)? {_REFUSED}", STREAM),
    _say(rf"{_LACKS} (response )?stream(ing)?\b", STREAM),
    _say(rf"{_CALLING}.{{0,40}}(in|with|when|while) stream", STREAM, TOOLS),
    # Tools.
    _say(r"tool choice requires --enable-auto-tool-choice|requires --jinja", TOOLS),
    _say(
        r"only named tools are supported|endpoints found that support .{0,20}(tool|function)", TOOLS
    ),
    _say(rf"{_LACKS} {_CALLING}\b(?!_)", TOOLS),
    _say(rf"\b{_CALLING}['\"`]?(:? \w+)? {_REFUSED}", TOOLS),
    _say(rf"not supported for (\w+/)?{_CALLING}|{_CALLING} not support\b", TOOLS),
    _say(rf"does not advertise tools|(can ?not|can't) use {_CALLING}\b", TOOLS),
    _say(
        rf"(\bno|not have|n't have|lacks?|without) (any )?{_CALLING} (support|capabilit|abilit)",
        TOOLS,
    ),
    # Calls and results among the messages, where there may be none.
    _say(r"without .?tools=|toolconfig field must be defined|must define tools", CALLS),
    _say(
        r"(unexpected|invalid|unsupported|unknown|unrecognized)( message)? role:? ?.?(roleenum"
        r"\.)?tool\b(?!.{0,3} after)|.tool. is not one of|unknown variant .tool\b",
        CALLS,
    ),
    # Images.
    _say(rf"image (input|content)s?( \w+)? {_REFUSED}|endpoints found that support image", IMAGES),
    _say(r"unsupported (image|vision|multi-?modal) (input|content)", IMAGES),
    _say(rf"{_LACKS} (\w+ )?(images?( inputs?)?|vision|multi-?modal\w*)\b{_WHOLLY}", IMAGES),
    _say(rf"\b(images|vision|multi-?modal\w*( inputs?)?) {_REFUSED}", IMAGES),
    _say(
        r"not (a|an) (multi-?modal|vision)|(no|not have|lacks?) (vision|image) (cap|supp)", IMAGES
    ),
    _say(
        r"unknown variant .image_url|type.{0,60}[ '\"`]image_url"
        r"|(image_url|input_image).? (is|are) (not|only) (supported|allowed)",
        IMAGES,
    ),
    _say(
        r"at most 0 image|image_ranges\) = 0|not compiled for multimodal|required for image input"
        r"|text[- ]only model|text-only|not multi-?modal",
        IMAGES,
    ),
    _say(r"textcontentpart|input should be 'text'", IMAGES),
    # The order of roles.
    _say(r"unexpected role .?user.? after role .?tool", USER_AFTER_TOOL, NEIGHBOURS, CALLS),
    _say(
        r"(role|message|turn)s?\b.{0,120}\balternat(e|es|ing)\b"
        r"|\balternat(e|ing) .{0,40}(role|user)",
        NEIGHBOURS,
        SYSTEM,
        CALLS,
    ),
    _say(
        r"(consecutive|multiple|successive).{0,20}(user|assistant).{0,20}(message|role|turn)"
        r"|(message|role|turn)s?\b.{0,20}(in a row|(of|with|from) the same role)",
        NEIGHBOURS,
    ),
    _say(r"function call turn (comes|must come) immediately after", NEIGHBOURS, CALLS),
    _say(
        r"must end with a .?user|last message.{0,20}role.{0,12}user|expected last role"
        r"|assistant message prefill|last message.{0,12}(not|n't) be.{0,12}assistant",
        ASSISTANT_LAST,
        NEIGHBOURS,
    ),
    _say(
        r"(must|should) (start|begin) with a .?user|first message.{0,20}role.{0,12}user", NEIGHBOURS
    ),
    # The system's role.
    _say(rf"{_SYSTEM} {_REFUSED}|{_LACKS} {_SYSTEM}", SYSTEM),
    _say(
        r"(unexpected|invalid|unsupported|unknown|unrecognized)( message)? role:? ?.?(roleenum"
        r"\.)?(system|developer)\b(?!.{0,3} after)",
        SYSTEM,
    ),
    _say(r"only user.{0,30}roles are supported", SYSTEM, CALLS),
    _say(
        r"\brole\b.{0,40}\b(must|should) be (one of )?.?user\b.{0,6}(or|,)"
        r"|input should be 'user'(,| or)|unexpected message role",
        SYSTEM,
        CALLS,
    ),
    _say(r".system. is not one of|(system|developer) is not one of", SYSTEM),
    # What must come back with the turns of the model.
    _say(
        r"\b(?P<n>reasoning_(?!effort)\w+)\b[^.]{0,60}(must be passed back|is missing|is required)",
        f"{WITHOUT}{{n}}",
        NULL_CONTENT,
    ),
    _say(
        r"missing (required )?(field )?[`'\"]?(?P<n>reasoning_(?!effort)\w+)",
        f"{WITHOUT}{{n}}",
        NULL_CONTENT,
    ),
    # Ids of calls.
    _say(r"call.?id.{0,160}length of (?P<n>\d+)", f"{CALL_IDS}{{n}}"),
    _say(r"(\.id|call_?id|tool_use_id)\b.{0,80}maximum length (?P<n>\d+)", f"{CALL_IDS}{{n}}"),
    _say(r"(tool|call).{0,40}id\b.{0,60}match pattern", f"{CALL_IDS}24"),
    # No text beside calls.
    _say(r"invalid type: null, expected a string|none is not an allowed value", NULL_CONTENT),
    _say(
        r"content\b.{0,60}(must be|should be|not) (a |an )?(valid )?(string|null|none)\b"
        r"|content\b.{0,40}(is required|is a required|field required)|invalid type: sequence",
        NULL_CONTENT,
        IMAGES,
    ),
    _say(
        r"(content|text|message)\b.{0,80}((is|are|be) (empty|blank)|not be empty|non-?empty)",
        EMPTY_CONTENT,
    ),
    # Thinking, in Ollama's words.
    _say(
        r"\bthink\b.{0,60}(not supported|invalid|unknown|must be)|into .{0,60}\bthink",
        LEVEL_OF_EFFORT,
        EFFORT,
    ),
    _say(rf"{_LACKS} (thinking|reasoning)\b(?!_)", EFFORT),
)

_NO_MATTER_OF_WORDS = (
    AuthenticationError,
    ContentFilterError,
    ContextLengthError,
    ModelSlipError,
    NetworkError,
    RateLimitError,
    RequestTimeoutError,
)


def refused_by_words(error: ProviderError) -> Iterator[str]:
    """Yield the names of what an error refuses in words, under any status, the likeliest first."""
    if isinstance(error, _NO_MATTER_OF_WORDS):
        return
    # There are services that say all in "param", beside a message like "Param Incorrect".
    param = (error.param or "") if isinstance(error, BadRequestError) else ""
    said = f"{error.message[:_LONGEST_WORDS]} {param[:_LONGEST_WORDS]}"
    for wording in WORDINGS:
        if found := wording.pattern.search(said):
            for name in wording.names:
                yield name.format(n=_read_detail(found)) if "{n}" in name else name


def _read_detail(found: re.Match[str]) -> str:
    detail = found["n"].lower()
    return str(min(int(detail), _LONGEST_ID)) if detail.isdigit() else detail
