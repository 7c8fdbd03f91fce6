"""Lines of a shell: words, quotes, patterns, targets, and what takes a real shell."""

from __future__ import annotations

from pathlib import Path

import pytest

from runt_pyodide.python.system.command_line import ShellSyntaxError, parse


def read(text: str) -> list[list[str]]:
    return [[one.name, *one.arguments()] for one in parse(text)]


@pytest.mark.parametrize(
    ("text", "commands"),
    [
        ("", []),
        ("  \n # a remark", []),
        ("ls", [["ls"]]),
        ("ls -l  'a b' \"c d\" e\\ f", [["ls", "-l", "a b", "c d", "e f"]]),
        ("echo it's'' # not this", None),
        ('echo a"b c"d \'"\' "\'" # remark', [["echo", "ab cd", '"', "'"]]),
        ("mkdir a && ls; pwd\ncat b", [["mkdir", "a"], ["ls"], ["pwd"], ["cat", "b"]]),
        ("cat a\\\n b", [["cat", "a", "b"]]),
        ("echo '*' \"?\" \\[a]", [["echo", "*", "?", "[a]"]]),
    ],
)
def test_words_are_those_of_a_shell(text: str, commands: list[list[str]] | None) -> None:
    if commands is None:
        with pytest.raises(ShellSyntaxError, match="the quote ' is not closed"):
            parse(text)
    else:
        assert read(text) == commands


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("ls | wc", r"\| takes a real shell"),
        ("ls || pwd", r"\|\| takes a real shell"),
        ("sleep 9 &", "& takes a real shell"),
        ("cat < a", "< takes a real shell"),
        ("echo `pwd`", "` takes a real shell"),
        ("echo $(pwd)", r"\( takes a real shell"),
        ("ls >", "the file after > is missing"),
        ("ls >> ; pwd", "the file after >> is missing"),
    ],
)
def test_what_takes_a_real_shell_is_named(text: str, reason: str) -> None:
    with pytest.raises(ShellSyntaxError, match=reason):
        parse(text)


def test_patterns_and_variables_stand_for_what_there_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", "/home/me")
    monkeypatch.setenv("NAME", "*.txt")
    for name in ("b.txt", "a.txt", "c d.txt", "[x].txt", "e.csv"):
        (tmp_path / name).touch()
    assert read("ls *.txt")[0][1:] == ["[x].txt", "a.txt", "b.txt", "c d.txt"]
    assert read("ls 'c d'.*  [ab].txt \"[x]\".t* *.none")[0][1:] == [
        *("c d.txt", "a.txt", "b.txt", "[x].txt", "*.none"),
    ]
    assert read("ls ~/x '~' \"$HOME\" '$HOME' \"$NAME\"")[0][1:] == [
        *("/home/me/x", "~", "/home/me", "$HOME", "*.txt"),
    ]


def test_a_command_knows_its_target_and_whether_it_is_conditional() -> None:
    first, second, third = parse("echo a > 'the file' && echo b >> c\necho d")
    assert (first.target, first.mode, first.is_conditional) == ("the file", "w", False)
    assert (second.target, second.mode, second.is_conditional) == ("c", "a", True)
    assert (third.target, third.is_conditional) == (None, False)
