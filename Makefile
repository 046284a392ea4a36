# Everything that is done to this project by hand, one target each. `make` alone lists them.

BIN = $(or $(CARGO_TARGET_DIR),target)/debug

# The demo's night. Where the clock is behind it, tonight: a run never retires ahead of time.
DEMO_DAY = 2026-11-01

.DEFAULT_GOAL := help

.PHONY: help
help: ## List the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1	\2/p' $(MAKEFILE_LIST) | sort | expand -t 20

.PHONY: build
build: ## Compile the program and the maker of fixtures
	cargo build --bins

# Plans twice: once for people, once for the digest. Exit code 1 says that a person should look; that is expected here.
.PHONY: demo
demo: build ## Make a site in ./demo, plan, accept, run a night, verify
	@set -eu; \
	title() { printf '\n==== %s\n\n' "$$1"; }; \
	looked() { "$$@" || [ $$? -eq 1 ]; }; \
	if [ -e demo ] && [ ! -e demo/made-by-make-demo ]; then \
	    echo "./demo is there already and make demo did not make it: move it away" >&2; exit 1; \
	fi; \
	day=$(DEMO_DAY); today=$$(TZ=EST5EDT date +%Y-%m-%d); \
	if [ "$$(echo $$today | tr -d -)" -lt "$$(echo $$day | tr -d -)" ]; then day=$$today; fi; \
	rm -rf demo; \
	title "1. A new site: afterloan init demo --ils koha"; \
	$(BIN)/afterloan init demo --ils koha --name "Millbrook Public Library"; \
	touch demo/made-by-make-demo; \
	title "2. The board's authorization (made up), and tonight's exports (made up, too)"; \
	sed -e 's/^statute = ""/statute = "Example Statutes § 1-25"/' -e 's/^schedule = ""/schedule = "M11"/' \
	    -e 's/^authorization = ""/authorization = "RC-001 of 2026-09-12"/' demo/policy.toml > demo/policy.new; \
	cat demo/policy.new > demo/policy.toml; rm demo/policy.new; \
	$(BIN)/afterloan-fixtures demo demo/inbox --as-of $$day > demo/what-is-wrong-in-the-exports.tsv; \
	TZ=EST5EDT touch -t $$(echo $$day | tr -d -)0000 demo/inbox/*; \
	ls -l demo/inbox; \
	title "3. afterloan check"; \
	looked $(BIN)/afterloan check --site demo --as-of $$day; \
	title "4. afterloan plan: what the run would do"; \
	looked $(BIN)/afterloan plan --site demo --as-of $$day; \
	digest=$$(looked $(BIN)/afterloan plan --site demo --as-of $$day --json | \
	    sed -n 's/^  "digest": "\([0-9a-f]*\)".*/\1/p'); \
	title "5. afterloan run --accept $$(echo $$digest | cut -c 1-12)…"; \
	looked $(BIN)/afterloan run --site demo --as-of $$day --accept $$digest; \
	title "6. afterloan verify"; \
	$(BIN)/afterloan verify --site demo; \
	title "Where to look"; \
	set -- demo/reports/*.html;      echo "  the purge report      $$1"; \
	set -- demo/worklists/*loans.sql; echo "  what Koha must sever  $$1"; \
	echo "  what anyone may read  demo/public/index.html"; \
	echo "  what analysts get     demo/public/dataset"; \
	echo "  what was wrong        demo/what-is-wrong-in-the-exports.tsv"; \
	echo "  the board's policy    demo/policy.toml"

.PHONY: manual
manual: build ## Make man pages and shell completions, in target/manual
	$(BIN)/afterloan manual target/manual

PREFIX ?= /usr/local

