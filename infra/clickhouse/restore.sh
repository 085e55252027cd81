#!/usr/bin/env bash
# Brings back a copy that backup.sh made, into a server without tables in zakaz; otherwise it refuses.
#   infra/clickhouse/restore.sh            lists the copies
#   infra/clickhouse/restore.sh latest     or the name of one
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

die() {
  echo "restore.sh: $*" >&2
  exit 1
}

copies() { docker exec ch-zakaz ls -1 /backups | grep -E '^zakaz-[0-9TZ-]+$' | sort || true; }

if [[ $# -ne 1 ]]; then
  echo "Usage: restore.sh latest | NAME. Copies:"
  copies
  exit 2
fi
name=$1
[[ $name == latest ]] && name=$(copies | tail -n 1)
[[ $name =~ ^zakaz-[0-9TZ-]+$ ]] || die "there is no copy \"$name\": restore.sh without a name lists them"
docker exec ch-zakaz test -s "/backups/$name/.backup" || die "$name is not there or not complete: choose another one"

[[ -r .env ]] || die "no $PWD/.env that may be read: run ./passwords.sh, or run this as its owner"
CLICKHOUSE_PASSWORD=$(sed -n 's/^CLICKHOUSE_ADMIN_PASSWORD=//p' .env)
export CLICKHOUSE_PASSWORD
ask() { docker exec -e CLICKHOUSE_PASSWORD ch-zakaz clickhouse-client --user=admin_min -q "$1"; }

tables=$(ask "SELECT count() FROM system.tables WHERE database = 'zakaz'")
[[ $tables == 0 ]] || die "zakaz holds $tables tables and views, and nothing was changed. To replace them: stop the timers, make a copy \
with backup.sh, then as admin_min DROP DATABASE zakaz, then this again"

ask "RESTORE DATABASE zakaz FROM Disk('backups', '$name')" >/dev/null ||
  die "the restore is incomplete: as admin_min DROP DATABASE zakaz, then this again"
echo "Brought back $name: $(ask "SELECT concat(toString(count()), ' orders, the newest sale ', ifNull(toString(max(sale_ts)), 'none')) FROM zakaz.stg_qtickets_api_orders_raw")."
