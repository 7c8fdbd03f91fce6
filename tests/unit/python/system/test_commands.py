"""The commands for files: what they print and change, and what they say if they fail."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from runt_pyodide.python.system.commands import COMMANDS, CannotRunError, run_for_os, run_line


class Terminal:
    """A folder with files in which lines are run."""

    def __init__(self, folder: Path, streams: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self._streams = streams
        for name in ("a.txt", "b.txt", ".hidden", "data/one.csv", "data/two.csv", "deep/er/x"):
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(f"{name}\n", "utf-8")

    def run(self, text: str) -> tuple[str, str, int]:
        """Return what the lines print, what they complain about, and the status."""
        status = run_line(text)
        printed, complaints = self._streams.readouterr()
        return printed, complaints, status

    def tree(self) -> set[str]:
        found = (path for path in self.folder.rglob("*") if not path.is_dir())
        return {path.relative_to(self.folder).as_posix() for path in found}


@pytest.fixture
def terminal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Terminal:
    monkeypatch.chdir(tmp_path)
    return Terminal(tmp_path, capsys)


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("ls", "a.txt  b.txt  data  deep\n"),
        ("ls -a -1", ".hidden\na.txt\nb.txt\ndata\ndeep\n"),
        ("ls -F --color=auto *.txt data", "a.txt  b.txt\n\ndata:\none.csv  two.csv\n"),
        ("ls -dF data", "data/\n"),
        ("ls -r1 data/*.csv", "data/two.csv\ndata/one.csv\n"),
        ("ls -R deep", "deep:\ner\n\ndeep/er:\nx\n"),
        ("ls -1S", None),
        ("cat a.txt b.txt", "a.txt\nb.txt\n"),
        ("cat -n a.txt data/one.csv", "     1\ta.txt\n     2\tdata/one.csv\n"),
        ("head -n 1 a.txt", "a.txt\n"),
        ("head -1 a.txt b.txt", "a.txt\n"),
        ("tail -1 a.txt b.txt", "b.txt\n"),
        ("tail -n 0 a.txt", ""),
        ("wc -l a.txt", "1 a.txt\n"),
        ("wc a.txt", "1 1 6 a.txt\n"),
        ("echo -n a  b '-n'", "a b -n"),
        ("echo --help", "--help\n"),
        ("rm -f none; echo $?x", "$?x\n"),
    ],
)
def test_what_is_looked_at_is_printed(terminal: Terminal, text: str, printed: str | None) -> None:
    said, complaints, status = terminal.run(text)
    assert (complaints, status) == ("", 0)
    assert said == printed or printed is None
    assert said or not printed


@pytest.mark.parametrize(
    ("text", "added", "gone"),
    [
        ("mkdir -p new/er && echo hi > new/er/file", {"new/er/file"}, set()),
        ("touch c a.txt", {"c"}, set()),
        ("rm a.txt .hidden", set(), {"a.txt", ".hidden"}),
        ("rm *.txt", set(), {"a.txt", "b.txt"}),
        ("rm -rf data none", set(), {"data/one.csv", "data/two.csv"}),
        ("rm -r -- data", set(), {"data/one.csv", "data/two.csv"}),
        ("cp a.txt c.txt", {"c.txt"}, set()),
        ("cp *.txt data", {"data/a.txt", "data/b.txt"}, set()),
        ("cp -r data other", {"other/one.csv", "other/two.csv"}, set()),
        ("cp -r data deep", {"deep/data/one.csv", "deep/data/two.csv"}, set()),
        ("mv a.txt c.txt", {"c.txt"}, {"a.txt"}),
        ("mv a.txt b.txt", set(), {"a.txt"}),
        ("mv data/*.csv .", {"one.csv", "two.csv"}, {"data/one.csv", "data/two.csv"}),
        (
            "mv data deep",
            {"deep/data/one.csv", "deep/data/two.csv"},
            {"data/one.csv", "data/two.csv"},
        ),
        ("mkdir e; rmdir e", set(), set()),
    ],
)
def test_files_are_changed_as_a_shell_would(
    terminal: Terminal, text: str, added: set[str], gone: set[str]
) -> None:
    before = terminal.tree()
    assert terminal.run(text) == ("", "", 0)
    assert terminal.tree() == (before | added) - gone


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("ls none", "ls: none: No such file or directory\n"),
        ("cat none", "cat: none: No such file or directory\n"),
        ("cat data", "cat: data: Is a directory\n"),
        ("cat", "cat: a name is needed\n"),
        ("mkdir data", "mkdir: data: File exists\n"),
        ("rmdir data", "rmdir: data: Directory not empty\n"),
        ("rm data", "rm: data: is a directory; rm -r removes it\n"),
        ("rm *.none", "rm: *.none: No such file or directory\n"),
        ("cp data x", "cp: data: is a directory; cp -r copies it\n"),
        ("cp a.txt", "cp: a source and a destination are needed\n"),
        ("cp a.txt b.txt none", "cp: none is not a directory\n"),
        ("mv none x", "mv: none: No such file or directory\n"),
        ("head -n x a.txt", "head: 'x' is not a number of lines\n"),
        ("cat -q a.txt", "cat: option -q not recognized. The options here are: -n\n"),
        ("echo a > data", "echo: data: Is a directory\n"),
    ],
)
def test_what_fails_is_told_and_changes_nothing(
    terminal: Terminal, text: str, complaint: str
) -> None:
    before = terminal.tree()
    assert terminal.run(text) == ("", complaint, 1)
    assert terminal.tree() == before


def test_commands_go_on_after_a_failure_unless_they_depend_on_it(terminal: Terminal) -> None:
    assert terminal.run("cat none; echo 1")[::2] == ("1\n", 0)
    assert terminal.run("cat none && echo 1 && echo 2")[::2] == ("", 1)
    assert terminal.run("echo 1 && cat none; echo 2")[0] == "1\n2\n"


def test_output_goes_to_a_file_or_its_end(terminal: Terminal) -> None:
    assert terminal.run("echo 1 > log\necho 2 >> log\ncat log") == ("1\n2\n", "", 0)
    assert terminal.run("echo 3 > log; cat log")[0] == "3\n"


def test_what_a_program_takes_has_a_name_a_line(terminal: Terminal) -> None:
    taken: list[str] = []
    assert run_line("ls", taken.append) == 0
    assert "".join(taken) == "a.txt\nb.txt\ndata\ndeep\n"
    assert terminal.run("ls > list; cat list")[0] == "a.txt\nb.txt\ndata\ndeep\nlist\n"


def test_a_system_call_returns_the_status_of_a_system(terminal: Terminal) -> None:
    assert run_for_os("ls") == 0
    assert run_for_os("cat none") == 256
    with pytest.raises(OSError, match="there is no git"):
        run_for_os("git log")


def test_a_long_list_says_what_each_file_is(terminal: Terminal) -> None:
    os.chmod("a.txt", 0o640)
    Path("big").write_bytes(bytes(2_500_000))
    first, big, *_ = terminal.run("ls -lh a.txt big; ll b.txt")[0].splitlines()
    assert first.startswith(stat.filemode(stat.S_IFREG | 0o640))
    assert first.split()[1] == "6"
    assert big.split()[1] == "2.4M"


@pytest.mark.parametrize("text", ["git clone x", "ls | wc", "ls && make", "cat 'a", "pip list"])
def test_what_cannot_run_is_refused_before_anything_runs(terminal: Terminal, text: str) -> None:
    before = terminal.tree()
    with pytest.raises(
        CannotRunError, match="This cannot be run in a notebook for the browser: "
    ) as caught:
        terminal.run(f"rm *.txt\n{text}")
    assert all(name in str(caught.value) for name in COMMANDS)
    assert terminal.tree() == before
