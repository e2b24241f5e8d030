#!/usr/bin/env bats
# What needs a real Docker Engine: names and ports that others have, and a daemon that is killed. Everything here has names
# of its own; clusters that run on the same engine are not touched.

load helper

setup_file() {
  "$BATS_TEST_DIRNAME/../tools.sh" registry crane kind kubectl
  "$BATS_TEST_DIRNAME/../docker.sh"
}

setup() {
  own_world
  PATH=$ROOT/build/bin:$PATH
  NAME=tandem-test-$$-$BATS_TEST_NUMBER
  export TANDEM_REGISTRY_NAME=$NAME TANDEM_TOPOLOGY=$BATS_TEST_TMPDIR/topology.yaml
  TANDEM_REGISTRY_PORT=$(free_port)
  export TANDEM_REGISTRY_PORT
  sed "s/172\.30\./10.213./; s/network: tandem$/network: $NAME/; s/shanghai/probe$BATS_TEST_NUMBER/; s/beijing/other$BATS_TEST_NUMBER/" \
    "$ROOT/clusters/topology.yaml" >"$TANDEM_TOPOLOGY"
  NODE=tandem-probe$BATS_TEST_NUMBER-control-plane
}

teardown() {
  [[ -z ${LISTENER:-} ]] || kill "$LISTENER"
  if [[ -n ${DAEMON_HOST:-} ]]; then
    DOCKER_HOST=$DAEMON_HOST "$SCRIPTS/docker.sh" stop
    # A killed daemon leaves its mounts.
    awk -v below="$BATS_TEST_TMPDIR/" 'index($2, below) == 1 { print $2 }' /proc/mounts | sort -r | xargs -r umount
  fi
  unset DOCKER_HOST
  docker rm --force "$NAME" "$NODE" >/dev/null 2>&1 || true
  docker network rm "$NAME" >/dev/null 2>&1 || true
  docker rmi "tandem-test/nothing:$NAME" >/dev/null 2>&1 || true
}

# foreign_container NAME [FLAG...]: one that never runs.
foreign_container() {
  local name=$1
  shift
  tar -c --files-from /dev/null | docker import - "tandem-test/nothing:$NAME" >/dev/null
  docker create --name "$name" "$@" "tandem-test/nothing:$NAME" nothing
}

container_id() { docker container inspect --format '{{.Id}}' "$1"; }

@test "the registry answers, and starting it again changes nothing" {
  "$SCRIPTS/registry.sh" start
  local id
  id=$(container_id "$NAME")
  [[ $(curl -fsS "http://127.0.0.1:$TANDEM_REGISTRY_PORT/v2/") == '{}' ]]
  run "$SCRIPTS/registry.sh" start
  succeeds_with
  [[ $(container_id "$NAME") == "$id" ]]
}

@test "a registry that was stopped or killed comes back" {
  "$SCRIPTS/registry.sh" start
  docker kill "$NAME" >/dev/null
  run "$SCRIPTS/registry.sh" start
  succeeds_with
  [[ $(curl -fsS "http://127.0.0.1:$TANDEM_REGISTRY_PORT/v2/") == '{}' ]]
}

@test "the registry's port is taken: the port, who to look for and the setting are named; then the next start works" {
  python3 -m http.server --bind 127.0.0.1 "$TANDEM_REGISTRY_PORT" >/dev/null 2>&1 3>&- &
  LISTENER=$!
  eventually curl -s -o /dev/null "http://127.0.0.1:$TANDEM_REGISTRY_PORT/"
  run "$SCRIPTS/registry.sh" start
  fails_with 1 "error: port $TANDEM_REGISTRY_PORT on 127.0.0.1, where the local registry listens, is taken" 'ss -ltnp' 'TANDEM_REGISTRY_PORT'
  run container_id "$NAME"
  [[ $status != 0 ]]
  TANDEM_REGISTRY_PORT=$(free_port) run "$SCRIPTS/registry.sh" start
  succeeds_with
}

@test "a container with the registry's name that is not Tandem's is refused and kept" {
  foreign_container "$NAME"
  local id
  id=$(container_id "$NAME")
  run "$SCRIPTS/registry.sh" start
  fails_with 1 "error: a container named $NAME exists that is not Tandem's" 'fix: rename or remove it'
  [[ $(container_id "$NAME") == "$id" ]]
}

