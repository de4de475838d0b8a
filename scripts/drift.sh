#!/usr/bin/env bash
# Fails when a committed *_templ.go is not what its .templ generates with the version in go.mod, or the licences inside the program are not those of what it is built from.
set -euo pipefail
cd "$(dirname "$0")/.."
version=$(go list -m -f '{{.Version}}' github.com/a-h/templ)
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

# Generated in a copy, so that checking never changes the tree.
git ls-files -co --exclude-standard -- '*.templ' '*_templ.go' go.mod | while read -r f; do [ -f "$f" ] && echo "$f"; done >"$dir/files"
mkdir "$dir/tree"
tar -cf - -T "$dir/files" | tar -xf - -C "$dir/tree"
go run "github.com/a-h/templ/cmd/templ@$version" generate -path "$dir/tree" >"$dir/log" 2>&1 || { cat "$dir/log"; exit 1; }

# The file name in error messages depends on the folder templ was run in; it may differ.
body() { sed -E 's/FileName: `[^`]*`//g' "$1"; }
stale=0
while read -r f; do
  if [ ! -f "${f%_templ.go}.templ" ] || [ ! -f "$f" ] || [ ! -f "$dir/tree/$f" ] || ! cmp -s <(body "$f") <(body "$dir/tree/$f"); then echo "stale: $f"; stale=1; fi
done < <(sed -n -e 's/\.templ$/_templ.go/p' -e '/_templ\.go$/p' "$dir/files" | sort -u)
if [ -d web/node_modules ]; then
  go run ./tools/licences "$dir/licences.txt"
  if ! cmp -s "$dir/licences.txt" cmd/baqylau/licences.txt; then echo "stale: cmd/baqylau/licences.txt (go run ./tools/licences)"; stale=1; fi
fi
if [ "$stale" -ne 0 ]; then
  echo "drift: run  make generate"
  exit 1
fi
