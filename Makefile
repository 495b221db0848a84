# Two commands for newcomers: `make demo` and `make test`. Each makes its own .venv on a machine with Python 3.11+ and make.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

VENV ?= .venv
PYTHON ?= $(shell command -v python3.11 || command -v python3.12 || command -v python3.13 || command -v python3 || echo python3)
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
WORKERS ?= 2
PORT ?= 8025

# What is installed is written down in stamps: they are as old as the list they were made from.
RUN := $(VENV)/.installed-run
DEV := $(VENV)/.installed-dev
SELF_RUN := $(VENV)/.installed-self-run
SELF_DEV := $(VENV)/.installed-self-dev

.PHONY: help demo test check format torture bench screenshots pins clean

help:  ## Say what there is
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):[^#]*## /  make \1\t/' | expand -t 20

demo: $(SELF_RUN)  ## See it run on a practice mailbox (PORT=8025)
	@$(BIN)/inboxcrm demo --port $(PORT)

# Tests start many programs: what one has compiled serves the next. Neighbours run in one process, which has made already
# what they share; whoever has none left takes some from the other.
test torture: export PYTHONDONTWRITEBYTECODE :=

test: $(SELF_DEV)  ## Run the tests (ARGS="-k words" chooses)
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal -m "not torture" $(ARGS)

check: $(SELF_DEV)  ## Style, types and who may call whom
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(DEV)  ## Bring the code into form
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

torture: $(SELF_DEV)  ## Long kill and fuzz runs
	$(BIN)/python -m pytest -n $(WORKERS) -m torture $(ARGS)

bench: $(SELF_DEV)  ## Measure, side by side with the reference code
	$(BIN)/python -m bench $(ARGS)

ear: $(SELF_DEV)  ## Learn anew, from the answers kept, what asking for no more mail is worded like
	$(BIN)/python -m tests.mail.learning

screenshots: $(SELF_DEV)  ## Draw docs/screenshots from the demo's data
	$(BIN)/python -m docs.screenshots.draw

pins: $(DEV)  ## Pin requirements anew, with hashes
	for list in run dev; do \
	  $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	    --no-emit-package pip --no-emit-index-url --no-emit-find-links --no-header --upgrade \
	    requirements/$$list.in --output-file requirements/$$list.txt; \
	done

clean:  ## Remove what was made here, the virtual environment included
	rm -rf $(VENV) dist build .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "inboxcrm needs Python 3.11 or newer; name one with make PYTHON=/path/to/python3 ..." >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) \
	  || { echo "The virtual environment could not be made; on Debian: apt install python3-venv" >&2; exit 1; }

$(RUN): requirements/run.txt | $(BIN)/python
	@echo "Installing what the product needs into $(VENV) (once, about half a minute) ..."
	@$(PIP) install --require-hashes -r requirements/run.txt
	@touch $@

# dev.txt holds the same versions and more, so it stands for both.
$(DEV): requirements/dev.txt | $(BIN)/python
	@echo "Installing what product and tests need into $(VENV) (once, about a minute) ..."
	@$(PIP) install --require-hashes -r requirements/dev.txt
	@touch $@ $(RUN)

# Editable: the code in this folder is the code that runs. Building it fetches nothing.
$(SELF_RUN): pyproject.toml $(RUN)
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(SELF_DEV): pyproject.toml $(DEV)
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@ $(SELF_RUN)
