#!/usr/bin/env bash
# fuzz.sh TIME runs every fuzz target of the module for TIME (3s, 1m), one after the other.
set -euo pipefail
cd "$(dirname "$0")/.."
time=${1:-3s}
git ls-files -co --exclude-standard -- '*_test.go' | xargs -r grep -HoE '^func Fuzz[A-Za-z0-9_]+' | while IFS=: read -r file name; do
  case $file in tools/*) continue ;; esac
  go test -run '^$' -fuzz "^${name#func }\$" -fuzztime "$time" -fuzzminimizetime 5s -timeout 0 "./$(dirname "$file")"
done
