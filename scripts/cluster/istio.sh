#!/usr/bin/env bash
# Installs Istio's control plane and the east-west gateway on one cluster.
# usage: scripts/cluster/istio.sh CLUSTER
source "$(dirname "${BASH_SOURCE[0]}")/../lib/common.sh"
source "$TANDEM_ROOT/scripts/lib/supply.sh"
source "$TANDEM_ROOT/scripts/lib/cluster.sh"

ISTIO=$TANDEM_ROOT/istio

control_plane_values() {
  local pilot
  pilot=$(image_reference pilot)
  jq -n --arg mesh "$(topology .mesh.id)" --arg domain "$(topology .mesh.trustDomain)" --arg cluster "$1" --arg network "$(of_cluster "$1" .network)" \
    --arg hub "${pilot%/pilot:*}" --arg tag "${pilot##*:}" '{
      global: {hub: $hub, tag: $tag, meshID: $mesh, multiCluster: {clusterName: $cluster}, network: $network},
      meshConfig: {trustDomain: $domain}}'
}

gateway_values() { jq -n --arg network "$(of_cluster "$1" .network)" '{networkGateway: $network}'; }

# authority: this cluster's intermediate certificate under the shared root.
authority() {
  local cluster=$1 folder=$TANDEM_STATE/ca/$1
  kube "$cluster" create namespace istio-system --dry-run=client -o json \
    | jq --arg network "$(of_cluster "$cluster" .network)" '.metadata.labels["topology.istio.io/network"] = $network' \
    | kube "$cluster" apply --server-side -f -
  kube "$cluster" -n istio-system create secret generic cacerts --from-file="$folder/ca-cert.pem" --from-file="$folder/ca-key.pem" \
    --from-file="$folder/root-cert.pem" --from-file="$folder/cert-chain.pem" --dry-run=client -o yaml | kube "$cluster" apply --server-side -f -
}

# gateway_api CLUSTER: the routes of the Gateway API, of the release that Istio is built with. Its charts do not have them.
gateway_api() {
  local cluster=$1 definitions kind files=()
  definitions=$(module_path istio sigs.k8s.io/gateway-api)/config/crd/standard
  for kind in gatewayclasses gateways grpcroutes httproutes referencegrants; do
    files+=(--filename "$definitions/gateway.networking.k8s.io_$kind.yaml")
  done
  kube "$cluster" apply --server-side "${files[@]}"
}

main() {
  local cluster=$1 charts inputs
  inputs=$({ control_plane_values "$cluster"; gateway_values "$cluster"; find "$ISTIO" -type f | LC_ALL=C sort | xargs cat
    cat "$TANDEM_STATE/ca/$cluster/ca-cert.pem"; printf '%s\n' "${MODULE_HASH[istio]}"; declare -f gateway_api; } | hash_of)
  if ! step_done "$cluster" istio "$inputs"; then
    charts=$(module_path istio istio.io/istio)/manifests/charts
    authority "$cluster"
    gateway_api "$cluster"
    helm_on "$cluster" upgrade --install istio-base "$charts/base" --namespace istio-system --values <(control_plane_values "$cluster")
    helm_on "$cluster" upgrade --install istiod "$charts/istio-control/istio-discovery" --namespace istio-system \
      --values "$ISTIO/values.yaml" --values <(control_plane_values "$cluster")
    kube "$cluster" -n istio-system rollout status deployment/istiod --timeout 240s
    helm_on "$cluster" upgrade --install istio-eastwestgateway "$charts/gateway" --namespace istio-system \
      --values "$ISTIO/gateway-values.yaml" --values <(gateway_values "$cluster")
    kube "$cluster" apply --server-side -k "$ISTIO/base"
    record_step "$cluster" istio "$inputs"
  fi
  kube "$cluster" -n istio-system rollout status deployment/istiod --timeout 240s
  kube "$cluster" -n istio-system rollout status deployment/istio-eastwestgateway --timeout 180s
}

main "$@"
