#!/bin/sh
# The libraries that make films, from npm: of each, one file with what the page needs of it (playground/ui/vendor).
# They are committed, so only whoever updates them runs this.
set -eu

home=$(cd "$(dirname "$0")/.." && pwd)/playground/ui/vendor
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

npm install --silent --no-save esbuild@0.25.12 gifenc@1.0.3 mediabunny@1.61.0
# name, what is used of it, the file of its licence
bundle() {
    version=$(node -p "require('./node_modules/$1/package.json').version")
    licence=$(node -p "require('./node_modules/$1/package.json').license")
    echo "export { $2 } from \"$1\";" > "$1.js"
    node_modules/.bin/esbuild "$1.js" --bundle --minify --format=esm --log-level=warning --legal-comments=inline \
        --banner:js="/*! $1 v$version, $licence, https://www.npmjs.com/package/$1: its parts that scripts/vendor.sh names */" \
        --outfile="$home/$1/$1.min.js"
    cp "node_modules/$1/$3" "$home/$1/LICENSE"
}
bundle gifenc "applyPalette, GIFEncoder, quantize" LICENSE.md
bundle mediabunny \
    "BufferTarget, CanvasSource, getFirstEncodableVideoCodec, Mp4OutputFormat, Output, WebMOutputFormat" LICENSE
