#!/usr/bin/env bats
# scripts/up.sh and scripts/down.sh around their steps: order, failures, interruptions. The steps here are stand-ins in a
# copy of the repository's scripts, except where a test says otherwise.

load helper

setup() {
  own_world
  TREE=$BATS_TEST_TMPDIR/tree
  export NEVER=$BATS_TEST_TMPDIR/never PIDS=$BATS_TEST_TMPDIR/pids
  mkfifo "$NEVER"
  mkdir -p "$TREE/clusters/supply" "$TREE/scripts"
  cp -r "$SCRIPTS"/{lib,up.sh,down.sh,docker.sh} "$TREE/scripts/"
  cp "$ROOT/clusters/supply/lock.json" "$TREE/clusters/supply/"
  cp "$ROOT/clusters/topology.yaml" "$TREE/clusters/"
  local name
  for name in prerequisites tools registry ca tokens charts mesh-join first-call contexts summary telemetry cluster/create cluster/prefetch cluster/cilium cluster/istio services/deploy; do
    step "$name.sh" <<<'true'
  done
  step docker.sh <<<'true'
  step supply/images.sh <<<'[[ ${1:-} != mode ]] || echo build'
  step supply/node-image.sh <<<'echo tandem/node:v1'
  step services/build.sh <<<'echo user registry.tandem.internal/user:1'
  # shellcheck disable=SC2016 # For the stand-in to expand.
  step tandem <<<'[[ $2 == check ]] || cat "$BATS_TEST_TMPDIR/topology.json"'
  cat >"$BATS_TEST_TMPDIR/topology.json" <<'END'
{"docker": {"network": "tandem"}, "clusters": [
  {"name": "shanghai", "provider": "kind", "kindName": "tandem-shanghai", "context": "kind-tandem-shanghai", "controlPlane": {"kind": "primary"}},
  {"name": "beijing", "provider": "kind", "kindName": "tandem-beijing", "context": "kind-tandem-beijing", "controlPlane": {"kind": "primary"}}]}
END
  fake docker <<<'true'
}

# step PATH < SCRIPT: a stand-in; it writes its name and arguments to $CALLS.
step() {
  mkdir -p "$(dirname "$TREE/scripts/$1")"
  rm -f "$TREE/scripts/$1"
  { printf '#!/bin/bash\nprintf "%%s %%s\\n" "%s" "$*" >>"$CALLS"\n' "$1" && cat; } >"$TREE/scripts/$1"
  chmod 0755 "$TREE/scripts/$1"
}

