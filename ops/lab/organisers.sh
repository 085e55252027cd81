#!/usr/bin/env bash
# Two organisers on a stand-in host: install.sh --organiser for each; their timers fire (every 20 seconds instead of 15
# minutes, the only change) at seconds of their own; no two loads work at once; the QTickets of one stops answering and the
# other's loads go on; two pages; check --all; remove; the units without Docker. Prints a row for each; exit status 1
# when one failed.
set -euo pipefail
# shellcheck source=lib.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"

home=/opt/zakaz_dashboard/dashboard-mvp
secrets=/opt/zakaz_dashboard/secrets
failures=0

row() {
  local what=$1
  shift
  if "$@"; then
    echo "ok      $what"
  else
    echo "FAILED  $what"
    failures=$((failures + 1))
    h journalctl --no-pager -n 60 -u 'qtickets_*' >&2
  fi
}

equal() { [ "$1" = "$2" ] || { echo "        $1 is not $2" && return 1; }; }
at_least() { [ "$("${@:2}")" -ge "$1" ]; }
property() { h systemctl show -p "$2" --value "$1"; }
idle() { [ "$(property "$1" ActiveState)" != activating ]; }

# sql ORGANISER QUERY [USER VARIABLE]
sql() {
  local password
  password=$(h sed -n "s/^CLICKHOUSE_${4:-ADMIN}_PASSWORD=//p" "$home/infra/clickhouse/organisers/$1.env")
  h docker exec ch-zakaz clickhouse-client --user="${3:-admin_min}_$1" --password="$password" -q "$2"
}
good() { sql "$1" "SELECT count() FROM zakaz_$1.meta_job_runs WHERE status = 'ok'"; }

# The embedded engine reads users when it starts, so their files are made before.
set_up() {
  h git clone -q file:///srv/dashboard-mvp.git "$home"
  local clickhouse=$home/infra/clickhouse
  for name in "" alpha beta; do h "$clickhouse/passwords.sh" ${name:+"$name"} >/dev/null; done
  h mkdir -p /root/users.d
  h bash -c "sed '/<users>/,\$d' $clickhouse/users.d/qtickets.xml >/root/users.d/qtickets.xml && echo '</clickhouse>' >>/root/users.d/qtickets.xml"
  h bash -c "cp $clickhouse/users.d/organiser_*.xml /root/users.d/"
  lab_start_clickhouse "$clickhouse/.env" -v /root/users.d:/var/lib/clickhouse/server/users.d:ro
  lab_qtickets
  h systemd-run -q --unit=simulated-qtickets-beta --setenv=HOME=/root /root/qtickets_api sim --listen 172.17.0.1:8091 --token beta-token --seed 7 --orders 200
}

# installed ORGANISER PORT TOKEN: the address of QTickets is that of the simulator, all else is as written.
installed() {
  h sed -i "s,^QTICKETS_BASE_URL=.*,QTICKETS_BASE_URL=http://172.17.0.1:$2/api/rest/v1," "$home/ops/env.qtickets_api.example"
  h env QTICKETS_TOKEN="$3" "$home/ops/install.sh" --organiser "$1" --yes >"$work/install.log" 2>&1 || { tail -30 "$work/install.log" >&2 && return 1; }
}
settings() { h sed -n 's/^\(CLICKHOUSE_USER\|CLICKHOUSE_DATABASE\|ORG_NAME\|QTICKETS_LISTEN\)=//p' "$secrets/$1.env" | paste -sd ' '; }

lab_boot
set_up
row "install.sh --organiser alpha" installed alpha 8090 lab-token
row "install.sh --organiser beta" installed beta 8091 beta-token
before=$(h sha256sum $secrets/alpha.env)
row "install.sh may be run again and leaves the secrets alone" installed alpha 8090 other-token
row "… byte for byte" equal "$(h sha256sum $secrets/alpha.env)" "$before"
row "everything of alpha has its name" equal "$(settings alpha)" "etl_writer_alpha zakaz_alpha alpha 127.0.0.1:8101"
row "everything of beta has its name, and another port" equal "$(settings beta)" "etl_writer_beta zakaz_beta beta 127.0.0.1:8103"
row "the env files are etl's alone" equal "$(h stat -c '%U %a' $secrets/alpha.env $secrets/beta.env | sort -u)" "etl 600"
row "the administrators' passwords are root's alone" equal "$(h stat -c '%U %a' $home/infra/clickhouse/organisers/{alpha,beta}.env | sort -u)" "root 600"
row "the single installation is not switched on" equal "$(h systemctl is-enabled qtickets_api.timer || true)" disabled

# Fifty names are spread over the quarter of an hour. systemctl shows whole seconds, and two may share one.
# shellcheck disable=SC2016
moments() { h bash -c 'for i in $(seq 50); do systemctl show -p NextElapseUSecRealtime --value qtickets_api@org_$i.timer; done'; }
h bash -c 'systemctl start qtickets_api@org_{1..50}.timer'
moments | sort >"$work/moments"
h bash -c 'systemctl stop qtickets_api@org_{1..50}.timer'
different() { uniq "$work/moments" | wc -l; }
row "fifty timers are spread" at_least 40 different
awk '{ split($3, t, ":"); at[NR] = t[1] * 3600 + t[2] * 60 + t[3] }
  END { for (i = 1; i <= NR; i++) { n = 0; for (j = i; j <= NR && at[j] < at[i] + 60; j++) n++; if (n > most) most = n }
  printf "        over %d s, %d in the fullest minute\n", at[NR] - at[1], most }' "$work/moments"

# Fast timers. Each instance still has a second of its own.
for unit in qtickets_api qtickets_reconcile qtickets_alerts; do h systemctl stop $unit@{alpha,beta}.timer; done
h mkdir -p /etc/systemd/system/qtickets_api@.timer.d
printf '[Timer]\nOnCalendar=\nOnCalendar=*:*:0/20\nRandomizedDelaySec=18s\nAccuracySec=100ms\n' >"$guest/etc/systemd/system/qtickets_api@.timer.d/fast.conf"
h systemctl daemon-reload
h systemctl start qtickets_api@{alpha,beta}.timer
row "alpha loads by its timer" wait_for 240 "three loads of alpha" at_least 3 good alpha
row "beta loads by its timer" wait_for 240 "three loads of beta" at_least 3 good beta
row "alpha and beta have different numbers" test "$(sql alpha "SELECT count() FROM zakaz_alpha.stg_qtickets_api_orders_raw")" != "$(sql beta "SELECT count() FROM zakaz_beta.stg_qtickets_api_orders_raw")"
refused() { ! sql "$1" "SELECT count() FROM zakaz_$2.fact_qtickets_sales_daily" "$3" "$4" >"$work/refused" 2>&1 && grep -q 'ACCESS_DENIED\|Not enough privileges' "$work/refused"; }
for user in "admin_min ADMIN" "etl_writer ETL" "datalens_reader READER"; do
  # shellcheck disable=SC2086
  row "no ${user% *} reads the other's tables" eval "refused alpha beta $user && refused beta alpha $user"
done

# Two loads at once: one works, the other waits for its turn.
h systemctl stop qtickets_api@{alpha,beta}.timer
for name in alpha beta; do wait_for 120 "$name is idle" idle "qtickets_api@$name.service"; done
since=$(date +%s)
h systemctl start --no-block qtickets_api@beta.service
h systemctl start --no-block qtickets_api@alpha.service
for name in alpha beta; do wait_for 120 "$name ends" idle "qtickets_api@$name.service"; done
of_turns() { turns "$since" | awk '{ print $3 }' | sort -u | paste -sd ' '; }
row "both loads had their turn" equal "$(of_turns)" "alpha beta"
row "no two loads worked at once" equal "$(turns "$since" | most_at_once)" 1

# The QTickets of beta stops answering: its connections hang. Its load waits for an answer without the turn.
h iptables -I OUTPUT -p tcp --dport 8091 -j DROP
h systemctl start --no-block qtickets_api@beta.service
wait_for 30 "beta's load begins" h docker inspect qtickets_api_run_beta
count=$(good alpha)
since=$(date +%s)
h systemctl start qtickets_api@alpha.service
row "beta's dead QTickets keeps beta" equal "$(property qtickets_api@beta.service ActiveState)" activating
row "and alpha loads beside it" equal "$(good alpha)" "$((count + 1))"
row "alpha alone had the turn" equal "$(of_turns)" alpha
wait_for 300 "beta's load gives up" idle qtickets_api@beta.service
row "beta's load has failed, alpha's has not" equal "$(property qtickets_api@beta.service Result) $(property qtickets_api@alpha.service Result)" "exit-code success"
h iptables -D OUTPUT -p tcp --dport 8091 -j DROP

