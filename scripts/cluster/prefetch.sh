#!/usr/bin/env bash
# Fetches images into the node of one cluster while its control plane still starts, so that no pod waits for them later.
# Only a head start: a pod whose image is not there yet fetches it itself, so that nothing here fails make up.
# usage: scripts/cluster/prefetch.sh CLUSTER IMAGE...
source "$(dirname "${BASH_SOURCE[0]}")/../lib/common.sh"
source "$TANDEM_ROOT/scripts/lib/cluster.sh"

main() {
  local node image
  node=$(node_name "$1")
  shift
  await 90 "containerd on $node" docker exec "$node" ctr version || return 0
  for image in "$@"; do
    docker exec "$node" ctr --namespace k8s.io images pull --hosts-dir /etc/containerd/certs.d "$image" >/dev/null \
      || warn "$image was not fetched ahead to $node"
  done
}

main "$@"
