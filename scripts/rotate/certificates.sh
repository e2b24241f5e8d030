#!/usr/bin/env bash
# Replaces one control plane's certificate authority by a new one under the same root, and then every certificate that it has
# issued, by restarting what holds one, pod after pod, in its own cluster and in the remotes that it serves. Calls go on.
# Interrupted, it is run again.
# usage: scripts/rotate/certificates.sh CLUSTER
source "$(dirname "${BASH_SOURCE[0]}")/../lib/common.sh"
source "$TANDEM_ROOT/scripts/lib/cluster.sh"

serial() { openssl x509 -noout -serial -in "$1"; }

# restart CLUSTER: what holds a certificate, except for the callers, whose calls would end.
restart() {
  local workload
  for workload in $(kube "$1" -n tandem get deployments -o name | grep -v '/caller$'); do
    kube "$1" -n tandem rollout restart "$workload" >/dev/null
    kube "$1" -n tandem rollout status "$workload" --timeout 300s >/dev/null
  done
  kube "$1" -n istio-system rollout restart deployment/istio-eastwestgateway >/dev/null
  kube "$1" -n istio-system rollout status deployment/istio-eastwestgateway --timeout 180s >/dev/null
}

main() {
  local cluster=${1:-} folder served
  known_cluster "$cluster"
  ! is_remote "$cluster" || die "$cluster has no authority of its own: the one of $(primary_of "$cluster") issues its certificates" \
    "scripts/rotate/certificates.sh $(primary_of "$cluster")"
  folder=$TANDEM_STATE/ca/$cluster
  # Made anew by ca.sh because it is not there; the root stays, so that both generations are trusted everywhere.
  rm -f "$folder/cert-chain.pem"
  "$TANDEM_ROOT/scripts/ca.sh"
  hand_authority "$cluster" --force-conflicts >/dev/null
  # The control plane first: it reads its authority at its start.
  kube "$cluster" -n istio-system rollout restart deployment/istiod >/dev/null
  kube "$cluster" -n istio-system rollout status deployment/istiod --timeout 180s >/dev/null
  for served in $(served_by "$cluster"); do restart "$served"; done
  info "$cluster issues certificates by the authority $(serial "$folder/ca-cert.pem")"
}

main "$@"
