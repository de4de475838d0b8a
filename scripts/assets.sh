#!/usr/bin/env bash
# Bundles the styles and scripts of web/ into web/dist, which the program embeds.
set -euo pipefail
cd "$(dirname "$0")/.."
if [ ! -d tools/assets ]; then
  echo "assets: tools/assets is not in this tree; nothing bundled"
  exit 0
fi
exec go run ./tools/assets
