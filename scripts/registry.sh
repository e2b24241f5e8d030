#!/usr/bin/env bash
# Runs the local registry (distribution) that the nodes use as a mirror, on the clusters' Docker network and on loopback.
# Its contents are a cache: they stay after make down.
# usage: scripts/registry.sh [start|stop|verify]
source "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"
source "$TANDEM_ROOT/scripts/lib/supply.sh"

network() {
  local name subnet range gateway existing
  name=$(topology .docker.network)
  subnet=$(topology .docker.subnet)
  range=$(topology .docker.nodeRange)
  gateway=$(topology .docker.gateway)
  existing=$(docker network inspect --format '{{index .Labels "dev.tandem"}} {{(index .IPAM.Config 0).Subnet}}' "$name" 2>/dev/null || true)
  case $existing in
    '') ;;
    "true $subnet") return 0 ;;
    "true "*)
      docker network rm "$name" >/dev/null 2>&1 \
        || die "the Docker network '$name' has the subnet ${existing#true }, the topology says $subnet, and containers use it" "make down"
      ;;
    *) die "a Docker network '$name' exists that is not Tandem's" "set docker.network in $TANDEM_TOPOLOGY to another name" ;;
  esac
  docker network create --label dev.tandem=true --subnet "$subnet" --ip-range "$range" --gateway "$gateway" \
    --opt com.docker.network.driver.mtu=1500 "$name" >/dev/null \
    || die "cannot create the Docker network '$name' ($subnet)" "set docker.subnet in $TANDEM_TOPOLOGY to a range that nothing else uses (docker network ls; ip route)"
}

image() {
  local reference context
  reference=tandem/registry:$(binary_key registry)
  if ! docker image inspect "$reference" >/dev/null 2>&1; then
    context=$(mktemp -d)
    # shellcheck disable=SC2064
    trap "rm -rf '$context'" EXIT
    mkdir -p "$context/etc"
    install -m 0755 "$(binary registry)" "$context/registry"
    tar -C "$context" -c . | docker import --change 'ENTRYPOINT ["/registry"]' --change 'CMD ["serve", "/etc/registry.yaml"]' - "$reference" >/dev/null
  fi
  printf '%s' "$reference"
}

ready() { curl -fsS --max-time 2 "http://$REGISTRY_ADDRESS/v2/" 2>/dev/null; }

start() {
  local reference owner error range
  load_topology
  reference=$(image)
  network
  owner=$(docker container inspect --format '{{index .Config.Labels "dev.tandem"}} {{.Config.Image}} {{.State.Running}} {{index .Config.Labels "dev.tandem.port"}}' "$REGISTRY_NAME" 2>/dev/null || true)
  if [[ $owner == "registry $reference true $REGISTRY_PORT" ]] && ready >/dev/null; then return 0; fi
  case $owner in
    '') ;;
    registry\ *) docker rm -f "$REGISTRY_NAME" >/dev/null ;;
    *) die "a container named $REGISTRY_NAME exists that is not Tandem's" "rename or remove it" ;;
  esac
  mkdir -p "$TANDEM_CACHE/registry"
  # The first address after the gateway, always: a node keeps its own address, which must not be given away while it is off.
  range=$(topology .docker.nodeRange)
  if ! error=$(docker run --detach --name "$REGISTRY_NAME" --network "$(topology .docker.network)" --ip "${range%.*}.2" --restart unless-stopped \
    --label dev.tandem=registry --label "dev.tandem.port=$REGISTRY_PORT" --publish "127.0.0.1:$REGISTRY_PORT:5000" \
    --volume "$TANDEM_CACHE/registry:/var/lib/registry" --volume "$SUPPLY/files/registry.yaml:/etc/registry.yaml:ro" "$reference" 2>&1); then
    docker rm -f "$REGISTRY_NAME" >/dev/null 2>&1 || true
    [[ $error != *"already in use"* && $error != *"already allocated"* ]] \
      || die "port $REGISTRY_PORT on 127.0.0.1, where the local registry listens, is taken" "end what listens there (ss -ltnp), or set TANDEM_REGISTRY_PORT to a free port"
    die "the local registry did not start: $error" "docker logs $REGISTRY_NAME"
  fi
  await 20 "the local registry at $REGISTRY_ADDRESS" ready || die "the local registry did not answer: $(docker logs "$REGISTRY_NAME" 2>&1 | tail -n 3)"
}

# verify: hash every stored blob. A corrupt one is removed together with the names of all images that hold it, so that those
# are made again.
verify() {
  local blobs=$TANDEM_CACHE/registry/docker/registry/v2/blobs/sha256 digest
  [[ -d $blobs ]] || return 0
  # shellcheck disable=SC2016 # For the shells that xargs starts.
  find "$blobs" -name data -printf '%P\n' | xargs -r -P 2 -n 16 bash -c "$(declare -f have digests)"'; cd "$0" && digests "$@"' "$blobs" \
    | awk '{ split($2, part, "/"); if ($1 != part[2]) print part[2] }' | while read -r digest; do
    warn "the registry's blob sha256:$digest is corrupt: removing it, its images are made again"
    forget "$digest"
  done
}

# forget DIGEST: remove a blob, the manifests that name it and the tags that lead there.
forget() {
  local storage=$TANDEM_CACHE/registry/docker/registry/v2 digest=$1 found
  rm -rf "${storage:?}/blobs/sha256/${digest:0:2}/$digest"
  # Manifests are small; layers need no search.
  { find "$storage/blobs/sha256" -name data -size -64k -exec grep -lF "sha256:$digest" {} + || true; } | while read -r found; do
    forget "$(basename "$(dirname "$found")")"
  done
  { find "$storage/repositories" -path '*/_manifests/tags/*/current/link' -exec grep -lxF "sha256:$digest" {} + || true; } | while read -r found; do
    rm -rf "${found%/current/link}"
  done
}

case ${1:-start} in
  start) start ;;
  stop) docker rm -f "$REGISTRY_NAME" >/dev/null 2>&1 || true ;;
  verify) verify ;;
  *) die "unknown action '$1'" "usage: scripts/registry.sh [start|stop|verify]" ;;
esac
