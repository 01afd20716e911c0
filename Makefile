# Visnyk. `make` alone prints this help. Every target builds .venv by itself when it has to.
SHELL := /bin/sh
.DEFAULT_GOAL := help

# The newest Python ≥ 3.11 on the path, or the one given: make ingest PYTHON=/usr/bin/python3.12
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3.14 python3 python; do \
	command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& { echo $$p; break; }; done)
DB ?= news.db
PORT ?= 8001
PY := .venv/bin/python
RUN := $(PY) -m pipeline
MAIN := .venv/.installed
DEV := .venv/.installed-dev
MUTATE := .venv-mutate/.installed
QUIET_PIP := -q --disable-pip-version-check --no-input

.PHONY: help ingest translate model digest serve health sources demo backup restore test check endurance bench mutate format lock clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# ── set-up ──────────────────────────────────────────────────────────────────────────────────────────────────

.venv/bin/python:
	@test -n "$(PYTHON)" && $(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Visnyk needs Python 3.11 or newer: install it, or say make PYTHON=/path/to/python" >&2; exit 2; }
	@$(PYTHON) -m venv .venv || { rm -rf .venv; \
		echo "python -m venv failed: on Debian and Ubuntu run: apt install python3-venv" >&2; exit 2; }

$(MAIN): requirements.txt | .venv/bin/python
	@echo "setting up .venv (once) …" >&2
	@$(PY) -m pip install $(QUIET_PIP) --no-deps --require-hashes -r requirements.txt
	@touch $@

$(DEV): requirements-dev.txt $(MAIN)
	@$(PY) -m pip install $(QUIET_PIP) --no-deps --require-hashes -r requirements-dev.txt
	@touch $@

# ── the work ────────────────────────────────────────────────────────────────────────────────────────────────

ingest: $(MAIN) ## read the sources, store, translate (ARGS="--only hromady --full" …)
	@$(RUN) ingest --setup --db "$(DB)" $(ARGS)

translate: $(MAIN) ## work off the texts that wait for a translation
	@$(RUN) translate --db "$(DB)" $(ARGS)

model: $(MAIN) ## the translation model: ARGS="status", "install" or "import FILE.argosmodel"
	@$(RUN) model $(or $(ARGS),status)

digest: $(MAIN) ## the newsletter's next issue (SEAL=1 closes it, IMPORT=FILE takes an edited draft, ISSUE=NAME exports again)
	@$(RUN) digest --db "$(DB)" $(if $(SEAL),--seal) $(if $(IMPORT),--import "$(IMPORT)") $(if $(ISSUE),--issue "$(ISSUE)") \
		$(if $(NEWSLETTER),--newsletter "$(NEWSLETTER)") $(ARGS)

serve: $(MAIN) ## show the database in the browser (PORT=8001)
	@$(RUN) serve --db "$(DB)" --port "$(PORT)" $(ARGS)

health: $(MAIN) ## one line for each source; exit 3 when a person should look
	@$(RUN) health --db "$(DB)" $(ARGS)

sources: $(MAIN) ## list the sources
	@$(RUN) sources --db "$(DB)" $(ARGS)

demo: $(MAIN) ## everything without a network: a replica of the sources, two days, the website
	@$(RUN) demo --out demo/run $(ARGS)

# ── for developers ──────────────────────────────────────────────────────────────────────────────────────────

test: $(DEV) ## tests, lint, types
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@$(PY) -m mypy
	@$(PY) -m pytest -n auto --dist loadfile --no-loadscope-reorder $(ARGS)

backup: $(MAIN) ## a checked copy of the database while everything runs (FILE=…; ARGS=--force replaces it)
	@$(RUN) backup --db "$(DB)" $(ARGS) -- "$(FILE)"

restore: $(MAIN) ## put a backup back (FILE=…); the database of now is kept beside it
	@$(RUN) restore --db "$(DB)" $(ARGS) -- "$(FILE)"

check: $(MAIN) ## is the database sound? (integrity, foreign keys, schema version)
	@$(RUN) check-database --db "$(DB)" $(ARGS)

endurance: $(DEV) ## 1,000 kills, 300 failing calls, full disks, doubles (minutes; ARGS="--kills 50 --seed 7")
	@$(PY) -m tests.endurance $(or $(ARGS),--kills 960 --real-kills 40 --io-errors 300 --signals 150 --real-signals 70 --clocks 50 --full-disks 20 --pairs 100 --crowds 20)

bench: $(DEV) ## speed, as one table of ratios; exit 1 when a bound is broken (ARGS="parse store", docs/benchmarks.md)
	@$(PY) -m bench $(ARGS)

# A venv of its own that also sees the packages of .venv, so that the tool changes nothing there.
$(MUTATE): $(DEV)
	@$(PY) -m venv .venv-mutate
	@$(PY) -c 'import site; print(site.getsitepackages()[0])' > "$$(.venv-mutate/bin/python -c 'import site; print(site.getsitepackages()[0])')/visnyk.pth"
	@.venv-mutate/bin/python -m pip install $(QUIET_PIP) 'cosmic-ray==8.4.4'
	@touch $@

pictures: $(DEV) ## docs/pictures from demo/run/news.db, in Chromium (ARGS="--axe axe.min.js" also looks for what axe-core finds)
	@$(PY) -m scripts.screenshots $(ARGS)

mutate: $(MUTATE) ## changes of the pure deciders that no test notices (ARGS=pipeline/health.py; minutes a module)
	@PATH="$$PWD/.venv-mutate/bin:$$PATH" .venv-mutate/bin/python -m scripts.mutate $(ARGS)

format: $(DEV) ## format the code
	@$(PY) -m ruff check --fix -q . ; $(PY) -m ruff format -q .

lock: ## lock the requirements again (needs uv)
	uv pip compile pyproject.toml --extra argos --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate -q -o requirements.txt
	uv pip compile pyproject.toml --extra argos --extra dev --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate -q -o requirements-dev.txt

clean: ## remove .venv, .venv-mutate, builds and caches; never the database
	rm -rf .venv .venv-mutate build dist .mypy_cache .ruff_cache .hypothesis demo/run
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
