#!/usr/bin/env bash
# Fifty organisers on one server by the product's own timers, nothing sped up: each loads in every quarter of an hour, one at a
# time works, beside the pages; then the QTickets of one hangs for a quarter, and nobody else is late. Takes an hour and a quarter.
# Prints a row for each and the figures; exit status 1 when one failed. ORGANISERS=N: another number.
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

# worked FILE: how the turns lie: how many, how long, how long they were waited for, the most at once.
worked() {
  awk -v most="$(most_at_once <"$1.turns")" '{ d = ($2 - $1) / 1000; sum += d; if (d > longest) longest = d; of[$3]++; w = $4 / 1000; waited += w; if (w > wait) wait = w }
    END { for (name in of) names++
      printf "        %d turns of %d organisers, %.1f s on average, %.1f s the longest, together %.0f s; waited for %.1f s on average, %.1f s at most; %d at once at most\n",
        NR, names, NR ? sum / NR : 0, longest, sum, NR ? waited / NR : 0, wait, most }' "$1.turns"
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

# without_turn SINCE: how many loads that began in the quarter since then went on beside another one, by their own word.
without_turn() {
  h journalctl -o cat --no-pager --since "@$1" --until "@$(($1 + quarter))" -u 'qtickets_api@*' | grep -c 'Not waiting for the load of another organiser' || true
}

# loaders: how many containers of loads there are, and their memory together (MB).
loaders() {
  h docker stats --no-stream --format '{{.Name}} {{.MemUsage}}' | awk '
    /^qtickets_api_run_/ { n++; mb += $2 * ($2 ~ /GiB/ ? 1024 : $2 ~ /KiB/ ? 1 / 1024 : $2 ~ /MiB/ ? 1 : 1 / 1048576) }
    END { print n + 0, mb + 0 }'
}

page() { h curl -sf -o /dev/null http://127.0.0.1:8201/healthz; }

# watch SINCE FILE: looks at the loaders of a quarter of an hour, as the calendar of the timers has it. Nobody begins in its last minute,
# so there is time for what is to change after it. A page that does not answer is noted.
watch() {
  while [ "$(date +%s)" -lt "$1" ]; do sleep 1; done
  while [ "$(date +%s)" -lt "$(($1 + quarter - 10))" ]; do
    loaders >>"$2.loaders" || true # a container that is just gone
    page || date >>"$work/no_page"
    sleep 2
  done
}

# told SINCE FILE: what came of a quarter.
told() {
  turns "$1" | awk -v until="$((($1 + quarter) * 1000))" '$1 < until' >"$2.turns"
  worked "$2"
  served "$1" >"$2.served"
  awk '{ sum += $2; if ($2 > longest) longest = $2 }
    END { printf "        from the timer to the end of a load: %.0f s on average, %.0f s the longest\n", NR ? sum / NR : 0, longest }' "$2.served"
  echo "        went on without the turn: $(without_turn "$1")"
  awk '$1 > n { n = $1 } $2 > mb { mb = $2 } END { printf "        of %d looks: %d containers of loads at once at most, %.0f MB together at most\n", NR, n, mb }' "$2.loaders"
}
one() { [ "$(most_at_once <"$1.turns")" = 1 ]; }
within() { awk '$2 > 256 { exit 1 } { n += $1 } END { if (!n) exit 1 }' "$1.loaders"; }
dead_hung() { ! loaded "$1" 0 >/dev/null; }

# delays_nobody WELL HUNG (files): the others' loads end no later beside a dead QTickets than when all is well: by their mean and by the longest,
# at most half as long again or 10 seconds more.
delays_nobody() {
  awk -v dead="$dead" '$1 == dead { next }
    { which = FILENAME ~ /well\.served$/ ? "well" : "hung"; n[which]++; sum[which] += $2; if ($2 > longest[which]) longest[which] = $2 }
    function more(was, is) { return is > was * 1.5 && is > was + 10 }
    END { if (!n["well"] || !n["hung"]) exit 1
      well = sum["well"] / n["well"]; hung = sum["hung"] / n["hung"]
      printf "        the others, from the timer to the end: all well %.1f s on average, %.1f s the longest; beside the dead one %.1f s and %.1f s\n",
        well, longest["well"], hung, longest["hung"]
      exit more(well, hung) || more(longest["well"], longest["hung"]) }' "$1.served" "$2.served"
}

lab_boot
say "setting up ${#names[@]} organisers"
set_up
say "all are set up"
h bash -c "systemctl enable -q --now $(printf 'qtickets_api@%s.timer ' "${names[@]}")"
for name in "${names[@]:1:3}"; do h systemctl start "qtickets_serve@$name.service"; done

first=$((($(date +%s) / quarter + 1) * quarter)) well=$((first + quarter)) hung=$((well + quarter))
say "first loads, each the whole history"
watch "$first" "$work/first"
say "all is well"
watch "$well" "$work/well"
say "the QTickets of $dead hangs"
h iptables -I OUTPUT -p tcp --dport 8091 -j DROP
watch "$hung" "$work/hung"
sleep 240 # for the loads that began at its end
h iptables -D OUTPUT -p tcp --dport 8091 -j DROP

echo "First loads, each the whole history"
told "$first" "$work/first"
row "everybody has loaded within a quarter of an hour" loaded "$work/first" 0
row "one load at a time works" one "$work/first"
row "loads together stay within what one may have (256 MB)" within "$work/first"

echo "All is well"
told "$well" "$work/well"
row "everybody has loaded within a quarter of an hour" loaded "$work/well" 0
row "one load at a time works" one "$work/well"
row "loads together stay within what one may have (256 MB)" within "$work/well"

echo "The QTickets of $dead hangs"
told "$hung" "$work/hung"
row "everybody else has loaded within a quarter of an hour" loaded "$work/hung" 1
row "… and $dead has not" dead_hung "$work/hung"
row "one load at a time works" one "$work/hung"
row "loads together stay within what one may have (256 MB)" within "$work/hung"
row "a dead QTickets delays nobody else" delays_nobody "$work/well" "$work/hung"
awk -v dead="$dead" '$3 == dead { ms += $2 - $1 } END { printf "        the dead one had the turn for %d ms\n", ms }' "$work/hung.turns"

row "a page has answered at every look" test ! -e "$work/no_page"

if [ "$failures" -gt 0 ]; then
  echo "$failures rows failed."
  exit 1
fi
echo "No row failed."
