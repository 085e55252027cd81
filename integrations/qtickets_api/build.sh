#!/bin/sh
# build.sh OUT builds the program as it is shipped: one static binary, the same bytes from the same sources and Go.
# Image, release and `make build` all come through here. VERSION is what `qtickets_api version` says; GOOS and GOARCH count.
set -eu
cd "$(dirname "$0")"
CGO_ENABLED=0 go build -trimpath -buildvcs=false \
  -ldflags "-s -w -buildid= -X dashboard-mvp/integrations/qtickets_api/internal/cli.Version=${VERSION:-dev}" -o "$1" .
