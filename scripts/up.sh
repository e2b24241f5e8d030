#!/usr/bin/env bash
# From nothing to clusters that call each other: Docker, images, kind clusters, Cilium, Istio, services, a first call.
# Safe to run again at any time: what is done stays, what is missing or was left half-made is made.
# usage: scripts/up.sh      settings: IMAGES, TELEMETRY, REGISTRY_MIRROR, TANDEM_REGISTRY_PORT, TANDEM_CACHE, TANDEM_STATE (see README)
source "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"

STEPS=$TANDEM_ROOT/scripts
declare -A _pids=()

# background NAME COMMAND...: run a part beside the others; join_background waits for all and fails when one failed.
background() {
  local name=$1
  shift
  "$@" &
  _pids[$name]=$!
}

join_background() {
  local name failed=()
  start_clock "$(printf '%s\n' "${!_pids[@]}" | sort | paste -sd' ')"
  for name in "${!_pids[@]}"; do
    wait "${_pids[$name]}" || failed+=("$name")
  done
  _pids=()
  stop_clock
  ((${#failed[@]} == 0)) || die "these parts failed: ${failed[*]}" "read the messages above and $TANDEM_LOGS, then run make up again: it goes on where it stopped"
}

interrupted() {
  trap - INT TERM
  warn "interrupted; make up goes on where it stopped, make down removes everything"
  kill_sampler
  local pid
  for pid in $(jobs -p); do end_tree "$pid"; done
  exit 130
}

# end_tree PID: end a part and all that it started; left running, it would work against the next make up. It is stopped first:
# when its child ends before it does, it would go on to the next command.
end_tree() {
  local child
  kill -STOP "$1" 2>/dev/null || return 0
  for child in $(cat "/proc/$1/task/$1/children" 2>/dev/null); do end_tree "$child"; done
  kill -TERM "$1" 2>/dev/null || true
  kill -CONT "$1" 2>/dev/null || true
}

kill_sampler() { [[ -z ${_sampler:-} ]] || kill "$_sampler" 2>/dev/null || true; }

unsupported() {
  local wrong
  wrong=$(topology '.clusters[] | select(.provider != "kind") | .name')
  [[ -z $wrong ]] || die "these clusters ask for what make up cannot set up yet: ${wrong//$'\n'/ }" "use provider: kind"
}

fill_registry() {
  "$STEPS/registry.sh" verify
  "$STEPS/registry.sh" start
  "$STEPS/supply/images.sh"
}

node_image() {
  local mode
  mode=$("$STEPS/supply/images.sh" mode)
  if [[ $mode == pull ]]; then
    local reference
    reference=$REGISTRY_ADDRESS/$(jq -r .node.reference "$TANDEM_LOCK")
    docker pull --quiet "$reference" >&2
    printf '%s\n' "$reference"
  else
    "$STEPS/supply/node-image.sh"
  fi
}

build_node_image() { node_image >"$TANDEM_STATE/node-image"; }
build_services() { "$STEPS/services/build.sh" >"$TANDEM_STATE/services"; }
deploy() { "$STEPS/services/deploy.sh" "$1" <"$TANDEM_STATE/services"; }

base_of_cluster() {
  local cluster=$1 mesh
  phase "$cluster-cluster" "$STEPS/cluster/create.sh" "$cluster" "$(<"$TANDEM_STATE/node-image")"
  # At once: the mesh's definitions need no network, and its control plane starts as soon as there is one.
  phase "$cluster-mesh" "$STEPS/cluster/istio.sh" "$cluster" &
  mesh=$!
  phase "$cluster-network" "$STEPS/cluster/cilium.sh" "$cluster" || {
    end_tree "$mesh"
    return 1
  }
  wait "$mesh"
}

# fetch_ahead CLUSTER: the images that a new node will need, in that order.
fetch_ahead() {
  local images
  mapfile -t images < <(
    jq -r '.images[] | select(.part != "telemetry").reference' "$TANDEM_LOCK"
    cut -d' ' -f2 "$TANDEM_STATE/services"
    ! telemetry_wanted || jq -r '.images[] | select(.part == "telemetry").reference' "$TANDEM_LOCK"
  )
  "$STEPS/cluster/prefetch.sh" "$1" "${images[@]}"
}

main() {
  local started cluster
  started=$(now)
  mkdir -p "$TANDEM_STATE" "$TANDEM_LOGS" "$TANDEM_STATE/secrets"
  chmod 0700 "$TANDEM_STATE"
  exec 8>"$TANDEM_STATE/lock"
  have flock && ! flock -n 8 && die "another make up or make down is running" "wait for it"
  trap interrupted INT TERM
  : >"$TANDEM_STATE/phases.tsv"
  # Said before anything is done.
  telemetry_wanted || true
  [[ -z ${TELEMETRY:-} ]] || printf '%s' "$TELEMETRY" >"$TANDEM_STATE/telemetry"

  "$STEPS/prerequisites.sh" --build
  use_java
  phase topology "$STEPS/tandem" topology check --file "$TANDEM_TOPOLOGY" || die "the topology was refused; nothing was created" "correct $TANDEM_TOPOLOGY"
  # Read once, for all steps: starting the JVM for each would be half of a run that changes nothing.
  load_topology
  unsupported
  phase docker "$STEPS/docker.sh"
  phase tools "$STEPS/tools.sh"
  source "$STEPS/lib/cluster.sh"
  source "$STEPS/lib/memory.sh"
  rm -f "$TANDEM_STATE/peak-memory"
  (trap - INT TERM && sample_memory "$TANDEM_STATE/peak-memory") 8>&- &
  _sampler=$!
  trap kill_sampler EXIT

  phase images fill_registry
  phase node-image build_node_image
  phase service-images build_services
  "$STEPS/ca.sh"
  "$STEPS/tokens.sh"
  "$STEPS/charts.sh"
  [[ -s $TANDEM_STATE/secrets/postgres-password ]] \
    || (umask 077 && head -c 18 /dev/urandom | base64 | tr '+/' '-_' | tr -d '\n' >"$TANDEM_STATE/secrets/postgres-password")

  for cluster in $(cluster_names); do
    background "$cluster" base_of_cluster "$cluster"
    [[ -f $TANDEM_STATE/clusters/$cluster ]] || background "$cluster-images" phase "$cluster-images" fetch_ahead "$cluster"
  done
  join_background
  for cluster in $(cluster_names); do
    background "$cluster" phase "$cluster-services" deploy "$cluster"
    background "$cluster-telemetry" phase "$cluster-telemetry" "$STEPS/telemetry.sh" "$cluster"
  done
  background mesh-join phase mesh-join "$STEPS/mesh-join.sh"
  join_background
  phase first-call "$STEPS/first-call.sh"
  "$STEPS/contexts.sh" add || warn "your kubeconfig did not get the clusters' contexts; they are in $TANDEM_KUBECONFIG"
  record_phase total "$started"
  "$STEPS/summary.sh"
}

main "$@"
