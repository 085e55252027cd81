# shellcheck shell=bash
# A stand-in production host: a Debian guest in its own network namespace with real systemd and real Docker.
# Sourced by the scripts beside it.

root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/qtickets_api/lab
module=$root/integrations/qtickets_api
work='' guest='' nspawn='' leader=''

say() { printf '[%4ds] %s\n' "$SECONDS" "$*" >&2; }

# What the lab needs of this machine; says everything that is missing at once.
lab_check() {
  local missing=() tool
  [ "$(id -u)" -eq 0 ] || missing+=("root")
  for tool in systemd-nspawn mmdebstrap nsenter go git; do
    command -v "$tool" >/dev/null || missing+=("$tool")
  done
  [ -x /bin/busybox ] || missing+=("busybox (busybox-static)")
  if [ ${#missing[@]} -gt 0 ]; then
    echo "not run: the whole lab. Missing: ${missing[*]}" >&2
    echo "apt-get install -y --no-install-recommends systemd-container mmdebstrap busybox-static git" >&2
    exit 1
  fi
  engine=${CHDB_LIB:-$("$module/deps/fetch.sh")}
}

# The guest's system, made once and kept.
lab_rootfs() {
  [ -f "$cache/rootfs.tar" ] && return
  mkdir -p "$cache"
  say "building the guest's system, once"
  local mirror
  mirror=$(awk '/^URIs:/{print $2; exit}' /etc/apt/sources.list.d/debian.sources)
  mmdebstrap --variant=minbase --format=tar \
    --include=systemd,systemd-sysv,dbus,docker.io,iptables,sudo,git,curl,ca-certificates,make,procps \
    bookworm "$cache/rootfs.tar.new" "$mirror" >&2
  mv "$cache/rootfs.tar.new" "$cache/rootfs.tar"
}

# bare_image DIR: a minimal file system with a shell.
bare_image() {
  mkdir -p "$1"/{bin,usr/bin,etc/ssl/certs,root,proc,sys,dev,var/lib/clickhouse}
  mkdir -m 1777 "$1/tmp"
  cp /bin/busybox "$1/bin/"
  local applet
  for applet in $(/bin/busybox --list); do
    [ "$applet" = busybox ] || ln -sf busybox "$1/bin/$applet"
  done
  ln -sf /bin/env "$1/usr/bin/env"
  cp -L /etc/ssl/certs/ca-certificates.crt "$1/etc/ssl/certs/"
  echo 'root:x:0:0:root:/root:/bin/sh' >"$1/etc/passwd"
  echo 'root:x:0:' >"$1/etc/group"
}

# The binary for simulator and engine, built as in the Dockerfile: the build in the guest finds what is compiled.
lab_binary() {
  export GOMODCACHE=$cache/modules GOCACHE=$cache/build GOFLAGS=-modcacherw
  (cd "$module" && go mod download && ./build.sh "$work/qtickets_api")
}

# golang:1.26 without a registry: busybox, this machine's Go, the modules, and what was compiled just now,
# so that the build in the guest needs no network and little time.
lab_golang() {
  local dir=$work/golang go
  go=$(go env GOROOT)
  bare_image "$dir"
  mkdir -p "$dir/go/pkg" "$dir/root/.cache" "$dir/usr/local"
  tar -C "$dir" -cf "$guest/root/golang.tar" .
  tar -C / --exclude="${go#/}"/{test,api,doc} --transform "s,^${GOMODCACHE#/},go/pkg/mod,;s,^${GOCACHE#/},root/.cache/go-build,;s,^${go#/},usr/local/go," \
    -rf "$guest/root/golang.tar" "${go#/}" "${GOMODCACHE#/}" "${GOCACHE#/}"
}

# ch-zakaz without a registry: the embedded engine and a small clickhouse-client.
lab_clickhouse() {
  local dir=$work/clickhouse library
  bare_image "$dir"
  cp "$work/qtickets_api" "$dir/"
  CGO_ENABLED=0 go build -o "$dir/bin/standin" "$root/ops/lab/standin/main.go"
  ln -s standin "$dir/bin/clickhouse-client"
  cp "$engine" "$dir/libchdb.so"
  for library in $(ldd "$engine" | grep -o '/lib[^ ]*'); do
    mkdir -p "$dir$(dirname "$library")"
    cp -L "$library" "$dir$library"
  done
  tar -C "$dir" -cf "$guest/root/clickhouse.tar" .
}

# lab_boot: unpack, boot, wait for Docker. Everything is gone after lab_stop.
lab_boot() {
  lab_check
  work=$(mktemp -d "${TMPDIR:-/tmp}/qtickets_lab.XXXXXX")
  guest=$work/guest
  trap lab_stop EXIT
  lab_rootfs
  mkdir -p "$guest"
  tar -C "$guest" -xf "$cache/rootfs.tar"
  say "preparing images"
  lab_binary
  lab_golang
  lab_clickhouse
  install -m 755 "$work/qtickets_api" "$guest/root/"
  echo qtlab >"$guest/etc/hostname"
  printf '127.0.0.1 localhost\n127.0.1.1 qtlab\n' >"$guest/etc/hosts"
  git clone -q --bare "$root" "$guest/srv/dashboard-mvp.git"
  printf '[safe]\n\tdirectory = *\n' >"$guest/etc/gitconfig"
  # nspawn mounts cgroup v1 controllers read-only; Docker must write there.
  mkdir -p "$guest/etc/systemd/system/docker.service.d" "$guest/var/log/journal"
  cat >"$guest/etc/systemd/system/docker.service.d/cgroup.conf" <<'UNIT'
[Service]
ExecStartPre=/bin/sh -c 'for c in cpuset cpu cpuacct memory devices freezer blkio pids; do mount -o remount,bind,rw /sys/fs/cgroup/$$c || true; done'
UNIT
  say "booting"
  setsid nohup systemd-nspawn -q -D "$guest" --boot --register=no --keep-unit --machine="qtlab$$" --console=pipe \
    --private-network --system-call-filter="add_key keyctl bpf" >"$work/console.log" 2>&1 </dev/null &
  nspawn=$!
  wait_for 60 "the guest boots" booted
  wait_for 60 "Docker answers" h docker version
  h docker import -c 'ENV PATH=/go/bin:/usr/local/go/bin:/usr/bin:/bin GOPATH=/go GOTOOLCHAIN=local GOPROXY=off' \
    -c 'WORKDIR /go' /root/golang.tar golang:1.26 >/dev/null
  h docker import -c 'ENTRYPOINT ["/bin/standin"]' /root/clickhouse.tar ch-zakaz-standin >/dev/null
  rm -f "$guest/root/golang.tar" "$guest/root/clickhouse.tar"
  say "the host is up: systemd $(h systemctl is-system-running || true), Docker $(h docker version --format '{{.Server.Version}}')"
}

booted() {
  leader=$(pgrep -P "$nspawn" | head -1) && [ -n "$leader" ] &&
    h systemctl is-system-running 2>/dev/null | grep -qE 'running|degraded'
}

# h runs a command on the stand-in host.
h() { nsenter -t "$leader" -a "$@"; }

# wait_for SECONDS WHAT COMMAND…
wait_for() {
  local until=$((SECONDS + $1)) what=$2
  shift 2
  until "$@" >/dev/null 2>&1; do
    if [ "$SECONDS" -ge "$until" ]; then
      echo "waited in vain: $what" >&2
      return 1
    fi
    sleep 0.2
  done
}

# A simulated QTickets where containers and the host reach it.
lab_qtickets() {
  h systemd-run -q --unit=simulated-qtickets --setenv=HOME=/root /root/qtickets_api sim --listen 172.17.0.1:8090 --token lab-token --orders 400 --live 0.2
  wait_for 20 "the simulated QTickets answers" h curl -s -o /dev/null http://172.17.0.1:8090/
}

# lab_start_clickhouse ENV [OPTION…]: the stand-in under the name of the real one, with the passwords of
# infra/clickhouse/.env.
lab_start_clickhouse() {
  h docker run -d --name ch-zakaz --network host --env-file "$1" "${@:2}" ch-zakaz-standin >/dev/null
  wait_for 60 "ClickHouse answers" h curl -sf http://127.0.0.1:8123/ping
}

# turns SINCE (seconds): a line for each time since then that a load of an organiser had the turn: from when, until when (ms),
# organiser, how long it waited for it (ms). One that still has it, or was killed with it, has it until now.
turns() {
  local lines
  lines=$(h journalctl -o with-unit --no-pager --since "@$1" -u 'qtickets_api@*' -u 'qtickets_reconcile@*' |
    sed -n 's/.*@\([a-z0-9_]*\)\.service.*"time":"\([^"]*\)".*"msg":"Turn \(taken\|given\)[^"]*"\(.*"waited_ms":\([0-9]*\)\)\?.*/\2 \1 \3 \5/p')
  paste -d ' ' <(cut -d ' ' -f 1 <<<"$lines" | date -f - +%s%3N) <(cut -d ' ' -f 2- <<<"$lines") | sort -s -n -k 1,1 | awk -v now="$(date +%s%3N)" '
    $3 == "taken" { begin[$2] = $1; waited[$2] = $4 }
    $3 == "given" && $2 in begin { print begin[$2], $1, $2, waited[$2]; delete begin[$2] }
    END { for (name in begin) print begin[name], now, name, waited[name] }' | sort -n
}

# most_at_once: of the lines that turns prints, how many loads had the turn at once at most.
most_at_once() {
  awk '{ n++; end[n] = $2; at = 1; for (i = 1; i < n; i++) if (end[i] > $1) at++; if (at > most) most = at } END { print most + 0 }'
}

lab_stop() {
  if [ -n "$leader" ]; then h systemctl poweroff >/dev/null 2>&1 || true; fi
  if [ -n "$nspawn" ]; then
    local i
    for ((i = 0; i < 150; i++)); do
      kill -0 "$nspawn" 2>/dev/null || break
      sleep 0.2
    done
    kill -KILL "$nspawn" 2>/dev/null || true
  fi
  if [ -n "$work" ]; then rm -rf --one-file-system "$work"; fi
}

# lab_compose: docker compose v2, made once of its Go module and kept (minutes), for the stand-in host.
lab_compose() {
  local module=github.com/docker/compose/v2@v2.40.3 dir
  if [ ! -f "$cache/docker-compose" ]; then
    say "building docker compose, once"
    dir=$(GOMODCACHE='' GOFLAGS='' go mod download -json "$module" | grep '"Dir"' | cut -d'"' -f4)
    cp -r "$dir" "$work/compose"
    chmod -R u+w "$work/compose"
    (cd "$work/compose" && GOMODCACHE='' GOCACHE='' GOFLAGS='' CGO_ENABLED=0 go build -trimpath -buildvcs=false \
      -ldflags "-s -w -X github.com/docker/compose/v2/internal.Version=${module#*@}" -o "$cache/docker-compose.new" ./cmd)
    mv "$cache/docker-compose.new" "$cache/docker-compose"
  fi
  install -D -m 755 "$cache/docker-compose" "$guest/usr/local/lib/docker/cli-plugins/docker-compose"
}

# lab_server [HOOK]: the image of the compose files, cluster/replica.py on a Debian with Java and a ZooKeeper, which is made once
# and kept.
lab_server() {
  local dir=$work/server
  if [ ! -f "$cache/replica.tar" ]; then
    say "building the system of the server's image, once"
    mmdebstrap --variant=minbase --format=tar \
      --include=default-jre-headless,zookeeper,python3,busybox-static,ca-certificates,tzdata \
      bookworm "$cache/replica.tar.new" "$(awk '/^URIs:/{print $2; exit}' /etc/apt/sources.list.d/debian.sources)" >&2
    mv "$cache/replica.tar.new" "$cache/replica.tar"
  fi
  mkdir -p "$dir/lab"
  tar -C "$dir" -xf "$cache/replica.tar"
  cp "$engine" "$root/ops/lab/cluster/replica.py" "$@" "$dir/lab/"
  ln -s /bin/busybox "$dir/usr/local/bin/wget"
  CGO_ENABLED=0 go build -o "$dir/usr/local/bin/clickhouse-client" "$root/ops/lab/standin/main.go"
  tar -C "$dir" -cf "$guest/root/server.tar" .
  h docker import -c 'ENTRYPOINT ["python3", "/lab/replica.py"]' /root/server.tar \
    "$(sed -n 's/^ *image: \(clickhouse[^ ]*\).*/\1/p' "$root/infra/clickhouse/docker-compose.yml")" >/dev/null
  rm -r "$guest/root/server.tar" "$dir"
}

# lab_limits FOLDER SERVICE…: the host of the lab may not raise its limits, so the compose file of a folder of the
# repository gets an override with those it has.
lab_limits() {
  local file=$guest/opt/zakaz_dashboard/dashboard-mvp/$1/docker-compose.override.yml name
  printf 'services:\n' >"$file"
  for name in "${@:2}"; do
    printf '  %s: {ulimits: {nofile: {soft: 16384, hard: 16384}}}\n' "$name" >>"$file"
  done
}
