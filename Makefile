# A table of contents: each entry names a script in scripts/ or one command. Logic does not live here.
#
#   make run      a floor that lives, on this machine
#   make test     every test there is
#   make help     the rest

SHELL := bash
.DEFAULT_GOAL := help
.PHONY: help run window desk stop test fmt lint generate sqlx deny package bench screenshots reset clean

PORT ?= 7420
export MILLRACE_PORT := $(PORT)

help: ## what there is to do
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## build and start the demo floor, the board and the kiosk window (PORT=7420)
	@scripts/run

window: ## open the kiosk window on the floor that runs already
	@scripts/run --window-only

desk: ## open a supervisor's desk as a desktop window on the floor that runs
	@scripts/run --desk

stop: ## end a floor that was left running
	@scripts/run --stop

test: ## every test, browser, window and load included
	@scripts/test

fmt: ## format Rust and TypeScript
	cargo fmt --all
	npm --prefix ui run lint:fix

lint: ## what the tests check of the style: rustfmt, clippy, Biome
	cargo fmt --all --check
	cargo clippy --workspace --all-targets -- -D warnings
	npm --prefix ui run check

generate: ## write the committed files that are made from the code
	cargo run -q -p millrace-tests --bin millrace-generate

sqlx: ## check the SQL against the migrations and write .sqlx/ anew
	@scripts/sqlx-prepare

deny: ## licences, double dependencies, advisories (asks the network for the latter)
	cargo deny check

package: ## the kiosk's .deb and .rpm, the server's binary
	@scripts/package

bench: ## measure; `make bench ARGS="--help"` lists what
	cargo run --release -p millrace-bench -- $(ARGS)

screenshots: ## new pictures of kiosk and board for the README
	@scripts/screenshots

reset: ## forget the demo floor and this machine's kiosk
	@scripts/run --reset

clean: ## remove what was built; the demo floor stays
	cargo clean
	rm -rf ui/dist ui/node_modules .tools
