#!/usr/bin/env bash
# The units of the QTickets loads: install, look, switch on and off. "manage_timers.sh help" lists the commands.
set -euo pipefail

here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
target=/etc/systemd/system
units=(qtickets_api qtickets_reconcile qtickets_alerts)
# The page and the webhooks: no timer, a service of its own that whoever wants it switches on (docs/live.md).
serve=qtickets_serve

usage() {
  cat <<'TEXT'
Таймеры загрузки QTickets.

  manage_timers.sh status              что включено, время прошлого и следующего запуска, итог последнего
  manage_timers.sh schedule            ближайшие пять запусков каждого таймера
  manage_timers.sh logs [ЮНИТ] [N]     последние N (100) строк журнала; ЮНИТ: qtickets_api (по умолчанию),
                                       qtickets_reconcile, qtickets_alerts или qtickets_serve
  manage_timers.sh install [--native]  установить юниты в /etc/systemd/system (--native: без Docker)
  manage_timers.sh enable [ТАЙМЕР…]    включить и запустить таймеры (без имён: все установленные)
  manage_timers.sh disable [ТАЙМЕР…]   остановить и выключить таймеры; идущая загрузка завершится
                                       панель и вебхуки: sudo systemctl enable --now qtickets_serve.service
                                       ссылка на панель: sudo journalctl -u qtickets_serve.service -o cat | grep token= | tail -n 1
  manage_timers.sh uninstall           выключить всё и убрать юниты; данные и секреты остаются

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

status() {
  local name enabled result last partial=""
  echo "юнит                 таймер           запуск     результат    последний запуск"
  for name in "${units[@]}"; do
    if [ ! -f "$target/$name.timer" ]; then
      printf '%-20s %s\n' "$name" "не установлен"
      continue
    fi
    enabled=$(systemctl is-enabled "$name.timer" 2>/dev/null || true)
    result=$(outcome "$name.service")
    if [ "$result" = partial/3 ]; then partial="$partial $name"; fi
    last=$(property "$name.service" ExecMainStartTimestamp)
    printf '%-20s %-16s %-10s %-12s %s\n' "$name" "$enabled/$(property "$name.timer" ActiveState)" \
      "$(property "$name.service" ActiveState)" "$result" "${last:-ещё не было}"
  done
  if [ -f "$target/$serve.service" ]; then
    enabled=$(systemctl is-enabled "$serve.service" 2>/dev/null || true)
    last=$(property "$serve.service" ExecMainStartTimestamp)
    printf '%-20s %-16s %-10s %-12s %s\n' "$serve" "$enabled/служба" "$(property "$serve.service" ActiveState)" \
      "$(outcome "$serve.service")" "${last:-ещё не было}"
  fi
  for name in $partial; do
    echo
    echo "! $name: последний запуск прочитал не всё (partial). Что пропущено: $0 logs $name 20"
  done
  echo
  systemctl list-timers --all --no-pager 'qtickets_*' || true
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
  [ "${name%.service}" = "$serve" ] || name=$(chosen "${name%.service}")
  name=${name%.service}
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
  for name in "${units[@]}"; do
    install -m 644 "$from/$name.service" "$here/$name.timer" "$target/"
  done
  install -m 644 "$from/$serve.service" "$target/"
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

uninstall_units() {
  local name
  for name in "${units[@]}"; do
    systemctl disable --now "$name.timer" 2>/dev/null || true
    systemctl stop "$name.service" 2>/dev/null || true
    rm -f "$target/$name.timer" "$target/$name.service"
  done
  systemctl disable --now "$serve.service" 2>/dev/null || true
  rm -f "$target/$serve.service"
  systemctl daemon-reload
  systemctl reset-failed 'qtickets_*' 2>/dev/null || true
  echo "Юниты убраны. Данные в ClickHouse, секреты и образ остались."
}

command=${1:-help}
shift || true
case $command in
status) status ;;
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
