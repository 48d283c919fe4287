# make run and make test do everything, from a fresh clone on.
# ARGS are handed on:  make run ARGS="describe photo.jpg"    make test ARGS="tests/voice -x"

MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help
.PHONY: help run install uninstall anew test setup lock samples bench bench-peers clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## set up what is missing, then talk (a first run downloads about 270 MB, and 150 to 220 MB of models)
	@sh scripts/setup run
	@sh scripts/models
	@trap : INT; .venv/bin/aloud $(ARGS); status=$$?; .venv/bin/python -m config.runtime.installation; \
	test $$status = 130 || exit $$status

install: ## put the command aloud on your path (uv tool); after an update of this folder: once more
	@sh scripts/install $(ARGS)

uninstall: ## take that command away again; says what stays
	@sh scripts/uninstall

test: ## set up what is missing, then style, types and all tests
	@sh scripts/setup dev
	@sh scripts/published
	@sh scripts/check $(ARGS)

setup: ## only set up, for run and test alike
	@sh scripts/setup dev

anew: ## bring the packages in this folder anew, when one is missing or damaged
	@rm -rf .venv
	@sh scripts/setup run

lock: ## pin the packages anew after a change of pyproject.toml (newest: ARGS=--upgrade)
	@sh scripts/lock $(ARGS)

samples: ## speak the sample and test recordings anew (needs flite: apt-get install flite)
	@sh scripts/setup dev
	@.venv/bin/python scripts/make_samples.py $(ARGS)

bench: ## measure on this machine: make bench ARGS=turn; the others are named by make bench ARGS=--help
	@sh scripts/setup run
	@.venv/bin/python -m bench $(ARGS)

bench-peers: ## Aloud beside Pipecat, published engines, on one harness (bench/README.md; about 25 minutes)
	@sh scripts/setup dev
	@.venv/bin/python -m bench.peers $(ARGS)

clean: ## remove what was set up and built; your settings and conversations stay
	@rm -rf .venv .tools dist build .pytest_cache .mypy_cache .ruff_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
	@echo "What was set up and built in this folder is removed." >&2