# Everybody at once.
all() { h docker run --rm --user 0 --network host -v "$secrets:$secrets:ro" qtickets_api:latest check --all; }
all >"$work/all" || true
sed 's/^/        /' "$work/all"
row "check --all has a line for each" equal "$(awk '{ print $2 }' "$work/all" | paste -sd ' ')" "alpha beta"
row "the comparison of alpha" h systemctl start qtickets_reconcile@alpha.service
row "the alerts of alpha" h systemctl start qtickets_alerts@alpha.service
row "they keep what they know apart" test -n "$(h find /var/lib/qtickets_alerts_alpha -type f -user 65532)"
row "status of one" h bash -c "$home/ops/systemd/manage_timers.sh status beta | grep -q 'qtickets_api@beta .*exit-code/1'"
row "status of all" h bash -c "$home/ops/systemd/manage_timers.sh status | grep -q 'qtickets_api@beta .*exit-code/1'"

# memory PID: resident, and the part that no other process shares.
memory() { h cat "/proc/$1/status" | awk '/^(VmRSS|RssAnon)/ { printf "%s%.0f", s, $2 / 1024; s = "/" }'; }

# A page each.
h systemctl start qtickets_serve@{alpha,beta}.service
for name in alpha beta; do
  port=$(h sed -n 's/^QTICKETS_LISTEN=127.0.0.1://p' "$secrets/$name.env")
  row "the page of $name answers at $port" wait_for 60 "the page of $name" h curl -sf -o /dev/null "http://127.0.0.1:$port/healthz"
  link=$(h journalctl -u "qtickets_serve@$name.service" -o cat --no-pager | grep -o 'http://[^ ]*token=[^ ]*' | tail -n 1)
  row "it opens by its link" h bash -c "curl -sf -L -c /root/cookies_$name '$link' | grep -q '<main'"
  row "its container is healthy" wait_for 60 "the health check" h bash -c "[ \"\$(docker inspect -f '{{.State.Health.Status}}' qtickets_serve_$name)\" = healthy ]"
  pid=$(h docker inspect -f '{{.State.Pid}}' "qtickets_serve_$name")
  client=$(property "qtickets_serve@$name.service" MainPID)
  shim=$(h cat "/proc/$pid/status" | awk '/^PPid/ { print $2 }')
  echo "        memory, MB, all and its own: serve $(memory "$pid"), docker run $(memory "$client"), containerd-shim $(memory "$shim")"
done

# Away with beta; the units without Docker for alpha.
h "$home/ops/systemd/manage_timers.sh" remove beta >/dev/null
row "beta is off" equal "$(h bash -c 'systemctl is-enabled qtickets_{api,reconcile,alerts}@beta.timer; systemctl is-active qtickets_serve@beta.service' | sort -u | paste -sd ' ')" "disabled inactive"
row "alpha is not" equal "$(h bash -c 'systemctl is-enabled qtickets_{api,reconcile,alerts}@alpha.timer' | sort -u)" enabled
h install -m 755 /root/qtickets_api /usr/local/bin/qtickets_api
h systemctl stop qtickets_serve@alpha.service
h "$home/ops/systemd/manage_timers.sh" install --native >/dev/null
count=$(good alpha)
since=$(date +%s)
for unit in qtickets_api qtickets_reconcile qtickets_alerts; do
  row "without Docker: $unit@alpha" h systemctl start "$unit@alpha.service"
done
had_turns() { turns "$since" | wc -l; }
row "both loads had their turn" at_least 2 had_turns
row "both runs are good ones of the ledger" equal "$(good alpha)" "$((count + 2))"
row "without Docker: the page of alpha" h systemctl start qtickets_serve@alpha.service
row "it answers" wait_for 60 "the page" h curl -sf -o /dev/null http://127.0.0.1:8101/healthz
row "uninstall" h "$home/ops/systemd/manage_timers.sh" uninstall
row "nothing is left" h bash -c '! ls /etc/systemd/system/qtickets_*.{service,timer} 2>/dev/null && ! systemctl is-active -q qtickets_serve@alpha.service'

[ "$failures" -eq 0 ]
