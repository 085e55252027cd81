#!/usr/bin/env bash
# The installed service on a stand-in host: install.sh; the timer fires twice (every 20 seconds instead of 15 minutes,
# the only change), both runs are in the journal and in the ledger, a run is not overlapped, a killed run does not block
# the next one, a load waits for the nightly comparison; the page and a webhook; uninstall; the units without Docker. Prints a row for each;
# exit status 1 when one failed.
set -euo pipefail
# shellcheck source=lib.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"

home=/opt/zakaz_dashboard/dashboard-mvp
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

sql() { h docker exec ch-zakaz clickhouse-client --user=admin_min --password=lab1 -q "$1"; }

# How often a line stands in the journal of a unit, and how many runs the ledger has.
journal() { h journalctl -u "$1" -o cat --no-pager | grep -c -- "$2" || true; }
ledger() { sql "SELECT count() FROM zakaz.meta_job_runs WHERE $1"; }

at_least() { [ "$("${@:2}")" -ge "$1" ]; }
equal() { [ "$1" = "$2" ]; }
activating() { h systemctl show -p ActiveState --value "$1" | grep -q activating; }
idle() { ! activating "$1"; }
containers() { h docker ps -aq --filter "name=$1" | wc -l; }
no_containers() { [ "$(containers "$1")" -eq 0 ]; }

env_file=/opt/zakaz_dashboard/secrets/.env.qtickets_api

set_up() {
  h git clone -q file:///srv/dashboard-mvp.git "$home"
  printf 'CLICKHOUSE_ADMIN_PASSWORD=lab1\nCLICKHOUSE_ETL_PASSWORD=lab2\nCLICKHOUSE_READER_PASSWORD=lab3\n' >"$guest$home/infra/clickhouse/.env"
  lab_start_clickhouse "$home/infra/clickhouse/.env"
  h install -D -m 600 "$home/ops/env.qtickets_api.example" "$env_file"
  h sed -i -e 's,^QTICKETS_BASE_URL=.*,QTICKETS_BASE_URL=http://172.17.0.1:8090/api/rest/v1,' -e 's,^QTICKETS_TOKEN=,&lab-token,' \
    -e 's,^CLICKHOUSE_PASSWORD=,&lab2,' "$env_file"
}

installed() { h bash -c "$home/ops/install.sh --yes >/root/install.log 2>&1" || { tail -20 "$guest/root/install.log" >&2 && return 1; }; }
fingerprint() { h bash -c "cat $env_file | sha256sum; stat -c '%U %a' $env_file /opt/zakaz_dashboard/secrets"; }
fast_timer() {
  h "$home/ops/systemd/manage_timers.sh" disable >/dev/null
  h mkdir -p /etc/systemd/system/qtickets_api.timer.d
  printf '[Timer]\nOnCalendar=\nOnCalendar=*:*:0/20\nRandomizedDelaySec=0\nAccuracySec=100ms\n' >"$guest/etc/systemd/system/qtickets_api.timer.d/fast.conf"
  h systemctl daemon-reload
}

lab_boot
lab_qtickets
set_up
row "install.sh installs" installed
before=$(fingerprint)
row "install.sh may be run again and leaves the secrets alone" installed
row "… byte for byte" equal "$(fingerprint)" "$before"
# What root runs, and the password of the administrator of ClickHouse, are root's own.
owners() { h stat -c '%U %A' /opt/zakaz_dashboard "$home" "$home/ops/install.sh" "$home/infra/clickhouse/.env" | grep -v '^root .\{5\}-..-.' || true; }
row "nobody but root may change what root runs" equal "$(owners)" ""
row "the administrator's password is root's alone" equal "$(h stat -c '%U %a' "$home/infra/clickhouse/.env")" "root 600"
fast_timer

# Two firings.
h systemctl enable -q --now qtickets_api.timer
wait_for 180 "two runs" at_least 2 journal qtickets_api.service '^Finished' || true
h systemctl disable -q --now qtickets_api.timer
wait_for 60 "the last run ends" idle qtickets_api.service
fired=$(journal qtickets_api.service '^Finished')
row "the timer fired $fired times" at_least 2 journal qtickets_api.service '^Finished'
row "each of them is a good run of the ledger" equal "$(ledger "status = 'ok'")" "$fired"
row "no container is left" no_containers qtickets_api_

# A run that is going on: one request in three seconds makes it long.
printf 'QTICKETS_RATE_LIMIT=0.3\n' >>"$guest$env_file"
started=$(journal qtickets_api.service '^Starting')
h systemctl start --no-block qtickets_api.service
wait_for 30 "the slow run works" at_least 1 containers qtickets_api_run
h systemctl enable -q --now qtickets_api.timer
sleep 45 # two more firings come due
h systemctl disable -q --now qtickets_api.timer
row "a run that goes on is not overlapped" equal "$(($(journal qtickets_api.service '^Starting') - started))" 1
row "it still goes on" activating qtickets_api.service

