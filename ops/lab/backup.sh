#!/usr/bin/env bash
# Backups on a stand-in host: the units copy the database of an organiser, send it to another host (a folder, behind a
# stand-in for ssh), and the drill finds both copies equal by hash while loads go on; a broken, a cut off and a missing copy
# fail the unit; a host that has lost everything is brought back from the other one. Prints a row for each; exit status 1 when one failed.
set -euo pipefail
# shellcheck source=lib.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"

home=/opt/zakaz_dashboard/dashboard-mvp
clickhouse=$home/infra/clickhouse
failures=0

row() {
  local what=$1
  shift
  if "$@"; then
    echo "ok      $what"
  else
    echo "FAILED  $what"
    failures=$((failures + 1))
    h journalctl --no-pager -n 40 -u 'qtickets_*' >&2
  fi
}

equal() { [ "$1" = "$2" ] || { echo "        $1 is not $2" && return 1; }; }
fails() { ! h systemctl start "$1" 2>/dev/null; }
password() { h sed -n "s/^CLICKHOUSE_$1_PASSWORD=//p" "$clickhouse/organisers/alpha.env"; }
sql() { h docker exec ch-zakaz clickhouse-client --user=admin_min_alpha --password="$(password ADMIN)" -q "$1"; }
said() { h journalctl -u "$1" -o cat --no-pager | grep -q -- "$2"; }

# program COMMAND as the loader of alpha, or as USER with the password of KIND.
program() {
  h env CLICKHOUSE_HOST=127.0.0.1 CLICKHOUSE_PORT=8123 CLICKHOUSE_SECURE=false CLICKHOUSE_DATABASE=zakaz_alpha CLICKHOUSE_USER="$1_alpha" \
    CLICKHOUSE_PASSWORD="$(password "$2")" ORG_NAME=alpha QTICKETS_TOKEN=lab-token TZ=Europe/Moscow \
    QTICKETS_BASE_URL=http://172.17.0.1:8090/api/rest/v1 /root/qtickets_api "${@:3}" >"$work/program.log" 2>&1 || { tail -20 "$work/program.log" >&2 && return 1; }
}

# The embedded engine reads users and the disk of backups when it starts, and writes below its own folder only.
set_up() {
  h git clone -q file:///srv/dashboard-mvp.git "$home"
  for name in "" alpha; do h "$clickhouse/passwords.sh" ${name:+"$name"} >/dev/null; done
  h mkdir -p /root/users.d /root/config.d /opt/zakaz_dashboard/backups /srv/other
  h bash -c "sed '/<users>/,\$d' $clickhouse/users.d/qtickets.xml >/root/users.d/qtickets.xml && echo '</clickhouse>' >>/root/users.d/qtickets.xml"
  h bash -c "cp $clickhouse/users.d/organiser_*.xml /root/users.d/"
  h bash -c "sed 's,<path>/backups/,<path>/var/lib/clickhouse/server/backups/,' $clickhouse/config.d/qtickets.xml >/root/config.d/qtickets.xml"
  lab_start_clickhouse "$clickhouse/.env" -v /root/users.d:/var/lib/clickhouse/server/users.d:ro \
    -v /root/config.d:/var/lib/clickhouse/server/config.d:ro -v /opt/zakaz_dashboard/backups:/var/lib/clickhouse/server/backups
  h docker exec ch-zakaz ln -s /var/lib/clickhouse/server/backups /backups
  # shellcheck disable=SC2016
  printf '#!/bin/sh\nfor last; do :; done\nexec sh -c "$last"\n' >"$guest/usr/local/bin/ssh"
  h chmod 755 /usr/local/bin/ssh
  printf 'CLICKHOUSE_BACKUP_SSH=keeper@other:/srv/other/copies\n' >>"$guest$clickhouse/.env"
  h "$home/ops/systemd/manage_timers.sh" install >/dev/null
  for unit in backup restore_drill; do
    h mkdir -p "/etc/systemd/system/qtickets_$unit@.service.d"
    printf '[Service]\nReadWritePaths=/srv/other\n' >"$guest/etc/systemd/system/qtickets_$unit@.service.d/other.conf"
  done
  h systemctl daemon-reload
}

lab_boot
lab_qtickets
set_up
row "the schema" program admin_min ADMIN migrate
row "a load" program etl_writer ETL
row "the timers of backups are switched on" h "$home/ops/systemd/manage_timers.sh" backups alpha
row "no copy: the drill fails" fails qtickets_restore_drill@alpha.service
row "… and says so" said qtickets_restore_drill@alpha.service "disk: there is no copy"
row "the copy is made" h systemctl start qtickets_backup@alpha.service
row "… and sent, and read back" said qtickets_backup@alpha.service "Sent to ssh and read back"
row "the drill" h systemctl start qtickets_restore_drill@alpha.service
row "finds the copy here equal by hash" said qtickets_restore_drill@alpha.service "^disk: .* is equal: "
row "and the one of the other host" said qtickets_restore_drill@alpha.service "^ssh: .* is equal: "
h journalctl -u qtickets_restore_drill@alpha.service -o cat --no-pager | grep ' is equal' | sed 's/^/        /'
row "the database of the drill is gone" equal "$(h docker exec ch-zakaz clickhouse-client --user=backup_alpha --password="$(password BACKUP)" -q "SELECT count() FROM system.databases WHERE name LIKE 'drill%'")" 0
orders=$(sql "SELECT count() FROM zakaz_alpha.stg_qtickets_api_orders_raw")
row "a later load" program etl_writer ETL
row "does not make the copy another one" h systemctl start qtickets_restore_drill@alpha.service

copy=$(basename "$(find "$guest/srv/other/copies" -name '*.tar')")
cp "$guest/srv/other/copies/$copy" "$work/good"
truncate -s -512 "$guest/srv/other/copies/$copy"
row "a copy that was cut off fails the drill" fails qtickets_restore_drill@alpha.service
row "… which says which" said qtickets_restore_drill@alpha.service "^ssh: ${copy%.tar} cannot be fetched"
cp "$work/good" "$guest/srv/other/copies/$copy"
row "put right it is equal again" h systemctl start qtickets_restore_drill@alpha.service
broken=$(find "$guest/opt/zakaz_dashboard/backups/${copy%.tar}/data" -path '*state_orders*' -name data.bin | head -n 1)
printf 'x' | dd of="$broken" bs=1 seek=100 conv=notrunc 2>/dev/null
row "a changed byte of a table fails the drill" fails qtickets_restore_drill@alpha.service
row "the password is in no journal" equal "$(h journalctl -o cat --no-pager | grep -cE "$(password ADMIN)|$(password BACKUP)" || true)" 0

rm -rf "$guest/opt/zakaz_dashboard/backups/${copy%.tar}"
sql "DROP DATABASE zakaz_alpha"
row "all is lost and brought back from the other host" h "$clickhouse/restore.sh" latest alpha
row "with every order" equal "$(sql "SELECT count() FROM zakaz_alpha.stg_qtickets_api_orders_raw")" "$orders"

if [ "$failures" -gt 0 ]; then
  echo "$failures rows failed."
  exit 1
fi
echo "No row failed."
