#!/usr/bin/env bats
# scripts/docker.sh on bad days of the Docker daemon. The daemons here are fakes that stay until they are ended; a real one
# is killed in engine.bats.

load helper

setup() {
  own_world
  export DOCKER_HOST=unix://$BATS_TEST_TMPDIR/docker.sock ANSWERS=$BATS_TEST_TMPDIR/answers
  export TANDEM_PROC_STATUS=$BATS_TEST_TMPDIR/status
  mkfifo "$ANSWERS.never"
  host_capabilities 000001ffffffffff
  # shellcheck disable=SC2016 # For the fakes to expand.
  fake docker <<<'
    [[ -e $ANSWERS ]] || { echo "Cannot connect to the Docker daemon at $DOCKER_HOST. Is the docker daemon running?" >&2; exit 1; }
    case $1 in
      version) echo 20.10.24 ;;
      info) cat "$ANSWERS" ;;
      ps) cat "$ANSWERS.containers" 2>/dev/null || true ;;
    esac'
  # shellcheck disable=SC2016
  fake dockerd <<<'echo runc >"$ANSWERS"; read -r <>"$ANSWERS.never"'
  fake systemctl <<<'exit 1'
}

teardown() {
  [[ ! -f $TANDEM_STATE/docker/dockerd.pid ]] || kill "$(<"$TANDEM_STATE/docker/dockerd.pid")" 2>/dev/null || true
}

# host_capabilities MASK: the capability bounding set as /proc/self/status would give it.
host_capabilities() { printf 'Name:\tbash\nCapBnd:\t%s\n' "$1" >"$TANDEM_PROC_STATUS"; }

# no_permission COMMAND...: as somebody whom the socket's mode keeps out; root is one only without CAP_DAC_OVERRIDE.
no_permission() {
  if [[ $(id -u) == 0 ]]; then setpriv --bounding-set -dac_override --inh-caps -dac_override "$@"; else "$@"; fi
}

@test "no permission on the daemon's socket: the group is named, and nothing is started" {
  rm "$BATS_TEST_TMPDIR/fakes/docker"
  hash -r
  python3 -c 'import socket, sys, time; s = socket.socket(socket.AF_UNIX); s.bind(sys.argv[1])' "$BATS_TEST_TMPDIR/docker.sock"
  chmod 0000 "$BATS_TEST_TMPDIR/docker.sock"
  run no_permission "$SCRIPTS/docker.sh"
  fails_with 1 "error: $(id -un) may not use the Docker daemon at $BATS_TEST_TMPDIR/docker.sock" \
    "add yourself to the group docker (usermod -aG docker $(id -un))"
  calls_lack dockerd
}

@test "no permission: make down does not say that nothing runs" {
  rm "$BATS_TEST_TMPDIR/fakes/docker"
  hash -r
  python3 -c 'import socket, sys, time; s = socket.socket(socket.AF_UNIX); s.bind(sys.argv[1])' "$BATS_TEST_TMPDIR/docker.sock"
  chmod 0000 "$BATS_TEST_TMPDIR/docker.sock"
  run no_permission "$SCRIPTS/down.sh"
  fails_with 1 "may not use the Docker daemon" 'fix: add yourself'
}

@test "a daemon that answers is used as it is" {
  echo runc >"$ANSWERS"
  run "$SCRIPTS/docker.sh"
  succeeds_with
  calls_lack dockerd
  calls_lack systemctl
}

@test "a daemon that is down is started, with the host's own runtime" {
  run "$SCRIPTS/docker.sh"
  succeeds_with 'starting a Docker daemon' 'make down stops it again'
  calls_have "dockerd --config-file $TANDEM_STATE/docker/daemon.json --host unix://$BATS_TEST_TMPDIR/docker.sock"
  [[ $(<"$TANDEM_STATE/docker/daemon.json") == '{}' ]]
}

@test "a daemon holds nothing open of whoever started it: a CI job that waits for its own output ends" {
  local held=$BATS_TEST_TMPDIR/held
  touch "$held"
  run "$SCRIPTS/docker.sh" 7>"$held" 251>"$held"
  succeeds_with
  find -L "/proc/$(<"$TANDEM_STATE/docker/dockerd.pid")/fd" -samefile "$held" -print >"$BATS_TEST_TMPDIR/leaks"
  [[ ! -s $BATS_TEST_TMPDIR/leaks ]]
}

@test "stale process ids of a killed daemon are removed, even when somebody has that number by now" {
  mkdir -p "$TANDEM_RUN_DIR/docker/containerd"
  printf '%s' $$ >"$TANDEM_RUN_DIR/docker.pid"
  printf '99999999' >"$TANDEM_RUN_DIR/docker/containerd/containerd.pid"
  run "$SCRIPTS/docker.sh"
  succeeds_with "removing $TANDEM_RUN_DIR/docker.pid of a Docker daemon that is gone" \
    "removing $TANDEM_RUN_DIR/docker/containerd/containerd.pid of a Docker daemon that is gone"
  [[ ! -e $TANDEM_RUN_DIR/docker.pid && ! -e $TANDEM_RUN_DIR/docker/containerd/containerd.pid ]]
}

@test "the process id of a daemon that lives is left alone" {
  # shellcheck disable=SC2016
  fake containerd <<<'read -r <>"$ANSWERS.never"'
  containerd 3>&- &
  local containerd=$!
  mkdir -p "$TANDEM_RUN_DIR/docker/containerd"
  printf '%s' "$containerd" >"$TANDEM_RUN_DIR/docker/containerd/containerd.pid"
  eventually grep -qx containerd "/proc/$containerd/comm"
  run "$SCRIPTS/docker.sh"
  kill "$containerd"
  succeeds_with
  says_nothing_of 'removing'
  [[ -f $TANDEM_RUN_DIR/docker/containerd/containerd.pid ]]
}

