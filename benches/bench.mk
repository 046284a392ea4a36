ROWS ?= 5000000

.PHONY: bench
bench: ## Time afterloan against DuckDB and Polars (ROWS=20000000 for more rows)
	cargo build --release
	python3 benches/bench.py --rows $(ROWS)