@test "a network with our name that is not Tandem's is refused and kept" {
  docker network create --subnet 10.213.0.0/16 "$NAME" >/dev/null
  run "$SCRIPTS/registry.sh" start
  fails_with 1 "error: a Docker network '$NAME' exists that is not Tandem's" "fix: set docker.network in $TANDEM_TOPOLOGY to another name"
  [[ $(docker network inspect --format '{{.Labels}}' "$NAME") == 'map[]' ]]
}

@test "a subnet that another network has is refused, and names where to change it" {
  docker network create --subnet 10.213.0.0/16 "$NAME-other" >/dev/null
  run "$SCRIPTS/registry.sh" start
  docker network rm "$NAME-other" >/dev/null
  fails_with 1 "error: cannot create the Docker network '$NAME' (10.213.0.0/16)" "fix: set docker.subnet in $TANDEM_TOPOLOGY"
}

@test "our own network follows a changed subnet as long as nothing is on it" {
  "$SCRIPTS/registry.sh" start
  docker rm -f "$NAME" >/dev/null
  sed -i 's/10\.213\./10.214./' "$TANDEM_TOPOLOGY"
  run "$SCRIPTS/registry.sh" start
  succeeds_with
  [[ $(docker network inspect --format '{{(index .IPAM.Config 0).Subnet}}' "$NAME") == 10.214.0.0/16 ]]
}

@test "a container with a node's name that is not kind's is refused and kept" {
  foreign_container "$NODE"
  local id
  id=$(container_id "$NODE")
  run "$SCRIPTS/cluster/create.sh" "probe$BATS_TEST_NUMBER" any/image
  fails_with 1 "error: a container named $NODE exists that is not kind's" 'fix: rename or remove it'
  [[ $(container_id "$NODE") == "$id" ]]
}

@test "a cluster whose topology changed is not used as it is" {
  foreign_container "$NODE" --label "io.x-k8s.kind.cluster=tandem-probe$BATS_TEST_NUMBER"
  mkdir -p "$TANDEM_STATE/clusters"
  printf 'another configuration' >"$TANDEM_STATE/clusters/probe$BATS_TEST_NUMBER"
  run "$SCRIPTS/cluster/create.sh" "probe$BATS_TEST_NUMBER" any/image
  fails_with 1 "the topology or the node image of probe$BATS_TEST_NUMBER changed" 'fix: make down, then make up'
}

@test "a Docker daemon that was killed, with its process ids and sockets left behind, is started again" {
  [[ $(id -u) == 0 ]] || { printf 'only root can start a Docker daemon\n' >&2 && return 1; }
  export DOCKER_HOST=unix://$BATS_TEST_TMPDIR/docker.sock
  export TANDEM_DOCKERD_OPTIONS="--data-root $BATS_TEST_TMPDIR/data --exec-root $TANDEM_RUN_DIR/docker --pidfile $TANDEM_RUN_DIR/docker.pid --bridge none --iptables=false"
  DAEMON_HOST=$DOCKER_HOST
  # On a network of its own: a daemon without a bridge removes docker0, which belongs to the machine's daemon.
  # shellcheck disable=SC2016 # For the wrapper to expand.
  fake dockerd <<<"exec unshare --net $(command -v dockerd)"' "$@"'
  "$SCRIPTS/docker.sh"
  local dockerd containerd
  dockerd=$(<"$TANDEM_STATE/docker/dockerd.pid")
  containerd=$(<"$TANDEM_RUN_DIR/docker/containerd/containerd.pid")
  kill -KILL "$dockerd" "$containerd"
  eventually test ! -d "/proc/$dockerd" -a ! -d "/proc/$containerd"
  [[ -S $BATS_TEST_TMPDIR/docker.sock && -f $TANDEM_RUN_DIR/docker.pid && -S $TANDEM_RUN_DIR/docker/containerd/containerd.sock ]]
  # By now others have those numbers: as after a reboot of the machine, or a busy day.
  printf '%s' $$ | tee "$TANDEM_RUN_DIR/docker.pid" >"$TANDEM_RUN_DIR/docker/containerd/containerd.pid"
  run "$SCRIPTS/docker.sh"
  succeeds_with "removing $TANDEM_RUN_DIR/docker.pid of a Docker daemon that is gone"
  docker version --format '{{.Server.Version}}'
  run "$SCRIPTS/docker.sh" stop
  succeeds_with
  [[ ! -e $TANDEM_STATE/docker/dockerd.pid ]]
}
