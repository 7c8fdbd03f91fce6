"""The wheel in notebooks that people already use (JupyterLite, PyScript, marimo), in Chromium."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from scripts.paths import LITE, SITE
from scripts.serve import serving
from tests.support.browser.fixtures import browser_type_launch_args, patient_expectations
from tests.support.fixtures import llm_server
from tests.support.lab import INSTALL, Lab

__all__ = ["browser_type_launch_args", "llm_server", "patient_expectations"]


@pytest.fixture(scope="session")
def site() -> Iterator[str]:
    """The address of dist/site, whose package index is installed from: another origin."""
    with serving(SITE, isolated=False) as address:
        yield address


@pytest.fixture(scope="session")
def jupyterlite() -> Iterator[str]:
    """The address of the JupyterLite site. It is not cross-origin isolated: where it is, a fault of
    a library of its kernel lets some cells run for ever."""
    if not (LITE / "lab" / "index.html").is_file():
        pytest.fail("build/jupyterlite is not built: run `make test-jupyter`")
    with serving(LITE, isolated=False) as address:
        yield address


@pytest.fixture(scope="session")
def shared_lab(browser: Browser, jupyterlite: str, site: str) -> Iterator[Lab]:
    """A notebook whose kernel has the wheel from the site's index, and the extension loaded."""
    with Lab.opened(browser, jupyterlite) as lab:
        assert lab.run(INSTALL.format(site=site)).error is None
        yield lab