.PHONY: install
install: ## Install the program, its man pages and shell completions below PREFIX (/usr/local)
	cargo build --release --bin afterloan
	$(or $(CARGO_TARGET_DIR),target)/release/afterloan manual target/manual
	install -D -m 0755 $(or $(CARGO_TARGET_DIR),target)/release/afterloan $(DESTDIR)$(PREFIX)/bin/afterloan
	for page in target/manual/man/*.1; do install -D -m 0644 $$page $(DESTDIR)$(PREFIX)/share/man/man1/$${page##*/} || exit 1; done
	for page in target/manual/man/*.7; do install -D -m 0644 $$page $(DESTDIR)$(PREFIX)/share/man/man7/$${page##*/} || exit 1; done
	install -D -m 0644 target/manual/completions/afterloan.bash $(DESTDIR)$(PREFIX)/share/bash-completion/completions/afterloan
	install -D -m 0644 target/manual/completions/_afterloan $(DESTDIR)$(PREFIX)/share/zsh/site-functions/_afterloan
	install -D -m 0644 target/manual/completions/afterloan.fish $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/afterloan.fish

.PHONY: test
test: ## Run all tests that need neither a server nor the Concerto data
	cargo test

# Where it isn't, nothing runs and the target fails.
CONCERTO = $(firstword $(wildcard $(AFTERLOAN_CONCERTO) ../shared/data/evergreen-concerto))

.PHONY: test-concerto
test-concerto: ## Run what needs Evergreen's Concerto data (in ../shared/data, or AFTERLOAN_CONCERTO)
	@if [ -z "$(CONCERTO)" ]; then echo "the Concerto data isn't here: AFTERLOAN_CONCERTO names its folder" >&2; exit 1; fi
	AFTERLOAN_CONCERTO="$(abspath $(CONCERTO))" cargo test --test afterloan concerto -- --ignored

# They start the servers themselves, in temporary folders, on Unix sockets.
.PHONY: test-servers
test-servers: ## Carry worklists out on real servers (needs MariaDB and PostgreSQL)
	@PATH="$$PATH:/usr/sbin:$$(echo /usr/lib/postgresql/*/bin /usr/pgsql-*/bin | tr ' ' ':')"; \
	for program in mariadbd mariadb-install-db mariadb initdb postgres psql; do \
	    command -v $$program > /dev/null || missing="$$missing $$program"; \
	done; \
	if [ -n "$$missing" ]; then \
	    echo "not installed:$$missing; on Debian: apt-get install mariadb-server postgresql" >&2; exit 1; \
	fi
	cargo test --test afterloan servers:: -- --ignored

.PHONY: test-live
test-live: ## Let libraries live for thirty nights on real servers, read by table and purged (needs MariaDB and PostgreSQL)
	@PATH="$$PATH:/usr/sbin:$$(echo /usr/lib/postgresql/*/bin /usr/pgsql-*/bin | tr ' ' ':')"; \
	for program in mariadbd mariadb-install-db mariadb initdb postgres psql; do \
	    command -v $$program > /dev/null || missing="$$missing $$program"; \
	done; \
	if [ -n "$$missing" ]; then \
	    echo "not installed:$$missing; on Debian: apt-get install mariadb-server postgresql" >&2; exit 1; \
	fi
	cargo test --test afterloan live:: -- --ignored --nocapture

# Nothing is installed but axe-core, into target/.
CHROMIUM = $(shell command -v chromium || command -v chromium-browser || command -v google-chrome)
PAGES = $(or $(CARGO_TARGET_DIR),target)/pages

.PHONY: test-pages
test-pages: build ## Open the demo's pages in Chromium and hold axe-core against them (needs chromium, node and npm)
	@for program in node npm; do command -v $$program > /dev/null || missing="$$missing $$program"; done; \
	[ -n "$(CHROMIUM)" ] || missing="$$missing chromium"; \
	if [ -n "$$missing" ]; then \
	    echo "not installed:$$missing; on Debian: apt-get install chromium nodejs npm; or CHROMIUM names a program" >&2; exit 1; \
	fi
	mkdir -p $(PAGES)
	cp tests/pages/package.json tests/pages/package-lock.json $(PAGES)
	npm ci --prefix $(PAGES) --ignore-scripts --no-audit --no-fund --silent
	sh tests/pages/make-site.sh $(BIN) $(PAGES)/site $(DEMO_DAY)
	node tests/pages/check.mjs "$(CHROMIUM)" $(PAGES)/node_modules/axe-core/axe.min.js $(PAGES)/site/public \
	    $(PAGES)/site/reports $(PAGES)/site/state/runs

