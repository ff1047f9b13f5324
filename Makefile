# Every target works on a fresh clone with Python 3.11 or newer: the first one makes its own virtual environment.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: demo test test-servers test-postfix test-captured check bench kill journeys fuzz clean

demo: $(READY)
	$(BIN)/assistant demo --folder demo

test: $(READY)
	$(BIN)/pytest -q -n auto --dist loadfile

# The mail contract once more, against Dovecot: apt-get install --no-install-recommends dovecot-core dovecot-imapd dovecot-lmtpd
test-servers: $(READY)
	$(BIN)/pytest -q tests/servers/dovecot_contract.py

# And with Postfix in front of it, bounces included, as root: apt-get install --no-install-recommends postfix
test-postfix: $(READY)
	$(BIN)/pytest -q tests/servers/postfix_contract.py

# Captured mail, and the fakes held to the providers' own specifications: both lie beside the project, in ../shared.
test-captured: $(READY)
	$(BIN)/pytest -q tests/captured/captured_mail.py tests/adapters/test_graph*.py tests/adapters/test_exchange*.py

check: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: $(READY)
	$(BIN)/python -m benchmarks

# The long campaigns. Their short versions are part of `make test`.
kill: $(READY)
	KILLS=2000 $(BIN)/pytest -q tests/test_kill.py

# The whole fortnight on each family of providers. Two days of it are part of `make test`.
journeys: $(READY)
	JOURNEY_DAYS=14 $(BIN)/pytest -q -n auto --dist loadfile tests/journeys/test_journey_providers_*.py

fuzz: $(READY)
	$(BIN)/python -m tests.fuzz --minutes $(or $(MINUTES),240)

$(READY): pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --upgrade pip
	$(BIN)/pip install --quiet -e '.[dev]'
	touch $(READY)

clean:
	rm -rf $(VENV) demo build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis
