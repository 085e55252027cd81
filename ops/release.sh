#!/usr/bin/env bash
# Makes the release files in dist/: one archive per platform, checksums, a list of what is inside (SBOM).
# Two runs of one commit with one Go give the same bytes.
set -euo pipefail
cd "$(dirname "$0")/.."

version=${VERSION:-$(git describe --tags --always --dirty)}
epoch=$(git log -1 --format=%ct)
sbom=github.com/CycloneDX/cyclonedx-gomod/cmd/cyclonedx-gomod@v1.9.0

rm -rf dist
mkdir -p dist
for arch in amd64 arm64; do
  name=qtickets_api_${version}_linux_$arch
  mkdir "dist/$name"
  VERSION=$version GOOS=linux GOARCH=$arch integrations/qtickets_api/build.sh "../../dist/$name/qtickets_api"
  cp LICENSE README.md README.ru.md CHANGELOG.md "dist/$name/"
  # What an operator needs beside the program; links become files.
  cp -RL infra ops docs "dist/$name/"
  tar -C dist --sort=name --mtime="@$epoch" --owner=0 --group=0 --numeric-owner -cf - "$name" | gzip -n9 >"dist/$name.tar.gz"
  (cd integrations/qtickets_api && go run "$sbom" bin -json -noserial -output "../../dist/$name.cdx.json" "../../dist/$name/qtickets_api" 2>/dev/null)
  rm -r "dist/${name:?}"
done
(cd dist && sha256sum -- *.tar.gz *.cdx.json >SHA256SUMS)
ls -l dist
