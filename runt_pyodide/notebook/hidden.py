"""Makes visible what a reader would not see in a text that something will run.

Characters that have no shape of their own, or change the order in which others are shown, let a
name, an argument or code read otherwise than it runs. The rule is that of ``web/render/hidden.js``,
and it goes by Unicode's properties, not by a list of known tricks.
"""

from __future__ import annotations

import re
import unicodedata

# What of Default_Ignorable_Code_Point is no control, format or unassigned character: a joiner,
# fillers, vowels that are not shown, and variation selectors. Source: DerivedCoreProperties.txt.
_IGNORED = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180d\u180f\u3164\ufe00-\ufe0f\uffa0"
    "\U000e0100-\U000e01ef]"
)
# Pictures, as far as Python knows them without Unicode's data for emoji: what an emoji is made of
# stays, so that it is shown as one.
_PICTURE = "[\u00a9\u00ae\u203c-\u3299\U0001f000-\U0001faff]"
_OF_EMOJI = re.compile(
    f"(?<={_PICTURE})\ufe0f|(?:(?<={_PICTURE})|(?<={_PICTURE}\ufe0f))\u200d(?={_PICTURE})"
)
_PLAIN = re.compile(r"[\n\t -~]*")


def show_hidden(text: str) -> str:
    """Return the text with a mark, such as ``⟦U+202E⟧``, for each character that is not seen:
    controls, formats (among them all that change the direction), private and unassigned ones,
    separators of lines, blanks but the space, and whatever fonts ignore."""
    if _PLAIN.fullmatch(text):
        return text
    kept = {found.start() for found in _OF_EMOJI.finditer(text)}
    return "".join(
        f"⟦U+{ord(one):04X}⟧" if place not in kept and _is_hidden(one) else one
        for place, one in enumerate(text)
    )


def _is_hidden(character: str) -> bool:
    if character in "\n\t ":
        return False
    is_special = unicodedata.category(character)[0] in "CZ"
    return is_special or _IGNORED.match(character) is not None
