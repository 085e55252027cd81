#!/usr/bin/env bash
# Steps 1-6 of docs/PROD_DEPLOY_CHECKLIST_QTICKETS_API.md in one command. May be run again at any time: it does
# what is missing, builds the image from the sources as they are now, and changes nothing that a person wrote.
set -euo pipefail

root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)
base=/opt/zakaz_dashboard
home=$base/dashboard-mvp
secrets=$base/secrets/.env.qtickets_api
image=qtickets_api:latest
action=install yes='' dry=''

usage() {
  cat <<'TEXT'
Установка загрузки QTickets: шаги 1–6 чек-листа docs/PROD_DEPLOY_CHECKLIST_QTICKETS_API.md.

  sudo ops/install.sh [--yes] [--dry-run]             установить или обновить
  sudo ops/install.sh uninstall [--yes] [--dry-run]   убрать юниты и образ; данные и секреты остаются

  --yes      без вопросов
  --dry-run  только показать, что будет сделано

Пароли и токен можно передать переменными ADMIN_PASSWORD (admin_min), CLICKHOUSE_PASSWORD (etl_writer) и
QTICKETS_TOKEN; без них пароли берутся из infra/clickhouse/.env, а недостающее будет запрошено.
TEXT
}

die() {
  echo "install.sh: $*" >&2
  exit 1
}

note() { printf '\n== %s\n' "$*"; }

# A value of an env file, "" when the file or the line is missing.
value() {
  if [ -r "$1" ]; then sed -n "s/^$2=//p" "$1" | tail -n 1; fi
}

# ask QUESTION prints the answer, "" without a terminal or with --yes.
ask() {
  local answer=''
  if [ -z "$yes" ] && [ -t 0 ]; then
    read -rsp "$1: " answer
    echo >&2
  fi
  printf '%s' "$answer"
}

confirm() {
  if [ -n "$dry" ]; then
    echo "(--dry-run: ничего не сделано)"
    exit 0
  fi
  if [ -n "$yes" ]; then return; fi
  [ -t 0 ] || die "некому ответить на вопрос (нет терминала): добавьте --yes"
  local answer
  read -rp "Продолжить? [y/N] " answer
  [[ $answer == [yYдД]* ]] || exit 1
}

# state TEXT COMMAND… prints TEXT with whether the command says it is there.
state() {
  local text=$1 found='сделать: '
  shift
  if "$@" >/dev/null 2>&1; then found='уже есть:'; fi
  printf '  %s %s\n' "$found" "$text"
}

plan() {
  echo "Будет сделано:"
  state "пользователь etl" id etl
  state "репозиторий в $home (владелец root)" test -d "$home/ops"
  state "папка $base/secrets (700, etl)" test -d "$base/secrets"
  state "файл секретов $secrets (600, etl)" test -e "$secrets"
  printf '  сделать:  %s\n' "образ $image из $home/integrations/qtickets_api" \
    "схема ClickHouse (пользователь admin_min; данные не удаляются)" \
    "пробный запуск без записи" \
    "юниты qtickets_api, qtickets_reconcile, qtickets_alerts в /etc/systemd/system, таймеры включены"
}

check_machine() {
  [ "$(id -u)" -eq 0 ] || die "нужен root: sudo ops/install.sh"
  command -v systemctl >/dev/null || die "на сервере нет systemd: юниты не установить"
  command -v docker >/dev/null || die "нет Docker: установите его, https://docs.docker.com/engine/install/"
  docker version >/dev/null 2>&1 || die "Docker не отвечает: sudo systemctl start docker"
}

prepare_folders() {
  note "Шаг 1. Пользователь и папки"
  id etl >/dev/null 2>&1 || useradd --system --create-home --shell /usr/sbin/nologin etl
  mkdir -p "$base/secrets"
  if [ ! -d "$home" ]; then
    cp -a "$root" "$home"
  elif [ "$(cd "$home" && pwd -P)" != "$(cd "$root" && pwd -P)" ]; then
    echo "Исходный код взят из $home, а не из $root: чек-лист и юниты рассчитаны на первый путь."
  fi
  # root runs what lies here (this script, the units, the nightly backup), so nobody else may change it, nor put another
  # folder in its place. etl needs its secrets, and not those of the administrator of ClickHouse.
  chown root:root "$base"
  chown -R root:root "$home"
  chmod -R go-w "$home"
  if [ -e "$home/infra/clickhouse/.env" ]; then chmod 600 "$home/infra/clickhouse/.env"; fi
  chown etl:etl "$base/secrets"
  chmod 755 "$base"
  chmod 700 "$base/secrets"
}

