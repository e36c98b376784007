SHELL := /bin/bash
.DEFAULT_GOAL := help
# every process would compile every library anew: half of the time that it takes to start
unexport PYTHONDONTWRITEBYTECODE
# a uv that runs, not merely one that is found: version managers leave shims behind
UV := $(shell uv --version >/dev/null 2>&1 && echo uv || echo $(CURDIR)/var/uv/bin/uv)
RUN := $(UV) run --frozen --no-sync
# of tests/set-up-python; elsewhere uv chooses
ifneq ($(wildcard var/python/usr/bin/python3.13),)
export UV_PYTHON := $(CURDIR)/var/python/usr/bin/python3.13
endif

.PHONY: help
help: ## list what can be made
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 14

.PHONY: set-up
set-up:
	@$(UV) --version >/dev/null 2>&1 || { \
		echo '安装 uv……'; python3.13 -m venv var/uv && var/uv/bin/pip install -q uv==0.13.9; }
	@$(UV) sync --frozen --quiet

.PHONY: up
up: set-up ## start everything; the first time, load the demo
	@$(RUN) yizhan up

.PHONY: down
down: set-up ## stop what `make up` started
	@$(RUN) yizhan down

.PHONY: test
test: set-up ## run every test on real servers
	@tests/set-up-browser
	@tests/set-up-scanner
	@tests/set-up-elasticsearch
	@tests/set-up-pooler
	@tests/set-up-prometheus
	@$(RUN) pytest -n 2 --no-loadscope-reorder $(ARGS)

.PHONY: soak
soak: set-up ## the long forms of tests, and ten times as many drawn examples
	@YIZHAN_SOAK=1 $(RUN) pytest -n 2 -m soak $(ARGS)

.PHONY: cluster-test
cluster-test: set-up ## build the image, install the chart on a real API server, try the modules (the first time half an hour)
	@YIZHAN_CLUSTER=1 $(RUN) pytest -m cluster -rs $(ARGS)

.PHONY: check
check: set-up ## ruff, mypy, import contracts, templates, migrations
	@$(RUN) ruff check .
	@$(RUN) ruff format --check .
	@SECRET_KEY=check $(RUN) mypy
	@$(RUN) lint-imports --no-cache
	@SECRET_KEY=check $(RUN) python manage.py check --fail-level WARNING
	@SECRET_KEY=check $(RUN) python -W ignore::RuntimeWarning manage.py makemigrations --check --dry-run --skip-checks
	@$(RUN) djlint platform tenants --lint --quiet
	@if command -v helm >/dev/null; then for size in small middle large; do helm lint --strict --quiet helm/yizhan \
		-f helm/yizhan/values-$$size.yaml -f helm/yizhan/province.example.yaml; done; helm lint --strict --quiet helm/yizhan-database; \
		else echo 'helm 没有安装，略过 helm lint（make test 用它的引擎检查）'; fi

.PHONY: fix
fix: set-up ## let ruff mend what it can, and Chinese typography (docs/typography.md)
	@$(RUN) python -m tests.architecture.typography --mend
	@$(RUN) ruff check --fix .
	@$(RUN) ruff format .

.PHONY: bench
bench: set-up ## measure; prints JSON (PROFILE=small for a short run)
	@$(RUN) python -m benchmarks $(if $(PROFILE),--profile $(PROFILE)) $(ARGS)
