#!/usr/bin/env bash
# Every test of the project. Run it through `make test`, which gives it a PostgreSQL (BAQYLAU_TEST_PG).
set -euo pipefail
cd "$(dirname "$0")/.."
if [ -f web/tsconfig.json ]; then (cd web && npx --no-install tsc --noEmit); fi
if [ -f tools/go.mod ]; then go -C tools test ./...; fi
exec go test -timeout 30m ./...
