# Everything is made from here; `make help` lists it.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8000

NODE := $(VENV)/node/.installed
# Folders with a package.json and its lock; their packages are there when the tests begin.
PAGES := src/orggraph/service/graphiql
NPM_FOLDERS := $(PAGES) tests/clients tests/rdf
PACKAGES := $(NPM_FOLDERS:%=%/node_modules/.package-lock.json)

CLIENTS := $(VENV)/clients/.installed

.PHONY: help install node pages gephi wheel debian clients check test demo bench bench-full derive goldens clean

help: ## what there is to make
	@grep -E '^[a-z-]+:.*##' Makefile | sed 's/:.*## /\t/' | expand -t 12

$(BIN)/.installed: pyproject.toml .ci/constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c .ci/constraints.txt -e '.[dev]'
	touch $@

install: $(BIN)/.installed ## install into .venv, pinned

$(NODE): $(BIN)/.installed .ci/node
	.ci/node

node: $(NODE) ## node and npm in .venv/node/bin: those that are installed if they are new enough, else a pinned package's

%/node_modules/.package-lock.json: %/package-lock.json $(NODE)
	cd $* && PATH="$(CURDIR)/$(VENV)/node/bin:$$PATH" npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	touch $@

$(PAGES)/built/manifest.json: $(PAGES)/node_modules/.package-lock.json $(wildcard $(PAGES)/*.js* $(PAGES)/*.css $(PAGES)/*.svg)
	cd $(PAGES) && PATH="$(CURDIR)/$(VENV)/node/bin:$$PATH" npm run --silent build

pages: $(PAGES)/built/manifest.json ## bundle the page on which one asks in a browser

gephi: ## fetch Gephi's toolkit by Maven, so that the tests open our networks with it
	mvn -q -B dependency:copy -Dartifact=org.gephi:gephi-toolkit:0.10.1:jar:all -DoutputDirectory=.venv/gephi

wheel: install pages ## a wheel in dist/, with model, seeds, questions and page
	$(BIN)/python -m pip wheel --quiet --no-deps --no-build-isolation --wheel-dir dist .

debian: ## install from Debian what some tests need, where we may: a browser, nginx, systemd
	.ci/debian

$(CLIENTS): tests/clients/requirements.txt $(BIN)/.installed
	$(PYTHON) -m venv $(VENV)/clients
	$(VENV)/clients/bin/python -m pip install --quiet --disable-pip-version-check -r $<
	touch $@

clients: $(PACKAGES) $(CLIENTS) ## what tests/clients ask with: npm packages, and .venv/clients

check: install ## style, types, and that derived files are what the model says
	$(BIN)/ruff format --check src tests
	$(BIN)/ruff check src tests
	$(BIN)/mypy
	$(BIN)/orggraph model lint schema
	$(BIN)/orggraph model derive schema --check

test: install $(PACKAGES) $(CLIENTS) pages ## all tests
	$(BIN)/python -m pytest -n 2

demo: install ## load the seed graph, serve it, ask the flagship question over HTTP (ONCE=1: stop after the answer)
	PORT=$(PORT) ONCE=$(ONCE) .ci/demo

bench: install ## measure against peers; writes build/bench.json
	$(BIN)/python -m tests.bench

bench-full: install ## the same, with bags, networks, a million rows, and loading at scales 100 and 400
	$(BIN)/python -m tests.bench --full

derive: install ## rewrite schema/derived from the model
	$(BIN)/orggraph model derive schema

goldens: install ## rewrite the expected results under tests/queries; review the diff
	ORGGRAPH_GOLDENS=rewrite $(BIN)/python -m pytest -q tests/queries

clean: ## remove what was made
	rm -rf build dist $(PAGES)/built .mypy_cache .ruff_cache .pytest_cache .hypothesis
