# The few words of a newcomer. Everything else is `.venv/bin/briefs --help`.
PYTHON ?= python3
DB ?= archive.db
WARCS ?= warcs
# The sample archive has a place of its own, unless somebody names another.
DEMO_DB = $(if $(filter file,$(origin DB)),demo.db,$(DB))
DEMO_WARCS = $(if $(filter file,$(origin WARCS)),demo-warcs,$(WARCS))
PORT ?=
ARGS ?=
# Tests call make as people do: what this make was told is not for them. Their processes must not compile all code again.
ALONE = env -u MAKEFLAGS -u MAKELEVEL -u ARGS -u PYTHONDONTWRITEBYTECODE
BRIEFS = .venv/bin/briefs
STORES = --db "$(DB)" --warcs "$(WARCS)"

# A venv that cannot be used any more is made anew: its Python is gone or has become another, or the folder was moved.
is_sound = $(shell sh setup.sh check $(1) && echo yes)
$(foreach venv,.venv .venv-pywb .venv-release,$(if $(wildcard $(venv)/ready),$(if $(call is_sound,$(venv)),,\
  $(eval .PHONY: $(venv)/ready $(venv)/ready-dev))))

.venv/ready: requirements.lock $(wildcard pyproject.toml)
	@sh setup.sh $(PYTHON) requirements.lock
	@touch $@

.venv/ready-dev: requirements-dev.lock $(wildcard pyproject.toml)
	@sh setup.sh $(PYTHON) requirements-dev.lock
	@touch .venv/ready $@

.venv-pywb/ready: tests/pywb/requirements.lock
	@sh setup.sh $(PYTHON) tests/pywb/requirements.lock .venv-pywb
	@touch $@

.venv-release/ready: deploy/release.lock
	@sh setup.sh $(PYTHON) deploy/release.lock .venv-release
	@touch $@

.PHONY: help demo crawl probe serve test test-fast coverage fresh check format bench attack docs pictures axe dist audit lock pin clean
help: ## show these words
	@grep -E '^[a-z-]+:.*##' Makefile | sed 's/:.*##/\t/' | expand -t 12

demo: .venv/ready ## set up, make a sample archive of invented briefs (demo.db, demo-warcs), say how to look at it
	@$(BRIEFS) demo --db "$(DEMO_DB)" --warcs "$(DEMO_WARCS)" $(ARGS)

crawl: .venv/ready ## crawl the live site; needs BRIEFS_CONTACT=you@example.org; ARGS=--force passes arguments on
	@$(BRIEFS) crawl $(STORES) $(ARGS)

probe: .venv/ready ## look whether the rules hold for the live site; nothing but captures is stored
	@$(BRIEFS) probe $(STORES) $(ARGS)

serve: .venv/ready ## open the reading room on the archive (DB=archive.db WARCS=warcs PORT=8001, or the next that is free)
	@case "$(PORT)" in 0|00*) echo "Error: PORT is a number from 1 to 65535" >&2; exit 2;; esac
	@$(BRIEFS) serve $(STORES) $(if $(PORT),--port "$(PORT)") $(ARGS)

test: .venv/ready-dev .venv-pywb/ready ## set up and run every test
	@.venv/bin/python -m tests.debian
	@.venv/bin/python -m tests.wordpress.unpacked
	@$(ALONE) .venv/bin/pytest -n auto --dist loadfile $(ARGS)

test-fast: .venv/ready-dev ## run the tests that need no server, no browser and no whole archive, in about a minute
	@$(ALONE) .venv/bin/pytest -n auto --dist worksteal -m "not services" $(ARGS)

coverage: .venv/ready-dev .venv-pywb/ready ## lines and branches of pipelines/ that all tests reach (ARGS='-m "not services"': the fast ones)
	@$(ALONE) .venv/bin/pytest -n auto --dist loadfile --cov --cov-report=term:skip-covered $(ARGS)

fresh: ## make demo and make test on bare Debians, as root and as a plain user; needs root and debootstrap (SUITE=trixie)
	@$(PYTHON) -m tests.fresh $(addprefix --suite ,$(SUITE)) $(ARGS)

check: .venv/ready-dev ## format, lint and types: what each commit must pass
	@.venv/bin/ruff format --check .
	@.venv/bin/ruff check .
	@.venv/bin/mypy

format: .venv/ready-dev ## format the code
	@.venv/bin/ruff format .
	@.venv/bin/ruff check --fix .

bench: .venv/ready-dev ## WARC to archive.db beside peers, and how its cost grows; writes docs/benchmarks.md (ARGS="--times 1")
	@sh setup.sh $(PYTHON) benchmarks/requirements.lock
	@.venv/bin/python -m benchmarks.ingest $(ARGS)

attack: .venv/ready-dev .venv-pywb/ready ## attack archives: kills, full disks, bits, writers, clocks, fuzz; root, takes hours (ARGS="fuzz --number 500")
	@$(ALONE) .venv/bin/python -m benchmarks.attacks $(ARGS)

docs: .venv/ready-dev ## write docs/schema.md, docs/commands.md and docs/brief.schema.json again
	@.venv/bin/python -m pipelines.schema.doc
	@.venv/bin/python -m scraper.console.commands_doc
	@.venv/bin/python -m pipelines.exports.json_schema

pictures: .venv/ready-dev ## take the pictures in docs/img anew, of the sample archive (make demo first; needs chromium)
	@.venv/bin/python -m tests.pictures "$(DEMO_DB)" "$(DEMO_WARCS)"

axe: .venv/ready-dev ## every rule of axe on every page of the sample, day and night, wide and narrow (make demo first; needs chromium)
	@.venv/bin/python -m tests.axe_pages "$(DEMO_DB)" "$(DEMO_WARCS)"

dist: .venv/ready .venv-release/ready ## build the wheel in dist/, and beside it the list of all that it needs (SBOM, CycloneDX)
	@rm -rf dist
	@.venv/bin/pip wheel -q --disable-pip-version-check --no-deps --no-build-isolation -w dist .
	@.venv-release/bin/python -W ignore -m cyclonedx_py requirements requirements.lock --pyproject pyproject.toml \
	  --output-reproducible -o "$$(ls dist/*.whl | sed 's/-py3.*//').cdx.json"
	@ls dist

audit: .venv-release/ready ## ask an index of advisories for known faults of what is installed; says so where there is none
	@sh deploy/audit.sh

lock: ## resolve the requirements again (needs uv)
	uv pip compile -q --universal --generate-hashes --python-version 3.11 --no-emit-find-links \
	  --custom-compile-command "make lock" requirements.txt -o requirements.lock
	uv pip compile -q --universal --generate-hashes --python-version 3.11 --no-emit-find-links \
	  --custom-compile-command "make lock" requirements-dev.txt -o requirements-dev.lock
	uv pip compile -q --universal --generate-hashes --python-version 3.11 --no-emit-find-links \
	  --custom-compile-command "make lock" benchmarks/requirements.txt -o benchmarks/requirements.lock
	uv pip compile -q --universal --generate-hashes --python-version 3.11 --no-emit-find-links \
	  --custom-compile-command "make lock" tests/pywb/requirements.txt -o tests/pywb/requirements.lock
	uv pip compile -q --universal --generate-hashes --python-version 3.11 --no-emit-find-links \
	  --custom-compile-command "make lock" deploy/release.txt -o deploy/release.lock

clean: ## remove both .venv and caches; archives and their pages stay
	rm -rf .venv .venv-pywb .venv-release .wordpress .mypy_cache .pytest_cache .ruff_cache .hypothesis
