#!/usr/bin/env bash
# Makes .env for docker-compose.yml: a password for each user that has none, and the hash of each password,
# which is all that ClickHouse gets. Run it again after changing a password in .env, then
# "docker compose up -d": the server starts anew with it. Run as root: the password of the administrator is root's
# alone, the loader's user has no business with it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
umask 077

[[ -e .env ]] || cp .env.example .env
chmod 600 .env
if [ "$(id -u)" -eq 0 ]; then chown root:root .env; fi

value_of() { sed -n "s/^$1=//p" .env | tail -n 1; }

# put NAME VALUE replaces a line or adds one. Values are letters and digits, so sed cannot misread them.
put() {
  if grep -q "^$1=" .env; then
    sed -i "s/^$1=.*/$1=$2/" .env
  else
    printf '%s=%s\n' "$1" "$2" >>.env
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
    echo "$name in $PWD/.env: use letters and digits only, other signs mean different things to Docker, to Compose and to a shell" >&2
    exit 1
  fi
  put "${name}_SHA256" "$(printf %s "$password" | sha256sum | cut -d ' ' -f 1)"
done
echo "Passwords and their hashes are in $PWD/.env. Next: docker compose up -d"
