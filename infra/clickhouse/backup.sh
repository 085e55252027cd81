#!/usr/bin/env bash
# Copies the database zakaz into the backup folder (CLICKHOUSE_BACKUP_DIR in .env), and outside this machine where .env
# names a place (CLICKHOUSE_BACKUP_S3_URL, CLICKHOUSE_BACKUP_SSH); keeps the last 7 copies everywhere.
#   infra/clickhouse/backup.sh             KEEP=30 infra/clickhouse/backup.sh
#   infra/clickhouse/backup.sh ORGANISER   the database of one of several organisers (docs/organisers.md)
# Readers and the loader keep working. Exit 0: the copy is complete and has been read back wherever it was sent; 1: it is
# not; 2: KEEP is no number of copies, or there is no such organiser: nothing was touched.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
# shellcheck source=copies.sh
source ./copies.sh

# Four digits: a number that the shell cannot count to would wrap around, and every copy would be one too many.
keep=${KEEP-7}
if [[ ! $keep =~ ^[1-9][0-9]{0,3}$ ]]; then
  echo "backup.sh: KEEP is not a number of copies from 1 to 9999: nothing was copied or deleted" >&2
  exit 2
fi
of_organiser "$@"
elsewhere=$(places)
alone
workplace
name=''
ended() {
  local code=$?
  rm -rf "$work"
  if [[ $code != 0 ]]; then record backup 0 "$name"; fi
}
trap ended EXIT

# The copy lists what each table holds, for restore_drill.sh. That is what the table held before and after the copy; a
# load that writes meanwhile is waited for, five times. A table that is written all the time is listed without figures.
for attempt in 1 2 3 4 5; do
  # A copy of a small database can take less than the second that its name has.
  while name=$database-$(date -u +%Y-%m-%dT%H-%M-%SZ) && docker exec ch-zakaz test -e "/backups/$name"; do sleep 1; done
  before=$(sums "$database" admin) || die "nothing was copied: see the message above and \"docker logs ch-zakaz\""
  backup "BACKUP DATABASE $database TO Disk('backups', '$name')" >/dev/null ||
    die "nothing was copied: see the message above and \"docker logs ch-zakaz\""
  complete "$name" || die "$name is not complete: is the disk full? See \"df -h\""
  after=$(sums "$database" admin) || die "$name cannot be compared with the tables: see the message above"
  if [[ $before == "$after" || $attempt == 5 ]]; then break; fi
  docker exec ch-zakaz rm -rf "/backups/$name"
  sleep 20
done
awk -F '\t' 'NR == FNR { before[$1] = $0; next } { print $0 == before[$1] ? $0 : $1 "\t-\t-" } END { print "." }' \
  <(printf '%s\n' "$before") <(printf '%s\n' "$after") | docker exec -i ch-zakaz tee "/backups/$name/.sums" >/dev/null
echo "Copied to $name."

# drop_old PLACE: the newest $keep complete copies stay.
drop_old() {
  local old files stay
  files=$("$1_list") || return 1
  stay=$(sent <<<"$files" | tail -n "$keep")
  while read -r old; do
    if grep -qxF "$old" <<<"$stay"; then continue; fi
    # Complete is who has the sum: what is deleted half is not taken for a copy.
    "$1_delete" "$old.tar.sha256" || return 1
    "$1_delete" "$old.tar" || return 1
    echo "Deleted $old at $1."
  done < <(sed -nE 's/\.tar(\.sha256)?$//p' <<<"$files" | only_copies)
}

failed=''
if [[ -n $elsewhere ]]; then
  docker exec ch-zakaz tar -C /backups -cf - "$name" >"$work/$name.tar" || die "$name cannot be packed: see \"df -h\""
  (cd "$work" && sha256sum "$name.tar" >"$name.tar.sha256")
fi
for place in $elsewhere; do
  if send "$place" "$name" </dev/null; then
    echo "Sent to $place and read back: $(stat -c %s "$work/$name.tar") bytes."
    drop_old "$place" || failed="$failed; old copies at $place were not deleted"
  else
    failed="$failed; it did not get to $place"
  fi
done

# Complete copies beyond the last $keep go, and what an interrupted one left.
kept=0
while read -r old; do
  if complete "$old" && ((++kept <= keep)); then
    continue
  fi
  docker exec ch-zakaz rm -rf "/backups/$old"
  echo "Deleted $old."
done < <(copies disk | sort -r)
[[ -z $failed ]] || die "$name is on this machine${failed}: see the message above"
record backup 1 "$name"
