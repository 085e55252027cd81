#!/usr/bin/env bash
# Makes passwords, and tells ClickHouse their hashes, which are all that it gets. Passwords that are there stay. Run as
# root: the password of an administrator is root's alone, the loader's user has no business with it.
#
#   ./passwords.sh             .env for docker-compose.yml; after a change "docker compose up -d": the server starts anew
#   ./passwords.sh ORGANISER   one of several organisers (docs/organisers.md): organisers/ORGANISER.env with the passwords
#                              of its four users, users.d/organiser_ORGANISER.xml with the users and the rights of
#                              grants.sql in database zakaz_ORGANISER; ClickHouse reads it within seconds
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
umask 077

die() {
  echo "passwords.sh: $*" >&2
  exit 2
}

organiser=''
file=.env
if [ $# -gt 0 ]; then
  organiser=$1
  # Whatever the locale: [a-z] would hold other letters in some.
  (LC_ALL=C && [[ $# -eq 1 && $organiser =~ ^[a-z0-9_]{1,32}$ ]]) ||
    die "the name of an organiser is 1 to 32 of the signs a-z, 0-9 and _"
  mkdir -p organisers
  file=organisers/$organiser.env
fi

[[ -e $file ]] || if [[ -n $organiser ]]; then : >"$file"; else cp .env.example .env; fi
chmod 600 "$file"
if [ "$(id -u)" -eq 0 ]; then chown root:root "$file"; fi

value_of() { sed -n "s/^$1=//p" "$file" | tail -n 1; }

# put NAME VALUE replaces a line or adds one. Values are letters and digits, so sed cannot misread them.
put() {
  if grep -q "^$1=" "$file"; then
    sed -i "s/^$1=.*/$1=$2/" "$file"
  else
    printf '%s=%s\n' "$1" "$2" >>"$file"
  fi
}

for user in ADMIN ETL READER BACKUP; do
  name=CLICKHOUSE_${user}_PASSWORD
  password=$(value_of "$name")
  if [[ -z $password ]]; then
    password=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
    put "$name" "$password"
    echo "$name: made"
  elif [[ $password =~ [^A-Za-z0-9] ]]; then
    echo "$name in $PWD/$file: use letters and digits only, other signs mean different things to Docker, to Compose and to a shell" >&2
    exit 1
  fi
  put "${name}_SHA256" "$(printf %s "$password" | sha256sum | cut -d ' ' -f 1)"
done
if [[ -z $organiser ]]; then
  echo "Passwords and their hashes are in $PWD/.env. Next: docker compose up -d"
  exit
fi

# The users of an organiser are those of the server under names of their own, in a database of their own. A file takes
# the place of the last one whole: the server may be reading it.
users=users.d/organiser_$organiser.xml
{
  echo "<!-- Made by passwords.sh $organiser from users.d/qtickets.xml: changes are lost. -->"
  echo "<clickhouse>"
  sed -n '/^  <users>/,/^  <\/users>/p' users.d/qtickets.xml |
    sed -e '/<default /d' -e '/<!--/d' -e '/^$/d' -e "s,ON \(drill_\)\?zakaz\.,ON \1zakaz_$organiser.," \
      -e "s,<\(/\?\)\(admin_min\|etl_writer\|datalens_reader\|backup\)>,<\1\2_$organiser>," |
    while IFS= read -r line; do
      if [[ $line =~ from_env=\"([A-Z_0-9]+)\" ]]; then
        line="      <password_sha256_hex>$(value_of "${BASH_REMATCH[1]}")</password_sha256_hex>"
      fi
      printf '%s\n' "$line"
    done
  echo "</clickhouse>"
} >"$users.new"
# 101 is the server in its image.
chmod 640 "$users.new"
if [ "$(id -u)" -eq 0 ]; then chown root:101 "$users.new"; fi
mv "$users.new" "$users"
echo "Passwords of $organiser are in $PWD/$file, its users in $PWD/$users."
