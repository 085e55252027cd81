#!/usr/bin/env bash
# Steps 1-6 of docs/PROD_DEPLOY_CHECKLIST_QTICKETS_API.md in one command. May be run again at any time: it does
# what is missing, builds the image from the sources as they are now, and changes nothing that a person wrote.
set -euo pipefail

root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)
base=/opt/zakaz_dashboard
home=$base/dashboard-mvp
secrets=$base/secrets/.env.qtickets_api
image=qtickets_api:latest
action=install yes='' dry='' organiser=''
# With an organiser these are its own, see name_organiser.
clickhouse_env=$home/infra/clickhouse/.env admin=admin_min test_run=qtickets_api_test

usage() {
  cat <<'TEXT'
Установка загрузки QTickets: шаги 1–6 чек-листа docs/PROD_DEPLOY_CHECKLIST_QTICKETS_API.md.

  sudo ops/install.sh [--yes] [--dry-run]             установить или обновить
  sudo ops/install.sh uninstall [--yes] [--dry-run]   убрать юниты и образ; данные и секреты остаются

  sudo ops/install.sh --organiser ИМЯ [--yes] [--dry-run]
                                                      добавить одного из нескольких организаторов (docs/organisers.md):
                                                      файл секретов ИМЯ.env, база zakaz_ИМЯ, свои пользователи ClickHouse,
                                                      таймеры; ИМЯ — от 1 до 32 знаков из a-z, 0-9 и _

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

# name_organiser NAME: everything that is one organiser's own is named after it.
name_organiser() {
  organiser=$1
  # Whatever the locale: [a-z] would hold other letters in some.
  if ! (LC_ALL=C && [[ $organiser =~ ^[a-z0-9_]{1,32}$ ]]); then
    echo "install.sh: --organiser: имя организатора — от 1 до 32 знаков из a-z, 0-9 и _" >&2
    exit 2
  fi
  secrets=$base/secrets/$organiser.env
  clickhouse_env=$home/infra/clickhouse/organisers/$organiser.env
  admin=admin_min_$organiser
  test_run=qtickets_api_test_$organiser
  unset ADMIN_PASSWORD CLICKHOUSE_PASSWORD # those of the server's own users
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
  local suffix=''
  if [ -n "$organiser" ]; then
    suffix=@$organiser
    state "пользователи ClickHouse для базы zakaz_$organiser" test -e "$clickhouse_env"
  fi
  printf '  сделать:  %s\n' "образ $image из $home/integrations/qtickets_api" \
    "схема ClickHouse (пользователь $admin; данные не удаляются)" \
    "пробный запуск без записи" \
    "юниты qtickets_api$suffix, qtickets_reconcile$suffix, qtickets_alerts$suffix в /etc/systemd/system, таймеры включены"
  if ours; then echo "  сделать:  qtickets_backup$suffix и qtickets_restore_drill$suffix: копия каждое утро, проверка восстановления по воскресеньям"; fi
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

# The users of an organiser: passwords, and the file that ClickHouse reads.
prepare_users() {
  note "Пользователи ClickHouse"
  "$home/infra/clickhouse/passwords.sh" "$organiser"
}

# own_settings is an env file on stdin with the names of the organiser, and with ports above those of all others.
own_settings() {
  local port
  port=$({
    echo 8100
    sed -n 's/^QTICKETS_\(METRICS_\)\?LISTEN=.*:\([0-9]\{1,5\}\)$/\2/p' "$base"/secrets/*.env 2>/dev/null
  } | sort -n | tail -n 1)
  sed -e "s/^CLICKHOUSE_USER=.*/CLICKHOUSE_USER=etl_writer_$organiser/" \
    -e "s/^CLICKHOUSE_DATABASE=.*/CLICKHOUSE_DATABASE=zakaz_$organiser/" \
    -e "s/^ORG_NAME=.*/ORG_NAME=$organiser/" -e "s,secrets/\.env\.qtickets_api,secrets/$organiser.env," \
    -e "s/^#CLICKHOUSE_READER_PASSWORD=.*/CLICKHOUSE_READER_USER=datalens_reader_$organiser\nCLICKHOUSE_READER_PASSWORD=/" \
    -e "s/^#QTICKETS_METRICS_LISTEN=.*/QTICKETS_LISTEN=127.0.0.1:$((port + 1))\nQTICKETS_METRICS_LISTEN=127.0.0.1:$((port + 2))/"
}

# The file is written once; later only a person changes it.
prepare_secrets() {
  note "Шаг 2. Секреты"
  if [ ! -s "$secrets" ]; then
    local token=${QTICKETS_TOKEN:-} password=${CLICKHOUSE_PASSWORD:-} example reader=''
    [ -n "$token" ] || token=$(ask "Токен QTickets")
    [ -n "$password" ] || password=$(value "$clickhouse_env" CLICKHOUSE_ETL_PASSWORD)
    [ -n "$password" ] || password=$(ask "Пароль etl_writer")
    example=$(cat "$home/ops/env.qtickets_api.example")
    if [ -n "$organiser" ]; then
      example=$(own_settings <<<"$example")
      reader=$(value "$clickhouse_env" CLICKHOUSE_READER_PASSWORD)
    fi
    install -m 600 -o etl -g etl /dev/null "$secrets"
    # Through the environment: a command line can be read by everybody on the machine.
    TOKEN=$token PASSWORD=$password READER=$reader awk '
      $0 == "QTICKETS_TOKEN=" { $0 = $0 ENVIRON["TOKEN"] }
      $0 == "CLICKHOUSE_PASSWORD=" { $0 = $0 ENVIRON["PASSWORD"] }
      $0 == "CLICKHOUSE_READER_PASSWORD=" { $0 = $0 ENVIRON["READER"] }
      { print }' <<<"$example" >"$secrets"
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
  [ -n "$password" ] || password=$(value "$clickhouse_env" CLICKHOUSE_ADMIN_PASSWORD)
  [ -n "$password" ] || password=$(ask "Пароль $admin")
  [ -n "$password" ] || die "нет пароля $admin: ADMIN_PASSWORD=… sudo -E ops/install.sh, или создайте infra/clickhouse/.env (шаг 1а чек-листа)"
  if [ -n "$organiser" ]; then wait_for_users "$password"; fi
  migrate "$password" ||
    die "схема не применена, причина выше; как запустить ClickHouse — в шаге 1а чек-листа"
}

migrate() {
  CLICKHOUSE_PASSWORD=$1 docker run --rm --pull never --network host --env-file "$secrets" \
    -e CLICKHOUSE_USER="$admin" -e CLICKHOUSE_PASSWORD "$image" migrate
}

# ClickHouse looks for new users every few seconds. It does so where it sees the folder, so not in a container that was
# made before the folder was mounted.
wait_for_users() {
  local i
  for ((i = 0; i < 15; i++)); do
    if migrate "$1" >/dev/null 2>&1; then return; fi
    sleep 2
  done
  echo "ClickHouse не принимает $admin: если контейнер создан прежней версией, cd $home/infra/clickhouse && docker compose up -d" >&2
}

try_load() {
  note "Шаг 5. Пробный запуск без записи"
  docker rm -f "$test_run" >/dev/null 2>&1 || true
  docker run --rm --name "$test_run" --pull never --network host --env-file "$secrets" "$image" --since-hours 24 --dry-run ||
    [ $? -eq 3 ] || die "пробный запуск не удался, причина выше; таймеры не включены"
}

# ours: ClickHouse is the one of infra/clickhouse, so the program copies it.
ours() { [ -n "$(value "$clickhouse_env" CLICKHOUSE_BACKUP_PASSWORD)" ]; }

install_units() {
  note "Шаг 6. Юниты и таймеры"
  "$home/ops/systemd/manage_timers.sh" install
  if [ -n "$organiser" ]; then
    "$home/ops/systemd/manage_timers.sh" add "$organiser"
  else
    "$home/ops/systemd/manage_timers.sh" enable
  fi
  if ours && [ ! -e /etc/cron.d/qtickets_backup ]; then
    "$home/ops/systemd/manage_timers.sh" backups ${organiser:+"$organiser"}
  fi
  echo
  echo "Готово. Первая загрузка прочитает всю историю: journalctl -u qtickets_api${organiser:+@$organiser}.service -f"
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
  --organiser)
    name_organiser "${2-}"
    shift
    ;;
  --organiser=*) name_organiser "${1#*=}" ;;
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
  [ -z "$organiser" ] || die "одного организатора выключает manage_timers.sh remove $organiser"
  check_machine
  uninstall
  exit 0
fi
plan
if [ -z "$dry" ]; then check_machine; fi
confirm
prepare_folders
if [ -n "$organiser" ]; then prepare_users; fi
prepare_secrets
build_image
apply_schema
try_load
install_units
