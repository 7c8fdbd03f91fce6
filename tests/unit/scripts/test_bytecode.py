"""Wheels with bytecode in place of some of their modules."""

import base64
import csv
import hashlib
import subprocess
import sys
import zipfile
from pathlib import Path

from scripts.bytecode.archives import compile_archive

FOLDER = "/lib/site-packages"
MEMBERS = {
    "one/__init__.py": "from .two import name\n",
    "one/two.py": "name = 'two'\ndef fail(): raise ValueError(name)\n",
    "one/data.txt": "text",
    "one-1.dist-info/METADATA": "Name: one\n",
    "one-1.dist-info/RECORD": "one/two.py,,\n",
}


def make_wheel(folder: Path) -> Path:
    path = folder / "one-1-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in MEMBERS.items():
            archive.writestr(name, text)
    return path


def test_only_the_named_modules_are_compiled(tmp_path: Path) -> None:
    wheel = make_wheel(tmp_path)
    compile_archive(wheel, FOLDER, {f"{FOLDER}/one/two.py", "/elsewhere/one/__init__.py"})
    with zipfile.ZipFile(wheel) as archive:
        assert sorted(archive.namelist()) == [
            "one-1.dist-info/METADATA",
            "one-1.dist-info/RECORD",
            "one/__init__.py",
            "one/data.txt",
            "one/two.pyc",
        ]


def test_the_module_works_and_its_traceback_names_the_place(tmp_path: Path) -> None:
    wheel = make_wheel(tmp_path)
    compile_archive(wheel, FOLDER, {f"{FOLDER}/one/two.py"})
    code = "import sys; sys.path.insert(0, sys.argv[1]); import one.two; one.two.fail()"
    ran = subprocess.run([sys.executable, "-c", code, wheel], capture_output=True, text=True)
    assert f'File "{FOLDER}/one/two.py", line 2, in fail' in ran.stderr
    assert ran.stderr.endswith("ValueError: two\n")


def test_the_record_lists_what_is_there(tmp_path: Path) -> None:
    wheel = make_wheel(tmp_path)
    compile_archive(wheel, FOLDER, {f"{FOLDER}/one/two.py"})
    with zipfile.ZipFile(wheel) as archive:
        record = archive.read("one-1.dist-info/RECORD").decode()
        lines = {path: (digest, size) for path, digest, size in csv.reader(record.splitlines())}
        assert lines.keys() == set(archive.namelist())
        assert lines.pop("one-1.dist-info/RECORD") == ("", "")
        for path, (digest, size) in lines.items():
            content = archive.read(path)
            sha256 = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).decode()
            assert (digest, size) == (f"sha256={sha256.rstrip('=')}", str(len(content)))
