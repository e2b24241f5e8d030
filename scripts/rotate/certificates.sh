#!/usr/bin/env bash
# Replaces one cluster's certificate authority by a new one under the same root, and then every certificate that it has issued, by
# restarting what holds one, pod after pod. Calls go on. Interrupted, it is run again.
# usage: scripts/rotate/certificates.sh CLUSTER
source "$(dirname "${BASH_SOURCE[0]}")/../lib/common.sh"
source "$TANDEM_ROOT/scripts/lib/cluster.sh"

serial() { openssl x509 -noout -serial -in "$1"; }

main() {
  local cluster=${1:-} folder workload
  [[ -n $cluster ]] && cluster_names | grep -qx "$cluster" || die "no cluster '$cluster' in the topology" "one of: $(cluster_names | paste -sd' ')"
  folder=$TANDEM_STATE/ca/$cluster
  # Made anew by ca.sh because it is not there; the root stays, so that both generations are trusted everywhere.
  rm -f "$folder/cert-chain.pem"
  "$TANDEM_ROOT/scripts/ca.sh"
  kube "$cluster" -n istio-system create secret generic cacerts --from-file="$folder/ca-cert.pem" --from-file="$folder/ca-key.pem" \
    --from-file="$folder/root-cert.pem" --from-file="$folder/cert-chain.pem" --dry-run=client -o yaml \
    | kube "$cluster" apply --server-side --force-conflicts -f - >/dev/null
  # The control plane first: it reads its authority at its start.
  kube "$cluster" -n istio-system rollout restart deployment/istiod >/dev/null
  kube "$cluster" -n istio-system rollout status deployment/istiod --timeout 180s >/dev/null
  for workload in $(kube "$cluster" -n tandem get deployments -o name | grep -v '/caller$'); do
    kube "$cluster" -n tandem rollout restart "$workload" >/dev/null
    kube "$cluster" -n tandem rollout status "$workload" --timeout 300s >/dev/null
  done
  kube "$cluster" -n istio-system rollout restart deployment/istio-eastwestgateway >/dev/null
  kube "$cluster" -n istio-system rollout status deployment/istio-eastwestgateway --timeout 180s >/dev/null
  info "$cluster issues certificates by the authority $(serial "$folder/ca-cert.pem")"
}

main "$@"
