"""Every magic that IPython has: it works, or one sentence says why not and what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from runt_pyodide.errors import CellError
from tests.support.stages.python_page import Page

WORKS = ""
NO_WINDOWS = "are shown below the cell: write %matplotlib inline"
# Each magic of a line: what stands after it, and what the sentence says if it does not work.
LINES: dict[str, list[tuple[str, str]]] = {
    "ai": [("models", "begins with %%ai")],
    "alias": [("", WORKS)],
    "alias_magic": [("t timeit", WORKS)],
    "autoawait": [("", WORKS)],
    "autocall": [("", WORKS)],
    "automagic": [("", WORKS)],
    "autosave": [("60", "every change is passed to the page at once")],
    "bookmark": [("-l", WORKS)],
    "cd": [(".", WORKS)],
    "clear": [("", "clear the outputs")],
    "code_wrap": [("", WORKS)],
    "colors": [("Linux", WORKS)],
    "conda": [("install x", "%pip install")],
    "config": [("", WORKS)],
    "connect_info": [("", "runs within the page")],
    "cpaste": [("", "Ctrl")],
    "dhist": [("", WORKS)],
    "dirs": [("", WORKS)],
    "doctest_mode": [("", WORKS)],
    "ed": [("", "%load FILE")],
    "edit": [("-x file.py", "%load FILE")],
    "env": [("HOME", WORKS)],
    "gui": [("", WORKS), ("asyncio", WORKS), ("qt", NO_WINDOWS)],
    "hist": [("-n 1", WORKS)],
    "history": [("-g x", WORKS), ("-l 2", WORKS)],
    "killbgscripts": [("", WORKS)],
    "load": [("file.py", WORKS), ("nothing.py", "was not found")],
    "load_ext": [("nothing", "No module named")],
    "loadpy": [("file.py", WORKS)],
    "logoff": [("", WORKS)],
    "logon": [("", WORKS)],
    "logstart": [("", WORKS)],
    "logstate": [("", WORKS)],
    "logstop": [("", WORKS)],
    "lsmagic": [("", WORKS)],
    "macro": [("m 1", WORKS)],
    "magic": [("", WORKS)],
    "mamba": [("install x", "%pip install")],
    "man": [("ls", "help(name)")],
    "matplotlib": [
        ("inline", "%pip install matplotlib"),
        ("qt", NO_WINDOWS),
        ("widget", NO_WINDOWS),
    ],
    "micromamba": [("install x", "%pip install")],
    "notebook": [("x.ipynb", "export it from the page's menu")],
    "page": [("x", WORKS)],
    "paste": [("", "Ctrl")],
    "pastebin": [("1", "Copy the cells")],
    "pdb": [("off", WORKS), ("on", WORKS), ("", WORKS)],
    "pdef": [("f", WORKS)],
    "pdoc": [("f", WORKS)],
    "pfile": [("f", WORKS)],
    "pinfo": [("f", WORKS)],
    "pinfo2": [("f", WORKS)],
    "pip": [("list", WORKS)],
    "popd": [("", "empty stack")],
    "pprint": [("", WORKS)],
    "precision": [("3", WORKS)],
    "prun": [("-q 1", WORKS)],
    "psearch": [("x*", WORKS)],
    "psource": [("f", WORKS)],
    "pushd": [(".", WORKS)],
    "pwd": [("", WORKS)],
    "pycat": [("file.py", WORKS)],
    "pylab": [("inline", "%pip install matplotlib"), ("tk", NO_WINDOWS)],
    "qtconsole": [("", "runs within the page")],
    "quickref": [("", WORKS)],
    "recall": [("1", WORKS)],
    "rehashx": [("", "no programs")],
    "reload_ext": [("nothing", "No module named")],
    "rep": [("1", WORKS)],
    "rerun": [("1", WORKS), ("-g f", WORKS)],
    "reset": [("-f", WORKS)],
    "reset_selective": [("-f nothing", WORKS)],
    "run": [("file.py", WORKS)],
    "save": [("-f saved.py 1", WORKS)],
    "set_env": [("A_TEST 1", WORKS)],
    "subshell": [("", "runs within the page")],
    "tb": [("", WORKS)],
    "time": [("1", WORKS)],
    "timeit": [("-n1 -r1 1", WORKS)],
    "unalias": [("nothing", WORKS)],
    "unload_ext": [("nothing", WORKS)],
    "uv": [("pip install x", "%pip install")],
    "who": [("", WORKS)],
    "who_ls": [("", WORKS)],
    "whos": [("", WORKS)],
    "xdel": [("x", WORKS)],
    "xmode": [("Minimal", WORKS)],
}
# Each magic of a cell: the rest of its line, and what stands below it.
CELLS: dict[str, tuple[str, str]] = {
    "HTML": ("", "<b>"),
    "SVG": ("", "<svg/>"),
    "capture": ("out", "print(1)"),
    "code_wrap": ("before", "__code__"),
    "file": ("w.txt", "a"),
    "html": ("", "<b>"),
    "javascript": ("", "alert()"),
    "js": ("", "alert()"),
    "latex": ("", "$x$"),
    "markdown": ("", "*a*"),
    "prun": ("-q", "1"),
    "svg": ("", "<svg/>"),
    "time": ("", "1"),
    "timeit": ("-n1 -r1", "1"),
    "writefile": ("w2.txt", "a"),
}
# What a shell would do, or a debugger: tested with the shell.
ELSEWHERE = {
    *("cat", "cp", "ldir", "lf", "lk", "ll", "ls", "lx", "mkdir", "more", "less", "mv", "rm"),
    *(
        "rmdir",
        "echo",
        "head",
        "tail",
        "touch",
        "wc",
        "sc",
        "sx",
        "system",
        "debug",
        "!",
        "bash",
        "sh",
        "script",
        "perl",
        "pypy",
        "ruby",
    ),
    *("python", "python2", "python3"),
}


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("A_TEST", raising=False)
    Path("file.py").write_text("y = 1\n")


@pytest.fixture
async def ready(page: Page, home: None) -> Page:
    await page.run("x = 1\ndef f(): 'Its doc.'")
    return page


@pytest.mark.parametrize(
    ("magic", "rest", "sentence"),
    [(magic, rest, said) for magic, cases in LINES.items() for rest, said in cases],
)
async def test_a_magic_of_a_line(ready: Page, magic: str, rest: str, sentence: str) -> None:
    source = f"%{magic} {rest}"
    if sentence is WORKS:
        await ready.run(source, 2)
        return
    with pytest.raises(CellError) as caught:
        await ready.run(source, 2)
    said = caught.value.message
    assert sentence in f"{said} {caught.value.advice}"
    assert "\n" not in said


@pytest.mark.parametrize("magic", CELLS)
async def test_a_magic_of_a_cell(ready: Page, magic: str) -> None:
    rest, below = CELLS[magic]
    await ready.run(f"%%{magic} {rest}\n{below}", 2)


async def test_every_magic_is_told_of_here(ready: Page) -> None:
    shell = (await ready.cell.namespace())["get_ipython"]()  # type: ignore[operator]
    magics = shell.magics_manager.lsmagic()
    assert {*magics["line"]} - ELSEWHERE == {*LINES}
    assert {*magics["cell"]} - ELSEWHERE == {*CELLS}


async def test_the_last_error_is_printed_and_does_not_end_the_cell(ready: Page) -> None:
    with pytest.raises(CellError):
        await ready.run("1 / 0", 2)
    await ready.run("%tb\nprint('after')", 3)
    assert "Cell In[2]" in ready.printed()
    assert ready.printed().endswith("ZeroDivisionError: division by zero\nafter\n")


@pytest.mark.parametrize("source", ["%matplotlib inline", "1\n%matplotlib inline", "%pylab inline"])
async def test_matplotlib_is_loaded_for_its_magics(
    page: Page, source: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    async def load_imports(imports: str, _say: object) -> None:
        asked.append(imports)

    monkeypatch.setattr(page.packages, "load_imports", load_imports)
    with pytest.raises(CellError, match="matplotlib"):
        await page.run(source)
    assert asked[0].endswith("\nimport matplotlib")
    await page.run("'%matplotlib inline'", 2)
    assert "import matplotlib" not in asked[1]
