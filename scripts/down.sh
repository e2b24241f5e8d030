#!/usr/bin/env bash
# Removes what make up made: clusters, registry container, network, contexts, state. Caches stay (make clean removes them).
# usage: scripts/down.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"

answers() { docker version >/dev/null 2>&1; }

# own_nodes: "CLUSTER NODE" of the kind clusters that are ours, by where they are and not by the topology, so that a cluster
# that was taken out of the topology goes too. Somebody's own kind cluster may be called tandem-something, but is elsewhere.
own_nodes() {
  local networks
  networks=$(docker network ls --filter label=dev.tandem=true --format '{{.Name}}' | paste -sd, -)
  # docker ps ignores --format beside --quiet.
  docker ps --all --filter label=io.x-k8s.kind.cluster --format '{{.Label "io.x-k8s.kind.cluster"}} {{.Names}} {{.Networks}}' \
    | awk -v networks=",$networks," -v made=" $(cd "$TANDEM_STATE/clusters" 2>/dev/null && echo *) " '
      $1 ~ /^tandem-/ && NF == 3 && (index(networks, "," $3 ",") || index(made, " " substr($1, 8) " ")) { print $1, $2 }'
}

# remove_containers < lines of own_nodes
remove_containers() {
  local node label nodes=()
  while read -r _ node; do
    docker unpause "$node" >/dev/null 2>&1 || true
    nodes+=("$node")
  done
  ((${#nodes[@]} == 0)) || docker rm --force --volumes "${nodes[@]}" >/dev/null
  # Of trial runs only what a killed build has left.
  for label in registry trial; do docker ps --all --quiet --filter "label=dev.tandem=$label" | xargs -r docker rm --force --volumes >/dev/null; done
  docker network ls --quiet --filter label=dev.tandem=true | xargs -r docker network rm >/dev/null
}

main() {
  local started found=''
  started=$(now)
  mkdir -p "$TANDEM_STATE"
  exec 8>"$TANDEM_STATE/lock"
  ! have flock || flock -n 8 || die "another make up or make down is running" "wait for it"
  if ! answers && [[ -f $TANDEM_STATE/docker/dockerd.pid ]]; then
    info "the Docker daemon that make up started is gone: starting it again, to remove what it left"
    "$TANDEM_ROOT/scripts/docker.sh" 8>&-
  fi
  if answers; then
    step "removing clusters, registry and network"
    found=$(own_nodes)
    remove_containers < <(grep . <<<"$found")
  elif [[ $(docker version 2>&1 || true) == *"permission denied"* ]]; then
    "$TANDEM_ROOT/scripts/docker.sh"
  else
    info "no Docker daemon answers: nothing of Tandem's runs"
  fi
  if [[ -x $TANDEM_BUILD/bin/kubectl ]]; then
    awk 'NF { print "kind-" $1 }' <<<"$found" | sort -u | xargs "$TANDEM_ROOT/scripts/contexts.sh" remove \
      || warn "could not take the contexts out of your kubeconfig"
  fi
  "$TANDEM_ROOT/scripts/docker.sh" stop
  # A daemon that stays, because others use it, needs its runtime and its process id.
  find "$TANDEM_STATE" -mindepth 1 -maxdepth 1 ! -name docker -exec rm -rf {} +
  [[ -f $TANDEM_STATE/docker/dockerd.pid ]] || rm -rf "${TANDEM_STATE:?}"
  info "down in $(since "$started") s; caches stay in $TANDEM_CACHE (make clean removes them)"
}

main "$@"
