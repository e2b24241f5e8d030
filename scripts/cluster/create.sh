#!/usr/bin/env bash
# Creates one kind cluster of the topology, or wakes it when its node was stopped. The network comes with cilium.sh.
# usage: scripts/cluster/create.sh CLUSTER NODE-IMAGE
source "$(dirname "${BASH_SOURCE[0]}")/../lib/common.sh"
source "$TANDEM_ROOT/scripts/lib/cluster.sh"

api_ready() { kube "$1" get --raw /readyz; }

# configuration CLUSTER IMAGE: kind's configuration from the topology, with the mirror settings mounted into the node.
configuration() {
  "$TANDEM_ROOT/scripts/tandem" topology kind-config "$1" --file "$TANDEM_TOPOLOGY" --image "$2" \
    --cgroup "v$(docker info --format '{{.CgroupVersion}}')" --certs-d "$TANDEM_STATE/certs.d"
}

# mirrors: for each registry of the lock, where containerd finds its images first.
mirrors() {
  local host folder
  for host in $(jq -r '[.images[].reference, .java.reference, .node.reference] | map(split("/")[0]) | unique[]' "$TANDEM_LOCK"); do
    folder=$TANDEM_STATE/certs.d/$host
    mkdir -p "$folder"
    printf 'server = "https://%s"\n[host."http://%s:5000/v2/%s"]\n  capabilities = ["pull", "resolve"]\n  override_path = true\n' \
      "$host" "$REGISTRY_NAME" "$host" >"$folder/hosts.toml"
  done
}

# pin_address NODE: the address that Docker chose becomes the node's own. Otherwise a reboot would deal the addresses anew,
# and certificates, remote secrets and Cilium's endpoints name them.
pin_address() {
  local network address
  network=$(topology .docker.network)
  address=$(docker container inspect --format "{{(index .NetworkSettings.Networks \"$network\").IPAddress}}" "$1")
  docker network disconnect "$network" "$1"
  docker network connect --ip "$address" "$network" "$1"
}

main() {
  local cluster=$1 image=$2 name node mark wanted state
  name=$(kind_name "$cluster")
  node=$(node_name "$cluster")
  mark=$TANDEM_STATE/clusters/$cluster
  mkdir -p "$TANDEM_STATE/clusters"
  mirrors
  wanted=$(configuration "$cluster" "$image" | sha256sum | cut -c1-24)
  state=$(docker container inspect --format '{{.State.Status}} {{index .Config.Labels "io.x-k8s.kind.cluster"}}' "$node" 2>/dev/null || true)
  if [[ -n $state && ${state#* } != "$name" ]]; then
    die "a container named $node exists that is not kind's" "rename or remove it"
  fi
  if [[ -n $state && ! -f $mark ]]; then
    info "the cluster $cluster was left half-made: making it again"
    kind delete cluster --name "$name" --kubeconfig "$TANDEM_KUBECONFIG" >/dev/null 2>&1
    state=''
  fi
  if [[ -n $state && $(<"$mark") != "$wanted" ]]; then
    die "the topology or the node image of $cluster changed, and its cluster runs with the old one" "make down, then make up"
  fi
  if [[ -z $state ]]; then
    rm -f "$mark"
    configuration "$cluster" "$image" \
      | KIND_EXPERIMENTAL_DOCKER_NETWORK=$(topology .docker.network) kind create cluster --name "$name" --kubeconfig "$TANDEM_KUBECONFIG" --config - --wait 0s
    pin_address "$node"
    printf '%s' "$wanted" >"$mark"
  else
    case ${state%% *} in
      paused) docker unpause "$node" >/dev/null ;;
      running) ;;
      *) info "starting the stopped node of $cluster" && docker start "$node" >/dev/null ;;
    esac
    [[ -f $TANDEM_KUBECONFIG ]] && kube "$cluster" config view --raw -o name >/dev/null 2>&1 \
      || kind export kubeconfig --name "$name" --kubeconfig "$TANDEM_KUBECONFIG"
  fi
  await 120 "the API server of $cluster" api_ready "$cluster"
}

main "$@"
