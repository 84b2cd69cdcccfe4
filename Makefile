# Everything a newcomer, a tester or CI runs. Each target does its own set-up.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.ready

.PHONY: demo test stories lint audit bench soak fuzz lock clean

$(STAMP): requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Python 3.11 or newer is needed; try: make PYTHON=python3.12 …")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps -e .
	touch $@

# As in: make demo PORT=8090, or make demo ARGS=--no-browser
demo: $(STAMP)
	$(BIN)/microchequeo demo $(if $(PORT),--port "$(PORT)") $(ARGS)

test: $(STAMP)
	$(BIN)/python -m pytest -m "not soak" --numprocesses 3 --dist worksteal

# Every story on the other engine; `make test` tells some of them on both.
stories: $(STAMP)
	$(BIN)/python -m pytest -m "not soak" --database postgresql --numprocesses 3 --dist worksteal tests/stories tests/services tests/handlers

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -q tests/test_lock.py
	@if command -v pip-audit >/dev/null; then $(MAKE) --no-print-directory audit; \
	else echo "Known holes are not looked for: pip-audit is not installed. That the lock pins every file was checked."; fi

# Asks a public database about known holes in what the lock names: needs the network, and pip-audit (installed apart).
audit: $(STAMP)
	pip-audit --require-hashes --disable-pip -r requirements.lock

# The bot of another library, beside which ours is measured, has an environment of its own; without it the rest goes on.
BENCH := .venv-bench
BENCH_STAMP := $(BENCH)/.ready

$(BENCH_STAMP): requirements-bench.lock
	$(PYTHON) -m venv $(BENCH)
	$(BENCH)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-bench.lock
	touch $@

bench: $(STAMP)
	-@$(MAKE) --no-print-directory $(BENCH_STAMP)
	$(BIN)/python -m tests.benchmarks $(NAMES)

soak: $(STAMP)
	$(BIN)/python -m pytest -m soak --numprocesses 3 --dist worksteal --timeout 7200

fuzz: $(STAMP)
	FUZZ_EXAMPLES=200000 FUZZ_TEXTS=200000 FUZZ_FORGERIES=10000 FUZZ_CALENDARS=200000 FUZZ_TABLES=200000 $(BIN)/python -m pytest --numprocesses 2 --dist worksteal --timeout 36000 tests/fuzz tests/ical tests/stories/test_doors.py

COMPILE := uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --custom-compile-command "make lock"

# Needs uv (installed apart). Hashes only: no addresses in the lock.
lock:
	$(COMPILE) --extra postgres --group dev pyproject.toml -o requirements.lock
	$(COMPILE) --extra postgres --group build --constraint requirements.lock pyproject.toml -o requirements-run.lock
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --custom-compile-command "make lock" requirements-bench.in -o requirements-bench.lock

clean:
	rm -rf $(VENV) $(BENCH) .mypy_cache .ruff_cache .pytest_cache .hypothesis
