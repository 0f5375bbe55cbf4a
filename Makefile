# Everything from a fresh clone: `make run` starts the app, `make test` tests it. Needs Python 3.11 or 3.12 and make.
# Tests and checks also want Node 18 or later and a browser: root on Debian gets them from there (scripts/).

VENV := .venv
PYTHON ?= $(shell for p in python3 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 13))' 2>/dev/null && echo $$p && break; done)
BIN := $(VENV)/bin
BIOME := node_modules/.bin/biome

.PHONY: run test check bench margins checkpoints screenshots space format clean

run: $(VENV)/.app
	$(BIN)/python app.py

# Of two threads of one process, each would wait for a core that another has.
test: $(VENV)/.dev $(VENV)/.browser $(VENV)/.node
	node --test --test-reporter=spec tests/js/*.test.js
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest -n 2 --dist loadfile

check: $(VENV)/.dev node_modules/.installed
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIOME) check --error-on-warnings

# torchcfm, which benchmarks.peers compares with, comes alone: what it requires would bring a PyTorch for CUDA.
bench: $(VENV)/.dev $(VENV)/.browser
	$(BIN)/python -m pip install --quiet --no-deps "torchcfm>=1.0.7"
	$(BIN)/python -m benchmarks

# With what margin tests and claims hold whose outcome is that of a training.
margins: $(VENV)/.dev
	$(BIN)/python -m scripts.margins

# The models that ship with the project, trained anew, and the bands of its data sets.
checkpoints: $(VENV)/.app
	$(BIN)/python -m scripts.checkpoints
	$(BIN)/python -m scripts.classifiers
	$(BIN)/python -m scripts.bands

# The pictures in the README, taken from the running app.
screenshots: $(VENV)/.dev $(VENV)/.browser
	$(BIN)/python -m scripts.screenshots

# The app on Hugging Face Spaces: `make space NAME=owner/name HARDWARE=cpu-basic`. It asks before it does anything.
space: $(VENV)/.app
	$(BIN)/python -m scripts.space $(NAME) $(if $(HARDWARE),--hardware $(HARDWARE)) $(if $(YES),--yes)

format: $(VENV)/.dev node_modules/.installed
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .
	$(BIOME) check --write

clean:
	rm -rf $(VENV) node_modules .pytest_cache .mypy_cache .ruff_cache

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

$(VENV)/.node: $(VENV)/bin/python scripts/node.sh
	sh scripts/node.sh
	touch $@

node_modules/.installed: $(VENV)/.node package.json package-lock.json .npmrc
	npm ci --silent
	touch $@