# Each EVERYth of them, from number SEED on: CI takes a sample, a release is worth all.
EVERY = 1
SEED = 0

.PHONY: test-faults
test-faults: ## Let each writing call of a night fail, on a full disk, a broken one or by a kill (needs strace; EVERY=24)
	@command -v strace > /dev/null || { echo "not installed: strace; on Debian: apt-get install strace" >&2; exit 1; }
	AFTERLOAN_FAULTS_EVERY=$(EVERY) AFTERLOAN_FAULTS_SEED=$(SEED) \
	    cargo test --test afterloan faults:: -- --ignored --nocapture

MUTATIONS = 1000

.PHONY: test-meaning
test-meaning: ## Change an export of a healthy night as people do, 1,000 times a system (takes minutes; MUTATIONS=1000)
	AFTERLOAN_MUTATIONS=$(MUTATIONS) cargo test --test afterloan meaning:: -- --include-ignored --nocapture

.PHONY: test-release-whole
test-release-whole: ## A year of thirty simulated libraries, and a linear program over all that is published (takes an hour)
	cargo test --lib release::tree -- --ignored --nocapture --skip speed
	cargo test --test afterloan released::years -- --ignored --nocapture
	cargo test --test afterloan released::solved -- --ignored --nocapture

# Coverage without a sanitizer is all that a fuzzer needs where no code is unsafe, and the stable compiler gives it. With
# --target neither build scripts nor macros are instrumented. What it finds out is kept in fuzz/found and not in the corpus.
TARGET = csv
SECONDS = 600
HOST = $(shell rustc -vV | sed -n 's/^host: //p')
COVERAGE = -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
    -Cllvm-args=-sanitizer-coverage-trace-compares -Ccodegen-units=1

.PHONY: fuzz
fuzz: ## Fuzz a format: make fuzz TARGET=csv SECONDS=600 (needs a C++ compiler)
	mkdir -p fuzz/found/$(TARGET) fuzz/corpus/$(TARGET)
	cd fuzz && RUSTFLAGS="$(COVERAGE)" TARGET=$(TARGET) cargo run --release --target $(HOST) -- \
	    -max_total_time=$(SECONDS) -max_len=8192 -timeout=10 -rss_limit_mb=512 -artifact_prefix=found/$(TARGET)- \
	    -print_final_stats=1 found/$(TARGET) corpus/$(TARGET)

.PHONY: lint
lint: ## Check format and warnings, as CI does
	cargo fmt --check
	cargo clippy --all-targets -- -D warnings

# Needs python3 with venv, and the network for it. Frictionless validates the package; four programs must find the same.
.PHONY: test-analysts
test-analysts: demo ## Load what the demo publishes with DuckDB, Polars, pandas and pyarrow
	python3 -m venv target/tools/analysts
	target/tools/analysts/bin/pip install --quiet duckdb==2.0.1 frictionless==5.21.0 pandas==3.1.1 polars==2.1.0 pyarrow==26.0.1
	target/tools/analysts/bin/python tests/analysts/load.py demo/public

# BEFORE names an older program, which reads no pipelines of this one: each makes its own. Minutes; Markdown on standard output.
.PHONY: compare-models
compare-models: build ## What two versions publish of made-up libraries, beside what is true: BEFORE=/path/to/older/afterloan
	@[ -x "$(BEFORE)" ] || { echo "BEFORE must name an older afterloan: make compare-models BEFORE=/path/to/it" >&2; exit 1; }
	@python3 -m venv target/tools/compare >&2
	@target/tools/compare/bin/pip install --quiet duckdb==2.0.1 >&2
	@target/tools/compare/bin/python tests/analysts/compare.py "$(abspath $(BEFORE))" $(abspath $(BIN))/afterloan \
	    $(abspath $(BIN))/afterloan-fixtures target/compare-models

.PHONY: deny
deny: ## Check licences, bans and sources of dependencies, and advisories (needs cargo-deny and the network)
	cargo deny check

.PHONY: deny-offline
deny-offline: ## Check licences, bans and sources of dependencies alone (needs cargo-deny)
	cargo deny check licenses bans sources

.PHONY: spell
spell: ## Check spelling (needs typos)
	typos

include benches/bench.mk
