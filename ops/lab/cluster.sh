#!/usr/bin/env bash
# The compose file of cluster/ as it is, with docker compose, on a stand-in host: three replicas and three members of Keeper, then what
# docs/clusters.md says: tables on all servers, doctor, loads, a replica that is stopped, one that is lost, a Keeper without a
# majority. Prints a row for each; exit status 1 when one failed.
#
# The image stands in for the real one (lab_server). CLUSTER_LAB: the folder with interserver_hook.py.
set -euo pipefail
# shellcheck source=lib.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"

home=/opt/zakaz_dashboard/dashboard-mvp
hook=${CLUSTER_LAB:-$root/../shared/cluster-lab}/interserver_hook.py
hosts=127.0.0.1:18123,127.0.0.1:18124,127.0.0.1:18125
failures=0
declare -A passwords=()

row() {
  local what=$1
  shift
  if "$@"; then
    echo "ok      $what"
  else
    echo "FAILED  $what"
    failures=$((failures + 1))
    tail -20 "$work/program.log" >&2 || true
  fi
}

# compose WORDS: as in the head of the compose file.
compose() { h bash -c "cd $home/ops/lab/cluster && docker compose --env-file ../../../infra/clickhouse/.env $1" >"$work/program.log" 2>&1; }

# program USER COMMAND…: the program on the host, as one of the users.
program() {
  h env CLICKHOUSE_HOST="$hosts" CLICKHOUSE_USER="$1" CLICKHOUSE_PASSWORD="${passwords[$1]}" CLICKHOUSE_READER_PASSWORD="${passwords[datalens_reader]}" \
    HOME=/root TZ=Europe/Moscow QTICKETS_TOKEN=lab-token QTICKETS_RETRY_BUDGET=20s QTICKETS_BASE_URL=http://172.17.0.1:8090/api/rest/v1 \
    /root/qtickets_api "${@:2}" >"$work/program.log" 2>&1
}
fails() { ! "$@"; }
said() { grep -q -- "$1" "$work/program.log" || { echo "        not said: $1" && return 1; }; }
# sql PORT QUERY as the administrator.
sql() { h curl -sS -u "admin_min:${passwords[admin_min]}" --data-binary "$2" "http://127.0.0.1:$1/"; }
equal() { [ "$1" = "$2" ] || { echo "        $1 is not $2" && return 1; }; }
orders() { sql "$1" "SELECT count(), sum(cityHash64(order_id)) FROM zakaz.stg_qtickets_api_orders_raw"; }
# same: the replicas of these ports have the same orders.
same() {
  local first port
  first=$(orders "$1")
  for port in "$@"; do [ "$(orders "$port")" = "$first" ] || return 1; done
}
healthy() { [ "$(h docker ps -q --filter health=healthy | wc -l)" = "$1" ]; }

[ -f "$hook" ] || { echo "not run: the cluster. Missing: $hook (CLUSTER_LAB)" >&2 && exit 1; }
lab_boot
lab_compose
lab_server "$hook"
lab_qtickets
h git clone -q file:///srv/dashboard-mvp.git "$home"
h "$home/infra/clickhouse/passwords.sh" >/dev/null
for user in "admin_min ADMIN" "etl_writer ETL" "datalens_reader READER"; do
  passwords[${user% *}]=$(h sed -n "s/^CLICKHOUSE_${user#* }_PASSWORD=//p" "$home/infra/clickhouse/.env")
done
lab_limits ops/lab/cluster ch-1 ch-2 ch-3

row "docker compose up -d" compose "up -d"
row "three replicas are healthy" wait_for 240 "the replicas" healthy 3
row "each knows its name" equal "$(for port in 18123 18124 18125; do sql $port "SELECT getMacro('replica')"; done | paste -sd ' ')" "ch-1 ch-2 ch-3"
row "migrate --replicated, once Keeper has its majority" wait_for 60 "the tables" program admin_min migrate --replicated
row "… again" program admin_min migrate --replicated
row "the tables are on all three" equal "$(for port in 18123 18124 18125; do sql $port "SELECT count() FROM system.tables WHERE database = 'zakaz'"; done | sort -u | wc -l)" 1
row "a load" program etl_writer sync
row "the same orders everywhere" wait_for 60 "the replicas" same 18123 18124 18125
program etl_writer doctor --until 3 || true # there is no file of secrets
row "doctor has a line for each server" equal "$(grep -c 'replicated tables, level with the others' "$work/program.log")" 3
row "check" program etl_writer check
row "the printed SQL" program admin_min migrate --print --replicated --cluster qtickets
row "… is ON CLUSTER" said "ON CLUSTER"

row "the first server is stopped" compose "stop ch-1"
row "a load goes on at the next one" program etl_writer sync
row "the same orders on those that are left" wait_for 60 "the replicas" same 18124 18125
row "started again" compose "start ch-1"
row "it is healthy" wait_for 240 "the replicas" healthy 3
row "it has what it missed" wait_for 120 "the replicas" same 18123 18124 18125

row "two are stopped: there is no majority of Keeper" compose "stop ch-2 ch-3"
row "a load fails" fails program etl_writer sync
tail -n 2 "$work/program.log" | cut -c 1-300 | sed 's/^/        /'
row "the reports are there" equal "$(sql 18123 "SELECT count() > 0 FROM zakaz.fact_qtickets_sales_daily")" 1
row "started again" compose "start ch-2 ch-3"
row "they are healthy" wait_for 240 "the replicas" healthy 3
row "a load" wait_for 120 "a load" program etl_writer sync

# A server is lost for good with its data, and comes again empty.
row "a server is lost with its data" compose "rm -sf ch-3"
row "… its volume too" h docker volume rm cluster_ch-3
# Keeper counts it as active until its session ends.
forgotten() { [ -z "$(sql 18123 "SYSTEM DROP REPLICA 'ch-3' FROM DATABASE zakaz")" ]; }
row "SYSTEM DROP REPLICA of clusters.md" wait_for 60 "the session of the lost server ends" forgotten
row "a load without it" program etl_writer sync
row "a new one in its place" compose "up -d ch-3"
row "it is healthy" wait_for 240 "the replicas" healthy 3
row "migrate --replicated makes its tables" wait_for 60 "the tables" program admin_min migrate --replicated
row "it takes the data from the others" wait_for 120 "the replicas" same 18123 18124 18125
row "docker compose down" compose "down -v"

if [ "$failures" -gt 0 ]; then
  echo "$failures rows failed."
  exit 1
fi
echo "No row failed."