# The docker client is killed outright: container and name stay.
h systemctl kill --signal=KILL qtickets_api.service
wait_for 60 "the unit has ended" idle qtickets_api.service
row "a killed run leaves no container" no_containers qtickets_api_run
# The worst case: not even ExecStopPost came to work.
h docker run -d --pull never --name qtickets_api_run --network host --entrypoint /qtickets_api qtickets_api:latest sim --listen 127.0.0.1:18999 >/dev/null
h sed -i s,^QTICKETS_RATE_LIMIT=.*,QTICKETS_RATE_LIMIT=2, "$env_file"
row "a stale container does not block the next run" h systemctl start qtickets_api.service
row "the killed run is declared dead in the ledger" equal "$(ledger "status = 'failed' AND error_class = 'dead'")" 1

# The nightly comparison and a load that comes due meanwhile.
h systemctl start --no-block qtickets_reconcile.service
wait_for 30 "the comparison works" activating qtickets_reconcile.service
h systemctl start qtickets_api.service
moment() { h systemctl show -p "$2" --value "$1"; }
row "a load waits for the comparison" test "$(moment qtickets_reconcile.service InactiveEnterTimestampMonotonic)" -le "$(moment qtickets_api.service ExecMainStartTimestampMonotonic)"
row "both ended well" equal "$(ledger "status = 'failed'")" 1

# The alerts: nothing is wrong enough to fail the unit, and what they know is kept between runs.
kept() { [ -n "$(h find /var/lib/qtickets_alerts -type f -user "$1")" ]; }
row "the alerts look" h systemctl start qtickets_alerts.service
row "and keep what they know" kept 65532

# The page and the webhooks: a process that stays.
printf 'QTICKETS_WEBHOOK_SECRET=secret-of-the-lab\nCLICKHOUSE_READER_PASSWORD=lab3\nQTICKETS_METRICS_LISTEN=127.0.0.1:8081\n' >>"$guest$env_file"
ready() { h curl -sf -o /dev/null http://127.0.0.1:8081/readyz; }
# The link of this start is in the journal; without its cookie the page is closed.
link() { h journalctl -u qtickets_serve.service -o cat --no-pager | grep -o 'http://[^ ]*token=[^ ]*' | tail -n 1; }
page() { h curl -sf -L -c /root/cookies "$(link)" | grep -q '<main'; }
closed() { [ "$(h curl -s -o /dev/null -w '%{http_code}' http://127.0.0.1:8080/)" = 403 ]; }
healthy() { [ "$(h docker inspect -f '{{.State.Health.Status}}' qtickets_serve)" = healthy ]; }
handled() { h curl -sf http://127.0.0.1:8081/metrics | grep -q '^qtickets_webhooks_pending 0$'; }
announced='{"id": '$(sql "SELECT max(order_id) FROM zakaz.stg_qtickets_api_orders_raw")'}'
signature=$(printf %s "$announced" | h openssl dgst -sha1 -hmac secret-of-the-lab | sed 's/.*= //')
# webhook SIGNATURE prints the status of the answer.
webhook() { h curl -s -o /dev/null -w '%{http_code}' -H "X-Signature: $1" -H 'X-Event-Type: payed' -d "$announced" http://127.0.0.1:8080/webhooks/qtickets; }
served() {
  row "$1: serve starts" h systemctl start qtickets_serve.service
  row "$1: it is ready" wait_for 60 "the page" ready
  row "$1: the page is shown to whoever has its link" page
  row "$1: and to nobody else" closed
  row "$1: a signed webhook is taken, another is not" equal "$(webhook "$signature") $(webhook 0)" "200 401"
  row "$1: its order was read again" wait_for 30 "no webhook is pending" handled
}
served "the page"
row "the page: its container is healthy" wait_for 60 "the health check" healthy
h systemctl stop qtickets_serve.service
row "the page: it stops in peace" equal "$(h systemctl show -p Result --value qtickets_serve.service)" success

# Away with it, and the variant without Docker.
h sed -i '/^QTICKETS_RATE_LIMIT=/d' "$env_file"
row "install.sh uninstall" h bash -c "$home/ops/install.sh uninstall --yes >/root/install.log 2>&1"
gone() { h bash -c "! ls /etc/systemd/system/qtickets_*.{service,timer} && ! docker image inspect qtickets_api:latest" >/dev/null 2>&1; }
row "units and image are gone" gone
row "secrets and data are not" at_least 3 ledger "status = 'ok'"
h install -m 755 /root/qtickets_api /usr/local/bin/qtickets_api
h "$home/ops/systemd/manage_timers.sh" install --native >/dev/null
good=$(ledger "status = 'ok'")
row "the units without Docker: a load" h systemctl start qtickets_api.service
row "the units without Docker: a comparison" h systemctl start qtickets_reconcile.service
row "the units without Docker: the alerts" h systemctl start qtickets_alerts.service
row "they keep what they know as well" kept etl
row "both runs are good ones of the ledger" equal "$(ledger "status = 'ok'")" "$((good + 2))"
served "the units without Docker"
h systemctl stop qtickets_serve.service
row "the units without Docker: serve stops in peace" equal "$(h systemctl show -p Result --value qtickets_serve.service)" success

[ "$failures" -eq 0 ]
