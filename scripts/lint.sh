#!/usr/bin/env bash
# golangci-lint at the version the project pins; Go builds it once and keeps it in its cache.
set -euo pipefail
cd "$(dirname "$0")/.."
GOWORK=off exec go run github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0 run ./...
