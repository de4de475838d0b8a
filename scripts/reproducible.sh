#!/usr/bin/env bash
# Builds the program twice, in two folders with two empty build caches, from what is committed and the assets in web/dist, and compares the two files byte by byte.
# The assets are bundled twice too where web/node_modules is there.
set -euo pipefail
cd "$(dirname "$0")/.."
dir=$(mktemp -d "${TMPDIR:-/tmp}/baqylau-build.XXXXXX")
trap 'chmod -R u+w "$dir" && rm -rf "$dir"' EXIT

for n in one two-with-another-length; do
  mkdir "$dir/$n"
  git archive HEAD | tar -xf - -C "$dir/$n"
  mkdir -p "$dir/$n/web/dist"
  if [ -d web/node_modules ]; then
    cp -r web/node_modules "$dir/$n/web/node_modules"
    (cd "$dir/$n" && go run ./tools/assets >/dev/null)
  else
    cp -r web/dist/. "$dir/$n/web/dist/"
  fi
  (cd "$dir/$n" && CGO_ENABLED=0 GOCACHE="$dir/cache-$n" go build -trimpath -buildvcs=false -o "$dir/$n.bin" ./cmd/baqylau)
  rm -rf "$dir/cache-$n"
  sha256sum <"$dir/$n.bin"
done
cmp "$dir/one.bin" "$dir/two-with-another-length.bin"
echo "reproducible: both builds are the same"
