# Everything one does with this project. Plain `make` lists it.
SHELL := bash
.DEFAULT_GOAL := help
export LOCAL_DIR ?= .local
# Bytecode is kept, whatever the shell says: without it each start of a service compiles its libraries anew, 0.7 s of 1.8 s.
unexport PYTHONDONTWRITEBYTECODE
PYTHON_ENV = $(LOCAL_DIR)/venv/bin
STACK = @$(PYTHON_ENV)/python -m deploy.embedded
TEST_PROCESSES ?= 3
CODE = services shared deploy tests $(wildcard benchmarks)

.PHONY: $(shell sed -nE 's/^([a-z-]+):.*/\1/p' Makefile)

help:
	@echo 'Two commands to start with: `make demo` and `make test`. All of them:'
	@sed -nE 's/^([a-z-]+):.*## (.*)/  \1\t\2/p' Makefile | expand -t 17
	@echo 'Settings are environment variables: LOCAL_DIR, CACHE_DIR, PYTHON, PORTS=free, KAFKA_PORT and the like.'

# The demo's clocks run 200 times as fast, so that an offer nobody answers expires while one looks.
demo: export CLOCK_SCALE ?= 0.005
# No translation of the form is checked by a person yet; the demo shows them all the same.
demo: export OFFER_UNREVIEWED_LANGUAGES ?= true
demo: env ## bring everything up and show a day of referrals, live
	$(STACK) up
	@$(PYTHON_ENV)/python -m deploy.demo $(ARGS)

# All of them in several processes, as most wait most of the time; a few chosen ones in one.
test: env ## run all tests (ARGS='-k word' for some)
	@$(PYTHON_ENV)/python -m pytest tests $(or $(ARGS),-n $(TEST_PROCESSES) --dist loadfile --no-loadscope-reorder)

up: env ## start Kafka, MongoDB, mail and the four services in the background
	$(STACK) up

down: env ## stop them; the data stays
	$(STACK) down

reset: env ## stop them and delete their data; downloads stay
	$(STACK) reset

status: env ## say how each process is (ARGS=--json for scripts)
	$(STACK) status $(ARGS)

logs: env ## show all logs as they grow (ARGS=intake for one)
	$(STACK) logs $(ARGS)

bench: env ## measure speed and memory, as a table and a JSON file
	@$(PYTHON_ENV)/python -m benchmarks $(ARGS)

lint: env ## check style, types and import contracts
	@$(PYTHON_ENV)/ruff check $(CODE)
	@$(PYTHON_ENV)/ruff format --check $(CODE)
	@$(PYTHON_ENV)/mypy $(CODE)
	@PYTHONPATH=. $(PYTHON_ENV)/lint-imports

format: env ## lay out the code and mend what can be mended
	@$(PYTHON_ENV)/ruff check --fix $(CODE)
	@$(PYTHON_ENV)/ruff format $(CODE)

chaos: env ## kill processes at random for a while, and check that nothing is lost
	@$(PYTHON_ENV)/python -m tests.chaos $(ARGS)

crashes: env ## kill notifications at every crash point, with all that can be under way there
	@CRASHES=all $(PYTHON_ENV)/python -m pytest tests/integration/notifications/test_crashes.py $(ARGS)

seed-year: env ## show a synthetic year of the region on the running stack (ARGS='--referrals 900')
	@$(PYTHON_ENV)/python -m deploy.year $(ARGS)

disclosure: env ## attack 1,000 suppressed tables filled at random (ARGS=100 for fewer)
	@$(PYTHON_ENV)/python -m tests.disclosure $(ARGS)

fuzz: env ## send ten thousand requests of every kind to intake's API, as its description has it
	@FUZZ_EXAMPLES=950 $(PYTHON_ENV)/python -m pytest tests/integration/intake/test_fuzzing.py -s $(ARGS)

compose-test: ## run docker-compose.yml for real, and check it (needs Docker)
	@deploy/compose-test.sh

promtool: ## check the alert rules and run their tests (needs promtool or Docker)
	@deploy/promtool.sh

secrets: ## make the secrets that docker-compose.yml mounts
	@deploy/secrets.sh

env: ## make or update the Python environment
	@deploy/environment.sh

pages: env ## look at every page of the form in every language, in a real Chromium
	@PAGES=all $(PYTHON_ENV)/python -m pytest tests/browser $(ARGS)

proxy-test: env ## run the form behind a real nginx, and check that it keeps nothing of a visitor (needs nginx)
	@$(PYTHON_ENV)/python -m tests.proxy

pictures: env ## take pictures of the pages, and of sample documents, into docs/pages and docs/figures
	@$(PYTHON_ENV)/python -m tests.browser.pictures
	@$(PYTHON_ENV)/python -m tests.browser.pictures_of_figures
	@$(PYTHON_ENV)/python -m tests.browser.pictures_of_mails

sentences: env ## collect the pages' sentences into their catalogs of translations
	@$(PYTHON_ENV)/python -m deploy.sentences

style: ## compile the pages' style anew from the U.S. Web Design System (needs Node)
	@deploy/style/build.sh

lock: env ## pin all dependencies anew: Python packages and Kafka's jars
	@deploy/lock.sh
