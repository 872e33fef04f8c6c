# Copyright 2026 The hockeypuck-k8s authors
# SPDX-License-Identifier: Apache-2.0
# The targets that build, test and try the charm. CI calls only these.
SHELL := /bin/bash
.DELETE_ON_ERROR:
.PHONY: bench chaos charm charm-arm64 clean coverage dashboard-picture demo demo-picture dev docs exhaustion format fuzz \
  integration integration-juju lint mutants pack publish-rock rehearsal release release-to reliability rock sanitizers \
  soak sweep terraform test unit packages-arm64 packages-bench packages-build packages-coverage packages-fuzz \
  packages-integration packages-lint packages-pack packages-pictures packages-publish packages-release \
  packages-reliability

JOBS ?= $(shell nproc)
# One more than the number of processors, because tests wait more than they work.
TEST_JOBS ?= $(shell expr $$(nproc) + 1)
CTEST := ctest --preset dev -j $(TEST_JOBS) --no-tests=error
# On a terminal the build shows one progress line. Elsewhere it prints only errors.
QUIET := $(if $(MAKE_TERMOUT),,-- --quiet)

demo: rehearsal ## Deploys, integrates and uses the keyserver on this machine; STAY=1 leaves it running, IMAGE is its image
	rehearsal/demo

rehearsal: packages-build ## Builds the charm and the rehearsal, for docs/tutorial.md
	cmake --preset dev >/dev/null
	cmake --build --preset dev -j $(JOBS) --target staged_charm rehearse rehearsal/all $(QUIET)

test: dev ## Runs every test
	$(CTEST)

unit: dev ## Runs the unit tests and the lints
	$(CTEST) -L 'unit|lint'

integration: dev ## Runs the contract and end-to-end tests
	$(CTEST) -L 'contract|e2e'

integration-juju: rehearsal packages-integration ## Runs tests/integration, written for Juju, on the rehearsal; as root
	python3 -m venv build/integration
	build/integration/bin/pip install --quiet --requirement tests/integration/requirements.txt
	PATH=$(CURDIR)/build/dev/rehearsal/bin:$$PATH REHEARSAL_DIR=$(or $(REHEARSAL_DIR),/var/tmp/hockeypuck-integration) PYTHONDONTWRITEBYTECODE=1 \
	  build/integration/bin/pytest -p no:cacheprovider tests/integration --charm-file $(or $(CHARM),build/dev/charm)

lint: packages-build packages-lint ## Checks formatting, clang-tidy, layers, licences, YAML schemas and documents
	scripts/lint

format: packages-lint ## Formats every source file in place
	git ls-files '*.cpp' '*.hpp' | xargs clang-format-14 -i

docs: packages-lint ## Writes the pages of docs/reference that come from the code
	docs/generate

charm: packages-release ## Builds and checks the unpacked charm in build/release/charm
	scripts/build-static-libraries
	cmake --preset release >/dev/null
	cmake --build --preset release -j $(JOBS) --target staged_charm
	tests/package/lint_charm build/release/charm --debug-symbols build/release/dispatch.debug
	tests/package/check_start build/release/charm
	@echo "The charm is in build/release/charm"

charm-arm64: packages-arm64 ## Builds it for arm64 with a cross compiler and starts it with qemu; on Debian
	scripts/provide-sysroot arm64
	ARCHITECTURE=arm64 scripts/build-static-libraries
	cmake --preset release-arm64 >/dev/null
	cmake --build --preset release-arm64 -j $(JOBS) --target staged_charm
	tests/package/lint_charm build/release-arm64/charm --debug-symbols build/release-arm64/dispatch.debug
	tests/package/check_start build/release-arm64/charm
	@echo "The charm is in build/release-arm64/charm"

pack: packages-pack ## Packs the .charm file with charmcraft, checks it, and unpacks it in build/pack/charm
	scripts/pack

release-to: packages-publish ## Releases the packed charms of this folder as NAME to CHANNEL of Charmhub
	scripts/release "$(NAME)" "$(CHANNEL)" $(wildcard *.charm)

rock: ## Packs an image with rockcraft, which must be installed
	cd rock && rockcraft pack

publish-rock: packages-publish ## Publishes the rocks of rock/ as IMAGE, for example ghcr.io/OWNER/hockeypuck:2.3.3
	scripts/publish-rock "$(IMAGE)"

terraform: ## Checks and tests the Terraform modules, or MODULE
	scripts/check-terraform $(or $(MODULE),charm product)

bench: release packages-bench ## Measures hooks, actions and the block list, and checks their bounds
	cmake --preset dev >/dev/null
	cmake --build --preset dev -j $(JOBS) --target bench_programs
	rehearsal/bench

