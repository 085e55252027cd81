#!/usr/bin/env bash
# The units of the QTickets loads: install, look, switch on and off. "manage_timers.sh help" lists the commands.
set -euo pipefail

here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
target=/etc/systemd/system
units=(qtickets_api qtickets_reconcile qtickets_alerts)
# The page and the webhooks: no timer, a service of its own that whoever wants it switches on (docs/live.md).
serve=qtickets_serve
# The morning message: a timer that whoever wants it switches on (docs/digest.md).
digest=qtickets_digest
# Copies of our own ClickHouse (infra/clickhouse) and the drill that tries them: install.sh switches them on where it is
# there. They run on the server itself, with Docker and without.
backups=(qtickets_backup qtickets_restore_drill)
# What is switched on by name only.
optional=("$digest" "${backups[@]}")
# An env file NAME.env for each of several organisers (docs/organisers.md).
secrets=/opt/zakaz_dashboard/secrets

usage() {
  cat <<'TEXT'
Таймеры загрузки QTickets.

  manage_timers.sh status              что включено, время прошлого и следующего запуска, итог последнего
  manage_timers.sh schedule            ближайшие пять запусков каждого таймера
  manage_timers.sh logs [ЮНИТ] [N]     последние N (100) строк журнала; ЮНИТ: qtickets_api (по умолчанию),
                                       qtickets_reconcile, qtickets_alerts, qtickets_digest, qtickets_backup,
                                       qtickets_restore_drill или qtickets_serve; юнит организатора: qtickets_api@ИМЯ
  manage_timers.sh install [--native]  установить юниты в /etc/systemd/system (--native: без Docker)
  manage_timers.sh enable [ТАЙМЕР…]    включить и запустить таймеры (без имён: все установленные)
  manage_timers.sh disable [ТАЙМЕР…]   остановить и выключить таймеры; идущая загрузка завершится
                                       панель и вебхуки: sudo systemctl enable --now qtickets_serve.service
                                       ссылка на панель: sudo journalctl -u qtickets_serve.service -o cat | grep token= | tail -n 1
  manage_timers.sh backups [ИМЯ]       включить таймеры резервных копий и проверки восстановления (docs/operations.md);
                                       только для своего ClickHouse из infra/clickhouse
  manage_timers.sh uninstall           выключить всё и убрать юниты; данные и секреты остаются

Несколько организаторов на одном сервере (docs/organisers.md); ИМЯ — до 32 знаков из a-z, 0-9 и _:

  manage_timers.sh add ИМЯ             включить загрузки организатора; нужен файл /opt/zakaz_dashboard/secrets/ИМЯ.env
  manage_timers.sh remove ИМЯ          выключить их и панель; идущая загрузка завершится; данные и секреты остаются
  manage_timers.sh status ИМЯ          таймеры и служба организатора
                                       панель и вебхуки: sudo systemctl enable --now qtickets_serve@ИМЯ.service

Все команды, кроме status, schedule, logs и help, требуют root (sudo).
TEXT
}

die() {
  echo "manage_timers.sh: $*" >&2
  exit 2
}

need_root() {
  [ "$(id -u)" -eq 0 ] || die "нужен root: sudo $0 $*"
}

# The name of an organiser becomes part of units, users and a database. Whatever the locale: [a-z] would hold other
# letters in some.
need_name() {
  (LC_ALL=C && [[ $# -eq 1 && $1 =~ ^[a-z0-9_]{1,32}$ ]]) ||
    die "нужно имя организатора: от 1 до 32 знаков из a-z, 0-9 и _"
}

# The organisers whose loads are switched on.
organisers() {
  local wanted
  for wanted in "$target"/timers.target.wants/qtickets_api@*.timer; do
    if [ -L "$wanted" ]; then basename "$wanted" .timer | cut -d@ -f2; fi
  done
}

# The units that are there, or those that were named.
chosen() {
  local name
  if [ $# -gt 0 ]; then
    for name in "$@"; do
      name=${name%.timer}
      [[ " ${units[*]} " == *" $name "* ]] || die "нет таймера «$name»; есть: ${units[*]}"
      echo "$name"
    done
    return
  fi
  for name in "${units[@]}"; do
    if [ -f "$target/$name.timer" ]; then echo "$name"; fi
  done
}

# One property of a unit, "" when systemd does not know the unit.
property() {
  systemctl show -p "$2" --value "$1" 2>/dev/null || true
}

# The outcome of the last run of a unit. systemd calls 3 a success, because the timer goes on and nothing is broken; for
# a person it is not one: something was not read.
outcome() {
  local result code
  result=$(property "$1" Result)
  code=$(property "$1" ExecMainStatus)
  if [ "$result/$code" = success/3 ]; then result=partial; fi
  echo "$result/$code"
}

# row UNIT prints the timer of a unit and its last run, and notes those that left something out in $partial.
row() {
  local name=$1 enabled result last
  enabled=$(systemctl is-enabled "$name.timer" 2>/dev/null || true)
  result=$(outcome "$name.service")
  if [ "$result" = partial/3 ]; then partial="$partial $name"; fi
  last=$(property "$name.service" ExecMainStartTimestamp)
  printf '%-22s %-16s %-10s %-12s %s\n' "$name" "$enabled/$(property "$name.timer" ActiveState)" \
    "$(property "$name.service" ActiveState)" "$result" "${last:-ещё не было}"
}

# service_row UNIT is the same for a process that stays.
service_row() {
  local name=$1 enabled last
  enabled=$(systemctl is-enabled "$name.service" 2>/dev/null || true)
  last=$(property "$name.service" ExecMainStartTimestamp)
  printf '%-22s %-16s %-10s %-12s %s\n' "$name" "$enabled/служба" "$(property "$name.service" ActiveState)" \
    "$(outcome "$name.service")" "${last:-ещё не было}"
}

# switched_on UNIT: its timer is.
switched_on() { [ -L "$target/timers.target.wants/$1.timer" ]; }

# status shows everything; status ORGANISER the units of one.
status() {
  local name organiser=${1:-} partial=""
  echo "юнит                   таймер           запуск     результат    последний запуск"
  if [ -n "$organiser" ]; then
    for name in "${units[@]}"; do row "$name@$organiser"; done
    for name in "${optional[@]}"; do
      if switched_on "$name@$organiser"; then row "$name@$organiser"; fi
    done
    service_row "$serve@$organiser"
  else
    for name in "${units[@]}"; do
      if [ -f "$target/$name.timer" ]; then row "$name"; else printf '%-22s %s\n' "$name" "не установлен"; fi
    done
    for name in "${optional[@]}"; do
      if switched_on "$name"; then row "$name"; fi
    done
    if [ -f "$target/$serve.service" ]; then service_row "$serve"; fi
    for name in $(organisers); do row "qtickets_api@$name"; done
  fi
  for name in $partial; do
    echo
    echo "! $name: последний запуск прочитал не всё (partial). Что пропущено: $0 logs $name 20"
  done
  echo
  systemctl list-timers --all --no-pager "qtickets_*${organiser:+@$organiser.timer}" || true
}

schedule() {
  local name calendar
  for name in $(chosen); do
    calendar=$(property "$name.timer" TimersCalendar | sed -n 's/.*OnCalendar=\(.*\) ; next_elapse.*/\1/p')
    echo "$name: $calendar"
    systemd-analyze calendar --iterations=5 "$calendar" | grep -E 'Next elapse|Iter\. #|Iteration #|\(in UTC\)' || true
  done
}

logs() {
  local name=${1:-qtickets_api} lines=${2:-100}
  name=${name%.service}
  case $name in
  *@*)
    need_name "${name#*@}"
    [[ " ${units[*]} ${optional[*]} $serve " == *" ${name%%@*} "* ]] || die "нет юнита «$name»"
    ;;
  *) if [[ " ${optional[*]} $serve " != *" $name "* ]]; then name=$(chosen "$name"); fi ;;
  esac
  journalctl -u "$name.service" -n "$lines" --no-pager
}

install_units() {
  local from=$here name
  case ${1:-} in
  "") command -v docker >/dev/null || die "Docker не найден: установите его или используйте install --native" ;;
  --native)
    from=$here/native
    [ -x /usr/local/bin/qtickets_api ] || die "нет /usr/local/bin/qtickets_api: make build && sudo install -m 755 bin/qtickets_api /usr/local/bin/"
    ;;
  *) die "install: неизвестный ключ «$1»; есть --native" ;;
  esac
  for name in "${units[@]}" "$digest"; do
    install -m 644 "$from/$name.service" "$here/$name.timer" "$from/$name@.service" "$here/$name@.timer" "$target/"
  done
  for name in "${backups[@]}"; do
    install -m 644 "$here/$name.service" "$here/$name.timer" "$here/$name@.service" "$here/$name@.timer" "$target/"
  done
  install -m 644 "$from/$serve.service" "$from/$serve@.service" "$target/"
  systemctl daemon-reload
  echo "Юниты установлены: ${units[*]}. Включить: sudo $0 enable"
}

switch() {
  local verb=$1 name
  shift
  local names
  names=$(chosen "$@")
  [ -n "$names" ] || die "юниты не установлены: sudo $0 install"
  for name in $names; do
    systemctl "$verb" --now "$name.timer"
  done
  status
}

# add ORGANISER: everything but the page, which whoever wants it switches on.
add() {
  local name=$1 unit
  [ -f "$target/qtickets_api@.service" ] || die "юниты не установлены: sudo $0 install"
  [ -s "$secrets/$name.env" ] || die "нет файла $secrets/$name.env: sudo ops/install.sh --organiser $name"
  for unit in "${units[@]}"; do
    systemctl enable --now "$unit@$name.timer"
  done
  status "$name"
}

# backups [ORGANISER] switches the copies and the drill on.
backups() {
  local unit
  [ -f "$target/qtickets_backup.service" ] || die "юниты не установлены: sudo $0 install"
  for unit in "${backups[@]}"; do
    systemctl enable --now "$unit${1:+@$1}.timer"
  done
  status "$@"
}

# stop_organiser NAME: its timers and its page; a load that goes on ends by itself.
stop_organiser() {
  local unit
  for unit in "${units[@]}" "${optional[@]}"; do
    systemctl disable --now "$unit@$1.timer" 2>/dev/null || true
  done
  systemctl disable --now "$serve@$1.service" 2>/dev/null || true
}

remove() {
  stop_organiser "$1"
  echo "Загрузки организатора $1 выключены. Остались: $secrets/$1.env, база zakaz_$1 и её пользователи (docs/organisers.md)."
}

uninstall_units() {
  local name
  for name in $(organisers); do
    stop_organiser "$name"
  done
  for name in "${units[@]}" "${optional[@]}"; do
    systemctl disable --now "$name.timer" 2>/dev/null || true
    systemctl stop "$name.service" "$name@*.service" 2>/dev/null || true
    rm -f "$target/$name.timer" "$target/$name.service" "$target/$name@.timer" "$target/$name@.service"
  done
  systemctl disable --now "$serve.service" 2>/dev/null || true
  systemctl stop "$serve@*.service" 2>/dev/null || true
  rm -f "$target/$serve.service" "$target/$serve@.service"
  systemctl daemon-reload
  systemctl reset-failed 'qtickets_*' 2>/dev/null || true
  echo "Юниты убраны. Данные в ClickHouse, секреты и образ остались."
}

command=${1:-help}
shift || true
case $command in
status)
  if [ $# -gt 0 ]; then need_name "$@"; fi
  status "$@"
  ;;
add | remove)
  need_name "$@"
  need_root "$command" "$@"
  "$command" "$@"
  ;;
backups)
  if [ $# -gt 0 ]; then need_name "$@"; fi
  need_root "$command" "$@"
  backups "$@"
  ;;
schedule) schedule ;;
logs) logs "$@" ;;
install) need_root install "$@" && install_units "$@" ;;
enable | disable) need_root "$command" "$@" && switch "$command" "$@" ;;
uninstall) need_root uninstall && uninstall_units ;;
help | -h | --help) usage ;;
*)
  usage >&2
  die "неизвестная команда «$command»"
  ;;
esac
