#!/usr/bin/env bash
# Brings back a copy that backup.sh made, into a server without tables in zakaz; otherwise it refuses.
#   infra/clickhouse/restore.sh            lists the copies
#   infra/clickhouse/restore.sh latest     or the name of one
#   infra/clickhouse/restore.sh latest ORGANISER    of one of several organisers (docs/organisers.md)
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

die() {
  echo "restore.sh: $*" >&2
  exit 1
}

database=zakaz user=admin_min passwords=.env
if [[ $# -eq 2 ]]; then
  (LC_ALL=C && [[ $2 =~ ^[a-z0-9_]{1,32}$ ]]) || die "the name of an organiser is 1 to 32 of the signs a-z, 0-9 and _"
  database=zakaz_$2 user=admin_min_$2 passwords=organisers/$2.env
fi

copies() { docker exec ch-zakaz ls -1 /backups | grep -E "^$database-[0-9TZ-]+\$" | sort || true; }

if [[ $# -lt 1 || $# -gt 2 ]]; then
  echo "Usage: restore.sh latest | NAME [ORGANISER]. Copies:"
  copies
  exit 2
fi
name=$1
[[ $name == latest ]] && name=$(copies | tail -n 1)
[[ $name =~ ^$database-[0-9TZ-]+$ ]] || die "there is no copy \"$name\": restore.sh without a name lists them"
docker exec ch-zakaz test -s "/backups/$name/.backup" || die "$name is not there or not complete: choose another one"

[[ -r $passwords ]] || die "no $PWD/$passwords that may be read: run ./passwords.sh${2:+ $2}, or run this as its owner"
CLICKHOUSE_PASSWORD=$(sed -n 's/^CLICKHOUSE_ADMIN_PASSWORD=//p' "$passwords")
export CLICKHOUSE_PASSWORD
ask() { docker exec -e CLICKHOUSE_PASSWORD ch-zakaz clickhouse-client --user="$user" -q "$1"; }

tables=$(ask "SELECT count() FROM system.tables WHERE database = '$database'")
[[ $tables == 0 ]] || die "$database holds $tables tables and views, and nothing was changed. To replace them: stop the timers, make a copy \
with backup.sh, then as $user DROP DATABASE $database, then this again"

ask "RESTORE DATABASE $database FROM Disk('backups', '$name')" >/dev/null ||
  die "the restore is incomplete: as $user DROP DATABASE $database, then this again"
echo "Brought back $name: $(ask "SELECT concat(toString(count()), ' orders, the newest sale ', ifNull(toString(max(sale_ts)), 'none')) FROM $database.stg_qtickets_api_orders_raw")."
