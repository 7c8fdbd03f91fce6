"""Secrets of other services are covered; hashes, base64 and words are not. The secrets are made up
here, from parts, so that no scanner takes this file for one that holds any."""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha1, sha256
from random import Random
from time import process_time

import pytest

from runt_pyodide.llm.secret_shapes.cover import cover_secrets, shapes
from tests.support.pictures import PNG, base64_of

_RANDOM = Random(17)


def _of(characters: str, count: int) -> str:
    return "".join(_RANDOM.choices(characters, k=count))


HEX = "0123456789abcdef"
UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
ANY = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"

SECRETS = [
    "AKIA" + _of(UPPER, 16),
    "ASIA" + _of(UPPER, 16),
    "ABSK" + _of(ANY, 120) + "==",
    "xoxb-" + _of("0123456789", 12) + "-" + _of(ANY, 24),
    "xoxe.xoxp-" + "1-" + _of(ANY, 160),
    "xapp-1-A0" + _of(UPPER, 9) + "-" + _of("0123456789", 13) + "-" + _of(HEX, 64),
    "glpat-" + _of(ANY, 20),
    "glrt-t1_" + _of(ANY, 27) + ".01." + _of(HEX, 9),
    "GR1348941" + _of(ANY, 20),
    "eyJhbGciOiJIUzI1NiJ9." + "eyJ" + _of(ANY, 40) + "." + _of(ANY, 43),
    "eyJhbGciOiJkaXIi" + "fQ.." + _of(ANY, 16) + "." + _of(ANY, 60) + "." + _of(ANY, 22),
    "GOCSPX-" + _of(ANY, 28),
    "ya29." + _of(ANY, 60),
    "sk_live_" + _of(ANY, 24),
    "whsec_" + _of(ANY, 32),
    "hf_" + _of("abcdefXYZ", 34),
    "SK" + _of(HEX, 32),
    "SG." + _of(ANY, 22) + "." + _of(ANY, 43),
    _of(HEX, 32) + "-us12",
    "npm_" + _of(ANY, 36),
    "pypi-AgE" + _of(ANY, 60),
    "rubygems_" + _of(HEX, 48),
    "dckr_pat_" + _of(ANY, 27),
    "dop_v1_" + _of(HEX, 64),
    "dapi" + _of(HEX, 32),
    _of(ANY, 3) + "8Q~" + _of(ANY, 34),
    "123456789:AA" + _of(ANY, 33),
    "MTA4NDU2" + _of(ANY, 18) + "." + _of(ANY, 6) + "." + _of(ANY, 38),
    "shpat_" + _of(HEX, 32),
    "sq0atp-" + _of(ANY, 22),
    "HRKU-AA" + _of(ANY, 58),
    "lin_api_" + _of(ANY, 40),
    "ntn_" + _of(ANY, 46),
    "pat" + _of(ANY, 14) + "." + _of(HEX, 64),
    "figd_1" + _of(ANY, 40),
    "dp.pt." + _of(ANY, 43),
    "hvs." + _of(ANY, 90),
    _of(ANY, 14) + ".atlasv1." + _of(ANY, 64),
    "glsa_" + _of(ANY, 32) + "_" + _of(HEX, 8),
    "sntryu_" + _of(HEX, 64),
    "PMAK-" + _of(HEX, 24) + "-" + _of(HEX, 34),
    "pscale_tkn_" + _of(ANY, 43),
    "sbp_" + _of(HEX, 40),
    "ATATT3" + _of(ANY, 180),
    "nfp_" + _of(ANY, 36),
    "fo1_" + _of(ANY, 43),
    "tskey-auth-" + _of(ANY, 30),
    "pul-" + _of(HEX, 40),
    "NRAK-" + _of(UPPER, 27),
    "AGE-SECRET-KEY-1" + _of(UPPER, 58),
    "pplx-1" + _of(ANY, 47),
]
# What is known by its surroundings, which stay.
PARTS = [
    ("AWS_SECRET_ACCESS_KEY={}", _of(ANY + "/+", 40)),
    ('{{"aws_secret_access_key": "{}"}}', _of(ANY, 40)),
    ("os.environ['AWS_SESSION_TOKEN'] = '{}'", _of(ANY, 300)),
    ("https://hooks.slack.com/services/{}", "T0" + _of(ANY, 8) + "/B0" + _of(ANY, 9)),
    ("-----BEGIN RSA PRIVATE KEY-----{}-----END RSA PRIVATE KEY-----", "\n" + _of(ANY, 200) + "\n"),
    ("-----BEGIN PRIVATE KEY-----{}", "\ncut off " + _of(ANY, 60)),
    ("DefaultEndpointsProtocol=https;AccountKey={};x", _of(ANY, 86) + "=="),
    ("postgresql+asyncpg://ann:{}@db.example.com:5432/x", "hunter2"),
    ("redis://:{}@localhost:6379", "p%40ss"),
    ("see https://ann:{}@example.com/a", "p@ss:w0rd"),
]
# Of JSON, of a repr, and of terminals, in JSON too.
ESCAPES = ["\\n", "\\t", "\\\\n", "\\u00e9", "\\x1b", "\x1b[32m", "\x1b[m", "\\u001b[1;32m"]
WORDS = [
    sha256(b"x").hexdigest(),
    sha1(b"x").hexdigest(),
    f"sha512-{b64encode(sha256(b'y').digest()).decode()}",
    "123e4567-e89b-12d3-a456-426614174000",
    base64_of(PNG),
    b64encode(Random(1).randbytes(30_000)).decode(),
    "git@github.com:ann/x.git",
    "https://example.com:8080/~ann@home?to=a@b.c#d:e@f",
    'f"postgres://ann:{password}@host"',
    "postgres://ann:$PASSWORD@host",
    "postgres://user:<password>@host",
    "redis://:****@host",
    "-----BEGIN PUBLIC KEY-----\nabc\n-----END PUBLIC KEY-----",
    "-----BEGIN CERTIFICATE-----\nabc\n-----END CERTIFICATE-----",
    "glossary-of-all-the-words-that-are-used-here",
    "secret_access_key = get_the_secret_access_key_from_the_vault()",
    "session_token = request.cookies['a-session-token-of-the-request']",
    "eyJhbGciOiJIUzI1NiJ9",
    "npm_config_registry_and_a_long_name_of_a_variable",
    "figures_1 = plot_all_of_the_figures_that_there_are_in_this_folder()",
    "Monomorphization.module.function_name_of_thirty_letters",
]