chaos: rehearsal ## What clients notice of disturbed units: each disturbance, or at random with SEED and MINUTES; EDGE is traefik-route or ingress; as root
	cmake --build --preset dev -j $(JOBS) --target bench_programs $(QUIET)
	EDGE=$(EDGE) python3 -B tests/bench/many_units build/dev/charm $(SEED) $(and $(SEED),$(or $(MINUTES),5))

sweep: $(if $(CHARM),,charm) packages-build packages-reliability ## Disturbs hooks of the built charm at each system call: HOOKS, KINDS, POINTS with these words, MOST of each; as root
	cmake --preset dev >/dev/null
	cmake --build --preset dev -j $(JOBS) --target surroundings rehearsal-hook-tool $(QUIET)
	python3 -B tests/reliability/sweep.py --hooks "$(HOOKS)" --most $(or $(MOST),0) $(and $(KINDS),--kinds "$(KINDS)") \
	  --points "$(POINTS)" $(and $(CHARM),--dispatch $(CHARM)/dispatch)

fuzz: packages-fuzz ## Fuzzes the parsers of data from outside for MINUTES, with SEED; a failing input is kept
	cmake --preset fuzz >/dev/null
	cmake --build --preset fuzz -j $(JOBS) --target fuzz $(QUIET)
	tests/fuzz/run build/fuzz $(and $(MINUTES),--minutes $(MINUTES)) $(and $(SEED),--seed $(SEED))

mutants: packages-build ## Damages the charm in one place at a time and counts the defects that the unit tests find, or those with WORD
	tests/mutants/run $(WORD)

coverage: packages-build packages-coverage ## Prints the lines and branches of the charm's decisions that no unit test runs
	tests/mutants/coverage

exhaustion: packages-build ## Begins hooks from states of the whole product of states: from each EVERYth one
	cmake --preset dev >/dev/null
	cmake --build --preset dev -j $(JOBS) --target exhaustion_test $(QUIET)
	$(if $(EVERY),EXHAUSTION_EVERY=$(EVERY)) build/dev/tests/unit/exhaustion/exhaustion_test

soak: packages-build ## Simulates N random histories of the application with SEED, or one SEQUENCE with its journal
	cmake --preset soak >/dev/null
	cmake --build --preset soak -j $(JOBS) --target simulation_test $(QUIET)
	$(if $(SEQUENCE),SIMULATION_SEQUENCE='$(SEQUENCE)' build/soak/tests/simulation/simulation_test --gtest_filter=KnownSequences.KeepTheirInvariants, \
	  tests/simulation/run build/soak/tests/simulation/simulation_test $(or $(SEED),1) $(or $(N),1000))

demo-picture: rehearsal ## Draws docs/images/demo.svg from the output of `make demo`
	set -o pipefail; rehearsal/demo 2>&1 | tee build/demo.txt
	/usr/bin/python3 scripts/draw_demo.py build/demo.txt docs/images/demo.svg

dashboard-picture: rehearsal packages-pictures ## Draws docs/images/dashboard.png; needs hockeypuck on PATH
	scripts/dashboard-picture

clean:
	rm -rf build

dev: packages-build
	cmake --preset dev >/dev/null
	cmake --build --preset dev -j $(JOBS) $(QUIET)

release: charm packages-build
	cmake --build --preset release -j $(JOBS)

packages-build:
	@scripts/install-packages build rehearsal lint

packages-release:
	@scripts/install-packages build release

packages-arm64:
	@scripts/install-packages build release arm64

packages-pack:
	@scripts/install-packages build release pack

packages-publish:
	@scripts/install-packages publish

packages-bench:
	@scripts/install-packages bench

sanitizers: packages-build ## Runs the unit tests with AddressSanitizer, LeakSanitizer and UndefinedBehaviorSanitizer
	cmake --preset asan >/dev/null
	cmake --build --preset asan -j $(JOBS) $(QUIET)
	ctest --preset asan -L unit -j $(TEST_JOBS)

reliability: packages-build packages-reliability packages-coverage packages-fuzz ## Runs all checks of reliability, or CHECKS, and prints their figures; as root
	tests/reliability/table $(CHECKS)

packages-reliability:
	@scripts/install-packages reliability

packages-fuzz:
	@scripts/install-packages build fuzz

packages-coverage:
	@scripts/install-packages coverage

packages-integration:
	@scripts/install-packages integration

packages-pictures:
	@scripts/install-packages pictures

packages-lint:
	@scripts/install-packages lint
