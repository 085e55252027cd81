#!/bin/sh
# build.sh OUT builds the program as it is shipped: one static binary, the same bytes from the same sources and Go.
# Image, release and `make build` all come through here. VERSION is what `qtickets_api version` says; GOOS and GOARCH count.
set -eu
cd "$(dirname "$0")"

# The image is to stay under 20 MB. HTTP/2 is left out: QTickets, ClickHouse and the proxy before the page all speak
# HTTP/1.1, and two requests in flight gain nothing from more.
out=$1
set -- -tags nethttpomithttp2
# What no order passes through one by one is not inlined: 1.5 MB less; `make bench` measures the program built so.
ours=dashboard-mvp/integrations/qtickets_api/internal
for slow in \
  'crypto/...' 'vendor/...' 'net/...' 'database/sql/...' 'encoding/json' 'encoding/asn1' 'math/big' 'html/...' 'text/...' 'regexp/...' 'go/...' \
  'github.com/ClickHouse/ch-go/...' 'github.com/alecthomas/...' 'github.com/nicholas-fedor/...' 'github.com/schollz/...' \
  $ours/alert $ours/cli $ours/config $ours/dashboard $ours/doctor $ours/serve $ours/simulator; do
  set -- "$@" "-gcflags=$slow=-l"
done
CGO_ENABLED=0 go build -trimpath -buildvcs=false "$@" \
  -ldflags "-s -w -buildid= -X dashboard-mvp/integrations/qtickets_api/internal/cli.Version=${VERSION:-dev}" -o "$out" .
