# Two commands for a stranger: `make demo` and `make test`. Neither needs RocksDB, libclang or Python.

CARGO ?= cargo
GUANXI := $(or $(CARGO_TARGET_DIR),target)/release/guanxi
DB := demo/guanxi.db

.PHONY: demo build test test-disk test-readers soak lint bench bench-graph docs new-rule clean rust libclang

demo: build  # the graph of data/corpus, a query, an explained path and a picture
	@rm -rf demo && mkdir demo
	$(GUANXI) build data/corpus -d $(DB)
	@echo
	$(GUANXI) query -d $(DB) --name who-invested-in --param company=小红书 --format table
	@echo
	$(GUANXI) trace -d $(DB) --from "People's Bank of China" --to 小红书
	@echo
	@if command -v dot >/dev/null; then \
	  set -x; $(GUANXI) export -d $(DB) --focus 小红书 -o demo/xiaohongshu.svg; \
	else \
	  echo "Graphviz is missing, so the picture is written as DOT; for an SVG: apt-get install graphviz"; \
	  set -x; $(GUANXI) export -d $(DB) --focus 小红书 -o demo/xiaohongshu.dot; \
	fi

build: rust
	$(CARGO) build --release --package guanxi-cli

test: rust  # every test of the default build
	$(CARGO) test --workspace

# With RocksDB every store takes seconds to write, so the commands are asked only what may differ by the form: builds that
# change, die and go on, exports and queries. The tests of guanxi-graph are all run.
test-disk: rust libclang  # the store with RocksDB, which the first time is some 20 minutes of C++ on two cores
	$(CARGO) test --package guanxi-graph --package guanxi-cli --features guanxi-graph/disk,guanxi-cli/disk --test integration -- \
	  $(foreach part,architecture audit bad_input cases cli desk docs entities imports pictures rules shapes,--skip $(part)::)

test-readers: rust  # exports read back by other people's libraries, which Python's package index must give
	@python3 -c 'import ensurepip' 2>/dev/null || { echo "Python is missing: apt-get install python3 python3-venv"; exit 1; }
	$(CARGO) build --package guanxi-cli --features parquet
	python3 tests/readers/run.py $(or $(CARGO_TARGET_DIR),target)/debug/guanxi $(or $(CARGO_TARGET_DIR),target)/readers

KILLS := 200
DOCUMENTS := 2000
FEATURES :=

soak: rust  # a build killed 200 times, which takes long; of the form on RocksDB: make soak FEATURES=guanxi-cli/disk
	GUANXI_KILLS=$(KILLS) GUANXI_DOCUMENTS=$(DOCUMENTS) \
	  $(CARGO) test --package guanxi-cli $(if $(FEATURES),--features $(FEATURES)) --test integration killed -- --nocapture

lint: rust
	$(CARGO) fmt --all --check
	$(CARGO) clippy --workspace --all-targets -- -D warnings

bench: rust  # how fast it reads, in megabytes a second and beside a bare look at the same bytes
	$(CARGO) run --release --package guanxi-bench

bench-graph: rust  # walks and measures over invented worlds of owners, beside eight others, of whom Python's package index gives six
	$(CARGO) run --release --package guanxi-bench -- graph 100000
	$(CARGO) run --release --package guanxi-bench -- graph 1000000
	@python3 -c 'import ensurepip' 2>/dev/null || { echo "Python is missing, so its peers are not asked: apt-get install python3 python3-venv"; exit 1; }
	python3 crates/guanxi-bench/peers/compare.py $(or $(CARGO_TARGET_DIR),target)/release/guanxi-bench $(or $(CARGO_TARGET_DIR),target)/peers
	$(CARGO) run --release --package guanxi-bench -- graph --growth $(or $(CARGO_TARGET_DIR),target)/growth.svg

docs: rust
	RUSTDOCFLAGS="-D warnings" $(CARGO) doc --workspace --no-deps

new-rule: rust  # a rule to fill in: make new-rule LANG=en FAMILY=ownership ID=own.something
	@[ -n "$(FAMILY)" ] && [ -n "$(ID)" ] || { echo "write: make new-rule LANG=en FAMILY=ownership ID=own.something" >&2; exit 1; }
	@$(CARGO) run --quiet --package guanxi-cli -- rules new --data data --lang "$(LANG)" --family "$(FAMILY)" --id "$(ID)"

clean:
	$(CARGO) clean
	rm -rf demo

rust:
	@command -v $(CARGO) >/dev/null || { echo "Rust is missing: install it from https://rustup.rs"; exit 1; }
	@command -v cc >/dev/null || { echo "A C compiler is missing, to link with: apt-get install gcc libc6-dev"; exit 1; }

libclang:
	@command -v c++ >/dev/null || { echo "A C++ compiler is missing: apt-get install g++"; exit 1; }
	@[ -n "$$LIBCLANG_PATH" ] || find /usr/lib /usr/lib64 -name 'libclang*.so*' 2>/dev/null | grep -q . \
	  || { echo "libclang is missing: apt-get install clang libclang-dev (or set LIBCLANG_PATH)"; exit 1; }
