#!/usr/bin/env bash
# Revokes the token by which the other clusters' control planes watch one cluster, and gives them a new one. They keep what they
# knew in between.
# usage: scripts/rotate/remote-secrets.sh CLUSTER
source "$(dirname "${BASH_SOURCE[0]}")/../lib/common.sh"
source "$TANDEM_ROOT/scripts/lib/cluster.sh"

main() {
  local cluster=${1:-} watcher watchers secret
  known_cluster "$cluster"
  watchers=$(primary_names | grep -vx "$cluster") || die "no control plane but its own watches $cluster: there is no token to rotate" "name another cluster"
  # Deleting the Secret revokes its token; istioctl makes another.
  kube "$cluster" -n istio-system delete secret istio-reader-service-account-istio-remote-secret-token --ignore-not-found >/dev/null
  secret=$(remote_secret "$cluster")
  for watcher in $watchers; do
    kube "$watcher" apply --server-side --force-conflicts -f - <<<"$secret" >/dev/null
  done
  info "the control planes that watch $cluster have a new token"
}

main "$@"
