#!/usr/bin/env bash
# Runs every command block of docs/PROD_DEPLOY_CHECKLIST_QTICKETS_API.md, in order, on a stand-in host, and prints a
# row for each: step, first command, ok / failed and why. Exit status 1 when a block failed.
set -euo pipefail
# shellcheck source=lib.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"

document=$root/docs/PROD_DEPLOY_CHECKLIST_QTICKETS_API.md
secrets=/opt/zakaz_dashboard/secrets/.env.qtickets_api
failures=0

# blocks DIR: each fenced block becomes DIR/NN.LANGUAGE, the heading above it DIR/NN.step.
blocks() {
  awk -v dir="$1" '
    /^##+ / { step = $0; sub(/^#+ /, "", step) }
    /^```/ {
      if (inside) { inside = 0; close(file); next }
      language = substr($0, 4)
      inside = 1
      file = "/dev/null"
      if (language == "") next
      n++
      file = sprintf("%s/%02d.%s", dir, n, language)
      print step > sprintf("%s/%02d.step", dir, n)
      next
    }
    inside { print > file }' "$document"
}

# value NAME of the env file that passwords.sh made.
value() { h sed -n "s/^$1=//p" /opt/zakaz_dashboard/dashboard-mvp/infra/clickhouse/.env; }

# filled FILE: the block with the placeholders of the document replaced. One that is not known stays and fails the block.
filled() {
  sed -e "s,<repository_url>,file:///srv/dashboard-mvp.git," \
    -e "s,<production_branch>,$(git -C "$guest/srv/dashboard-mvp.git" branch --show-current)," \
    -e "s,https://qtickets.ru/,http://172.17.0.1:8090/," \
    -e "s,<ваш_боевой_токен>\|<token>,lab-token," \
    -e "s,<admin_password>,${passwords[admin]:-}," \
    -e "s,<пароль_etl_writer>\|<etl_password>,${passwords[etl]:-}," \
    -e "s,<datalens_password>,${passwords[reader]:-}," "$1"
}

declare -A passwords
read_passwords() {
  passwords=([admin]=$(value CLICKHOUSE_ADMIN_PASSWORD) [etl]=$(value CLICKHOUSE_ETL_PASSWORD) [reader]=$(value CLICKHOUSE_READER_PASSWORD))
}

# instead says of a block, on stdin, what stood in for a part of the world outside.
instead() {
  case $(cat) in
  *"https://qtickets.ru"*) echo " (simulator instead of qtickets.ru)" ;;
  *"docker compose up"*) echo " (the image is a stand-in with our embedded engine)" ;;
  esac
}

# shell is what runs a block of commands: a new bash in the folder where the last one ended, and no input.
shell() {
  cat >"$guest/root/block.sh" <<'SCRIPT'
set -eo pipefail
cd "$(cat /root/block.cwd 2>/dev/null || pwd)"
trap 'pwd >/root/block.cwd' EXIT
source /root/block
SCRIPT
}

# run_block LANGUAGE TEXT SECONDS
run_block() {
  printf '%s\n' "$2" >"$guest/root/block"
  case $1 in
  bash) h timeout "$3" bash /root/block.sh </dev/null ;;
  sql) h docker exec -i ch-zakaz clickhouse-client --user=admin_min --password="${passwords[admin]}" <"$guest/root/block" ;;
  env) h cp /root/block "$secrets" ;;
  *) echo "the lab cannot run a block of $1" && return 1 ;;
  esac
}

# row NUMBER RESULT. The command as the document prints it, on one line: no password of the lab is shown.
row() {
  local file step command
  file=$(find "$work/blocks" -name "$1.*" ! -name '*.step' ! -name '*.output')
  step=$(cat "$work/blocks/$1.step")
  [[ $file != *.sql ]] || sed -i -e ':a' -e '$!{N;ba' -e '}' -e 's/ *\n */ /g' "$file"
  command=$(sed -e ':a' -e '/\\$/{N;s/ *\\\n */ /;ta' -e '}' "$file" | grep -vE '^(#|$|cd )' | head -1 | sed 's/|/\\|/g')
  echo "| $1 | ${step%%.*} | \`${command:0:150}\` | $2 |"
}

# check_block NUMBER LANGUAGE TEXT runs one block and prints its row.
check_block() {
  local number=$1 language=$2 text=$3 why code=0 started=$SECONDS
  local output=$work/blocks/$number.output limit=1800
  if [[ $text == *"journalctl"*" -f"* ]]; then limit=5; fi # it never ends by itself
  run_block "$language" "$text" "$limit" >"$output" 2>&1 || code=$?
  if [ "$limit" = 5 ] && [ "$code" = 124 ]; then code=0; fi
  if [ "$code" = 0 ] && why=$(wrong "$text" "$output"); then
    row "$number" "ok, $((SECONDS - started)) s$(instead <"$work/blocks/$1.$2")"
    return
  fi
  failures=$((failures + 1))
  row "$number" "**failed**: exit $code${why:+, $why}"
  tail -20 "$output" >&2
}

# sold_lately: the published facts have sales of yesterday or today (Moscow).
sold_lately() {
  local query="SELECT count() > 0 FROM zakaz.fact_qtickets_sales_daily WHERE sales_date >= today() - 1"
  [ "$(h docker exec ch-zakaz clickhouse-client --user=admin_min --password="${passwords[admin]}" -q "$query")" = 1 ]
}

# wrong TEXT OUTPUT: what the document promises to be seen; exit 1 and a word when it is not there.
wrong() {
  local expected='' absent='' excused='nothing is' pattern
  case $1 in
  *"--dry-run"*) expected='"status":200|Transformed [0-9]+ sales rows|Dry-run complete:|Inventory shows processed: [0-9]+' ;;
  *"start qtickets_reconcile"*) expected='"msg":"Finished","status":"ok"' ;;
  *"journalctl -u qtickets_api.service"*) expected='"msg":"Finished","status":"ok"' ;;
  *"admin_min"*"SHOW TABLES"*) expected='fact_qtickets_sales_daily|stg_qtickets_api_orders_raw|v_qtickets_sales_dashboard' ;;
  *"datalens_reader"*"SHOW TABLES"*) expected='v_qtickets_sales_dashboard' absent='stg_|state_' ;;
  *"SHOW GRANTS FOR"*) expected='INSERT.*state_' absent='CREATE|DROP' ;;
  *"docker images | grep"*) expected='qtickets_api' ;;
  *"docker images qtickets_api"*) expected='qtickets_api +[0-9]{1,2}(\.[0-9]+)?MB' ;;
  *"smoke_checks"* | *":latest check"*) expected='tables exist|no negative revenue' absent='fail' ;;
  *"FROM zakaz.meta_job_runs WHERE"*"LIMIT 5"*) expected='qtickets_api.ok' ;;
  *"sales_date = today()"*)
    expected='^[0-9]+$' # just after midnight nothing is sold yet: then the facts of yesterday show that there are some
    sold_lately || { echo "no facts of yesterday and today" && return 1; }
    ;;
  *"SELECT count() FROM zakaz."*) expected='^[1-9][0-9]*$' ;;
  *"manage_timers.sh status"*) expected='qtickets_api +enabled/active|qtickets_reconcile +enabled/active|qtickets_alerts +enabled/active' ;;
  *":latest version"*) expected='^qtickets_api ' ;;
  *"/ping"*) expected='^Ok' ;;
  *"http_code"*) expected='^200$' ;;
  *"sudo -u etl cat"*) expected='QTICKETS_TOKEN=lab-token' ;;
  *"status = 'failed'"*) absent='failed' excused='context canceled' ;; # a block before this one stops a load, if one is on
  *" -q "* | *"SELECT"*) expected='.' ;;
  esac
  while IFS= read -r pattern; do
    if [ -n "$pattern" ] && ! grep -qE -- "$pattern" "$2"; then
      echo "not seen: $pattern"
      return 1
    fi
  done < <(tr '|' '\n' <<<"$expected")
  if [ -n "$absent" ] && grep -E -- "$absent" "$2" | grep -vF -- "$excused"; then return 1; fi
}

lab_boot
lab_qtickets
lab_compose
# shellcheck disable=SC2119
lab_server
mkdir "$work/blocks"
blocks "$work/blocks"
echo "| no. | step | command | result |"
echo "|---|---|---|---|"
shell
find "$work/blocks" -type f ! -name '*.step' -printf '%f\n' | sort >"$work/order"
while read -r name <&3; do
  text=$(filled "$work/blocks/$name")
  check_block "${name%.*}" "${name##*.}" "$text"
  case $text in
  *"./passwords.sh"*) read_passwords && lab_limits infra/clickhouse clickhouse ;;
  *"docker compose up"*) wait_for 120 "ClickHouse answers" h curl -sf http://127.0.0.1:8123/ping ;;
  esac
done 3<"$work/order"
echo
h docker image inspect --format 'image qtickets_api:latest: {{.Size}} bytes, user {{.Config.User}}' qtickets_api:latest
h docker run --rm qtickets_api:latest version
if [ "$failures" -gt 0 ]; then
  echo "$failures blocks failed."
  exit 1
fi
echo "No block failed."