# The file is written once; later only a person changes it.
prepare_secrets() {
  note "Шаг 2. Секреты"
  if [ ! -s "$secrets" ]; then
    local token=${QTICKETS_TOKEN:-} password=${CLICKHOUSE_PASSWORD:-}
    [ -n "$token" ] || token=$(ask "Токен QTickets")
    [ -n "$password" ] || password=$(value "$home/infra/clickhouse/.env" CLICKHOUSE_ETL_PASSWORD)
    [ -n "$password" ] || password=$(ask "Пароль etl_writer")
    install -m 600 -o etl -g etl /dev/null "$secrets"
    # Through the environment: a command line can be read by everybody on the machine.
    TOKEN=$token PASSWORD=$password awk '
      $0 == "QTICKETS_TOKEN=" { $0 = $0 ENVIRON["TOKEN"] }
      $0 == "CLICKHOUSE_PASSWORD=" { $0 = $0 ENVIRON["PASSWORD"] }
      { print }' "$home/ops/env.qtickets_api.example" >"$secrets"
    echo "Создан $secrets"
  fi
  chown etl:etl "$secrets"
  chmod 600 "$secrets"
  local name
  for name in QTICKETS_TOKEN CLICKHOUSE_PASSWORD; do
    if [ -z "$(value "$secrets" "$name")" ] && [ -z "$(value "$secrets" "${name}_FILE")" ]; then
      die "впишите $name в $secrets и запустите ещё раз"
    fi
  done
}

build_image() {
  note "Шаг 4. Образ"
  local version
  version=$(git -c safe.directory="$home" -C "$home" describe --tags --always --dirty 2>/dev/null || echo dev)
  docker build -q --build-arg VERSION="$version" -t "$image" "$home/integrations/qtickets_api"
  docker run --rm --pull never "$image" version
}

# The image carries the same bytes as infra/clickhouse/migrations/2025-qtickets-api-final.sql.
apply_schema() {
  note "Шаг 3. Схема ClickHouse"
  local password=${ADMIN_PASSWORD:-}
  [ -n "$password" ] || password=$(value "$home/infra/clickhouse/.env" CLICKHOUSE_ADMIN_PASSWORD)
  [ -n "$password" ] || password=$(ask "Пароль admin_min")
  [ -n "$password" ] || die "нет пароля admin_min: ADMIN_PASSWORD=… sudo -E ops/install.sh, или создайте infra/clickhouse/.env (шаг 1а чек-листа)"
  CLICKHOUSE_PASSWORD=$password docker run --rm --pull never --network host --env-file "$secrets" \
    -e CLICKHOUSE_USER=admin_min -e CLICKHOUSE_PASSWORD "$image" migrate ||
    die "схема не применена, причина выше; как запустить ClickHouse — в шаге 1а чек-листа"
}

try_load() {
  note "Шаг 5. Пробный запуск без записи"
  docker rm -f qtickets_api_test >/dev/null 2>&1 || true
  docker run --rm --name qtickets_api_test --pull never --network host --env-file "$secrets" "$image" --since-hours 24 --dry-run ||
    [ $? -eq 3 ] || die "пробный запуск не удался, причина выше; таймеры не включены"
}

install_units() {
  note "Шаг 6. Юниты и таймеры"
  "$home/ops/systemd/manage_timers.sh" install
  "$home/ops/systemd/manage_timers.sh" enable
  echo
  echo "Готово. Первая загрузка прочитает всю историю: journalctl -u qtickets_api.service -f"
}

uninstall() {
  echo "Будут убраны юниты qtickets_* и образ $image. Данные в ClickHouse, секреты, репозиторий и пользователь etl остаются."
  confirm
  "$root/ops/systemd/manage_timers.sh" uninstall
  local name
  for name in qtickets_api_run qtickets_api_reconcile qtickets_api_alerts qtickets_api_test; do
    docker rm -f "$name" >/dev/null 2>&1 || true
  done
  docker image rm "$image" 2>/dev/null || true
}

while [ $# -gt 0 ]; do
  case $1 in
  --yes) yes=1 ;;
  --dry-run) dry=1 ;;
  uninstall) action=uninstall ;;
  -h | --help | help)
    usage
    exit 0
    ;;
  *)
    usage >&2
    exit 2
    ;;
  esac
  shift
done

if [ "$action" = uninstall ]; then
  check_machine
  uninstall
  exit 0
fi
plan
if [ -z "$dry" ]; then check_machine; fi
confirm
prepare_folders
prepare_secrets
build_image
apply_schema
try_load
install_units
