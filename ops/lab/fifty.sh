#!/usr/bin/env bash
# Fifty organisers on one server by the product's own timers, nothing sped up: each loads in every quarter of an hour, one at a
# time as long as nobody waits for three minutes, beside the pages; then the QTickets of one hangs for a quarter, and nobody else is
# late. Takes an hour and a half. Prints a row for each and the figures; exit status 1 when one failed. ORGANISERS=N: another number.
set -euo pipefail
# shellcheck source=lib.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"

home=/opt/zakaz_dashboard/dashboard-mvp
clickhouse=$home/infra/clickhouse
secrets=/opt/zakaz_dashboard/secrets
quarter=900
failures=0
mapfile -t names < <(seq -f 'org_%02g' "${ORGANISERS:-50}")
dead=${names[0]}

row() {
  local what=$1
  shift
  if "$@"; then
    echo "ok      $what"
  else
    echo "FAILED  $what"
    failures=$((failures + 1))
  fi
}

# add NAME: what install.sh --organiser does, from the env file that it made for the first one, without the image and the dry run.
add() {
  local password
  password() { sed -n "s/^CLICKHOUSE_$1_PASSWORD=//p" "$guest$clickhouse/organisers/$2.env"; }
  if [ "$1" != "$dead" ]; then
    sed -e "s/_$dead\$/_$1/" -e "s/^ORG_NAME=.*/ORG_NAME=$1/" -e "s/^CLICKHOUSE_PASSWORD=.*/CLICKHOUSE_PASSWORD=$(password ETL "$1")/" \
      -e "s/^CLICKHOUSE_READER_PASSWORD=.*/CLICKHOUSE_READER_PASSWORD=$(password READER "$1")/" \
      -e "s/^\(QTICKETS_LISTEN\)=.*/\1=127.0.0.1:$2/" -e "s/^\(QTICKETS_METRICS_LISTEN\)=.*/\1=127.0.0.1:$(($2 + 1))/" \
      -e 's,172.17.0.1:8091,172.17.0.1:8090,' "$guest$secrets/$dead.env" >"$guest$secrets/$1.env"
    chmod 600 "$guest$secrets/$1.env"
    h chown etl:etl "$secrets/$1.env"
    h env CLICKHOUSE_USER="admin_min_$1" CLICKHOUSE_PASSWORD="$(password ADMIN "$1")" HOME=/root \
      /root/qtickets_api migrate --envfile "$secrets/$1.env"
  fi
}

set_up() {
  h git clone -q file:///srv/dashboard-mvp.git "$home"
  # shellcheck disable=SC2016
  h bash -c 'cd "$1" && ./passwords.sh >/dev/null && shift && for name; do ./passwords.sh "$name" >/dev/null; done' - "$clickhouse" "${names[@]}"
  h mkdir -p /root/users.d
  h bash -c "sed '/<users>/,\$d' $clickhouse/users.d/qtickets.xml >/root/users.d/qtickets.xml && echo '</clickhouse>' >>/root/users.d/qtickets.xml"
  h bash -c "cp $clickhouse/users.d/organiser_*.xml /root/users.d/"
  lab_start_clickhouse "$clickhouse/.env" -v /root/users.d:/var/lib/clickhouse/server/users.d:ro
  lab_qtickets # of everybody but the first
  h systemd-run -q --unit=simulated-qtickets-dead --setenv=HOME=/root /root/qtickets_api sim --listen 172.17.0.1:8091 --token lab-token --orders 400
  h sed -i "s,^QTICKETS_BASE_URL=.*,QTICKETS_BASE_URL=http://172.17.0.1:8091/api/rest/v1," "$home/ops/env.qtickets_api.example"
  h env QTICKETS_TOKEN=lab-token "$home/ops/install.sh" --organiser "$dead" --yes >"$work/install.log" 2>&1 || { tail -30 "$work/install.log" >&2 && return 1; }
  local port=8201 name
  for name in "${names[@]:1}"; do
    add "$name" "$port"
    port=$((port + 2))
  done
}

# runs SINCE: a line for each run of the timers that began since then: begin, end (ms), organiser, status, from the ledgers.
runs() {
  local name password
  for name in "${names[@]}"; do
    password=$(sed -n 's/^CLICKHOUSE_ADMIN_PASSWORD=//p' "$guest$clickhouse/organisers/$name.env")
    h docker exec ch-zakaz clickhouse-client --user="admin_min_$name" --password="$password" -q "SELECT
      toUnixTimestamp64Milli(toDateTime64(started_at, 3)), toUnixTimestamp64Milli(toDateTime64(if(status = 'running', now(), finished_at), 3)), '$name', status
      FROM zakaz_$name.meta_job_runs WHERE toUnixTimestamp(started_at) >= $1"
  done | sort -n
}

