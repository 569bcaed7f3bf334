# Two commands are enough: `make demo` and `make test`. Each sets up what it needs, once.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
DEMO_STORE := build/demo-store
ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help setup demo test check area all lab schema lock benchmark clean

help:  ## Show this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

setup: $(READY)  ## Make the environment from the lock (a no-op the second time)

# uv where there is one, else brought into the environment itself by pip.
$(READY): requirements.lock pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@command -v uv >/dev/null 2>&1 || test -x $(BIN)/uv || $(BIN)/python -m pip install --quiet uv
	@UV=$$(command -v uv || echo $(BIN)/uv); \
	  $$UV pip install --quiet --python $(BIN)/python --compile-bytecode --require-hashes -r requirements.lock && \
	  $$UV pip install --quiet --python $(BIN)/python --no-deps --editable .
	@$(BIN)/python -m compileall -q lib
	@touch $(READY)

demo: $(READY)  ## Make the synthetic demonstration profile
	@$(BIN)/cip fetch --from params/demo/source --store $(DEMO_STORE)
	@$(BIN)/cip run params/demo.yml --store $(DEMO_STORE) --outputs outputs
	@echo
	@echo "Open outputs/index.html, or straight away:"
	@echo "  outputs/demo/reports/summary_report.html   (and .pdf)"
	@echo "  outputs/demo/reports/insight_report.html   (and .pdf)"
	@echo "  outputs/demo/reports/data_report.html      (and .pdf)"
	@echo "  outputs/demo/reports/evidence.html"
	@echo "  outputs/demo/reports/poster_a4.pdf"

# Two at a time, then those that need the machine to themselves.
test: $(READY)  ## Run every test, or those that ARGS names
ifeq ($(strip $(ARGS)),)
	@$(BIN)/python -m pytest -n 2 --dist loadfile -m "not slow and not alone"
	@$(BIN)/python -m pytest -m "alone and not slow"
else
	@$(BIN)/python -m pytest $(ARGS)
endif

check: $(READY)  ## Style, spelling and notebooks without outputs
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/codespell
	@$(BIN)/nbstripout --keep-id --verify notebooks/*.ipynb

area: $(READY)  ## Make one profile: make area PARAMS=params/<area>.yml
	@$(BIN)/cip run $(PARAMS)

all: $(READY)  ## Make the profiles of every real area in params/
	@$(BIN)/cip run params/oxfordshire/*.yml

lab: $(READY)  ## Open the notebooks in JupyterLab
	@$(BIN)/jupyter lab notebooks

schema: $(READY)  ## Write params/_schema.json again from the model
	@$(BIN)/cip schema params/_schema.json

lock:  ## Resolve requirements.lock again (needs uv)
	uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header \
	  --python-version 3.11 --extra test pyproject.toml --output-file requirements.lock

clean:  ## Remove what the workbook makes, but not the environment
	rm -rf build .pytest_cache .ruff_cache .hypothesis && find outputs -mindepth 1 ! -name README.md -delete
