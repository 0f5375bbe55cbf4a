#!/bin/sh
# A browser for the tests: Debian's Chromium without windows when root, which is the fastest; else the system's Chromium;
# else Playwright's own.
set -eu
has() { command -v "$1" >/dev/null 2>&1; }
has chromium-headless-shell && exit 0
if [ "$(id -u)" = 0 ] && has apt-get; then
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium-headless-shell >/dev/null && exit 0
fi
if has chromium || has chromium-browser || has google-chrome; then exit 0; fi
"$1/python" -m playwright install chromium
