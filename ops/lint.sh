#!/usr/bin/env bash
# Checks scripts, units and the compose file with the tools this machine has; says what was not run. Installs nothing.
# shellcheck disable=SC2317 # functions are called through row
set -euo pipefail
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.."
failed=0

# row CHECK COMMAND… runs it. Silence and exit code 0 are a pass: systemd-analyze only warns about an unknown key.
row() {
  local what=$1 said
  shift
  if said=$("$@" 2>&1) && [ -z "$said" ]; then
    echo "ok       $what"
  else
    echo "failed   $what"
    if [ -n "$said" ]; then awk '{ print "         " $0 }' <<<"$said"; fi
    failed=1
  fi
}

absent() { echo "not run  $1: $2 is not installed"; }

mapfile -t scripts < <(git ls-files --cached --others --exclude-standard '*.sh' .ci/run)
if command -v shellcheck >/dev/null; then
  row "shellcheck: ${#scripts[@]} scripts" shellcheck -x -P SCRIPTDIR "${scripts[@]}"
else
  absent shellcheck shellcheck
fi

# Units name programs of the server; each missing one is replaced by /bin/true before the check.
verify_units() {
  local copy
  copy=$(mktemp -d)
  cp "$@" ops/systemd/*.timer "$copy/"
  if [ ! -x /usr/bin/docker ]; then sed -i 's,/usr/bin/docker,/bin/true,' "$copy"/*.service; fi
  if [ ! -x /usr/local/bin/qtickets_api ]; then sed -i 's,/usr/local/bin/qtickets_api,/bin/true,' "$copy"/*.service; fi
  sed -i 's,/opt/zakaz_dashboard/dashboard-mvp/.*\.sh,/bin/true,' "$copy"/*.service
  # A machine without Docker has no docker.service either, and that is not what is checked.
  printf '[Service]\nExecStart=/bin/true\n' >"$copy/docker.service"
  (cd "$copy" && for unit in ./qtickets_*; do systemd-analyze verify "$unit" || echo "$unit: exit $?"; done)
  rm -rf "$copy"
}

exposure() {
  local unit
  for unit in "$@"; do
    systemd-analyze security --offline=true --threshold=30 "$unit" >/dev/null 2>&1 || echo "$unit: exposure above 3.0, see systemd-analyze security --offline=true $unit"
  done
}

if command -v systemd-analyze >/dev/null; then
  row "systemd-analyze verify: ops/systemd" verify_units ops/systemd/*.service
  row "systemd-analyze verify: ops/systemd/native" verify_units ops/systemd/native/*.service ops/systemd/qtickets_{backup,restore_drill}{,@}.service
  row "systemd-analyze security: exposure at most 3.0" exposure ./ops/systemd/*.service ./ops/systemd/native/*.service
else
  absent "systemd-analyze" systemd
fi

compose=infra/clickhouse/docker-compose.yml
if [ ! -f "$compose" ]; then
  echo "failed   $compose is not there"
  failed=1
elif docker compose version >/dev/null 2>&1; then
  tool=(docker compose)
elif command -v docker-compose >/dev/null; then
  tool=(docker-compose)
else
  absent "docker compose config" "docker compose"
fi
if [ -n "${tool:-}" ]; then
  # The real values are in .env of the server.
  for user in ADMIN ETL READER BACKUP; do export "CLICKHOUSE_${user}_PASSWORD_SHA256=0"; done
  row "${tool[*]} config" "${tool[@]}" -f "$compose" config -q
fi
exit "$failed"
