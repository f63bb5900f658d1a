# Commonseal. `make help` lists what can be made. Needs make and Python 3.11 or later, nothing else.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

.DEFAULT_GOAL := help
.PHONY: help demo test test-slow check serve bench docs lock clean

help: ## list what can be made
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

demo: $(VENV)/.runtime ## a city, an attack, a release that passes, one that is refused, and a tampered package
	@rm -rf build/demo && mkdir -p build && $(BIN)/commonseal demo --out build/demo

test: $(VENV)/.dev ## the fast tests
	$(BIN)/python -m pytest -m "not slow" -n auto

test-slow: $(VENV)/.spark ## what takes long or starts a real service: Spark, PostgreSQL, kill -9
	$(BIN)/python -m pytest -m slow

check: $(VENV)/.dev ## formatting, types, floors, the lawbook, the documentation
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/commonseal law list --json > /dev/null
	$(BIN)/mkdocs build --strict --quiet --site-dir build/site

docs: $(VENV)/.dev ## build the documentation into build/site
	$(BIN)/mkdocs build --strict --site-dir build/site

serve: $(VENV)/.dev ## read the documentation at http://127.0.0.1:8000
	$(BIN)/mkdocs serve --dev-addr 127.0.0.1:8000

bench: $(VENV)/.bench ## every claim of speed, each a ratio measured in the same run
	@for file in benchmarks/*.py; do echo "== $$file"; $(BIN)/python $$file || exit 1; done

lock: $(BIN)/python ## pin the dependencies anew
	$(PIP) install uv
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --group build -o requirements.lock pyproject.toml
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate -c requirements.lock --extra attack --extra odrl --extra privacy --extra utility --group build --group dev -o requirements-dev.lock pyproject.toml
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate -c requirements-dev.lock --extra spark -o requirements-spark.lock pyproject.toml
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate -c requirements-dev.lock --group bench -o requirements-bench.lock pyproject.toml

clean: ## remove what was made here
	rm -rf $(VENV) build

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Commonseal needs Python 3.11 or later; name one with PYTHON=python3.12"; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.runtime: $(BIN)/python requirements.lock pyproject.toml
	$(PIP) install --require-hashes -r requirements.lock
	$(PIP) install --no-build-isolation --no-deps -e .
	@touch $@

$(VENV)/.dev: $(VENV)/.runtime requirements-dev.lock
	$(PIP) install --require-hashes -r requirements-dev.lock
	@touch $@

$(VENV)/.spark: $(VENV)/.dev requirements-spark.lock
	$(PIP) install --require-hashes -r requirements-spark.lock
	@touch $@

$(VENV)/.bench: $(VENV)/.dev requirements-bench.lock
	$(PIP) install --require-hashes -r requirements-bench.lock
	@touch $@
