#!/usr/bin/env bash
# Tries whether the newest copy can be brought back: restores it into a database of its own, drill_zakaz, compares each
# table with what it held when the copy was made, by rows and hash, and drops it. Copies sent outside this machine are
# fetched from there and tried too. Data in use is neither read nor written.
#   infra/clickhouse/restore_drill.sh             infra/clickhouse/restore_drill.sh ORGANISER
# Exit 0: every newest copy is equal; 1: one is missing, broken or different; 2: there is no such organiser.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
# shellcheck source=copies.sh
source ./copies.sh

of_organiser "$@"
elsewhere=$(places)
alone
workplace
drill=drill_$database

forget() {
  backup "DROP DATABASE IF EXISTS $drill SYNC" >/dev/null
  docker exec ch-zakaz rm -rf "/backups/$drill"
}
tried=''
ended() {
  local code=$?
  forget || true
  rm -rf "$work"
  if [[ $code != 0 ]]; then record drill 0 "$tried"; fi
}
trap ended EXIT

# bring_back PATH restores the tables of a copy below /backups (what they hold is all: views are part of the program). They
# come first empty, and lose their TTL: what is older than that would be dropped while it is compared.
bring_back() {
  local table from
  from="RESTORE $(awk -F '\t' -v from="$database" -v to="$drill" \
    '{ printf "%sTABLE %s.%s AS %s.%s", (NR > 1 ? ", " : ""), from, $1, to, $1 }' "$work/said") \
FROM Disk('backups', '$1') SETTINGS allow_different_table_def = true"
  backup "CREATE DATABASE $drill" >/dev/null || return 1
  backup "$from, structure_only = true" >/dev/null || return 1
  for table in $(backup "SELECT name FROM system.tables WHERE database = '$drill' AND create_table_query LIKE '% TTL %'"); do
    backup "ALTER TABLE $drill.$table REMOVE TTL" >/dev/null || return 1
  done
  backup "$from, allow_non_empty_tables = true" >/dev/null
}

# try PLACE says what became of the newest copy there; exit 1 when it is not equal.
try() {
  local place=$1 name path different
  name=$(copies "$place") || { echo "$place: the copies cannot be listed, see the message above" && return 1; }
  name=$(tail -n 1 <<<"$name")
  [[ -n $name ]] || { echo "$place: there is no copy" && return 1; }
  tried=$name
  forget || return 1
  path=$name
  if [[ $place != disk ]]; then
    path=$drill/$name
    docker exec ch-zakaz mkdir "/backups/$drill" || return 1
    fetch "$place" "$name" "$drill" || { echo "$place: $name cannot be fetched, see the message above" && return 1; }
  fi
  docker exec ch-zakaz cat "/backups/$path/.sums" | awk '$0 == "." { whole = 1 } /^[a-z0-9_]+\t/ { print } END { exit !whole }' >"$work/said" ||
    { echo "$place: $name does not say what its tables held: it is broken, or an earlier release made it" && return 1; }
  bring_back "$path" || { echo "$place: $name cannot be restored, see the message above" && return 1; }
  sums "$drill" backup >"$work/restored" || { echo "$place: what $name holds cannot be read, see the message above" && return 1; }
  different=$(awk -F '\t' 'NR == FNR { restored[$1] = $0; rows[$1] = $2; next }
    $2 != "-" && $0 != restored[$1] { print $1 ": " rows[$1] + 0 " rows, not the " $2 " of the copy, or others" }' \
    "$work/restored" "$work/said")
  if [[ -n $different ]]; then
    printf '%s: %s is NOT EQUAL:\n%s\n' "$place" "$name" "$different"
    return 1
  fi
  echo "$place: $name is equal: $(awk -F '\t' '{ tables++; rows += $2 } $2 == "-" { moving = moving " " $1 }
    END { printf "%d tables, %d rows", tables, rows; if (moving) printf "; not compared, as they were written meanwhile:%s", moving }' "$work/said")."
}

failed=''
for place in disk $elsewhere; do
  try "$place" || failed=1
done
[[ -z $failed ]] || die "a copy cannot be relied on: make a new one with backup.sh, then this again"
record drill 1 "$tried"