@pytest.mark.parametrize("secret", SECRETS)
def test_a_secret_is_covered(secret: str) -> None:
    for before, after in (('KEY = "', '"'), ("", ""), ("x: ", ", and"), ("?token=", "&y")):
        assert cover_secrets(before + secret + after, "[key]") == f"{before}[key]{after}"


@pytest.mark.parametrize("escape", ESCAPES)
@pytest.mark.parametrize("secret", SECRETS)
def test_an_escape_before_a_secret_is_no_part_of_it(secret: str, escape: str) -> None:
    for before in (escape, f"word{escape}"):
        assert cover_secrets(before + secret, "[key]") == f"{before}[key]"


@pytest.mark.parametrize(("around", "secret"), PARTS)
def test_of_what_surrounds_a_secret_nothing_goes(around: str, secret: str) -> None:
    assert cover_secrets(around.format(secret), "[key]") == around.format("[key]")


@pytest.mark.parametrize("text", WORDS)
def test_hashes_base64_and_words_stay(text: str) -> None:
    assert cover_secrets(text, "[key]") == text


def test_each_shape_has_an_example_and_a_source() -> None:
    examples = SECRETS + [around.format(secret) for around, secret in PARTS]
    for shape in shapes():
        assert any(list(shape.find(text)) for text in examples), shape.name
        assert shape.source.startswith("https://")


def test_covering_twice_is_covering_once() -> None:
    text = "\n".join(SECRETS + [around.format(secret) for around, secret in PARTS])
    covered = cover_secrets(text, "[key]")
    assert cover_secrets(covered, "[key]") == covered


@pytest.mark.parametrize("shape", shapes(), ids=lambda shape: shape.name)
def test_the_time_is_linear(shape: object) -> None:
    keyword = shape.keywords[0]  # type: ignore[attr-defined]

    def seconds(count: int) -> float:
        texts = [
            keyword,
            keyword + "a",
            keyword + "1-",
            keyword + ":a",
            f"{keyword} ",
            f".{keyword}=",
        ]
        began = process_time()
        for text in texts:
            cover_secrets(text * count, "[key]")
        return process_time() - began

    seconds(10)
    assert seconds(4_000) < 25 * seconds(400) + 0.1
