#!/usr/bin/env bash
# Everything that a machine without internet needs, as dist/baqylau-<commit>-linux-<arch>.tar.gz: the static program, the systemd unit, licences, the install text, checksums.
# The same commit gives the same archive.
set -euo pipefail
cd "$(dirname "$0")/.."
arch=${GOARCH:-$(go env GOARCH)}
name=baqylau-$(git rev-parse --short=12 HEAD)-linux-$arch
dir=$(mktemp -d "${TMPDIR:-/tmp}/baqylau-archive.XXXXXX")
trap 'rm -rf "$dir"' EXIT
mkdir "$dir/$name"
CGO_ENABLED=0 GOOS=linux GOARCH=$arch go build -trimpath -buildvcs=false -o "$dir/$name/baqylau" ./cmd/baqylau
cp packaging/baqylau.service LICENSE NOTICE docs/howto-install.md docs/dependencies.md cmd/baqylau/licences.txt "$dir/$name/"
(cd "$dir/$name" && chmod 0644 -- * && chmod 0755 baqylau && sha256sum -- * >SHA256SUMS && sha256sum --quiet -c SHA256SUMS)
mkdir -p dist
tar --sort=name --owner=0 --group=0 --numeric-owner --mtime="@$(git log -1 --format=%ct)" -C "$dir" -cf - "$name" | gzip -n >"dist/$name.tar.gz"
(cd dist && sha256sum "$name.tar.gz" | tee "$name.tar.gz.sha256")
