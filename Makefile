# The project's commands; `make` alone lists them. GNU make 3.81 and BSD tools are enough.
#
# Everything is installed into .venv/, and only added to it: what you put there stays. Two stamps record what was
# installed, so that a second run starts at once; they are remade when pyproject.toml or the pinned versions change.
# The demonstration reuses what it finds computed, unless something was installed since.

SHELL := /bin/sh
VENV := .venv
BIN := $(VENV)/bin
PINS := requirements/test-constraints.txt
PIP := $(BIN)/python -m pip --quiet --quiet --disable-pip-version-check
# Both test workers, and the processes that they start, share what JAX has compiled.
COMPILED := JAX_COMPILATION_CACHE_DIR="$(CURDIR)/$(VENV)/compiled" JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS=0.2
PYTEST := $(COMPILED) $(BIN)/python -m pytest -q -n 2 --timeout=600 '--jaxtyping-packages=deeplimits,beartype.beartype(conf=beartype.BeartypeConf(is_pep484_tower=True))'
FIGURE := out/resnet_width100_depth50.svg
DEMO := out/demo

# A Python is usable if it runs (a version manager's shim may not) and can make an environment.
USABLE := import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))
PYTHONS := $(PYTHON) python3.14 python3.13 python3.12 python3.11 python3 python

.PHONY: help demo test test-all checks clean
.DEFAULT_GOAL := help

help: ## list the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-9s %s\n", $$1, $$2 }' Makefile

demo: $(VENV)/.installed ## compare 100,000 networks with every limit, and report every experiment (under 6 minutes)
	@mkdir -p out
	@$(BIN)/deeplimits compare resnet --width 100 --depth 50 --networks 100000 --seed 0 --figure $(FIGURE)
	@if [ -n "$$(find $(VENV)/.installed -newer $(DEMO)/.begun 2>/dev/null)" ]; then rm -rf $(DEMO); fi
	@mkdir -p $(DEMO) && touch $(DEMO)/.begun
	@$(BIN)/deeplimits reproduce --all --scale demo --out $(DEMO) >$(DEMO)/outcomes.txt || \
	  { code=$$?; cat $(DEMO)/outcomes.txt; exit $$code; }
	@tail -n 1 $(DEMO)/outcomes.txt

test: checks ## formatting, lint, types, import contracts and the everyday tests (under 10 minutes)
	@$(PYTEST) -m "not slow"

test-all: checks ## the same with the slow statistical tests
	@$(PYTEST)

checks: $(VENV)/.installed-tests
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

clean: ## remove what the commands made, except .venv/
	@rm -rf out build dist .hypothesis .pytest_cache .mypy_cache .ruff_cache .import_linter_cache
	@find . -path './.venv' -prune -o -name __pycache__ -type d -prune -exec rm -rf {} +

$(BIN)/python:
	@for python in $(PYTHONS); do \
	  if "$$python" -c '$(USABLE)' >/dev/null 2>&1; then \
	    echo "making $(VENV)/ with $$("$$python" --version)"; \
	    exec "$$python" -m venv $(VENV); \
	  fi; \
	done; \
	echo 'deeplimits needs Python 3.11 or newer with its venv module, and none was found on PATH.' >&2; \
	echo 'Install one, or name it: make PYTHON=/path/to/python3.12 demo' >&2; \
	exit 1

$(VENV)/.installed: pyproject.toml $(PINS) | $(BIN)/python
	@echo 'installing deeplimits and its dependencies into $(VENV)/ (this is done once)'
	@$(PIP) install --constraint $(PINS) --editable .
	@touch $@

$(VENV)/.installed-tests: $(VENV)/.installed
	@echo 'installing the test tools into $(VENV)/ (this is done once)'
	@$(BIN)/python -c 'import tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["dependency-groups"]["test"], sep="\n")' > $(VENV)/test-tools.txt
	@$(PIP) install --constraint $(PINS) --requirement $(VENV)/test-tools.txt
	@touch $@
