# Each target works on a fresh checkout.
PYTHON ?= python3
BENCH ?=
.DEFAULT_GOAL := help
.PHONY: help run test check bench shots figures docs lock setup setup-dev wheel

help:
	@echo "make run     set up, load the demo organisation, serve it"
	@echo "make test    run every test"
	@echo "make check   formatting, lint, types, imports, templates, migrations"
	@echo "make bench   print measurements (BENCH=\"name …\" for some)"
	@echo "make shots   screenshots of the main pages into shots/"
	@echo "make figures write the figures of the methods pages from the real data"
	@echo "make docs    write the generated reference"

setup:
	@$(PYTHON) tools/bootstrap.py

setup-dev:
	@$(PYTHON) tools/bootstrap.py dev

run: setup
	@.venv/bin/throughline serve --demo

test: setup-dev
	@.venv/bin/python -m tests.run

check: setup-dev
	@.venv/bin/python -m tools.check

bench: setup-dev
	@.venv/bin/python -m bench $(BENCH)

shots: setup-dev
	@.venv/bin/python -m tools.shots

figures: setup-dev
	@.venv/bin/python -m tools.figures

docs: setup-dev
	@.venv/bin/python -m tools.docs

lock:
	uv pip compile --quiet --python-version 3.11 --generate-hashes --no-emit-index-url --no-header requirements/base.in -o requirements/base.txt
	uv pip compile --quiet --python-version 3.11 --generate-hashes --no-emit-index-url --no-header requirements/dev.in -o requirements/dev.txt

wheel: setup-dev
	@.venv/bin/python -m tools.wheel
