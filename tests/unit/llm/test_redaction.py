"""Keys are redacted, known ones and what looks like one; words are kept."""

from __future__ import annotations

import json

import pytest

from runt_pyodide.llm.redaction import (
    MARK,
    Redactor,
    equal_but_for_keys,
    part_credentials,
    restore_credentials,
    secrets_of_credentials,
    secrets_of_fields,
)
from tests.support.data import DATA


@pytest.mark.parametrize(
    "key",
    [
        "sk-proj-abcdefghij0123456789_-xyz",
        "sk-ant-api03-abcdefghijklmnop",
        "sk-or-v1-0123456789abcdef0123",
        "gsk_abcdefghij0123456789",
        "hf_abcdefghij0123456789",
        "xai-abcdefghij0123456789",
        "ghp_abcdefghij0123456789abcdefghij012345",
        "AIza" + "Sy0" * 11 + "ab",
    ],
)
def test_what_looks_like_a_key_goes(key: str) -> None:
    assert Redactor().text(f'os.environ["KEY"] = "{key}"') == 'os.environ["KEY"] = "[key]"'
    for before in ('{"stdout": "a\\n', "'\\x1b[1m", "\x1b[32m"):
        assert Redactor().text(before + key) == f"{before}[key]"


def test_a_pasted_header_loses_its_token() -> None:
    text = "Authorization: Bearer abc.def0123456789/xyz==, then"
    assert Redactor().text(text) == "Authorization: Bearer [key], then"


@pytest.mark.parametrize(
    "text",
    [
        "pip install sk-learn-contributed-estimators",
        "task-list-0123456789abcdefghij",
        "The bearer of this letter",
        "gAAAAAsk-0123456789abcdefghij",
    ],
)
def test_words_and_base64_stay(text: str) -> None:
    assert Redactor().text(text) == text


def test_a_known_secret_goes_wherever_it_stands() -> None:
    redactor = Redactor(["correct horse (battery)", ""])
    assert redactor.text("xcorrect horse (battery)x") == "x[key]x"


def test_a_short_stand_in_goes_as_a_whole_word_alone() -> None:
    assert Redactor(["x"]).text("key=x, an example") == "key=[key], an example"


def test_the_longer_of_two_secrets_goes_whole() -> None:
    assert Redactor(["secret-a", "secret-abc"]).text("secret-abc") == "[key]"


def test_json_is_walked_names_included() -> None:
    value = {"a": ["secret-1", 2, None, {"secret-1": True}]}
    assert Redactor(["secret-1"]).json(value) == {"a": ["[key]", 2, None, {"[key]": True}]}


@pytest.mark.parametrize(
    ("recorded", "asked", "equal"),
    [
        ("a", "a", True),
        ("a", "b", False),
        ("key = [key]\n(end)", "key = hunter2\n(end)", True),
        ("key = [key]\n(end)", "key = hunter2\n(End)", False),
        ("use [key]", "use no hunter2", False),
        ("[key]", "", False),
        ("[key]", "[key]", True),
    ],
)
def test_a_mark_stands_for_any_word(recorded: str, asked: str, equal: bool) -> None:
    assert equal_but_for_keys(recorded, asked) is equal


def test_a_secret_is_found_as_urls_and_json_write_it() -> None:
    redactor = Redactor(['pass"word/1'])
    for text in ("x?key=pass%22word%2F1", 'say {"key": "pass\\"word/1"}', 'pass"word/1'):
        assert "word" not in redactor.text(text)


@pytest.mark.parametrize(
    ("url", "rest", "credentials"),
    [
        ("https://host/v1", "https://host/v1", ""),
        ("https://ann:pw@host:1/v1", "https://host:1/v1", "ann:pw"),
        ("HTTP://ann:p@w@host", "HTTP://host", "ann:p@w"),
        ("ann:pw@host:1/v1", "host:1/v1", "ann:pw"),
        (" //token@host", " //host", "token"),
        # Not a host that can be parsed, and yet nothing of it may be shown.
        ("http://ann:pw@[::1/v1", "http://[::1/v1", "ann:pw"),
        ("https://host/~ann@home?to=a@b#c@d", "https://host/~ann@home?to=a@b#c@d", ""),
        ("https://host?to=a@b", "https://host?to=a@b", ""),
    ],
)
def test_credentials_are_parted_from_a_url(url: str, rest: str, credentials: str) -> None:
    assert part_credentials(url) == (rest, credentials)
    if "://" in rest:
        assert restore_credentials(rest, credentials) == url


def test_the_secrets_of_credentials() -> None:
    secrets = {*secrets_of_credentials("ann:p%40ss")}
    assert secrets == {"ann:p%40ss", "ann:p@ss", "YW5uOnBAc3M=", "p%40ss", "p@ss"}
    assert "token" in {*secrets_of_credentials("token")} & {*secrets_of_credentials("token:")}
    assert [*secrets_of_credentials("")] == []


def test_fields_are_secret_by_their_names() -> None:
    fields = {"api-key": "a", "X-Auth-Token": "b", "api-version": "c", "HTTP-Referer": "d"}
    assert [*secrets_of_fields(fields)] == ["a", "b"]


def test_what_is_opaque_only_loses_known_secrets() -> None:
    value = {"state": {"signature": ["sk-0123456789abcdefghij", "s3cret-word"]}}
    redacted = Redactor(["s3cret-word"]).json(value, ("state",))
    assert redacted["state"] == {"signature": ["sk-0123456789abcdefghij", MARK]}


ECHOES = json.loads((DATA / "secret-forms.json").read_text("utf-8"))


@pytest.mark.parametrize("who", ECHOES["forms"])
def test_a_secret_is_found_as_others_write_it(who: str) -> None:
    form = ECHOES["forms"][who]
    assert Redactor([ECHOES["secret"]]).text(f"a {form} b") == f"a {MARK} b"
