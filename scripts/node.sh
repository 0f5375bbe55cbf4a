#!/bin/sh
# Node for the tests and checks of the page's JavaScript: the system's, else Debian's packages when root.
set -eu
if ! { command -v node && command -v npm; } >/dev/null 2>&1; then
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
        apt-get update -qq
        DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends nodejs npm >/dev/null
    fi
fi
if ! { command -v npm && node -e 'process.exit(parseInt(process.versions.node) < 18 ? 1 : 0)'; } >/dev/null 2>&1; then
    echo "Node 18 or later, with npm, is needed for the tests of the page's JavaScript." >&2
    exit 1
fi
