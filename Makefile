# make run    answers questions over the bundled articles    make test   runs every test
# make check  format, lint, types                            make lock   resolves the locks again;
#                                                            LOCK_FLAGS=--upgrade takes newer versions
# make faults     runs the long tests of faults             make picture  takes the README's picture
# make audit      asks for known vulnerabilities of what    make sbom     lists what is locked:
#                 is locked for this Python, by network                   dist/sbom.json (CycloneDX)
PYTHON ?= python3
UV ?= uv
TEST_PROCESSES ?= 2
BIN := .venv/bin
SOURCES := ingest service prompts evals dateline.py

# A stamp is newer than what it was made from, so that a second run costs nothing.
LOCKED := .venv/locked.stamp
INSTALLED := .venv/installed.stamp
TESTABLE := .venv/testable.stamp

PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps
PIP_LOCKED := $(PIP) --require-hashes --only-binary :all: --no-compile
COMPILE := $(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes \
  --no-emit-index-url --custom-compile-command "make lock" $(LOCK_FLAGS)

# Advisories that do not apply, each with its reason in SECURITY.md.
EXCEPTIONS := CVE-2026-45829
AUDIT := --strict --no-deps --disable-pip --progress-spinner off \
  $(addprefix --ignore-vuln ,$(EXCEPTIONS))

.PHONY: run test faults random-kills aimed-kills soak cluster chroma-away check install lock picture \
  audit sbom clean
.DEFAULT_GOAL := run

run: install
	@$(BIN)/dateline ingest --if-empty ingest/samples
	@exec $(BIN)/dateline serve

# Each of the processes takes whole files: their tests share what is slow to make.
test: $(INSTALLED) $(TESTABLE)
	@$(BIN)/python -m pytest -n $(TEST_PROCESSES) --dist loadfile

# Four at once: each waits much of its time. One that fails is told when the others are done too,
# and then the last is not run.
faults: $(INSTALLED) $(TESTABLE)
	@$(MAKE) --no-print-directory -j 4 random-kills aimed-kills soak cluster
	@$(MAKE) --no-print-directory chroma-away

random-kills aimed-kills:
	@$(BIN)/python -m pytest -rP -m faults tests/faults/test_kills.py -k $(@:-kills=)

soak:
	@$(BIN)/python -m pytest -rP -m faults --ignore tests/faults/test_kills.py \
	  --ignore tests/faults/test_ray.py --ignore tests/faults/test_chroma_away.py

cluster:
	@$(BIN)/python -m pytest -rP -m faults tests/faults/test_ray.py

# Not beside the others: it bounds how long readers wait, and they would keep it busy.
chroma-away:
	@$(BIN)/python -m pytest -rP -m faults tests/faults/test_chroma_away.py

check: $(INSTALLED) $(TESTABLE)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy $(SOURCES)

install: $(INSTALLED)

# Made anew when the lock changes: pip never removes what the lock no longer names.
# Compiling on every core takes about a third of the time of pip's own compiling, and nothing here
# imports kubernetes, the largest package. What was not compiled is compiled when it is imported.
$(LOCKED): requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Dateline needs Python 3.11 or newer, which $(PYTHON) is not." \
	    "Name one: $(strip make $(MAKECMDGOALS) PYTHON=python3.12)" >&2; exit 1; }
	@echo "Installing into .venv from requirements.lock (once; a minute or two) ..."
	@$(PYTHON) -m venv --clear .venv
	@$(PIP_LOCKED) -r requirements.lock
	@$(BIN)/python -m compileall -qq -j 0 -x '/(kubernetes|tests?)/' .venv/lib || true
	@touch $@

$(INSTALLED): $(LOCKED) pyproject.toml
	@$(PIP) --no-index --no-build-isolation --config-settings editable_mode=compat -e .
	@touch $@

$(TESTABLE): $(LOCKED) requirements-test.lock
	@echo "Installing the test tools ..."
	@$(PIP_LOCKED) -r requirements-test.lock
	@touch $@

picture: $(INSTALLED) $(TESTABLE)
	@$(BIN)/python -m tests.e2e.browser.pictures README docs/page.png

# Strict: a package that nobody could be asked about is no package without vulnerabilities.
audit: $(TESTABLE)
	@$(BIN)/pip-audit $(AUDIT) -r requirements.lock -r requirements-test.lock $(AUDIT_FLAGS)

sbom: $(TESTABLE)
	@mkdir -p dist
	@$(BIN)/cyclonedx-py requirements --pyproject pyproject.toml --output-reproducible \
	  -o dist/sbom.json requirements.lock

lock:
	$(COMPILE) --group build -o requirements.lock pyproject.toml
	$(COMPILE) --group test -c requirements.lock -o requirements-test.lock

clean:
	rm -rf .venv build dist *.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis
