#!/usr/bin/env bash
# `qtickets_api init` typed on five fresh machines by a person who follows the screen and nothing else (typist/): from a
# token to the first number within ten minutes of reading and typing, then the commands that the screen shows, as they are
# shown. Prints a row for each; exit status 1 when one failed. TRANSCRIPTS=FOLDER keeps what was on the screens.
set -euo pipefail
# shellcheck source=lib.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"

home=/opt/zakaz_dashboard/dashboard-mvp
typist='' transcripts='' failures=0
declare -A leaders=() parents=()
servers=()

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

# plain_rootfs SUITE: a system with next to nothing, made once and kept.
plain_rootfs() {
  [ -f "$cache/$1.tar" ] && return
  say "building a plain system of $1, once"
  mmdebstrap --variant=minbase --format=tar --include=ca-certificates,make,git \
    "$1" "$cache/$1.tar.new" "$(awk '/^URIs:/{print $2; exit}' /etc/apt/sources.list.d/debian.sources)" >&2
  mv "$cache/$1.tar.new" "$cache/$1.tar"
}

# machine NAME SUITE [OPTION…]: files, processes and network of its own; neither Docker nor Go.
machine() {
  local dir=$work/$1
  plain_rootfs "$2"
  mkdir -p "$dir"
  tar -C "$dir" -xf "$cache/$2.tar"
  setsid nohup systemd-nspawn -q -D "$dir" --as-pid2 --register=no --keep-unit --machine="$1" --console=pipe \
    --private-network "${@:3}" sleep infinity >"$work/$1.log" 2>&1 </dev/null &
  parents[$1]=$!
  wait_for 20 "$1 begins" begun "$1"
  install -m 755 "$work/qtickets_api" "$dir/srv/sim"
  on "$1" bash -c 'HOME=/root exec /srv/sim sim --listen 127.0.0.1:8090 --token lab-token --orders 400 --live 0.2 >/dev/null 2>&1' &
  wait_for 20 "the simulated QTickets answers" reach "$1" http://127.0.0.1:8090/
}
begun() { leaders[$1]=$(pgrep -P "${parents[$1]}" | head -1) && [ -n "${leaders[$1]}" ] && on "$1" true; }
on() { nsenter -t "${leaders[$1]}" -a "${@:2}"; }
reach() { nsenter -t "${leaders[$1]}" -n curl -s -o /dev/null "$2"; }

stop() {
  local name
  for name in "${!parents[@]}"; do
    kill -KILL "${leaders[$name]}" "${parents[$name]}" 2>/dev/null || true
  done
  if [ ${#servers[@]} -gt 0 ]; then kill "${servers[@]}" 2>/dev/null || true; fi
  lab_stop
}

# clickhouse NAME PORT: a server that the machine has already, with the users of the project: the embedded engine.
clickhouse() {
  mkdir -p "$work/$1.data/server/users.d"
  nsenter -t "${leaders[$1]}" -n env -i CHDB_LIB="$engine" HOME="$work" TMPDIR="$work" PATH="$PATH" \
    "$work/qtickets_api" clickhouse --data "$work/$1.data" --http-port "$2" --tcp-port 9000 >"$work/$1.clickhouse" 2>&1 </dev/null &
  servers+=($!)
  wait_for 30 "the ClickHouse of $1 answers" reach "$1" "http://127.0.0.1:$2/ping"
}
password() { cat "$work/$1.data/$2.password"; }

# fact PATTERN ANSWER [secret]: something that the person knows.
fact() { printf '%s\t%s%s\n' "$1" "$2" "${3:+$'\t'$3}"; }
everybody_knows() {
  fact 'Address of the QTickets API|Адрес API QTickets' http://127.0.0.1:8090/api/rest/v1
  fact 'Token of the organiser|Токен организатора' lab-token secret
  fact 'Name of the organiser|Название организатора' 'Театр на Таганке'
}

# typed MACHINE TRANSCRIPT COMMAND…: the person of the machine at work, with what is in $work/MACHINE.facts.
typed() {
  "$typist" "$work/$1.facts" "$transcripts/$2.txt" nsenter -t "${leaders[$1]}" -a "${@:3}" >"$work/typed"
  local code=$?
  sed "s/^/        $2: /" "$work/typed"
  return "$code"
}
in_time() { [ "$(sed 's/.*, \([0-9]*\) s in all/\1/' "$work/typed")" -le 600 ]; }
ends() {
  typed "${@:2}"
  [ $? -eq "$1" ]
}
# A load may leave something out (3): the number is there all the same.
first_number() { typed "$@" || [ $? -eq 3 ] && in_time && shown "$2" 'Compare with the cabinet\|Сравните с кабинетом'; }
shown() { tr '\r' '\n' <"$transcripts/$1.txt" | grep -q -- "$2" || { echo "        $1 does not show: $2" && return 1; }; }
hidden() { ! grep -qF -- "$2" "$transcripts/$1.txt"; }

# printed TRANSCRIPT SUBCOMMAND: the command as the screen shows it.
printed() { tr '\r' '\n' <"$transcripts/$1.txt" | grep -E "^  .*(qtickets_api|qtickets_api:latest) $2( |$)" | tail -n 1 | sed 's/^ *//'; }

# page MACHINE TRANSCRIPT FOLDER SHELL…: the command of the screen starts the page, and its link opens it.
page() {
  local command link process
  command=$(printed "$2" serve)
  [ -n "$command" ] || return 1
  nsenter -t "${leaders[$1]}" -a "${@:4}" "cd $3 && exec $command" >"$work/$1.serve" 2>&1 </dev/null &
  process=$!
  wait_for 60 "the link of $1" grep -q 'token=' "$work/$1.serve" || { tail -5 "$work/$1.serve" && return 1; }
  link=$(grep -o 'http://[^ "]*token=[^ "]*' "$work/$1.serve" | tail -n 1)
  wait_for 60 "the page of $1" opens "$1" "$link"
  local code=$?
  kill "$(pgrep -P "$process")"
  wait "$process" || true
  return "$code"
}
opens() { nsenter -t "${leaders[$1]}" -n curl -sf -L -c "$work/$1.cookies" -b "$work/$1.cookies" "$2" | grep -q '<main'; }
works() { on "$1" "${@:4}" "cd $3 && $(printed "$2" contract)" >/dev/null; }

# asks_nothing MACHINE TRANSCRIPT COMMAND…: what is set stays, and only the plan is confirmed.
asks_nothing() { typed "$@" || [ $? -eq 3 ] && [ "$(sed 's/ answers.*//' "$work/typed")" = 1 ]; }

lab_boot
trap stop EXIT
leaders[qtlab]=$leader
typist=$work/typist
CGO_ENABLED=0 go build -o "$typist" "$root/ops/lab/typist/main.go"
transcripts=${TRANSCRIPTS:-$work/transcripts}
mkdir -p "$transcripts"

# 1. Debian 12 with Go and the sources, as in the README. The library of `make deps` is in the cache already.
machine debian bookworm --bind-ro="$(go env GOROOT):/usr/local/go" --bind="$GOMODCACHE:/root/go/pkg/mod" \
  --bind="$GOCACHE:/root/.cache/go-build" --bind-ro="$(dirname "$engine"):/root/.cache/qtickets_api/$(basename "$(dirname "$engine")")"
git clone -q "$root" "$work/debian/root/dashboard-mvp"
debian=(env -i HOME=/root PATH=/usr/local/go/bin:/usr/bin:/bin TERM=xterm GOPROXY=off GOFLAGS=-modcacherw bash -c)
everybody_knows >"$work/debian.facts"
row "Debian 12, Go: make build" on debian "${debian[@]}" 'cd /root/dashboard-mvp && make build'
row "Debian 12, Go: the first number" first_number debian debian "${debian[@]}" 'cd /root/dashboard-mvp && exec bin/qtickets_api init'
row "… the assumptions, as the screen says" works debian debian /root/dashboard-mvp "${debian[@]}"
row "… the page, as the screen says" page debian debian /root/dashboard-mvp "${debian[@]}"
row "… again: nothing is asked" asks_nothing debian debian_again "${debian[@]}" 'cd /root/dashboard-mvp && exec bin/qtickets_api init'

# 2. Ubuntu, as far as there is one: its name over a newer Debian, and its user, who is not root. The binary and the library
# beside it; Russian by the locale.
machine ubuntu trixie
printf 'NAME="Ubuntu"\nVERSION_ID="24.04"\nID=ubuntu\nID_LIKE=debian\nPRETTY_NAME="Ubuntu 24.04 LTS"\n' >"$work/ubuntu/etc/os-release"
on ubuntu useradd --create-home --uid 1000 ubuntu
mkdir "$work/ubuntu/home/ubuntu/qtickets"
cp "$work/qtickets_api" "$engine" "$work/ubuntu/home/ubuntu/qtickets/"
chown -R 1000:1000 "$work/ubuntu/home/ubuntu/qtickets"
ubuntu=(setpriv --reuid=1000 --regid=1000 --clear-groups env -i HOME=/home/ubuntu PATH=/usr/bin:/bin TERM=xterm LANG=ru_RU.UTF-8 bash -c)
everybody_knows >"$work/ubuntu.facts"
row "Ubuntu, a user who is not root, Russian: the first number" first_number ubuntu ubuntu "${ubuntu[@]}" 'cd ~/qtickets && exec ./qtickets_api init'
row "… the assumptions" works ubuntu ubuntu /home/ubuntu/qtickets "${ubuntu[@]}"
row "… the page" page ubuntu ubuntu /home/ubuntu/qtickets "${ubuntu[@]}"
row "… again: nothing is asked" asks_nothing ubuntu ubuntu_again "${ubuntu[@]}" 'cd ~/qtickets && exec ./qtickets_api init'

# 3. No Go: the image, and the ClickHouse of the checklist, whose passwords are taken from its file.
h git clone -q file:///srv/dashboard-mvp.git "$home"
h "$home/infra/clickhouse/passwords.sh" >/dev/null
h docker build -q -t qtickets_api:latest "$home/integrations/qtickets_api" >/dev/null
lab_start_clickhouse "$home/infra/clickhouse/.env"
h systemd-run -q --unit=simulated-qtickets --setenv=HOME=/root /root/qtickets_api sim --listen 127.0.0.1:8090 --token lab-token --orders 400 --live 0.2
wait_for 20 "the simulated QTickets answers" h curl -s -o /dev/null http://127.0.0.1:8090/
everybody_knows >"$work/qtlab.facts"
command=$(grep -m 1 'docker run -it' "$root/docs/first-day.md")
mount='-v /opt/zakaz_dashboard:/opt/zakaz_dashboard '
row "no Go, the image: without its folder it is refused" ends 2 qtlab docker_without bash -c "${command/$mount/}"
row "… which says what to add" shown docker_without 'добавьте к docker run -v /opt/zakaz_dashboard:/opt/zakaz_dashboard'
row "no Go, the image: the first number" first_number qtlab docker bash -c "$command"
row "… the assumptions" works qtlab docker / bash -c
row "… the page" page qtlab docker / bash -c
row "… again: nothing is asked" asks_nothing qtlab docker_again bash -c "$command"

# 4. No Docker, no Go, no library: the binary alone, and a ClickHouse that has the users already.
machine binary bookworm
install -m 755 "$work/qtickets_api" "$work/binary/usr/local/bin/"
clickhouse binary 8123
{
  everybody_knows
  fact 'Name or address' 127.0.0.1
  fact 'Password of this user' "$(password binary etl_writer)" secret
  fact 'Password of datalens_reader' "$(password binary datalens_reader)" secret
  fact 'Its password' "$(password binary admin_min)" secret
} >"$work/binary.facts"
binary=(env -i HOME=/root PATH=/usr/local/bin:/usr/bin:/bin TERM=xterm bash -c)
row "no Docker, the binary alone, a ClickHouse with users: the first number" first_number binary binary "${binary[@]}" 'exec qtickets_api init'
row "… no password is shown" hidden binary "$(password binary admin_min)"
row "… the assumptions" works binary binary / "${binary[@]}"
row "… the page" page binary binary / "${binary[@]}"
row "… again: nothing is asked" asks_nothing binary binary_again "${binary[@]}" 'exec qtickets_api init'

# 5. A ClickHouse that has an administrator and nobody else: init makes the users.
machine own bookworm
install -m 755 "$work/qtickets_api" "$work/own/usr/local/bin/"
mkdir -p "$work/own.data" "$work/own.conf"
administrator=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
nsenter -t "${leaders[own]}" -n env -i CHDB_LIB="$engine" CLICKHOUSE_CONF="$work/own.conf" CLICKHOUSE_DATA="$work/own.data" PATH="$PATH" \
  CLICKHOUSE_USER=boss CLICKHOUSE_PASSWORD="$administrator" python3 "$root/ops/lab/cluster/replica.py" >"$work/own.clickhouse" 2>&1 </dev/null &
servers+=($!)
wait_for 60 "the ClickHouse of own answers" reach own http://127.0.0.1:8123/ping
{
  everybody_knows
  fact 'Имя или адрес' 127.0.0.1
  fact 'Администратор ClickHouse' boss
  fact 'Его пароль' "$administrator" secret
} >"$work/own.facts"
own=(env -i HOME=/root PATH=/usr/local/bin:/usr/bin:/bin TERM=xterm bash -c)
row "a ClickHouse with an administrator alone: the first number" first_number own own "${own[@]}" 'exec qtickets_api init --lang ru'
row "… the users are made" shown own 'создать пользователей etl_writer, datalens_reader'
row "… with their rights" shown own 'права выданы'
row "… no password is shown" hidden own "$administrator"
row "… exactly those of grants.sql, says doctor" on own "${own[@]}" \
  'qtickets_api doctor --until 3 --envfile /opt/zakaz_dashboard/secrets/.env.qtickets_api | grep "rights of etl_writer: exactly"'
row "… the assumptions" works own own / "${own[@]}"
row "… the page" page own own / "${own[@]}"
row "… again: nothing is asked" asks_nothing own own_again "${own[@]}" 'exec qtickets_api init --lang ru'

if grep -lE 'lab-token' "$transcripts"/*.txt; then
  echo "FAILED  a token is on a screen"
  failures=$((failures + 1))
fi
if [ "$failures" -gt 0 ]; then
  echo "$failures rows failed."
  exit 1
fi
echo "No row failed."
