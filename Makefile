.DEFAULT_GOAL := help
.PHONY: help start test test-oldest-nats toolchain clean

help: ## Shows this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-18s %s\n", $$1, $$2 }' Makefile

start: ## Starts everything: a nats-server, the service on PORT (8080), a live feed of this machine
	@exec scripts/with-toolchain node scripts/start.js

test: ## Builds, checks types, style and dependency rules, runs all tests
	@exec scripts/with-toolchain node scripts/verify.js

test-oldest-nats: ## The same against the oldest nats-server that is supported (Debian's 2.9.10)
	@NUTS_OLDEST_NATS=1 exec scripts/with-toolchain node scripts/verify.js

toolchain: ## Brings what is missing: Node, nats-server, npm packages
	@scripts/with-toolchain

clean: ## Removes what was built and stored; the toolchain and the packages stay
	@rm -rf dist coverage .data
