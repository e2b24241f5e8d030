#!/usr/bin/env bats
# Bad days of make up on the real clusters. Run by scripts/rehearse.sh, in this order; the clusters that run are taken down
# and up for it, and are up at the end.

load ../tests/helper
load ../tests/supply/registries

setup() {
  # shellcheck source=../lib/common.sh
  source "$SCRIPTS/lib/common.sh"
  set +u
  export CI=true
}

teardown() {
  end_processes
  [[ -z ${FROZEN:-} ]] || docker unpause "$FROZEN" >/dev/null
  [[ -z ${UP:-} ]] || kill -KILL -- "-$UP" 2>/dev/null || true
}

up() { "$SCRIPTS/up.sh" </dev/null; }
down() { "$SCRIPTS/down.sh" </dev/null; }

healthy() {
  run "$SCRIPTS/status.sh"
  succeeds_with '  ok '
  says_nothing_of '  BAD '
}

# interrupted_in PHASE: make up from whatever is there, and Ctrl-C as soon as the phase has begun.
interrupted_in() {
  local code=0 log=$TANDEM_LOGS/$1.log until=$((SECONDS + 240))
  rm -f "$log"
  setsid env --default-signal=INT,TERM "$SCRIPTS/up.sh" >"$BATS_TEST_TMPDIR/output" 2>&1 </dev/null 3>&- &
  UP=$!
  until [[ -e $log ]]; do
    [[ -d /proc/$UP ]] || { printf 'make up ended before %s:\n%s\n' "$1" "$(<"$BATS_TEST_TMPDIR/output")" >&2; return 1; }
    ((SECONDS < until)) || { printf 'waited 240 s for %s to begin:\n%s\n' "$1" "$(<"$BATS_TEST_TMPDIR/output")" >&2; return 1; }
    read -r -t 0.1 <> <(:) || true
  done
  kill -INT -- "-$UP"
  wait "$UP" || code=$?
  [[ $code == 130 ]] || { printf 'exit code %s after Ctrl-C in %s:\n%s\n' "$code" "$1" "$(<"$BATS_TEST_TMPDIR/output")" >&2; return 1; }
  eventually nothing_left "$UP"
  UP=''
}

# one_control_plane [SED-ARGUMENT...]: a topology in which beijing has that of shanghai, as the guide says.
one_control_plane() {
  export TANDEM_TOPOLOGY=$BATS_TEST_TMPDIR/topology.yaml
  unset _topology_json
  sed -e '/- name: beijing/,$ s/controlPlane: primary/controlPlane: shanghai/' "$@" "$ROOT/clusters/topology.yaml" >"$TANDEM_TOPOLOGY"
}

# charged_in CLUSTER: a payment that a caller there asks for is made.
charged_in() {
  TARGET=payment:9000 FROM=$1 CALL="charge --user ada --amount 1200 --currency EUR --key rehearsal-$RANDOM$RANDOM" run "$SCRIPTS/call.sh"
  succeeds_with '"replayed": false'
}

# refused CLUSTER NAME: a pod of that name was not let in, since nobody answered who would give it its sidecar.
refused() {
  kube "$1" -n tandem get events --field-selector reason=FailedCreate -o json \
    | jq -e --arg name "$2" 'any(.items[]; (.involvedObject.name | startswith($name)) and (.message | test("failed calling webhook")))'
}

# nothing_left SESSION: of what make up started, except for the daemon, which has a session of its own.
nothing_left() { ! pgrep --session "$1" >/dev/null; }

@test "make up when all is up changes nothing" {
  up
  local before after
  before=$(docker ps --format '{{.ID}} {{.Names}}' | sort)
  kube shanghai get pods --all-namespaces -o json | jq -r '.items[].metadata | .uid' | sort >"$BATS_TEST_TMPDIR/before"
  run up
  succeeds_with
  after=$(docker ps --format '{{.ID}} {{.Names}}' | sort)
  [[ $before == "$after" ]]
  kube shanghai get pods --all-namespaces -o json | jq -r '.items[].metadata | .uid' | sort >"$BATS_TEST_TMPDIR/after"
  diff "$BATS_TEST_TMPDIR/before" "$BATS_TEST_TMPDIR/after"
}

@test "nodes that were stopped: make up wakes them" {
  local node
  for node in $(docker ps --quiet --filter label=io.x-k8s.kind.cluster --filter network="$(topology .docker.network)"); do docker stop --time 2 "$node" >/dev/null; done
  run "$SCRIPTS/status.sh"
  fails_with 1 'is exited (make up repairs it)'
  run up
  succeeds_with
  grep -q 'starting the stopped node of' "$TANDEM_LOGS/shanghai-cluster.log" "$TANDEM_LOGS/beijing-cluster.log"
  healthy
}

@test "a node that was paused: make up unpauses it" {
  docker pause tandem-beijing-control-plane >/dev/null
  run up
  succeeds_with
  healthy
}

