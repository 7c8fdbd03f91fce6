# Every target sets itself up from a fresh clone: it needs Python 3.11 or newer, Node 20 or newer and, for the
# tests, a Chromium, which it installs with apt where there is none.
#
#   make demo     build the site and serve it (PORT=8000)
#   make test     all checks and all tests
#   make test-browser  one suite alone; TRACING=retain-on-failure keeps Playwright's trace of a test that fails
#   make soak     the tests that make up their own cases, N=300 times from SEED on, for bugs that few repeats miss
#   make check    linters, formatters, type checkers, layers, and whether what make schema writes is up to date
#   make schema   write schema/*.json from the Python models, and the JavaScript that is made of them
#   make format   let the formatters rewrite the files
#   make screenshots  the pictures in docs/
#   make dist     the wheel and the site, into dist/
#   make docs     the documentation alone, into dist/site/docs/
#   make bench    the benchmark, against its peers too: half an hour, writes bench/RESULTS*.md; a part of it: PART=notebooks
#   make clean    remove what was built (the downloads and .venv stay)

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
MAKEFLAGS += --no-builtin-rules --no-print-directory
.DELETE_ON_ERROR:
.NOTPARALLEL:
.DEFAULT_GOAL := dist

PYTHON ?= python3
PORT ?= 8000
TRACING ?= off

VENV := .venv
PY := $(VENV)/bin/python
BUILD_TOOLS := $(VENV)/.build-tools
DOCS_TOOLS := $(VENV)/.docs-tools
DEV_TOOLS := $(VENV)/.dev-tools
NPM := node_modules/.installed

VERSION := $(shell sed -n 's/^__version__ = "\(.*\)"/\1/p' runt_pyodide/__init__.py)
WHEEL := dist/runt_pyodide-$(VERSION)-py3-none-any.whl
SITE := dist/site
PYODIDE := $(SITE)/pyodide/pyodide-lock.json
INDEX := $(SITE)/pypi/simple/index.html
MODULES := $(SITE)/js/index.js
PAGE := $(SITE)/index.html
DOCS := $(SITE)/docs/index.html
PYODIDE_FOR_TESTS := build/pyodide-test/pyodide-lock.json
LITE_TOOLS := build/jupyterlite-venv/.tools
LITE := build/jupyterlite/jupyter-lite.json
MARIMO_TOOLS := build/marimo-venv/.tools
MARIMO := build/marimo/pyodide-lock.json

.PHONY: demo dist docs screenshots test check schema format clean dev chromium \
	test-unit test-contract test-js test-pyodide test-browser test-jupyter soak bench FORCE

demo: dist
	@$(PY) -m scripts.serve --port $(PORT)

screenshots: dev chromium dist $(LITE)
	$(PY) -m scripts.screenshots

dist: $(WHEEL) $(PYODIDE) $(INDEX) $(MODULES) $(PAGE) $(DOCS)

docs: $(DOCS)

# ---- Tools: the marks stand inside what they mark, so that they go with it ----

$(PY):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=...")'
	$(PYTHON) -m venv $(VENV)

$(BUILD_TOOLS): requirements-build.txt | $(PY)
	$(PY) -m pip install --quiet --disable-pip-version-check -r $<
	@touch $@

$(DOCS_TOOLS): requirements-docs.txt $(BUILD_TOOLS)
	$(PY) -m pip install --quiet --disable-pip-version-check -r $<
	@touch $@

$(DEV_TOOLS): requirements-dev.txt $(BUILD_TOOLS)
	$(PY) -m pip install --quiet --disable-pip-version-check -r $<
	@touch $@

$(NPM): package.json package-lock.json
	npm ci --loglevel=error
	@touch $@

dev: $(DEV_TOOLS) $(NPM)

chromium:
	@scripts/install_chromium.sh

# ---- What is built: each target is the file that is written last, or one of them, touched ----

# The names of a folder's files. It is written only when one comes or goes, so that what is built from the
# folder is built anew then too, and is not when Python writes its caches there.
find_sources = find $(1) -type f -not -path '*/__pycache__/*' | LC_ALL=C sort
build/%.list: FORCE
	@mkdir -p $(@D)
	@$(call find_sources,$*) | cmp --silent - $@ || $(call find_sources,$*) > $@

sources = $(shell $(call find_sources,$(1))) build/$(1).list

$(WHEEL): pyproject.toml packaging/testing/pyproject.toml README.md LICENSE $(call sources,runt_pyodide) $(BUILD_TOOLS)
	@rm -f dist/runt_pyodide*.whl
	$(PY) -m build --wheel --no-isolation --outdir dist packaging/testing > build/wheel.log 2>&1 || { cat build/wheel.log; exit 1; }
	$(PY) -m build --wheel --no-isolation --outdir dist . > build/wheel.log 2>&1 || { cat build/wheel.log; exit 1; }

SITE_SCRIPTS := $(addprefix scripts/,build_site.py paths.py)
WHEEL_SCRIPTS := $(SITE_SCRIPTS) $(addprefix scripts/,wheels.py browser-wheels.toml)
build_part = $(PY) -m scripts.build_site $(1)
touch = @touch $@

$(PYODIDE): $(WHEEL_SCRIPTS) scripts/lock.py $(NPM) $(WHEEL)
	$(call build_part,pyodide)
	$(touch)

$(INDEX): $(WHEEL_SCRIPTS) scripts/index.py $(NPM) $(WHEEL)
	$(call build_part,index)
	$(touch)

$(MODULES): $(SITE_SCRIPTS) $(call sources,js) $(BUILD_TOOLS)
	$(call build_part,js)
	$(touch)

$(PAGE): $(SITE_SCRIPTS) scripts/bundle.mjs runt_pyodide/llm/openai/presets.json $(call sources,web) $(call sources,docs/examples) $(NPM) $(BUILD_TOOLS)
	$(call build_part,web)
	$(touch)

$(DOCS): mkdocs.yml scripts/build_docs.py $(call sources,docs) $(call sources,runt_pyodide) js/types.d.ts $(DOCS_TOOLS)
	$(PY) -m scripts.build_docs
	$(touch)

$(PYODIDE_FOR_TESTS): $(WHEEL_SCRIPTS) scripts/lock.py $(NPM) $(WHEEL)
	$(call build_part,tests)
	$(touch)

# JupyterLite and marimo, each in an environment of its own: they pin much that other tools need
# otherwise.
$(LITE_TOOLS): requirements-jupyterlite.txt
$(MARIMO_TOOLS): requirements-marimo.txt
$(LITE_TOOLS) $(MARIMO_TOOLS): | $(PY)
	$(PY) -m venv $(@D)
	$(@D)/bin/python -m pip install --quiet --disable-pip-version-check -r $<
	@touch $@

$(LITE): $(WHEEL_SCRIPTS) scripts/build_lite.py scripts/lock.py $(NPM) $(WHEEL) $(LITE_TOOLS)
	$(PY) -m scripts.build_lite
	$(touch)

$(MARIMO): $(WHEEL_SCRIPTS) scripts/build_marimo.py scripts/lock.py $(NPM) $(MARIMO_TOOLS)
	$(PY) -m scripts.build_marimo
	$(touch)

# ---- Checks ----

check: dev
	$(PY) -m ruff check --quiet
	$(PY) -m ruff format --check --quiet
	$(PY) -m mypy --no-error-summary
	$(VENV)/bin/lint-imports
	npm run --silent types
	npm run --silent lint
	npm run --silent layers
	npm run --silent format-check
	$(PY) -m scripts.write_schema --check

schema: dev
	$(PY) -m scripts.write_schema

format: dev
	$(PY) -m ruff check --quiet --fix-only
	$(PY) -m ruff format --quiet
	npm run --silent format

# ---- Tests: a suite that finds no tests fails ----

# pytest-pyodide and pytest-playwright each take the browser for themselves, so no run has both.
PYTEST := $(PY) -m pytest
NO_PYODIDE := -p no:pytest_pyodide -p no:pytest_pyodide_hook
NO_PLAYWRIGHT := -p no:playwright
IN_PARALLEL := $(PYTEST) $(NO_PYODIDE) $(NO_PLAYWRIGHT) --numprocesses logical --dist worksteal
# The tests of a file share a page: they stay together, and the files go to as many browsers as there
# are processors.
BY_FILE := --numprocesses logical --dist loadfile --no-loadscope-reorder --timeout 300
# Of a test that fails; a trace of each test would take a quarter of their time.
KEPT := --output build/test-results --screenshot only-on-failure --tracing $(TRACING)
# Selenium looks for what is on this machine, and neither downloads nor reports anything.
SELENIUM := SE_OFFLINE=true SE_AVOID_STATS=true

test: check test-unit test-contract test-js test-pyodide test-browser test-jupyter

test-unit: dev
	$(IN_PARALLEL) tests/unit

test-contract: dev
	$(IN_PARALLEL) tests/contract

test-js: $(NPM)
	npm run --silent test

test-pyodide: dev chromium dist $(PYODIDE_FOR_TESTS)
	$(SELENIUM) $(PYTEST) $(NO_PLAYWRIGHT) $(BY_FILE) tests/pyodide \
		--rt chrome --runner selenium --dist-dir build/pyodide-test

test-browser: dev chromium dist
	$(PYTEST) $(NO_PYODIDE) $(BY_FILE) $(KEPT) tests/browser

test-jupyter: dev chromium dist $(LITE) $(MARIMO)
	$(PYTEST) $(NO_PYODIDE) $(BY_FILE) $(KEPT) tests/jupyter

# Each run takes another SEED unless one is given; a failure is there again with the SEED that is printed.
soak: export N := $(or $(N),300)
soak: SEED := $(or $(SEED),$(shell date +%s))
soak: dev
	@echo "SEED=$(SEED) N=$(N)"
	$(IN_PARALLEL) -m hypothesis --hypothesis-seed=$(SEED) --timeout 3600 tests/unit tests/contract

# ---- The benchmark: ratios within one run; no test depends on it ----

bench: dev chromium dist
	$(PY) -m bench.run $(PART)

# ---- Cleaning ----

clean:
	rm -rf dist/site dist/*.whl build/pyodide-test build/jupyterlite build/jupyterlite-source build/test-results build/wheel.log build/*.list
