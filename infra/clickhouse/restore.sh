#!/usr/bin/env bash
# Brings back a copy that backup.sh made, into a server without tables in zakaz; otherwise it refuses. A copy that is
# not on this machine is fetched from where .env says that copies are sent.
#   infra/clickhouse/restore.sh            lists the copies
#   infra/clickhouse/restore.sh latest     or the name of one
#   infra/clickhouse/restore.sh latest ORGANISER    of one of several organisers (docs/organisers.md)
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
# shellcheck source=copies.sh
source ./copies.sh

of_organiser "${@:2}"
elsewhere=$(places)
workplace
here=$(copies disk)
for place in $elsewhere; do
  copies "$place" >"$work/$place" || die "the copies at $place cannot be listed: see the message above"
done

if [[ $# -lt 1 ]]; then
  echo "Usage: restore.sh latest | NAME [ORGANISER]. Copies:"
  printf '%s\n' "$here"
  for place in $elsewhere; do sed "s/\$/ ($place)/" "$work/$place"; done
  exit 2
fi
name=$1
[[ $name == latest ]] && name=$({ printf '%s\n' "$here" && for place in $elsewhere; do cat "$work/$place"; done; } | sort | tail -n 1)
[[ $name =~ ^$database-[0-9TZ-]+$ ]] || die "there is no copy \"$name\": restore.sh without a name lists them"
if ! complete "$name"; then
  for place in $elsewhere; do
    if grep -qxF "$name" "$work/$place"; then
      fetch "$place" "$name" . || die "$name was not fetched from $place: see the message above"
      break
    fi
  done
fi
complete "$name" || die "$name is not there or not complete: choose another one"

tables=$(admin "SELECT count() FROM system.tables WHERE database = '$database'")
[[ $tables == 0 ]] || die "$database holds $tables tables and views, and nothing was changed. To replace them: stop the timers, make a copy \
with backup.sh, then as admin_min$suffix DROP DATABASE $database, then this again"

admin "RESTORE DATABASE $database FROM Disk('backups', '$name')" >/dev/null ||
  die "the restore is incomplete: as admin_min$suffix DROP DATABASE $database, then this again"
echo "Brought back $name: $(admin "SELECT concat(toString(count()), ' orders, the newest sale ', ifNull(toString(max(sale_ts)), 'none')) FROM $database.stg_qtickets_api_orders_raw")."
