# Everything from a fresh clone: `make run` starts the app, `make test` tests it. Needs Python 3.11 or 3.12 and make.

VENV := .venv
PYTHON ?= $(shell for p in python3 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 13))' 2>/dev/null && echo $$p && break; done)
BIN := $(VENV)/bin

.PHONY: run test check bench margins checkpoints screenshots format clean

run: $(VENV)/.app
	$(BIN)/python app.py

test: $(VENV)/.dev $(VENV)/.browser
	$(BIN)/python -m pytest

check: $(VENV)/.dev
	@rm -f playground/ui/*.pyi # Gradio writes these beside its components; they would hide the code from mypy
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

bench: $(VENV)/.dev $(VENV)/.browser
	$(BIN)/python -m benchmarks

# With what margin tests and claims hold whose outcome is that of a training.
margins: $(VENV)/.dev
	$(BIN)/python -m scripts.margins

# The models that ship with the project, trained anew.
checkpoints: $(VENV)/.app
	$(BIN)/python -m scripts.checkpoints

# The pictures in the README, taken from the running app.
screenshots: $(VENV)/.dev $(VENV)/.browser
	$(BIN)/python -m scripts.screenshots

format: $(VENV)/.dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache

$(VENV)/bin/python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or 3.12 is needed."; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.app: $(VENV)/bin/python requirements.txt
	$(BIN)/python -m pip install --quiet -r requirements.txt
	touch $@

$(VENV)/.dev: $(VENV)/.app requirements-dev.txt
	$(BIN)/python -m pip install --quiet -r requirements-dev.txt
	touch $@

$(VENV)/.browser: $(VENV)/.dev
	sh scripts/browser.sh $(BIN)
	touch $@
