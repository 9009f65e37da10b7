# Chat Studio. `make run` and `make test` set up whatever is missing, so they are all that a fresh clone needs:
# Python 3.11 or newer with pip. Every step leaves a file behind and is skipped while that file is up to date.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:
.PHONY: help setup run test faults lint format messages bench bench-page clean page

UV := .tools/bin/uv
PY := .venv/bin/python
# The first Python on the PATH that fits; `make run PYTHON=/path/to/python3` decides otherwise.
PYTHON ?= $(shell for name in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$name -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 15))' 2>/dev/null && echo $$name && break; done)

# Progress bars are for people; a log gets one line per step.
QUIET := $(shell test -t 2 || echo --quiet)
PAGE_SOURCES := $(shell find static/src static/css -type f) static/build.mjs static/favicon.svg static/tsconfig.json

# Trust the certificates that this machine trusts, and never fetch a Python behind anyone's back.
export UV_SYSTEM_CERTS := 1
export UV_PYTHON_DOWNLOADS := never
export NODE_USE_SYSTEM_CA := 1
# Without it, the import of litellm goes to the network for a price list.
export LITELLM_LOCAL_MODEL_COST_MAP := True

help:  ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' Makefile

setup: .venv/.runtime page  ## Install what is missing and build the page (run and test do it themselves)

run: setup  ## Serve at http://127.0.0.1:8000; heeds PORT, DATA_DIR and ADMIN_PASSWORD
	@$(PY) -m config.launch

# Faults are timed to the second: their clients get a process that 3,000 other tests have not filled.
test: .venv/.dev page  ## Run every test that this machine can run; ARGS="tests/unit -k sse" narrows it
	@status=0; \
	echo "[1/3] Tests of the page"; static/node --test "tests/js/*.test.ts" || status=1; \
	echo "[2/3] Tests of the server"; $(PY) -m pytest $(or $(ARGS),--ignore=tests/faults) || status=1; \
	$(if $(ARGS),,echo "[3/3] Tests of faults"; $(PY) -m pytest tests/faults || status=1;) \
	exit $$status

faults: .venv/.dev  ## Run the tests of faults many times over; ROUNDS=100 says how many
	FAULT_ROUNDS=$(or $(ROUNDS),20) $(PY) -m pytest tests/faults

lint: .venv/.dev page  ## Check style, types and who imports whom
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy .
	.venv/bin/lint-imports
	static/node static/node_modules/typescript/bin/tsc -p static
	static/node static/node_modules/typescript/bin/tsc -p tests/js

format: .venv/.dev  ## Put the code into shape
	.venv/bin/ruff check --fix .
	.venv/bin/ruff format .

messages: .venv/.dev  ## Compile what the server says in other languages, after a change in locale/
	.venv/bin/pybabel compile -d locale -D django

bench: .venv/.dev page  ## Measure what a token costs (a few minutes); writes benchmarks/results/latest.json
	@$(PY) -m benchmarks

bench-page: .venv/.dev page  ## Measure the page in Chromium (many minutes; ARGS=--quick: a few); writes benchmarks/results/page.json
	@$(PY) -m benchmarks.page $(ARGS)

clean:  ## Remove what set-up installed and built; never your data
	rm -rf .tools .venv static/node_modules static/dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache

# --- Set-up, step by step ----------------------------------------------------------------------------------------------

page: static/dist/manifest.json

.tools/.uv: requirements-uv.txt
	@echo "[1/5] Installer: uv"
	@test -n "$(PYTHON)" || { echo "Chat Studio needs Python 3.11 to 3.14, and none is on the PATH. Install one, or name it: make run PYTHON=/path/to/python3" >&2; exit 1; }
	@$(PYTHON) -m pip --version >/dev/null 2>&1 || { echo "$(PYTHON) has no pip. Install it (Debian: apt-get install python3-pip)." >&2; exit 1; }
	@$(PYTHON) -m pip install --quiet --disable-pip-version-check --no-warn-script-location --root-user-action=ignore \
		--upgrade --target .tools --require-hashes -r requirements-uv.txt
	@touch $@

.venv/pyvenv.cfg: | .tools/.uv
	@echo "[2/5] Virtual environment"
	@$(UV) venv --quiet --python $(PYTHON) .venv

# Both files pin every package with its hash; the second holds all of the first.
.venv/.runtime: requirements.txt | .venv/pyvenv.cfg
	@echo "[3/5] Python packages (the first time: about 200 MB to fetch)"
	@$(UV) pip sync $(QUIET) --python $(PY) --require-hashes requirements.txt
	@rm -f .venv/.dev && touch $@

.venv/.dev: requirements-dev.txt | .venv/pyvenv.cfg
	@echo "[3/5] Python packages, with those for development (the first time: about 250 MB to fetch)"
	@$(UV) pip sync $(QUIET) --python $(PY) --require-hashes requirements-dev.txt
	@touch .venv/.runtime $@

static/node_modules/.package-lock.json: static/package-lock.json static/package.json static/.npmrc | .venv/.runtime
	@echo "[4/5] Packages of the page"
	@cd static && ./node npm ci --loglevel=error
	@touch $@

static/dist/manifest.json: static/node_modules/.package-lock.json $(PAGE_SOURCES)
	@echo "[5/5] The page"
	@static/node static/build.mjs
	@touch $@
