"""The wheel installs and is imported in the browser's Python."""

from typing import Any

from pytest_pyodide import run_in_pyodide

from runt_pyodide import __version__


@run_in_pyodide(packages=["micropip"])
async def install_from(selenium: Any, index: str) -> tuple[str, str]:
    import micropip

    await micropip.install("runt-pyodide", index_urls=index)
    import runt_pyodide

    return runt_pyodide.__version__, micropip.list()["runt-pyodide"].source


def test_micropip_installs_the_wheel_from_the_static_site(
    selenium_standalone: Any, site: str
) -> None:
    version, source = install_from(selenium_standalone, f"{site}/pypi/simple")
    assert (version, source) == (__version__, "pypi")  # the lock file's would be "pyodide"


@run_in_pyodide
def test_package_is_there_for_the_tests(selenium_runt: Any) -> None:
    import sys

    import pydantic

    import runt_pyodide

    assert sys.platform == "emscripten"
    assert runt_pyodide.__file__.startswith("/lib/python3.14/site-packages/")
    assert pydantic.VERSION.startswith("2.")