# In awk, of the lines that runs prints: how many loads there were, how many beside another one, and the most at once.
# shellcheck disable=SC2016
at_once='{ n++; begin[n] = $1; end[n] = $2 }
  END { for (i = 1; i <= n; i++) { at = 0; for (j = 1; j <= i; j++) if (end[j] > begin[i]) at++; if (at > 1) beside++; if (at > most) most = at } }'

# rounds FILE: how the runs lie: how many, how long, how many beside another one, the most at once.
rounds() {
  awk "$at_once"' { d = ($2 - $1) / 1000; sum += d; if (d > longest) longest = d; of[$3]++ }
    END { for (name in of) names++
      printf "        %d loads of %d organisers, %.1f s on average, %.1f s the longest, together %.0f s; %d beside another one, %d at once at most\n",
        n, names, n ? sum / n : 0, longest, sum, beside, most }' "$1"
}

# served SINCE: "NAME seconds" for each organiser whose timer fired in the quarter since then: until its load ended well.
served() {
  h journalctl -o short-unix --no-pager --since "@$1" -u 'qtickets_api@*' | awk -v until=$(($1 + quarter)) '
    match($0, /qtickets_api@[a-z0-9_]+/) { name = substr($0, RSTART + 13, RLENGTH - 13) }
    /systemd\[1\]: Starting/ && $1 < until && !(name in began) { began[name] = $1 }
    /systemd\[1\]: Finished/ && name in began && !(name in took) { took[name] = $1 - began[name]; print name, took[name] }'
}

# loaded FILE FIRST: of every organiser from the FIRST on a load that its timer began ended well within a quarter of an hour.
loaded() {
  local missing
  missing=$(comm -23 <(printf '%s\n' "${names[@]:$2}" | sort) <(awk -v most=$quarter '$2 < most { print $1 }' "$1.served" | sort) | paste -sd ' ')
  [ -z "$missing" ] || { echo "        not: $missing" && return 1; }
}

# without_turn SINCE: how many loads went on beside another one, by their own word.
without_turn() {
  h journalctl -o cat --no-pager --since "@$1" -u 'qtickets_api@*' | grep -c 'Not waiting for the load of another organiser' || true
}

# watch UNTIL: the most loaders at once, as containers.
watch() {
  local until=$1 n most=0
  while [ "$(date +%s)" -lt "$until" ]; do
    n=$(h docker ps -q --filter name=qtickets_api_run_ | wc -l)
    if [ "$n" -gt "$most" ]; then most=$n; fi
    sleep 2
  done
  echo "        $most containers of loads at once at most"
}

# round FILE: a quarter of an hour, as the calendar of the timers has it.
round() {
  local since=$((($(date +%s) / quarter + 1) * quarter))
  sleep $((since - $(date +%s)))
  watch $((since + quarter - 5))
  sleep 240 # for the loads that began at its end
  runs "$since" >"$1"
  rounds "$1"
  served "$since" >"$1.served"
  awk '{ sum += $2; if ($2 > longest) longest = $2 }
    END { printf "        from the timer to the end of a load: %.0f s on average, %.0f s the longest\n", NR ? sum / NR : 0, longest }' "$1.served"
  echo "        went on without the turn: $(without_turn "$since")"
}
one() { [ "$(awk "$at_once"' END { print most }' "$1")" = 1 ]; }
hung() { ! loaded "$work/hung" 0 >/dev/null; }

lab_boot
say "setting up ${#names[@]} organisers"
set_up
say "all are set up"
h bash -c "systemctl enable -q --now $(printf 'qtickets_api@%s.timer ' "${names[@]}")"
for name in "${names[@]:1:3}"; do h systemctl start "qtickets_serve@$name.service"; done

echo "First loads, each the whole history"
round "$work/first"
row "everybody has loaded within a quarter of an hour" loaded "$work/first" 0
row "one load at a time" one "$work/first"

echo "The QTickets of $dead hangs"
h iptables -I OUTPUT -p tcp --dport 8091 -j DROP
round "$work/hung"
row "everybody else has loaded within a quarter of an hour" loaded "$work/hung" 1
row "… and $dead has not" hung
row "one load at a time" one "$work/hung"
h iptables -D OUTPUT -p tcp --dport 8091 -j DROP

echo "All is well"
round "$work/well"
row "everybody has loaded within a quarter of an hour" loaded "$work/well" 0
row "one load at a time" one "$work/well"
row "a page answers beside it" h curl -sf -o /dev/null http://127.0.0.1:8201/healthz

if [ "$failures" -gt 0 ]; then
  echo "$failures rows failed."
  exit 1
fi
echo "No row failed."