@test "a daemon that ends at its start: its last words, at once" {
  fake dockerd <<<'echo "failed to start daemon: error initializing graphdriver: no space left on device"; exit 1'
  run "$SCRIPTS/docker.sh"
  fails_with 1 'error: the Docker daemon did not start: failed to start daemon: error initializing graphdriver: no space left on device' \
    "fix: read $TANDEM_STATE/docker/dockerd.log"
}

@test "only root can start a daemon: others are told how" {
  # shellcheck disable=SC2016
  fake id <<<'[[ $1 == -u ]] && echo 1000 || echo somebody'
  run "$SCRIPTS/docker.sh"
  fails_with 1 'starting the Docker daemon needs root, and this is somebody' 'fix: start Docker yourself (systemctl start docker)'
  calls_lack 'dockerd --config'
}

@test "where systemd has a Docker service, systemd starts it" {
  mkdir -p "$TANDEM_RUN_DIR/systemd/system"
  # shellcheck disable=SC2016
  fake systemctl <<<'[[ $1 != start ]] || echo runc >"$ANSWERS"'
  run "$SCRIPTS/docker.sh"
  succeeds_with 'starting the Docker daemon with systemctl start docker'
  calls_have 'systemctl start docker'
  calls_lack 'dockerd --config'
}

@test "a daemon elsewhere that does not answer is not replaced by one here" {
  DOCKER_HOST=tcp://127.0.0.1:1 run "$SCRIPTS/docker.sh"
  fails_with 1 'error: the Docker daemon at DOCKER_HOST=tcp://127.0.0.1:1 does not answer' 'fix: start it, or unset DOCKER_HOST'
  calls_lack 'dockerd --config'
}

@test "a host without CAP_SYS_RESOURCE: a daemon of ours leaves it out" {
  host_capabilities 000001fffeffffff
  # shellcheck disable=SC2016
  fake dockerd <<<'echo tandem >"$ANSWERS"; read -r <>"$ANSWERS.never"'
  run "$SCRIPTS/docker.sh"
  succeeds_with
  [[ $(jq -r '."default-runtime", .runtimes.tandem.path' "$TANDEM_STATE/docker/daemon.json") == $'tandem\n'"$TANDEM_STATE/docker/runc" ]]
  [[ -x $TANDEM_STATE/docker/runc ]]
}

@test "a host without CAP_SYS_RESOURCE and a foreign daemon: refused before kind fails on it" {
  host_capabilities 000001fffeffffff
  echo runc >"$ANSWERS"
  run "$SCRIPTS/docker.sh"
  fails_with 1 'error: this host lacks CAP_SYS_RESOURCE' 'fix: stop that daemon and let make up start one'
  [[ $(<"$ANSWERS") == runc ]]
}

@test "stop ends the daemon that was started here" {
  "$SCRIPTS/docker.sh"
  local pid
  pid=$(<"$TANDEM_STATE/docker/dockerd.pid")
  eventually grep -qx dockerd "/proc/$pid/comm"
  run "$SCRIPTS/docker.sh" stop
  succeeds_with
  [[ ! -d /proc/$pid && ! -e $TANDEM_STATE/docker/dockerd.pid ]]
}

@test "stop leaves the daemon to the containers of others, and make down leaves it its runtime" {
  host_capabilities 000001fffeffffff
  # shellcheck disable=SC2016
  fake dockerd <<<'echo tandem >"$ANSWERS"; read -r <>"$ANSWERS.never"'
  "$SCRIPTS/docker.sh"
  local pid
  pid=$(<"$TANDEM_STATE/docker/dockerd.pid")
  eventually grep -qx dockerd "/proc/$pid/comm"
  echo 0123456789ab >"$ANSWERS.containers"
  # shellcheck disable=SC2016 # Only the question whether anything runs is answered so; nothing of it is Tandem's.
  fake docker <<<'case "$*" in version*) echo 20.10 ;; "ps -q") cat "$ANSWERS.containers" ;; "info "*) cat "$ANSWERS" ;; esac'
  run "$SCRIPTS/down.sh"
  succeeds_with 'leaving the Docker daemon running: other containers use it'
  [[ -d /proc/$pid && -x $TANDEM_STATE/docker/runc && ! -e $TANDEM_STATE/logs ]]
}

@test "stop does not end a process that only has the number of the daemon" {
  mkdir -p "$TANDEM_STATE/docker"
  # shellcheck disable=SC2016
  bash -c 'read -r <>"$ANSWERS.never"' 3>&- &
  printf '%s\n' $! >"$TANDEM_STATE/docker/dockerd.pid"
  run "$SCRIPTS/docker.sh" stop
  succeeds_with
  [[ -d /proc/$! ]]
  kill $!
}

@test "make down starts a killed daemon of ours again, to remove what it left" {
  mkdir -p "$TANDEM_STATE/docker"
  printf '99999999\n' >"$TANDEM_STATE/docker/dockerd.pid"
  run "$SCRIPTS/down.sh"
  succeeds_with 'is gone: starting it again, to remove what it left'
  calls_have 'docker network ls --quiet --filter label=dev.tandem=true'
  [[ ! -e $TANDEM_STATE ]]
}

@test "an unknown action is refused" {
  run "$SCRIPTS/docker.sh" restart
  fails_with 1 "error: unknown action 'restart'" 'usage: scripts/docker.sh [ensure|stop]'
}
