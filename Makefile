# The few verbs of the project. All of it needs is a Python 3.11 or newer, by the name python3.
#
#   make setup    a ready .venv, from the lock file
#   make demo     live through the sample workshop's day in half a minute
#   make test     every check: format, lint, types, imports, tests with coverage
#   make soak     kill the bot two hundred times, and see that nothing is lost or doubled
#   make bench    how fast it answers, next to two simpler ways
#   make format   let the formatter and the linter's safe fixes loose
#   make lock     write the lock files anew
#   make clean    remove all that the other verbs made

PYTHON = python3
BIN = .venv/bin

.PHONY: setup demo test soak bench format lock clean

setup: .venv/installed
	@:

# From scratch each time the lock changes, so that nothing from an older lock lingers. The lock
# holds every package, so pip has nothing to resolve: left to itself, an older pip takes an
# extra's newest release, which the lock doesn't hold, and gives up.
.venv/locked: requirements-dev.txt
	@$(PYTHON) -c 'import sys; sys.exit("workshop-bot needs Python 3.11 or newer; name one: make PYTHON=..." if sys.version_info < (3, 11) else 0)'
	@echo "Setting up .venv (once, about half a minute) ..."
	@$(PYTHON) -m venv --clear .venv
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes --no-deps -r requirements-dev.txt
	@$(BIN)/python -m pip check -q --disable-pip-version-check
	@touch $@

.venv/installed: .venv/locked pyproject.toml
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --no-deps --no-build-isolation -e .
	@$(BIN)/python -m compileall -q bot adapters
	@touch $@

demo: setup
	@$(BIN)/workshop-bot demo

test: setup
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/python -m pytest --cov --cov-report=term

soak: setup
	SOAK_DEATHS=200 $(BIN)/python -m pytest tests/test_soak.py

bench: setup
	@$(BIN)/python -m compileall -q bot adapters
	@$(BIN)/python -m tests.bench

format: setup
	$(BIN)/ruff format
	$(BIN)/ruff check --fix

# requirements-dev.txt holds the runtime's packages too, in the same versions.
LOCK = .uv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
    --no-emit-index-url --no-header

lock: .uv/bin/uv
	$(LOCK) --upgrade pyproject.toml --output-file requirements.txt
	$(LOCK) --upgrade pyproject.toml --group dev --constraints requirements.txt --output-file requirements-dev.txt

.uv/bin/uv:
	@$(PYTHON) -m venv --clear .uv
	@.uv/bin/python -m pip install -qq --disable-pip-version-check uv

clean:
	rm -rf .venv .uv build dist htmlcov .coverage .hypothesis
	rm -rf .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
