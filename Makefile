# Two commands: `make demo` shows it, `make test` proves it. Each does all set-up the first time.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
export PYTHONPATH := .

.PHONY: demo test check chaos bench setup clean diagram help
.DEFAULT_GOAL := help

help:            ## list the targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 12

setup: .venv/ready .cache/ready  ## virtual environment, locked packages, embedding model

.venv/ready: requirements.lock pyproject.toml .ci/install.py
	@$(PYTHON) -c 'import sys; v = sys.version_info[:2]; sys.exit(f"Deskhand needs Python 3.11 or 3.12, this is {v[0]}.{v[1]}: set PYTHON=/path/to/python3.11") if not (3, 11) <= v < (3, 13) else None'
	$(PYTHON) -m venv .venv
	$(BIN)/python .ci/install.py requirements.lock
	@touch $@

.cache/ready: .venv/ready
	@$(BIN)/python -m evals encoder --cache .cache
	@touch $@

demo: setup      ## run the example company's tickets through a real stack (KEEP=1 leaves it up)
	@$(BIN)/python -m evals demo

test: setup      ## the tests, on all cores
	@$(BIN)/python -m pytest -q -n auto --maxprocesses 4 --dist loadgroup

check: setup     ## style, types, imports, diagram and migration drift
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m evals drift
	$(BIN)/python .ci/patterns.py

chaos: setup     ## a longer run with real kills
	@$(BIN)/python -m evals chaos

bench: setup     ## acknowledgement under load, overhead of engine and graph
	@$(BIN)/python -m evals bench --out bench.json

diagram: setup   ## write the graph's diagram into ARCHITECTURE.md
	@$(BIN)/python -m evals drift --write

clean:           ## remove what can be made again
	rm -rf .venv .cache .deskhand .pytest_cache .mypy_cache .ruff_cache
