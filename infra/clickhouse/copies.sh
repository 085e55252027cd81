# shellcheck shell=bash
# What backup.sh, restore.sh and restore_drill.sh share: whose copies they are, what the tables hold, and the places
# outside this machine where copies lie (CLICKHOUSE_BACKUP_S3_URL and CLICKHOUSE_BACKUP_SSH in .env). There a copy is
# NAME.tar, and NAME.tar.sha256, which is written when NAME.tar has been read back: who has it is complete.

die() {
  echo "${0##*/}: $*" >&2
  exit 1
}

# of_organiser [NAME] sets the database and the file with the passwords of its users.
of_organiser() {
  database=zakaz suffix='' passwords=.env
  if [[ $# -gt 0 ]]; then
    if ! (LC_ALL=C && [[ $# -eq 1 && $1 =~ ^[a-z0-9_]{1,32}$ ]]); then
      echo "${0##*/}: the name of an organiser is 1 to 32 of the signs a-z, 0-9 and _" >&2
      exit 2
    fi
    suffix=_$1 database=zakaz_$1 passwords=organisers/$1.env
  fi
  [[ -r $passwords ]] || die "no $PWD/$passwords that may be read: run ./passwords.sh${1:+ $1}, or run this as its owner"
}

# alone waits for the end of another backup or drill on this machine.
alone() {
  exec 9<backup.sh
  flock -n 9 && return
  echo "Another backup or drill is going on: waiting for its end."
  flock -w 7200 9 || die "it has not ended for two hours: see \"ps -ef | grep backup\""
}

# workplace makes the folder $work, which goes when the script ends.
workplace() {
  work=$(mktemp -d "${TMPDIR:-/var/tmp}/qtickets_backup.XXXXXX")
  trap 'rm -rf "$work"' EXIT
}

value() { [[ ! -r $1 ]] || sed -n "s/^$2=//p" "$1" | tail -n 1; }

# as USER VARIABLE QUERY. The password travels in the environment: arguments can be read by every user of the machine.
as() {
  CLICKHOUSE_PASSWORD=$(value "$passwords" "CLICKHOUSE_$2_PASSWORD") \
    docker exec -e CLICKHOUSE_PASSWORD ch-zakaz clickhouse-client --user="$1$suffix" -q "$3"
}
admin() { as admin_min ADMIN "$1"; }
backup() { as backup BACKUP "$1"; }

# sums DATABASE admin|backup prints "table rows hash" of each table that holds data, as that user. What a merge may drop
# at any moment (older versions of rows) is not counted. The hash does not depend on the order of rows.
sums() {
  local statement
  statement=$("$2" "SELECT arrayStringConcat(groupArray(concat('SELECT ''', name, ''' AS name, count() AS rows, \
hex(sum(sipHash64(toString(tuple(*))))) AS hash FROM $1.', name, if(engine LIKE '%Replacing%', ' FINAL', ''))), ' UNION ALL ') \
FROM (SELECT name, engine FROM system.tables WHERE database = '$1' AND engine LIKE '%MergeTree' ORDER BY name) \
FORMAT TSVRaw") || return 1
  [[ -z $statement ]] || "$2" "SELECT * FROM ($statement) ORDER BY name SETTINGS max_threads = 2"
}

# record backup|drill GOOD COPY tells the alerts, doctor and the page how it went.
record() {
  admin "INSERT INTO $database.state_backups (kind, good, finished_at, copy_name) VALUES ('$1', $2, now64(3), '$3')" ||
    echo "This was not recorded, so alerts, doctor and the page do not know of it: is the schema applied (qtickets_api migrate)?" >&2
}

# complete NAME: ClickHouse writes the list of files, .backup, when all of them are there.
complete() { docker exec ch-zakaz test -s "/backups/$1/.backup"; }

# only_copies keeps the names of this database; sent makes names of a list of files.
only_copies() { grep -E "^$database-[0-9TZ-]+\$" | sort -u || true; }
sent() { sed -n 's/\.tar\.sha256$//p' | only_copies; }

# places prints the places outside that .env names, s3 and ssh, after a look whether they can be used as written. Of each
# PLACE_put FILE NAME, PLACE_get NAME, PLACE_delete NAME and PLACE_list say how a file gets there, back, and away.
places() {
  local url ssh
  url=$(value .env CLICKHOUSE_BACKUP_S3_URL)
  ssh=$(value .env CLICKHOUSE_BACKUP_SSH)
  if [[ -n $url ]]; then
    [[ $url =~ ^(https://[A-Za-z0-9.:-]+|http://127\.0\.0\.1:[0-9]+)/[A-Za-z0-9.-]+(/[A-Za-z0-9._-]+)*$ ]] ||
      die "CLICKHOUSE_BACKUP_S3_URL in $PWD/.env is not https://SERVER/BUCKET or https://SERVER/BUCKET/FOLDER"
    [[ $(value .env CLICKHOUSE_BACKUP_S3_KEY):$(value .env CLICKHOUSE_BACKUP_S3_SECRET) =~ ^[A-Za-z0-9/+=._-]+:[A-Za-z0-9/+=._-]+$ ]] ||
      die "CLICKHOUSE_BACKUP_S3_KEY and CLICKHOUSE_BACKUP_S3_SECRET in $PWD/.env are needed, as the storage shows them"
    printf '7.88\n%s\n' "$(curl --version 2>/dev/null | sed -n '1s/^curl \([0-9.]*\).*/\1/p')" | sort -V -c 2>/dev/null ||
      die "curl is missing or too old to sign requests to S3: 7.88 or newer is needed (Debian 12, Ubuntu 24.04)"
    echo s3
  fi
  if [[ -n $ssh ]]; then
    [[ $ssh =~ ^[A-Za-z0-9_][A-Za-z0-9_.@-]*:/[A-Za-z0-9._/-]+$ ]] ||
      die "CLICKHOUSE_BACKUP_SSH in $PWD/.env is not USER@HOST:/FOLDER"
    echo ssh
  fi
}

# s3 PATH [OPTION…]: a signed request. The key travels through a pipe, not as an argument.
s3() {
  local path=$1 region
  shift
  region=$(value .env CLICKHOUSE_BACKUP_S3_REGION)
  curl -sS --fail --connect-timeout 20 --speed-limit 1 --speed-time 120 --aws-sigv4 "aws:amz:${region:-us-east-1}:s3" \
    -H 'x-amz-content-sha256: UNSIGNED-PAYLOAD' "$@" -K <(printf 'user = "%s:%s"\n' \
      "$(value .env CLICKHOUSE_BACKUP_S3_KEY)" "$(value .env CLICKHOUSE_BACKUP_S3_SECRET)") "$path"
}
s3_put() { s3 "$(value .env CLICKHOUSE_BACKUP_S3_URL)/$2" --retry 3 -T "$1" >/dev/null; }
s3_get() { s3 "$(value .env CLICKHOUSE_BACKUP_S3_URL)/$1"; }
s3_delete() { s3 "$(value .env CLICKHOUSE_BACKUP_S3_URL)/$1" -X DELETE >/dev/null; }
s3_list() {
  local url bucket folder page after=''
  url=$(value .env CLICKHOUSE_BACKUP_S3_URL)
  bucket=$(grep -oE '^https?://[^/]+/[^/]+' <<<"$url")
  folder=${url#"$bucket"}
  folder=${folder#/}
  folder=${folder:+$folder/}
  while
    page=$(s3 "$bucket?list-type=2&prefix=${folder//\//%2F}$database-$after") || return 1
    grep -o '<Key>[^<]*</Key>' <<<"$page" | sed -e 's,^<Key>,,' -e 's,</Key>$,,' -e "s,^$folder,," || true
    [[ $page == *'<IsTruncated>true<'* ]]
  do
    after=$(grep -o '<Key>[^<]*</Key>' <<<"$page" | tail -n 1 | sed -e 's,^<Key>,,' -e 's,</Key>$,,')
    after="&start-after=${after//\//%2F}"
  done
}

# on_host COMMAND on the other machine, as ~/.ssh/config of root says how to get there.
on_host() {
  local target
  target=$(value .env CLICKHOUSE_BACKUP_SSH)
  ssh -o BatchMode=yes -o ConnectTimeout=20 -o ServerAliveInterval=20 "${target%%:*}" \
    "umask 077 && mkdir -p ${target#*:} && cd ${target#*:} && $1"
}
ssh_put() { on_host "cat >$2" <"$1"; }
ssh_get() { on_host "cat $1" </dev/null; }
ssh_delete() { on_host "rm -f $1" </dev/null; }
ssh_list() { on_host "ls -1" </dev/null; }

# copies PLACE prints the names of the copies there, the oldest first; of "disk", the folder of this machine, also those
# that are not complete.
copies() {
  local listed
  if [[ $1 == disk ]]; then
    docker exec ch-zakaz ls -1 /backups | only_copies
    return
  fi
  listed=$("$1_list") || return 1
  sent <<<"$listed"
}

# send PLACE NAME puts $work/NAME.tar there, reads it back, and only then says that it is there.
send() {
  local sum
  sum=$(cat "$work/$2.tar.sha256")
  "$1_put" "$work/$2.tar" "$2.tar" || return 1
  if [[ $("$1_get" "$2.tar" | sha256sum) != "${sum%% *}  -" ]]; then
    echo "What came back from $1 is not what was sent." >&2
    return 1
  fi
  "$1_put" "$work/$2.tar.sha256" "$2.tar.sha256"
}

# fetch PLACE NAME FOLDER unpacks a copy below /backups/FOLDER, if it is what was sent.
fetch() {
  "$1_get" "$2.tar" >"$work/$2.tar" && "$1_get" "$2.tar.sha256" >"$work/$2.tar.sha256" || return 1
  if ! (cd "$work" && sha256sum --status -c "$2.tar.sha256"); then
    echo "$2 at $1 is not what was sent there: it is broken or cut off." >&2
    return 1
  fi
  docker exec -i ch-zakaz tar -C "/backups/$3" -xf - <"$work/$2.tar"
}
