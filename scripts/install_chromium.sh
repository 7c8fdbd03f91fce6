#!/usr/bin/env bash
# Make sure that there is a Chromium for the tests, and a chromedriver of the same version.
set -euo pipefail

have() { command -v "$1" >/dev/null 2>&1; }

if have chromedriver && { have chromium || have chromium-browser || have google-chrome; }; then
  exit 0
fi
if ! have apt-get; then
  echo "The tests need Chromium and chromedriver on PATH: install both, and run this again." >&2
  exit 1
fi
as_root=()
if [ "$(id -u)" != 0 ]; then
  if ! have sudo; then
    echo "As root, run: apt-get install chromium chromium-driver" >&2
    exit 1
  fi
  as_root=(sudo -n)
fi
echo "Installing Chromium and chromedriver with apt ..."
export DEBIAN_FRONTEND=noninteractive
"${as_root[@]}" apt-get update -qq
"${as_root[@]}" apt-get install -y -qq --no-install-recommends \
  chromium chromium-driver fonts-liberation </dev/null >/dev/null
