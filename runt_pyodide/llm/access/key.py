"""Keys as people paste them: with the name of a variable or a header, quotes and blanks around."""

from __future__ import annotations

import re

from .characters import find_unsendable, strip_invisible

_QUOTES = "\"'`<>()[]\u201c\u201d\u201e\u2018\u2019\u201a\u00ab\u00bb"
# What stands before a key where it was copied from: a shell's assignment, an option of curl, a
# header. "NAME=" may be part of a key whose name is not one of a key ("QUJD==" is base64).
_BEFORE = re.compile(
    r"(?:"
    r"(?:(?:export|setx?)\s+|\$env:)[A-Za-z_]\w*\s*[=\s]\s*"
    r"|(?:-H|--header)\s+"
    r"|[A-Z][A-Z0-9_]*_[A-Z0-9_]*\s*=\s*(?==*[^=])"
    # A key that holds a "=" ends with it.
    r"|[?&]?[A-Za-z]\w{0,40}\s*=\s*(?=[^=].{15})"
    r"|(?:-{1,2})?api[ _-]?(?:key|token)\s*[:\s]\s*(?=.{8})|token\s+(?=.{8})"
    r"|[A-Z][A-Z0-9_]*_(?:KEY|TOKEN|SECRET)\s*=\s*$"
    r"|\w*(?:key|token|secret)[\"']?\s*=\s*(?==*[^=])"
    r"|\w*(?:key|token|secret)[\"']?\s*:\s+"
    r"|(?:proxy-)?authorization\s*:\s*|(?:x-|x-goog-)?api-key\s*:\s*"
    r"|bearer(?:\s+|$)"
    r")",
    re.IGNORECASE,
)


def clean_key(text: str) -> str:
    """Return the key that a person means, or "" if there is none in the text.

    What a copied line has around it is taken off. Raise ValueError, which names the character but
    not the key, if one within it cannot be sent.
    """
    key, before = text, None
    while key != before:
        before = key
        key = strip_invisible(key).strip(_QUOTES).rstrip(",;")
        key = _BEFORE.sub("", key, count=1) if _BEFORE.match(key) else key
    if found := find_unsendable(key, blanks=True):
        raise ValueError(
            f"the key holds {found}, which no key has: copy it once more, the key alone"
        )
    return key
