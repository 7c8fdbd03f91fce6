"""What a system without processes, threads and sockets answers."""

from __future__ import annotations

import errno
import importlib
import json
import subprocess
import sys
from urllib.error import URLError

from runt_pyodide.python.system import lacking

# A Python whose system refuses what Emscripten refuses, in the words of both; it runs the sources
# that it is given, and tells of each the type, the text and the frames of what it raises.
_REFUSING = """
import _thread, errno, json, linecache, os, subprocess, sys, threading

def no_thread(*_, **__):
    raise RuntimeError("can't start new thread")

def no_process(*_, **__):
    raise OSError(errno.ENOSYS, "Function not implemented")

def no_popen(*_, **__):
    raise OSError(errno.ENOTSUP, "emscripten does not support processes.")

for name in ("start_joinable_thread", "start_new_thread", "start_new"):
    if hasattr(_thread, name):
        setattr(_thread, name, no_thread)
    if hasattr(threading, f"_{name}"):
        setattr(threading, f"_{name}", no_thread)
os.fork = no_process
subprocess.Popen.__init__ = no_popen
sys.modules["_multiprocessing"] = None

from runt_pyodide.python.system import lacking
from runt_pyodide.python.tracebacks import build_error

lacking.explain_refusals()

def fail(source):
    linecache.cache["Cell In[1]"] = (len(source), None, source.splitlines(True), "Cell In[1]")
    try:
        exec(compile(source, "Cell In[1]", "exec"), {})
    except BaseException as error:
        ours = os.path.dirname(lacking.__file__)
        made = build_error(error.with_traceback(error.__traceback__.tb_next), (ours,))
        frames = [one.split(",")[0].strip() for one in made.traceback if "  File" in one]
        return [made.ename, f"{made.evalue} {made.advice}".strip(), *frames]

print(json.dumps([fail(source) for source in json.load(sys.stdin)]))
"""


def fail(*sources: str) -> list[list[str]]:
    done = subprocess.run(
        [sys.executable, "-c", _REFUSING],
        input=json.dumps(sources),
        capture_output=True,
        text=True,
        timeout=100,
    )
    assert done.stderr == ""
    answers: list[list[str]] = json.loads(done.stdout)
    return answers


THREADS = "Call the function itself, or write it with async and await"
PROCESSES = "Processes cannot be started in the browser, nor threads."
PROGRAMS = "Programs cannot be started in the browser."


REFUSED = [
    ("import threading\nthreading.Thread(target=print).start()", "RuntimeError", THREADS),
    ("import _thread\n_thread.start_new_thread(print, ())", "RuntimeError", THREADS),
    (
        "from concurrent.futures import ThreadPoolExecutor\n"
        "with ThreadPoolExecutor() as pool:\n    list(pool.map(abs, [1]))",
        "RuntimeError",
        THREADS,
    ),
    ("import threading\nthreading.Timer(1, print).start()", "RuntimeError", THREADS),
    ("import multiprocessing\nmultiprocessing.Pool(2)", "ModuleNotFoundError", PROCESSES),
    ("import multiprocessing as m\nm.Process(target=print).start()", "OSError", PROCESSES),
    (
        "import multiprocessing as m\nm.get_context('fork').Queue()",
        "ModuleNotFoundError",
        PROCESSES,
    ),
    (
        "from concurrent.futures import ProcessPoolExecutor\nProcessPoolExecutor()",
        "ModuleNotFoundError",  # NotImplementedError in the browser
        PROCESSES,
    ),
    ("import os\nos.fork()", "OSError", PROCESSES),
    ("import subprocess\nsubprocess.run(['ls'])", "OSError", PROGRAMS),
    ("import subprocess\nsubprocess.check_output('ls', shell=True)", "OSError", PROGRAMS),
    ("import os\nos.popen('ls')", "OSError", PROGRAMS),
]


def test_a_refusal_says_what_to_do_once_and_where_it_was_asked() -> None:
    answers = fail(*(source for source, *_ in REFUSED))
    for (source, ename, sentence), (said, text, *frames) in zip(REFUSED, answers, strict=True):
        assert said == ename, source
        assert sentence in text, source
        assert set(frames) == {'File "Cell In[1]"'}, source


def test_a_module_that_is_not_here_says_so_without_the_librarys_frames() -> None:
    [(ename, text, *frames)] = fail("from multiprocessing.pool import ThreadPool")
    assert (ename, frames) == ("ModuleNotFoundError", ['File "Cell In[1]"'])
    error = ModuleNotFoundError(text, name="_multiprocessing")
    assert lacking.advice_on_module(ModuleNotFoundError("no", name="nt")).startswith(
        "The module nt of Python's standard library is not available"
    )
    assert lacking.advice_on_module(ModuleNotFoundError("no", name="numpy")) == ""
    assert lacking.advice_on_module(ValueError(str(error))) == ""


def test_an_error_that_is_no_refusal_stays() -> None:
    thread = "import threading\nt = threading.Thread(target=print)\nt._started.set()\nt.start()"
    started, asked = fail(
        thread, "import multiprocessing\nmultiprocessing.Process(1, 2, 3, 4, 5, 6)"
    )
    assert started[:2] == ["RuntimeError", "threads can only be started once"]
    assert asked[0] == "TypeError"


def test_a_refusal_keeps_its_number() -> None:
    refused = lacking.refusal(OSError(errno.ENOSYS, "Function not implemented"), "Do this.")
    assert (str(refused), refused.errno) == ("Do this.", errno.ENOSYS)
    assert lacking.is_refusal(refused)
    assert lacking.is_refusal(URLError(refused))
    assert not lacking.is_refusal(URLError("Do this."))
    assert not lacking.is_refusal(OSError("Do this."))


def test_each_place_is_one_of_pythons_own() -> None:
    """Of a module that this Python has; some are of newer or older ones, or of other systems."""
    places = [one for one in (*lacking._PLACES, *lacking._PRETENDED) if "pyodide" not in one[0]]
    found = {
        f"{module}.{name}"
        for module, names, _ in places
        for name in names
        if has(importlib.import_module(module), name)
    }
    missing = {f"{module}.{name}" for module, names, _ in places for name in names} - found
    assert {one.partition(".")[0] for one in missing} <= {"threading", "_thread"}
    assert len(missing) <= 2


def has(owner: object, name: str) -> bool:
    for part in name.split("."):
        if not hasattr(owner, part):
            return False
        owner = getattr(owner, part)
    return True
