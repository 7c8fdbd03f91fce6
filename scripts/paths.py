"""Paths in the checkout."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "build"
# What PACKAGES and DISTRIBUTION of `make dist` were when the site was built.
CHOICES = BUILD / "site-choices"
WHEEL_CACHE = BUILD / "wheels"
PYODIDE_FOR_TESTS = BUILD / "pyodide-test"
LITE = BUILD / "jupyterlite"
LITE_SOURCE = BUILD / "jupyterlite-source"
LITE_VENV = BUILD / "jupyterlite-venv"
MARIMO = BUILD / "marimo"
MARIMO_VENV = BUILD / "marimo-venv"
DIST = ROOT / "dist"
SITE = DIST / "site"
NPM_PYODIDE = ROOT / "node_modules" / "pyodide"
PINNED_WHEELS = ROOT / "scripts" / "browser-wheels.toml"
