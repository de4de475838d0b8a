# Two commands matter: `make run` (demonstration workspace) and `make test`. Both set up what a fresh machine lacks.
# Everything that needs more than a line is a script in scripts/.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

# A private, newer Node.js (put there by `make setup` where the system's is too old) goes first.
export PATH := $(CURDIR)/web/.node/bin:$(PATH)
# How long each fuzz target runs in `make check`; `make soak` takes ten minutes.
FUZZTIME ?= 3s

.PHONY: help setup assets generate build archive run test check lint fmt vet drift fuzz soak bench reproducible clean

help: ## this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 16

setup: ## install what is missing (Node.js, Chromium, PostgreSQL, fonts), or say what to install
	@scripts/setup.sh

assets: setup ## bundle styles and scripts into web/dist
	@scripts/assets.sh

generate: ## Go from the .templ files, at the version in go.mod
	@go run "github.com/a-h/templ/cmd/templ@$$(go list -m -f '{{.Version}}' github.com/a-h/templ)" generate

build: assets ## the program, bin/baqylau
	@CGO_ENABLED=0 go build -trimpath -buildvcs=false -o bin/baqylau ./cmd/baqylau

archive: assets ## what a machine without internet needs, in dist/: program, unit, licences, install text, checksums
	@scripts/archive.sh

run: build ## demonstration workspace in the foreground (BAQYLAU_ADDR, BAQYLAU_DATA)
	@exec bin/baqylau demo

test: assets ## every test, on SQLite and on a PostgreSQL of its own
	@scripts/with-postgres.sh --forgetful scripts/test.sh

check: assets fmt vet drift lint fuzz ## everything a reviewer's machine can find: format, vet, drift, lint, fuzz smoke
	@go test -run '^$$' ./... >/dev/null
	@echo "check: all good"

fmt:
	@out=$$(git ls-files -co --exclude-standard '*.go' | xargs -r gofmt -l); \
	  if [ -n "$$out" ]; then echo "not formatted (run gofmt -w):"; echo "$$out"; exit 1; fi

vet:
	@go vet ./...
	@go vet -tags soak ./bench/...

drift: ## generated files are what their sources say
	@scripts/drift.sh

lint: ## golangci-lint at the pinned version
	@scripts/lint.sh

fuzz: ## each fuzz target for FUZZTIME
	@scripts/fuzz.sh $(FUZZTIME)

reproducible: assets ## two builds in two folders, byte for byte the same
	@scripts/reproducible.sh

soak: assets reproducible ## two builds compared, tests under the race detector, every page in every look, the crash rounds, then each fuzz target for ten minutes
	@scripts/with-postgres.sh go test -race -timeout 60m ./...
	@BAQYLAU_A11Y_ALL=1 go test -count 1 -timeout 3h -run TestPagesForAll ./internal/app
	@BAQYLAU_CRASH_SQLITE=1000 BAQYLAU_CRASH_POSTGRES=250 scripts/with-postgres.sh go test -tags soak -count 1 -v -timeout 6h ./bench/crash
	@scripts/fuzz.sh 10m

bench: assets ## benchmarks; results also in .cache/bench.txt, for benchstat
	@mkdir -p .cache
	@scripts/with-postgres.sh go test -run '^$$' -bench . -benchmem -timeout 60m ./... | tee .cache/bench.txt

clean: ## remove what was built (not the data of a workspace)
	@rm -rf bin web/dist web/node_modules web/.node .cache coverage.out
