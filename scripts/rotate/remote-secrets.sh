#!/usr/bin/env bash
# Revokes the token by which the other clusters' control planes watch one cluster, and gives them a new one. They keep what they
# knew in between.
# usage: scripts/rotate/remote-secrets.sh CLUSTER
source "$(dirname "${BASH_SOURCE[0]}")/../lib/common.sh"
source "$TANDEM_ROOT/scripts/lib/cluster.sh"

main() {
  local cluster=${1:-} watcher secret
  [[ -n $cluster ]] && cluster_names | grep -qx "$cluster" || die "no cluster '$cluster' in the topology" "one of: $(cluster_names | paste -sd' ')"
  # Deleting the Secret revokes its token; istioctl makes another.
  kube "$cluster" -n istio-system delete secret istio-reader-service-account-istio-remote-secret-token --ignore-not-found >/dev/null
  secret=$(istioctl create-remote-secret --kubeconfig "$TANDEM_KUBECONFIG" --context "$(of_cluster "$cluster" .context)" --name "$cluster" \
    --server "https://$(node_name "$cluster"):6443")
  for watcher in $(cluster_names); do
    [[ $watcher != "$cluster" ]] || continue
    kube "$watcher" apply --server-side --force-conflicts -f - <<<"$secret" >/dev/null
  done
  info "the control planes that watch $cluster have a new token"
}

main "$@"