# blocks: the body of a step that goes on for ever in a process of its own, as a compiler would.
# shellcheck disable=SC2016 # For the stand-in to expand.
blocks() { printf '%s\n' 'bash -c '\''echo $$ >>"$PIDS"; read -r <>"$NEVER"'\''; echo "went on" >>"$CALLS"'; }

# start_up: make up in a session of its own, as from a terminal; its process is UP.
start_up() {
  setsid env --default-signal=INT,TERM "$TREE/scripts/up.sh" >"$BATS_TEST_TMPDIR/output" 2>&1 3>&- &
  UP=$!
}

working() { [[ $(wc -l <"$PIDS") == "$1" ]]; }

# ended CODE: make up ended so, nothing that it started is left, and its lock is free.
ended() {
  local pid code=0
  wait "$UP" || code=$?
  [[ $code == "$1" ]] || { printf 'exit code %s:\n%s\n' "$code" "$(<"$BATS_TEST_TMPDIR/output")" >&2; return 1; }
  while read -r pid; do eventually test ! -d "/proc/$pid"; done <"$PIDS"
  eventually flock -n "$TANDEM_STATE/lock" true
  calls_lack 'went on'
}

teardown() {
  [[ ! -s ${PIDS:-/dev/null} ]] || xargs kill <"$PIDS" 2>/dev/null || true
  [[ -z ${UP:-} ]] || kill -KILL -- "-$UP" 2>/dev/null || true
}

@test "all steps, once for each cluster, in order; the contexts at the end" {
  TELEMETRY=1 run "$TREE/scripts/up.sh"
  succeeds_with '==> images' '==> shanghai-cluster' '==> beijing-services' '==> first-call'
  [[ $(grep -vE '^(docker|tandem) ' "$CALLS" | head -n 9 | cut -d' ' -f1-2 | sed 's/ $//' | paste -sd,) == \
    'prerequisites.sh --build,docker.sh,tools.sh,registry.sh verify,registry.sh start,supply/images.sh,supply/images.sh mode,supply/node-image.sh,services/build.sh' ]]
  local first last
  first=$(jq -r '[.images[] | select(.part != "telemetry").reference] | join(" ")' "$ROOT/clusters/supply/lock.json")
  last=$(jq -r '[.images[] | select(.part == "telemetry").reference] | join(" ")' "$ROOT/clusters/supply/lock.json")
  [[ $(grep -E '^(cluster|services/deploy|telemetry)' "$CALLS" | sed "s|$first|FIRST|; s|$last|LAST|" | sort) == "\
cluster/cilium.sh beijing
cluster/cilium.sh shanghai
cluster/create.sh beijing tandem/node:v1
cluster/create.sh shanghai tandem/node:v1
cluster/istio.sh beijing
cluster/istio.sh shanghai
cluster/prefetch.sh beijing FIRST registry.tandem.internal/user:1 LAST
cluster/prefetch.sh shanghai FIRST registry.tandem.internal/user:1 LAST
services/deploy.sh beijing
services/deploy.sh shanghai
telemetry.sh beijing
telemetry.sh shanghai" ]]
  [[ $(tail -n 2 "$CALLS") == $'contexts.sh add\nsummary.sh ' ]]
}

@test "without telemetry its images are not fetched" {
  run "$TREE/scripts/up.sh"
  succeeds_with '==> first-call'
  calls_have 'cluster/prefetch.sh beijing'
  calls_lack 'prom/prometheus'
}

@test "clusters with telemetry keep it, until they are told otherwise" {
  TELEMETRY=1 "$TREE/scripts/up.sh"
  : >"$CALLS"
  run "$TREE/scripts/up.sh"
  succeeds_with '==> first-call'
  calls_have 'prom/prometheus'
  : >"$CALLS"
  TELEMETRY=0 run "$TREE/scripts/up.sh"
  calls_lack 'prom/prometheus'
}

@test "a wrong TELEMETRY is refused" {
  TELEMETRY=off run "$TREE/scripts/up.sh"
  fails_with 1 "error: TELEMETRY is 'off'" 'fix: TELEMETRY=1'
  calls_lack 'cluster/'
}

@test "a registry that does not start: its own words, and no image is made after it" {
  step registry.sh <<<'[[ $1 == verify ]] || { echo "error: port 5731 is taken" >&2; exit 1; }'
  run "$TREE/scripts/up.sh"
  fails_with 1 'error: images failed after' 'error: port 5731 is taken'
  calls_lack 'supply/images.sh'
}

@test "images that cannot be made: nothing is created" {
  step supply/images.sh <<<'echo "error: no registry answered" >&2; exit 1'
  run "$TREE/scripts/up.sh"
  fails_with 1 'error: no registry answered'
  calls_lack 'cluster/'
}

@test "a cluster that fails: the other one is finished, the failed one named with its log" {
  step cluster/cilium.sh <<<'[[ $1 != beijing ]] || { echo "error: the agent does not start" >&2; exit 1; }'
  run "$TREE/scripts/up.sh"
  fails_with 1 'beijing-network failed after' "the end of $TANDEM_STATE/logs/beijing-network.log" 'error: the agent does not start' \
    'error: these parts failed: beijing' 'then run make up again: it goes on where it stopped'
  calls_have 'cluster/istio.sh shanghai'
  calls_lack 'services/deploy.sh'
}

@test "a kubeconfig that cannot be written to does not spoil clusters that are up" {
  step contexts.sh <<<'echo "error: cannot read your kubeconfig" >&2; exit 1'
  run "$TREE/scripts/up.sh"
  succeeds_with 'error: cannot read your kubeconfig' "warning: your kubeconfig did not get the clusters' contexts"
  calls_have 'summary.sh'
}

@test "a terminal shows how long a step has taken and its last line; elsewhere there are plain lines only" {
  # shellcheck disable=SC2016 # For the stand-in to expand.
  step supply/images.sh <<<'[[ ${1:-} != mode ]] || { echo build; exit; }; echo "built image etcd"; read -r <"$NEVER"'
  setsid env -u CI script --quiet --flush --command "$TREE/scripts/up.sh" "$BATS_TEST_TMPDIR/screen" >/dev/null 2>&1 </dev/null 3>&- &
  UP=$!
  eventually grep -q "images: [0-9]* s  built image etcd" "$BATS_TEST_TMPDIR/screen"
  echo go >"$NEVER"
  wait "$UP"
  step supply/images.sh <<<'true'
  run "$TREE/scripts/up.sh"
  succeeds_with
  says_nothing_of $'\e'
}

@test "Ctrl-C while images are made: everything ends, and the next make up goes on" {
  step supply/images.sh < <(blocks)
  : >"$PIDS"
  start_up
  eventually working 1
  kill -INT -- "-$UP"
  ended 130
  grep -q 'interrupted; make up goes on where it stopped' "$BATS_TEST_TMPDIR/output"
  step supply/images.sh <<<'true'
  run "$TREE/scripts/up.sh"
  succeeds_with
}

@test "Ctrl-C while clusters are created: all of them end" {
  step cluster/create.sh < <(blocks)
  : >"$PIDS"
  start_up
  eventually working 2
  kill -INT -- "-$UP"
  ended 130
}

@test "SIGTERM to make up alone ends its parts, too" {
  step cluster/istio.sh < <(blocks)
  : >"$PIDS"
  start_up
  eventually working 2
  kill -TERM "$UP"
  ended 130
}

@test "two at once: the second make up and a make down are refused, the first goes on" {
  step cluster/create.sh < <(blocks)
  : >"$PIDS"
  start_up
  eventually working 2
  run "$TREE/scripts/up.sh"
  fails_with 1 'error: another make up or make down is running' 'fix: wait for it'
  run "$TREE/scripts/down.sh"
  fails_with 1 'error: another make up or make down is running'
  [[ -d /proc/$UP ]]
  calls_lack 'docker rm'
  kill -TERM "$UP"
  ended 130
}

@test "a daemon that a step started does not keep the lock" {
  # shellcheck disable=SC2016 # For the stand-in to expand.
  step docker.sh <<<'setsid bash -c '\''echo $$ >>"$PIDS"; read -r <>"$NEVER"'\'' >/dev/null 2>&1 & eval "exec 8>&-"'
  : >"$PIDS"
  run "$TREE/scripts/up.sh"
  succeeds_with
  working 1
  run "$TREE/scripts/up.sh"
  succeeds_with
}

@test "a cluster that make up cannot set up yet is refused before anything is created" {
  sed -i '/"beijing"/s/"provider": "kind"/"provider": "existing"/' "$BATS_TEST_TMPDIR/topology.json"
  run "$TREE/scripts/up.sh"
  fails_with 1 'ask for what make up cannot set up yet: beijing' 'fix: use provider: kind'
  calls_lack 'docker.sh'
  calls_lack 'registry.sh'
}

@test "a topology with mistakes is refused with file, line and fix before anything is created (the real steps)" {
  export TANDEM_MINIMUM_MEMORY_MIB=1 TANDEM_MINIMUM_DISK_MIB=4 TANDEM_TOPOLOGY=$BATS_TEST_TMPDIR/topology.yaml
  sed 's/network: beijing/network: shanghai/; s/zone: cn-east-1a/zoan: cn-east-1a/' "$ROOT/clusters/topology.yaml" >"$TANDEM_TOPOLOGY"
  local line
  line=$(grep -n zoan "$TANDEM_TOPOLOGY" | cut -d: -f1)
  fake dockerd <<<'exit 1'
  run "$SCRIPTS/up.sh"
  fails_with 1 "$TANDEM_TOPOLOGY:$line:" 'zoan' 'error: the topology was refused; nothing was created' "fix: correct $TANDEM_TOPOLOGY"
  # Looking which memory running clusters have taken is all that Docker was asked for.
  [[ -z $(grep '^docker' "$CALLS" | grep -v '^docker ps ' || true) ]]
  [[ ! -e $TANDEM_CACHE/registry && ! -e $TANDEM_STATE/kubeconfig ]]
}

@test "make down where nothing is, twice: fine" {
  fake docker <<<'exit 1'
  rm -rf "$TANDEM_STATE"
  run "$SCRIPTS/down.sh"
  succeeds_with "no Docker daemon answers: nothing of Tandem's runs" 'down in'
  [[ ! -e $TANDEM_STATE ]]
  run "$SCRIPTS/down.sh"
  succeeds_with 'down in'
  [[ ! -e $TANDEM_STATE ]]
}

@test "make down removes the nodes on our network, also those no topology names, and nobody else's" {
  # shellcheck disable=SC2016 # For the fake to expand.
  fake docker <<<'
    case "$*" in
      "network ls --filter"*) echo tandem ;;
      "ps --all --filter label=io.x-k8s.kind.cluster"*) printf "%s\n" "tandem-shanghai tandem-shanghai-control-plane tandem" \
        "tandem-old tandem-old-control-plane tandem" "tandem-notes tandem-notes-control-plane kind" "mine mine-control-plane tandem" ;;
      "ps --all --quiet --filter label=dev.tandem=registry") echo 0123456789ab ;;
      "network ls --quiet"*) echo fedcba9876 ;;
    esac'
  mkdir -p "$TANDEM_STATE/logs" "$TANDEM_BUILD/bin"
  touch "$TANDEM_BUILD/bin/kubectl"
  chmod 0755 "$TANDEM_BUILD/bin/kubectl"
  run "$TREE/scripts/down.sh"
  succeeds_with
  calls_have 'docker rm --force --volumes tandem-shanghai-control-plane tandem-old-control-plane'
  calls_lack 'docker rm --force --volumes tandem-notes'
  [[ $(grep -c '^docker rm' "$CALLS") == 2 ]]
  calls_have 'docker rm --force --volumes 0123456789ab'
  calls_have 'docker network rm fedcba9876'
  calls_have 'contexts.sh remove kind-tandem-old kind-tandem-shanghai'
  [[ ! -e $TANDEM_STATE ]]
}
