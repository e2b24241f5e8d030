#!/usr/bin/env bash
# Makes sure that a Docker Engine answers: uses the one that runs, else starts the one that is installed, else installs
# Debian's first and says so. Never changes the settings of an engine that it did not start.
# usage: scripts/docker.sh [ensure|stop]
#   TANDEM_DOCKERD_OPTIONS: more options for a daemon that is started here
source "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"

SOCKET=${DOCKER_HOST#unix://}
OURS=$TANDEM_STATE/docker
# Where the system keeps what runs; tests have their own.
RUN=${TANDEM_RUN_DIR:-/run}

answers() { docker version --format '{{.Server.Version}}' >/dev/null 2>&1; }

# missing_capability: kind's nodes are privileged containers; some sandboxes take CAP_SYS_RESOURCE (bit 24) from
# everybody, and runc then refuses to start a privileged container ("unable to apply caps").
missing_capability() {
  local bounding
  bounding=$(awk '/^CapBnd:/ { print $2 }' "${TANDEM_PROC_STATUS:-/proc/self/status}")
  (((0x$bounding >> 24 & 1) == 0))
}

# clear_stale: a killed daemon leaves its process ids behind, and the next one refuses to start when another process has
# that number by now.
clear_stale() {
  local file pid
  for file in "$RUN/docker.pid" "$RUN/docker/containerd/containerd.pid"; do
    [[ -f $file ]] || continue
    pid=$(<"$file")
    if [[ ! -r /proc/$pid/comm || ! $(</proc/"$pid"/comm) =~ ^(dockerd|containerd)$ ]]; then
      warn "removing $file of a Docker daemon that is gone"
      rm -f "$file"
    fi
  done
}

start() {
  local options
  require_root_for "starting the Docker daemon" "start Docker yourself (systemctl start docker), or run make as root"
  if [[ -d $RUN/systemd/system ]] && systemctl cat docker.service >/dev/null 2>&1; then
    info "starting the Docker daemon with systemctl start docker"
    rm -f "$OURS/dockerd.pid"
    systemctl start docker || true
    return
  fi
  clear_stale
  mkdir -p "$OURS"
  if missing_capability; then
    install -m 0755 "$TANDEM_ROOT/scripts/lib/runc-without-sys-resource" "$OURS/runc"
    jq -n --arg path "$OURS/runc" '{"default-runtime": "tandem", runtimes: {tandem: {path: $path}}}' >"$OURS/daemon.json"
  else
    printf '{}\n' >"$OURS/daemon.json"
  fi
  info "starting a Docker daemon (log: $OURS/dockerd.log); make down stops it again"
  read -ra options <<<"${TANDEM_DOCKERD_OPTIONS:-}"
  # A session of its own, so that Ctrl-C at make does not end the daemon under the clusters.
  # Without our own tools on PATH: dockerd would take a containerd shim of another version from there.
  PATH=${PATH#"$TANDEM_BUILD/bin:"} become setsid nohup dockerd --config-file "$OURS/daemon.json" --host "unix://$SOCKET" "${options[@]}" \
    >"$OURS/dockerd.log" 2>&1 </dev/null &
  printf '%s\n' "$!" >"$OURS/dockerd.pid"
}

# become COMMAND...: in place of this process, without the files that our callers have open. Whoever waits for the end of
# a pipe (a test runner, a CI job) would otherwise wait for as long as the daemon lives.
become() {
  local fd
  for fd in "/proc/$BASHPID/fd"/*; do
    fd=${fd##*/}
    ((fd <= 2)) || eval "exec $fd>&-"
  done
  exec "$@"
}

ensure() {
  local error
  if answers; then
    check_runtime
    return
  fi
  error=$(docker version 2>&1 >/dev/null || true)
  if [[ $error == *"permission denied"* ]]; then
    die "$(id -un) may not use the Docker daemon at $SOCKET" "add yourself to the group docker (usermod -aG docker $(id -un)) and log in again, or run make as root"
  fi
  [[ $DOCKER_HOST == unix://* ]] || die "the Docker daemon at DOCKER_HOST=$DOCKER_HOST does not answer" "start it, or unset DOCKER_HOST"
  have dockerd || die "the Docker daemon is not installed" "run scripts/prerequisites.sh, or install Docker Engine 20.10 or newer"
  start
  await 60 "the Docker daemon at $SOCKET to answer" answers_or_gone || true
  if ! answers; then
    [[ -f $OURS/dockerd.pid ]] || die "the Docker daemon did not start" "systemctl status docker; journalctl -u docker"
    die "the Docker daemon did not start: $(tail -n 3 "$OURS/dockerd.log" 2>/dev/null)" "read $OURS/dockerd.log"
  fi
  check_runtime
}

# answers_or_gone: there is nothing more to wait for.
answers_or_gone() { answers || { [[ -f $OURS/dockerd.pid ]] && gone "$(<"$OURS/dockerd.pid")"; }; }

# check_runtime: tell now, in one sentence, what would fail later inside of kind.
check_runtime() {
  if missing_capability && [[ $(docker info --format '{{.DefaultRuntime}}') != tandem ]]; then
    die "this host lacks CAP_SYS_RESOURCE, and the running Docker daemon would pass it on to kind's nodes" \
      "stop that daemon and let make up start one that leaves the capability out"
  fi
}

# stop: ends only the daemon that we started, and only when nothing of others runs in it.
stop() {
  local pid
  [[ -f $OURS/dockerd.pid ]] || return 0
  pid=$(<"$OURS/dockerd.pid")
  if [[ -r /proc/$pid/comm && $(</proc/"$pid"/comm) == dockerd ]]; then
    if [[ -n $(docker ps -q) ]]; then
      info "leaving the Docker daemon running: other containers use it"
      return 0
    fi
    kill "$pid"
    await 30 "the Docker daemon to end" gone "$pid"
  fi
  rm -f "$OURS/dockerd.pid"
}

gone() { [[ ! -d /proc/$1 ]]; }

case ${1:-ensure} in
  ensure) ensure ;;
  stop) stop ;;
  *) die "unknown action '$1'" "usage: scripts/docker.sh [ensure|stop]" ;;
esac