@test "a reboot: the daemon and all containers killed, its process ids left behind" {
  [[ -f $TANDEM_STATE/docker/dockerd.pid ]] || skip "the Docker daemon is the machine's own, not one that make up started"
  local daemon shims
  daemon=$(<"$TANDEM_STATE/docker/dockerd.pid")
  [[ $(</proc/"$daemon"/comm) == dockerd ]]
  mapfile -t shims < <(pgrep --full 'containerd-shim.* -address /(var/)?run/docker/containerd/containerd.sock' || true)
  ((${#shims[@]} >= 3))
  local containerd containers
  containerd=$(pgrep --parent "$daemon" --exact containerd)
  mapfile -t containers < <(docker ps --quiet --no-trunc | xargs docker inspect --format '{{.State.Pid}}')
  kill -KILL "$daemon" "$containerd" "${shims[@]}" "${containers[@]}"
  eventually test ! -d "/proc/$daemon"
  run up
  succeeds_with
  grep -q 'starting a Docker daemon' "$TANDEM_LOGS/docker.log"
  healthy
}

@test "Ctrl-C while clusters are made, while they get their network, while services are deployed: the next make up goes on" {
  down
  interrupted_in shanghai-cluster
  interrupted_in beijing-network
  interrupted_in beijing-services
  run up
  succeeds_with
  healthy
}

@test "a third cluster is one more entry in the topology" {
  export TANDEM_TOPOLOGY=$BATS_TEST_TMPDIR/topology.yaml
  unset _topology_json
  cp "$ROOT/clusters/topology.yaml" "$TANDEM_TOPOLOGY"
  # The entry that the guide gives.
  awk '/^  - name: singapore/ { on = 1 } /^```/ { on = 0 } on' "$ROOT/docs/guides/add-a-cluster.md" >>"$TANDEM_TOPOLOGY"
  run up
  succeeds_with
  healthy
  [[ $output == *'singapore (kind-tandem-singapore)'* ]]
  # From each cluster, every cluster answers.
  "$SCRIPTS/first-call.sh"
  charged_in singapore
  down
}

@test "one control plane for both clusters: without it the remote serves on, starts no pod, and gets well with it" {
  # And with the database in the remote, so that payments can go on there.
  one_control_plane -e 's/^  cluster: shanghai/  cluster: beijing/'
  run up
  fails_with 1 'the topology gives beijing another control plane (that of shanghai) than it runs with' 'fix: make down, then make up'
  down
  run up
  succeeds_with
  healthy
  [[ $output == *'control plane is in shanghai'* ]]
  [[ -z $(kube beijing -n istio-system get deployment istiod --ignore-not-found) ]]
  "$SCRIPTS/first-call.sh"
  FROZEN=tandem-shanghai-control-plane
  docker pause "$FROZEN" >/dev/null
  charged_in beijing
  kube beijing -n tandem delete pod --selector app.kubernetes.io/name=user --wait=false
  eventually refused beijing user
  docker unpause "$FROZEN" >/dev/null
  FROZEN=''
  kube beijing -n tandem rollout status deployment/user --timeout 240s
  healthy
  charged_in beijing
  down
}

@test "one control plane for both clusters: the proofs of two hold" {
  one_control_plane
  run up
  succeeds_with
  # The drills break the remote, too.
  run "$SCRIPTS/e2e.sh" -Dtest='ClustersTest,CrossClusterCallsTest,RefusalsTest,AuthenticationTest,FailoverTest,PaymentsTest,DrillsTest'
  succeeds_with
  down
}

@test "the whole of make up in pull mode, from a registry that stands for the public ones" {
  up
  local port node reference kept=$TANDEM_CACHE name
  node=$(<"$TANDEM_STATE/node-image")
  down
  # What the public registries would serve: every image of the lock under its ordinary name, the node image included.
  port=$(free_port)
  registry_at "$port" "$BATS_TEST_TMPDIR/upstream"
  "$SCRIPTS/docker.sh"
  "$SCRIPTS/registry.sh" start
  for reference in $(jq -r '.images[].reference' "$TANDEM_LOCK"); do
    "$ROOT/build/bin/crane" copy "127.0.0.1:$REGISTRY_PORT/$reference" "127.0.0.1:$port/$reference" >/dev/null 2>&1
  done
  name=127.0.0.1:$port/$(jq -r .node.reference "$TANDEM_LOCK")
  docker tag "$node" "$name"
  docker push "$name" >/dev/null
  docker rmi "$name" >/dev/null
  "$SCRIPTS/registry.sh" stop
  # An empty cache, except for the tools: nothing can come from anywhere but the upstream.
  export TANDEM_CACHE=$BATS_TEST_TMPDIR/cache
  mkdir -p "$TANDEM_CACHE"
  ln -s "$kept/binaries" "$kept/go-build" "$TANDEM_CACHE/"
  IMAGES=pull REGISTRY_MIRROR=127.0.0.1:$port run up
  succeeds_with
  for reference in $(jq -r '.images[].reference, .node.reference' "$TANDEM_LOCK"); do
    grep -qF "pulled $reference" "$TANDEM_LOGS/images.log"
  done
  [[ $(<"$TANDEM_CACHE/images/.mode") == pull ]]
  healthy
  down
  export TANDEM_CACHE=$kept
  up
}
