#!/usr/bin/env bash
# Copies the database zakaz into the backup folder (CLICKHOUSE_BACKUP_DIR in .env) and keeps the last 7 copies.
#   infra/clickhouse/backup.sh             KEEP=30 infra/clickhouse/backup.sh
#   infra/clickhouse/backup.sh ORGANISER   the database of one of several organisers (docs/organisers.md)
# Readers and the loader keep working. Exit 0: the copy is complete; 2: KEEP is no number of copies, or there is no such
# organiser: nothing was touched.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

die() {
  echo "backup.sh: $*" >&2
  exit 1
}

# Four digits: a number that the shell cannot count to would wrap around, and every copy would be one too many.
keep=${KEEP-7}
if [[ ! $keep =~ ^[1-9][0-9]{0,3}$ ]]; then
  echo "backup.sh: KEEP is not a number of copies from 1 to 9999: nothing was copied or deleted" >&2
  exit 2
fi
database=zakaz user=backup passwords=.env
if [ $# -gt 0 ]; then
  if ! (LC_ALL=C && [[ $# -eq 1 && $1 =~ ^[a-z0-9_]{1,32}$ ]]); then
    echo "backup.sh: the name of an organiser is 1 to 32 of the signs a-z, 0-9 and _" >&2
    exit 2
  fi
  database=zakaz_$1 user=backup_$1 passwords=organisers/$1.env
fi
[[ -r $passwords ]] || die "no $PWD/$passwords that may be read: run ./passwords.sh${1:+ $1}, or run this as its owner"
exec 9<"${BASH_SOURCE[0]##*/}"
flock -n 9 || die "another backup is going on: wait for its end"

# The password travels in the environment: arguments can be read by every user of the machine.
CLICKHOUSE_PASSWORD=$(sed -n 's/^CLICKHOUSE_BACKUP_PASSWORD=//p' "$passwords")
export CLICKHOUSE_PASSWORD

name=$database-$(date -u +%Y-%m-%dT%H-%M-%SZ)
docker exec -e CLICKHOUSE_PASSWORD ch-zakaz clickhouse-client --user="$user" \
  -q "BACKUP DATABASE $database TO Disk('backups', '$name')" >/dev/null ||
  die "nothing was copied: see the message above and \"docker logs ch-zakaz\""

# ClickHouse writes the list of files, .backup, when all of them are there.
complete() { docker exec ch-zakaz test -s "/backups/$1/.backup"; }
complete "$name" || die "$name is not complete: is the disk full? See \"df -h\""
echo "Copied to $name."

# Complete copies beyond the last $keep go, and what an interrupted one left.
kept=0
while read -r old; do
  if complete "$old" && ((++kept <= keep)); then
    continue
  fi
  docker exec ch-zakaz rm -rf "/backups/$old"
  echo "Deleted $old."
done < <(docker exec ch-zakaz ls -1 /backups | grep -E "^$database-[0-9TZ-]+\$" | sort -r)
