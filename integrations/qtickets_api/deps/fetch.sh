#!/bin/sh
# Fetches the ClickHouse engine, libchdb.so, into a folder of the user's cache
# that all clones share, and prints its path. Run by `make deps`.
#
# The version and its SHA-512 are those of package-lock.json; npm compares the
# download with it. Nothing is downloaded when that very copy is installed.
set -eu

package=@chdb/lib-linux-x64-gnu
deps=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)

die() {
	echo "fetch.sh: $*" >&2
	exit 1
}

# The value of a key of the package's entry in the lock file.
locked() {
	sed -n "\|\"node_modules/$package\"|,/}/s/.*\"$1\": \"\([^\"]*\)\".*/\1/p" "$deps/package-lock.json"
}

case $(uname -s)/$(uname -m) in
Linux/x86_64) ;;
*) die "there is an engine for Linux/x86_64 only, this is $(uname -s)/$(uname -m): name a ClickHouse server instead" ;;
esac

version=$(locked version)
integrity=$(locked integrity)
if [ -z "$version" ] || [ -z "$integrity" ]; then
	die "package-lock.json does not name $package: restore it from git"
fi

# The folder FindLibrary of internal/chserver looks into.
cache=${XDG_CACHE_HOME:-${HOME:?"fetch.sh: set HOME or XDG_CACHE_HOME"}/.cache}/qtickets_api
target=$cache/chdb-$version

if [ -f "$target/libchdb.so" ] && [ "$(cat "$target/integrity" 2>/dev/null)" = "$integrity" ]; then
	echo "$target/libchdb.so"
	exit 0
fi

command -v npm >/dev/null || die "npm is needed to fetch the engine: install it, or set CHDB_LIB to a copy of libchdb.so"

# Unpacked aside and moved whole: the target is complete or absent.
mkdir -p "$cache"
work=$(mktemp -d "$cache/fetch.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
cp "$deps/package.json" "$deps/package-lock.json" "$work/"
echo "fetch.sh: fetching $package $version, about 180 MB" >&2
(cd "$work" && npm ci --ignore-scripts --omit=dev --no-audit --no-fund >&2) ||
	die "npm could not fetch $package $version: see its message above, then run this again"

mkdir "$work/chdb"
mv "$work/node_modules/$package/libchdb.so" "$work/chdb/"
echo "$integrity" >"$work/chdb/integrity"
rm -rf "$target"
mv "$work/chdb" "$target"
echo "$target/libchdb.so"
