# The commands of the book. Each sets up what it needs in .venv (a few minutes, once) and is quick when that is there.
# Options of `wbviz` go into ARGS: make book ARGS="--no-browser --port 9000"

VENV := .venv
BINDER := .venv-binder
INSTALL = -m pip install --quiet --disable-pip-version-check
# Tests on all cores, four at most; a file's tests stay together, those of the browser begin first: they take longest.
WORKERS := -n logical --maxprocesses 4 --dist loadfile --no-loadscope-reorder

.PHONY: book test lint bench bench-check look pages references binder-versions
.DELETE_ON_ERROR:

book: $(VENV)/.with-book
	$(VENV)/bin/wbviz $(ARGS)

test: $(VENV)/.with-test axe
	$(VENV)/bin/python -m pytest $(WORKERS) --nbval tests chapters

lint: $(VENV)/.with-lint
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/lint-imports

BENCHMARKS := training landscape maps imports latency book memory

bench: $(VENV)/.with-test $(VENV)/.with-bench
	set -e; for name in $(BENCHMARKS); do $(VENV)/bin/python benchmarks/$$name.py; done
	$(VENV)/bin/python benchmarks/chart.py

# Has anything become slower beside its peers? A quick run, compared with the numbers that are committed.
bench-check: $(VENV)/.with-test $(VENV)/.with-bench
	$(VENV)/bin/python benchmarks/check.py

look: $(VENV)/.with-bench
	$(VENV)/bin/python tools/look.py

# Chapters 00 to 04 as pages of the web, whose figures move without Python.
pages: $(VENV)/.with-book
	$(VENV)/bin/wbviz page $(wildcard $(addprefix chapters/,$(addsuffix _*.ipynb,00 01 02 03 04))) --to pages

references: $(VENV)/.with-book
	$(VENV)/bin/python tools/references.py

# The chapters and the widgets with the versions of Jupyter that Binder has.
binder-versions: $(BINDER)/.with-binder
	$(BINDER)/bin/python -m pytest $(WORKERS) --nbval tests/widgets/test_explorers.py tests/widgets/test_work.py chapters

# axe-core for the tests of accessibility, the manager of widgets for that of pages: these tests are left out, and say
# so, where npm is missing.
.PHONY: axe
axe: $(VENV)/.with-axe
$(VENV)/.with-axe: package.json | $(VENV)/bin/python
	@if command -v npm > /dev/null && npm install --no-save --no-package-lock --no-audit --no-fund --silent; \
	then touch $@; else echo "axe-core and the manager of widgets cannot be installed without npm."; fi

$(VENV)/.with-%: pyproject.toml constraints.txt | $(VENV)/bin/python
	@echo "Setting up $(VENV) for: $*"
	$(VENV)/bin/python $(INSTALL) --constraint constraints.txt --editable ".$(if $(filter-out book,$*),[$*])"
	@touch $@

$(BINDER)/.with-binder: pyproject.toml binder/requirements.txt binder/base-versions.txt constraints.txt \
		| $(BINDER)/bin/python
	@echo "Setting up $(BINDER) with Binder's versions"
	$(BINDER)/bin/python $(INSTALL) --constraint binder/base-versions.txt --requirement binder/requirements.txt \
		$$(grep -E "^(pytest|pytest-xdist|execnet|nbval|hypothesis)==" constraints.txt)
	@touch $@

%/bin/python:
	@for python in python3 python3.13 python3.12 python3.11; do \
		if $$python -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2> /dev/null; \
		then exec $$python -m venv $*; fi; \
	done; \
	echo "wbviz needs Python 3.11, 3.12 or 3.13, and found none of them. See README.md."; exit 1
