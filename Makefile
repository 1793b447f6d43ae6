# make music   install into .venv, then write out.mid and its picture out.png
# make check   install what the tests need, then run lint, types and tests
# make clean   remove .venv and every cache (never music, pictures or models)
#
# Needs Python 3.11 or newer and make. Another interpreter: make music PYTHON=python3.12

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin

.PHONY: music check clean

music: $(VENV)/.installed
	$(BIN)/musicvae generate --n 5 out.mid
	$(BIN)/musicvae plot out.mid -o out.png

check: $(VENV)/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -n auto

clean:
	rm -rf $(VENV) build *.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The stamps make a second run install nothing; a changed pyproject.toml installs again.
define install
@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	echo "musicvae needs Python 3.11 or newer, and $(PYTHON) is not: name another, as in make $(MAKECMDGOALS) PYTHON=python3.12" >&2; \
	exit 1; }
$(PYTHON) -m venv $(VENV)
$(BIN)/python -m pip install --editable '$(1)'
endef

$(VENV)/.installed: pyproject.toml
	$(call install,.)
	@touch $@

$(VENV)/.installed-dev: pyproject.toml
	$(call install,.[dev])
	@touch $(VENV)/.installed $@
