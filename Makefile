# Everything here works in a fresh clone with Python 3.11 (or newer) and make; nothing is installed outside .venv*,
# save that `make test`, run by root on Debian, installs the packages that the tests need.

PYTHON ?= $(firstword $(foreach name,python3.11 python3.12 python3.13 python3.14 python3,$(shell command -v $(name) 2>/dev/null)))
BIN := .venv/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-input
MIGRATIONS := $(wildcard src/answerable/*/migrations/*.py src/answerable/*/*/migrations/*.py)
CATALOGUES := $(wildcard src/answerable/locale/*/LC_MESSAGES/*.po)

export PIP_ROOT_USER_ACTION := ignore
# Containers like to set it; each of the hundreds of processes that the tests start would compile everything anew.
unexport PYTHONDONTWRITEBYTECODE

CHECKS := types translations imports migrations templates style format

.PHONY: $(CHECKS:%=check-%) check-collection install serve check test bench screenshots messages lock clean packages
.DEFAULT_GOAL := serve

install: .venv/everything .venv/schema  ## a virtual environment with everything, locked by hash

serve: .venv/schema  ## the product on http://localhost:8000
	@exec $(BIN)/answerable serve

# What the checks look at must not depend on, nor touch, the data of whoever runs them.
check: export ANSWERABLE_DATA := $(CURDIR)/build/check
check: export DJANGO_SETTINGS_MODULE := answerable.site.settings
check: install  ## style, types, imports, migrations, templates, translations: two at a time, the longest first
	@$(MAKE) --no-print-directory --jobs=2 $(CHECKS:%=check-%)

check-types:
	$(BIN)/mypy
check-translations:
	$(BIN)/python scripts/translations.py check
check-imports:
	$(BIN)/lint-imports --no-logo
check-migrations:
	$(BIN)/answerable manage makemigrations --check --dry-run
check-templates:
	$(BIN)/python scripts/templates.py
check-style:
	$(BIN)/ruff check .
check-format:
	$(BIN)/ruff format --check .
# What tests become before they run (their assertions are written anew) is kept, where each of those who run them would
# do it once more: a processor has nothing to do meanwhile but to wait for the types.
check-collection:
	@said=$$(env -u DJANGO_SETTINGS_MODULE -u ANSWERABLE_DATA $(BIN)/pytest --collect-only -qq 2>&1) || { echo "$$said"; exit 1; }

# Three at a time, on two processors as well: tests also wait, for servers and for the browser.
test: CHECKS := types collection $(filter-out types,$(CHECKS))
test: packages check .venv/spark .venv-synapse/ready  ## the checks and every test, on a real PostgreSQL and a real browser
	$(BIN)/pytest -n 3 --dist loadfile --no-loadscope-reorder --durations=25 --durations-min=2

bench: install  ## how fast it is, written to docs/benchmarks.md
	$(BIN)/python -m benchmarks

screenshots: packages install  ## draw docs/screenshots/ again
	ANSWERABLE_SCREENSHOTS=1 $(BIN)/pytest tests/browser/test_screenshots.py

messages: install  ## bring the translations' catalogues up to date with the texts
	$(BIN)/python scripts/translations.py update

lock:  ## resolve requirements/*.in again; needs uv
	cd requirements && for name in build base dev spark synapse; do \
		uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
			--no-emit-index-url --no-emit-find-links --quiet --output-file $$name.txt $$name.in || exit 1; \
	done

clean:  ## forget the virtual environment and what was built
	rm -rf .venv .venv-synapse build

packages:
	@scripts/test-packages

.venv/tools: requirements/build.txt
	@test -n "$(PYTHON)" || { echo "Answerable needs Python 3.11 or newer."; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Answerable needs Python 3.11 or newer.")'
	$(PYTHON) -m venv .venv
	$(PIP) --require-hashes -r requirements/build.txt
	@touch $@

.venv/product: .venv/tools requirements/base.txt pyproject.toml $(CATALOGUES)
	$(PIP) --require-hashes -r requirements/base.txt
	$(PIP) --no-deps --no-build-isolation -e .
	$(BIN)/python scripts/translations.py compile
	@touch $@

.venv/schema: .venv/product $(MIGRATIONS)
	$(BIN)/answerable schema
	@touch $@

.venv/everything: .venv/product requirements/dev.txt
	$(PIP) --require-hashes -r requirements/dev.txt
	@touch $@

# Spark comes as a source that setuptools makes a package of: the one from build.txt, so that all is locked.
.venv/spark: .venv/everything requirements/spark.txt
	$(PIP) --require-hashes --no-build-isolation -r requirements/spark.txt
	@touch $@

# A Matrix homeserver that the tests start and write to: a program of its own, which nothing here imports.
.venv-synapse/ready: requirements/synapse.txt
	@test -n "$(PYTHON)" || { echo "Answerable needs Python 3.11 or newer."; exit 1; }
	$(PYTHON) -m venv .venv-synapse
	.venv-synapse/bin/python -m pip install --quiet --disable-pip-version-check --no-input --only-binary :all: \
		--require-hashes -r requirements/synapse.txt
	@touch $@
