#!/usr/bin/env bash
# Lets every control plane watch every other cluster: one remote secret for each pair of a primary and another cluster. The API servers are named by
# their nodes' names on the Docker network, so that a node which comes back with another address stays reachable.
# usage: scripts/mesh-join.sh [WATCHED WATCHER]      without a pair: all
source "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"
source "$TANDEM_ROOT/scripts/lib/cluster.sh"

# identity CLUSTER: changes when the cluster was made anew, which makes older secrets for it worthless.
identity() {
  kubectl config view --kubeconfig "$TANDEM_KUBECONFIG" --raw -o json \
    | jq -r --arg n "$(of_cluster "$1" .context)" '.clusters[] | select(.name == $n).cluster["certificate-authority-data"]' | sha256sum | cut -c1-24
}

main() {
  local watched watcher secret identity
  for watched in ${1:-$(cluster_names)}; do
    # Made once: each call would make a new token.
    secret=''
    identity=$(identity "$watched")
    for watcher in ${2:-$(primary_names)}; do
      [[ $watcher != "$watched" ]] || continue
      if step_done "$watcher" "join-$watched" "$identity"; then continue; fi
      [[ -n $secret ]] || secret=$(remote_secret "$watched")
      kube "$watcher" apply --server-side --force-conflicts -f - <<<"$secret"
      record_step "$watcher" "join-$watched" "$identity"
    done
  done
}

main "$@"
