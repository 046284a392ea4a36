ROWS ?= 5000000
LINES ?= 10000000

.PHONY: bench
bench: ## Time afterloan against DuckDB and Polars (ROWS=20000000 for more rows)
	cargo build --release
	python3 benches/bench.py --rows $(ROWS)

.PHONY: bench-live
bench-live: ## Time a live Koha: reading by table and from files, and a purge of 100,000 loans (needs MariaDB)
	cargo build --release
	python3 benches/live.py --afterloan $(or $(CARGO_TARGET_DIR),target)/release/afterloan --rows $(ROWS)

.PHONY: bench-logs
bench-logs: ## Time a proxy log's first night, and search what leaves (LINES=1000000 for fewer lines)
	cargo build --release
	python3 benches/bench_logs.py --lines $(LINES)
