#!/usr/bin/env bash
# A Docker engine for the live tests, on a Debian machine that reaches package registries but no image registry:
# the engine from Debian's packages, Docker Compose from the Go module proxy, a base image by debootstrap.
# What is there already is used; what is made is kept in the cache. Two at once wait for each other.
# Prints nothing on standard output.
set -euo pipefail
exec 1>&2

COMPOSE=2.40.3
# What Compose asks for; from 1.21 on Go fetches that by itself.
GO=1.24.9
BASE=orders-lakehouse/base:bookworm
CACHE=${ORDERS_LAKEHOUSE_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/orders-lakehouse}
WORK=/tmp/orders-lakehouse-docker

say() { printf 'docker.sh: %s\n' "$*"; }
as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi; }
have() { command -v "$1" >/dev/null 2>&1; }
answers() { docker version --format '{{.Server.Version}}' >/dev/null 2>&1; }
# The process of an engine that runs or comes up; nothing for the id that a killed one has left.
engine_process() {
  local id
  id=$(cat /var/run/docker.pid 2>/dev/null || true)
  if [ -n "$id" ] && [ "$(cat "/proc/$id/comm" 2>/dev/null)" = dockerd ]; then echo "$id"; fi
}

install_packages() {
  local packages=()
  if ! answers; then
    have dockerd || packages+=(docker.io)
    have iptables || packages+=(iptables)
  fi
  has_compose || [ -x "$(kept_compose)" ] || have go || ! have apt-get || packages+=(golang-go)
  have debootstrap || ! have apt-get || packages+=(debootstrap)
  [ ${#packages[@]} -gt 0 ] || return 0
  say "installing ${packages[*]}"
  as_root apt-get update -q >/dev/null
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -yq --no-install-recommends "${packages[@]}" >/dev/null
}

# The engine outlives this script; .ci/run ends it by the id in this file, which names only one that was started here.
start_engine() {
  # The id of one that has ended since may be another program's by now.
  if [ "$(cat "$WORK/dockerd.pid" 2>/dev/null)" != "$(engine_process)" ]; then rm -f "$WORK/dockerd.pid"; fi
  answers && return 0
  local ours=
  # Installing its package may have started it as a service, and one that is ending refuses another.
  if [ -z "$(engine_process)" ]; then
    as_root rm -f /var/run/docker.pid
    # It outlives whoever starts it, and with that one's temporary folder gone it could run nothing in a container.
    as_root env -u TMPDIR setsid nohup dockerd >"$WORK/dockerd.log" 2>&1 </dev/null 9>&- &
    ours=yes
  fi
  for _ in $(seq 240); do
    if answers; then
      if [ -n "$ours" ]; then engine_process >"$WORK/dockerd.pid"; fi
      say "the engine runs (process $(engine_process))"
      return 0
    fi
    sleep 0.25
  done
  if [ -n "$ours" ]; then tail -20 "$WORK/dockerd.log"; fi
  if as_root docker version >/dev/null 2>&1; then
    say "the engine runs, but $(id -un) may not use it: add this user to the group docker and sign in again"
  else
    say 'the engine did not start'
  fi
  return 1
}

has_compose() { docker compose version >/dev/null 2>&1; }
kept_compose() { echo "$CACHE/docker-compose-$COMPOSE/docker-compose"; }

install_compose() {
  has_compose && return 0
  local kept
  kept=$(kept_compose)
  [ -x "$kept" ] || build_compose "$kept"
  mkdir -p "$HOME/.docker/cli-plugins"
  ln -sfn "$kept" "$HOME/.docker/cli-plugins/docker-compose"
  docker compose version
}

# `go install` refuses a module whose go.mod excludes others, so that a module of our own asks for it.
build_compose() {
  say "building Docker Compose $COMPOSE"
  local module=github.com/docker/compose/v2
  mkdir -p "$WORK/compose" "$(dirname "$1")"
  (
    cd "$WORK/compose"
    export GOPATH=$WORK/go GOFLAGS=-modcacherw
    printf 'module compose\n' >go.mod
    local go=go
    if ! go version | grep -qE ' go1\.(2[1-9]|[3-9][0-9])'; then
      # Debian's is older. The newer one is a module like any other, whose programs come without the right to run.
      local toolchain
      toolchain=golang.org/toolchain@v0.0.1-go$GO.linux-$(go env GOARCH)
      go mod download "$toolchain"
      chmod +x "$GOPATH/pkg/mod/$toolchain"/bin/* "$GOPATH/pkg/mod/$toolchain"/pkg/tool/*/*
      go=$GOPATH/pkg/mod/$toolchain/bin/go
    fi
    "$go" get "$module@v$COMPOSE" 2>"$WORK/compose.log" || { tail -5 "$WORK/compose.log"; exit 1; }
    nice "$go" build -mod=mod -trimpath -ldflags "-s -w -X $module/internal.Version=v$COMPOSE" -o "$1.part" "$module/cmd"
  )
  mv "$1.part" "$1"
  rm -rf "$WORK/compose" "$WORK/go"
}

# The mirror that apt uses serves debootstrap too.
debian_mirror() {
  apt-get indextargets --format '$(REPO_URI) $(CODENAME)' 'Created-By: Packages' | awk '$2 == "bookworm" { print $1; exit }'
}

make_base() {
  docker image inspect "$BASE" >/dev/null 2>&1 && return 0
  # Elsewhere than on Debian 12 there is no mirror of it among apt's; there an image registry is.
  if ! grep -qs '^VERSION_CODENAME=bookworm' /etc/os-release; then
    docker pull --quiet python:3.11-slim-bookworm >/dev/null
    docker tag python:3.11-slim-bookworm "$BASE"
    return 0
  fi
  local kept=$CACHE/docker-base-bookworm.tar.gz
  if [ ! -f "$kept" ]; then
    say 'making the base image'
    local root=$WORK/base
    as_root rm -rf "$root"
    mkdir -p "$root" "$CACHE"
    as_root nice debootstrap --variant=minbase --include=ca-certificates,python3,python3-venv \
      bookworm "$root" "$(debian_mirror)" >"$WORK/debootstrap.log"
    as_root tar -C "$root" --numeric-owner --exclude='./proc/*' --exclude='./sys/*' --exclude='./dev/*' \
      --exclude='./var/cache/apt/*' --exclude='./var/lib/apt/lists/*' --exclude='./usr/share/doc/*' \
      --exclude='./usr/share/man/*' --exclude='./usr/share/locale/*' -cz . >"$kept.part"
    mv "$kept.part" "$kept"
    as_root rm -rf "$root"
  fi
  docker import --change 'ENV LANG=C.UTF-8' --change 'CMD ["bash"]' "$kept" "$BASE" >/dev/null
}

mkdir -p "$WORK"
exec 9>"$WORK/lock"
flock 9
install_packages
start_engine
install_compose
make_base
say 'ready'
