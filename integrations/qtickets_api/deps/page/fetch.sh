#!/bin/sh
# Fetches what the page draws with (uPlot) and what its tests judge it by (axe-core) into a folder of the
# user's cache, and prints that folder. The versions and their SHA-512 are those of package-lock.json; npm
# compares the download with them.
#
#   fetch.sh          for tests: run by `make deps`
#   fetch.sh --copy   also copies uPlot and its licence into internal/dashboard/assets: run by `make assets`
set -eu

deps=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
assets=$deps/../../internal/dashboard/assets

die() {
	echo "fetch.sh: $*" >&2
	exit 1
}

# The value of a key of a package's entry in the lock file.
locked() {
	sed -n "\|\"node_modules/$1\"|,/}/s/.*\"$2\": \"\([^\"]*\)\".*/\1/p" "$deps/package-lock.json"
}

# The folder the browser tests look into carries both versions, so another version is another folder.
cache=${XDG_CACHE_HOME:-${HOME:?"fetch.sh: set HOME or XDG_CACHE_HOME"}/.cache}/qtickets_api
target=$cache/page-uplot-$(locked uplot version)-axe-$(locked axe-core version)

if [ ! -f "$target/axe-core/axe.min.js" ]; then
	command -v npm >/dev/null || die "npm is needed to fetch uPlot and axe-core: install it"
	mkdir -p "$cache"
	work=$(mktemp -d "$cache/fetch.XXXXXX")
	trap 'rm -rf "$work"' EXIT
	trap 'exit 1' HUP INT TERM
	cp "$deps/package.json" "$deps/package-lock.json" "$work/"
	(cd "$work" && npm ci --ignore-scripts --no-audit --no-fund >&2) ||
		die "npm could not fetch uPlot and axe-core: see its message above, then run this again"
	rm -rf "$target"
	mv "$work/node_modules" "$target" # whole or absent
fi

if [ "${1:-}" = --copy ]; then
	mkdir -p "$assets"
	cp "$target/uplot/dist/uPlot.iife.min.js" "$assets/uplot.js"
	cp "$target/uplot/dist/uPlot.min.css" "$assets/uplot.css"
	cp "$target/uplot/LICENSE" "$assets/uplot.LICENSE"
fi
echo "$target"
