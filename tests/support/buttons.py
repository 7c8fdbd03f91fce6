"""The buttons in the HTML of a cell's output, as they are once its run has answered."""

from __future__ import annotations

import json
import re
from html import unescape
from html.parser import HTMLParser
from typing import Any


def live(html: str) -> str:
    """The HTML as it is once the run has answered: with the parts that the handlers add."""

    def add(found: re.Match[str]) -> str:
        script = unescape(found[1])
        at = script.index("place.outerHTML = ") + len("place.outerHTML = ")
        return str(json.JSONDecoder().raw_decode(script, at)[0])

    return re.sub(r'<style onload="([^"]*)">[^<]*</style>', add, html)


class Elements(HTMLParser):
    """The elements of a text, with their attributes, and the text between them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.names: list[str] = []
        self.scripts: list[str] = []
        self.text = ""
        self.feed(live(html))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.append(tag)
        self.scripts += [value or "" for name, value in attrs if name == "onclick"]

    def handle_data(self, data: str) -> None:
        self.text += data


def messages(html: str) -> list[dict[str, Any]]:
    """What each button posts."""
    scripts = Elements(html).scripts
    decoder = json.JSONDecoder()
    return [decoder.raw_decode(script, script.index("{"))[0] for script in scripts]
