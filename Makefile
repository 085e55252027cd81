# The commands of the project; CI calls the same ones. "make help" lists them.

MODULE   := integrations/qtickets_api
VERSION  ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
LINT     := github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0
# The race detector needs a C compiler. Without one the tests still run, and say so.
RACE     := $(shell command -v gcc >/dev/null 2>&1 && echo -race)
# Packages whose goroutines share memory.
SHARING  := access chserver dashboard ledger qtickets serve webhook
# Packages with tests which a short run leaves out or cuts short, the longest first: played without the race detector, and with it.
LONG     := pipeline dashboard crash replicas warehouse
LONGRACE := cli
packages  = $(1:%=./internal/%/...)
# Looked through by go vet before, and without what only a debugger reads: half of a first run is compiling.
GOTEST   := go test -vet=off -ldflags='-s -w'
empty    :=
space    := $(empty) $(empty)

.DEFAULT_GOAL := help
.PHONY: help demo build test test-all soak lint bench deps assets install uninstall release

help: ## List the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# On a fresh machine compiling is nearly all of the demo's time, so this binary is built to be built
# quickly: no optimisation, no debug data, the compiler's garbage collector held back.
demo: deps ## Show everything at work (DEMO_ARGS=--once ends after the first report)
	@cd $(MODULE) && CGO_ENABLED=0 GOGC=off GOMEMLIMIT=1500MiB \
		go build -gcflags='all=-N -l -dwarf=false' -ldflags='-s -w' -o ../../bin/demo .
	@bin/demo demo $(DEMO_ARGS)

build: ## Build bin/qtickets_api, one static binary
	@VERSION=$(VERSION) $(MODULE)/build.sh ../../bin/qtickets_api

test: deps ## Run the tests of every package, in a few minutes; the race detector where memory is shared
	@test -n "$(RACE)" || echo "No C compiler found: the tests run without the race detector."
	cd $(MODULE) && CGO_ENABLED=0 go vet ./...
	cd $(MODULE) && $(GOTEST) -short $(RACE) -shuffle=on -timeout 20m $(call packages,$(SHARING))
	cd $(MODULE) && CGO_ENABLED=0 $(GOTEST) -short -shuffle=on -timeout 20m \
		$$(go list ./... | grep -vE '/internal/($(subst $(space),|,$(SHARING)))(/|$$)')

# The race detector makes these tests twice as slow: with it run the commands and a few of the random worlds, which bring
# the loader's goroutines together in every way. The page had it in make test; the program that internal/crash kills has none.
test-all: test ## Run make test, then all that takes long: random worlds, kills at every step, every page in a browser
	cd $(MODULE) && long=$$(../../.ci/long-tests $(LONG)) && \
		CGO_ENABLED=0 $(GOTEST) -timeout 40m -run "^($$long)$$" $(LONG:%=./internal/%)
	cd $(MODULE) && shared=$$(../../.ci/long-tests $(LONGRACE)) && \
		QTICKETS_WORLDS=10 $(GOTEST) $(RACE) -shuffle=on -timeout 30m -run "^($$shared|TestWorlds)$$" \
		$(LONGRACE:%=./internal/%) ./internal/pipeline

# Each world is a random box office with random faults, kills and restarts; see TestWorlds.
WORLDS ?= 10000
SEED   ?= 1
soak: deps ## Play WORLDS random worlds from SEED against the oracle (10000 from 1); hours on two cores
	cd $(MODULE) && QTICKETS_WORLDS=$(WORLDS) QTICKETS_WORLDS_SEED=$(SEED) go test -run '^TestWorlds$$' -v -timeout 0 ./internal/pipeline

lint: ## Run golangci-lint, and what ops/lint.sh finds on this machine for scripts, units and the compose file
	ops/lint.sh
	cd $(MODULE) && go run $(LINT) run ./...

bench: deps ## Run the benchmarks, then the whole loader beside a straight-line program
	cd $(MODULE) && go test -run '^$$' -bench . -benchmem ./...
	cd $(MODULE) && go run ./internal/bench/whole $(BENCH_ARGS)

deps: ## Fetch the library of the embedded ClickHouse, once per user (CHDB_LIB names another copy)
	@test -n "$$CHDB_LIB" || $(MODULE)/deps/fetch.sh >/dev/null

assets: ## Copy uPlot, as pinned in deps/page, into the page (its hash is tested)
	@$(MODULE)/deps/page/fetch.sh --copy >/dev/null

install: ## Install on this server: steps 1-6 of the deployment checklist (INSTALL_ARGS=--dry-run shows what)
	sudo ops/install.sh $(INSTALL_ARGS)

uninstall: ## Remove units and image from this server; data and secrets stay
	sudo ops/install.sh uninstall $(INSTALL_ARGS)

release: ## Make dist/: archives for amd64 and arm64, checksums, what is inside (SBOM)
	ops/release.sh
