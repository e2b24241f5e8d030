#!/usr/bin/env bash
# Installs Istio on one cluster: a control plane, or the way to the one of its primary, and the east-west gateway.
# usage: scripts/cluster/istio.sh CLUSTER
source "$(dirname "${BASH_SOURCE[0]}")/../lib/common.sh"
source "$TANDEM_ROOT/scripts/lib/supply.sh"
source "$TANDEM_ROOT/scripts/lib/cluster.sh"

ISTIO=$TANDEM_ROOT/istio

# control_plane_values CLUSTER [ADDRESS]: of a remote, ADDRESS is where its primary's gateway is.
control_plane_values() {
  local pilot serves=false
  pilot=$(image_reference pilot)
  ! serves_remotes "$1" || serves=true
  jq -n --arg mesh "$(topology .mesh.id)" --arg domain "$(topology .mesh.trustDomain)" --arg cluster "$1" --arg network "$(of_cluster "$1" .network)" \
    --arg hub "${pilot%/pilot:*}" --arg tag "${pilot##*:}" --arg address "${2:-}" --argjson serves "$serves" '{
      global: {hub: $hub, tag: $tag, meshID: $mesh, multiCluster: {clusterName: $cluster}, network: $network},
      meshConfig: {trustDomain: $domain}}
    | if $serves then .global.externalIstiod = true else . end
    | if $address != "" then
        # Rules are not read here, so nothing asks whether they are right.
        . + {profile: "remote", defaultRevision: "", istiodRemote: {injectionPath: "/inject/cluster/\($cluster)/net/\($network)"}}
        | .global.remotePilotAddress = $address
      else . end'
}

gateway_values() { jq -n --arg network "$(of_cluster "$1" .network)" '{networkGateway: $network}'; }

mesh_namespace() {
  local primary=''
  ! is_remote "$1" || primary=$(primary_of "$1")
  kube "$1" create namespace istio-system --dry-run=client -o json \
    | jq --arg network "$(of_cluster "$1" .network)" --arg primary "$primary" '
      .metadata.labels["topology.istio.io/network"] = $network
      | if $primary != "" then .metadata.annotations["topology.istio.io/controlPlaneClusters"] = $primary else . end' \
    | kube "$1" apply --server-side -f -
}

# keeps_model CLUSTER: a running cluster gets no other kind of control plane: its proxies would lose theirs in between.
keeps_model() {
  local found wanted=istiod/pilot
  ! is_remote "$1" || wanted=istiod/
  found=$(kube "$1" -n istio-system get service istiod -o jsonpath='{.metadata.name}/{.spec.selector.istio}' --ignore-not-found)
  [[ -z $found || $found == "$wanted" ]] \
    || die "the topology gives $1 another control plane (that of $(primary_of "$1")) than it runs with" "make down, then make up"
}

has_gateway() { [[ -n $(gateway_address "$1") ]]; }

primary() {
  local cluster=$1 charts=$2
  hand_authority "$cluster"
  install "$cluster" istio-base "$charts/base" --values <(control_plane_values "$cluster")
  install "$cluster" istiod "$charts/istio-control/istio-discovery" --values "$ISTIO/values.yaml" --values <(control_plane_values "$cluster")
  kube "$cluster" -n istio-system rollout status deployment/istiod --timeout 240s
  kube "$cluster" apply --server-side -k "$ISTIO/base"
  if serves_remotes "$cluster"; then
    kube "$cluster" apply --server-side -k "$ISTIO/serves-remotes"
  else
    kube "$cluster" delete --ignore-not-found -k "$ISTIO/serves-remotes"
  fi
}

# remote CLUSTER CHARTS ADDRESS: a Service named istiod that leads to the primary's gateway, and the webhook by which that
# istiod puts sidecars into this cluster's pods, the gateway's among them. It has to watch this cluster first.
remote() {
  local cluster=$1 charts=$2 primary
  primary=$(primary_of "$cluster")
  install "$cluster" istio-base "$charts/base" --values <(control_plane_values "$cluster" "$3")
  install "$cluster" istiod "$charts/istio-control/istio-discovery" --values "$ISTIO/values.yaml" --values <(control_plane_values "$cluster" "$3")
  "$TANDEM_ROOT/scripts/mesh-join.sh" "$cluster" "$primary"
  await 120 "the control plane in $primary to take $cluster over" taken_over "$cluster"
}

install() {
  local cluster=$1 name=$2 chart=$3
  shift 3
  helm_on "$cluster" upgrade --install "$name" "$chart" --namespace istio-system "$@"
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
  local cluster=$1 charts inputs address=''
  keeps_model "$cluster"
  if is_remote "$cluster"; then
    await 420 "the east-west gateway of $(primary_of "$cluster"), which leads to the control plane of $cluster" has_gateway "$(primary_of "$cluster")"
    address=$(gateway_address "$(primary_of "$cluster")")
  fi
  inputs=$({ control_plane_values "$cluster" "$address"; gateway_values "$cluster"; find "$ISTIO" -type f | LC_ALL=C sort | xargs cat
    cat "$TANDEM_STATE/ca/$(primary_of "$cluster")/ca-cert.pem"; printf '%s\n' "${MODULE_HASH[istio]}"; declare -f gateway_api; } | hash_of)
  if ! step_done "$cluster" istio "$inputs"; then
    charts=$(module_path istio istio.io/istio)/manifests/charts
    mesh_namespace "$cluster"
    gateway_api "$cluster"
    if [[ -z $address ]]; then primary "$cluster" "$charts"; else remote "$cluster" "$charts" "$address"; fi
    install "$cluster" istio-eastwestgateway "$charts/gateway" --values "$ISTIO/gateway-values.yaml" --values <(gateway_values "$cluster")
    record_step "$cluster" istio "$inputs"
  fi
  [[ -n $address ]] || kube "$cluster" -n istio-system rollout status deployment/istiod --timeout 240s
  kube "$cluster" -n istio-system rollout status deployment/istio-eastwestgateway --timeout 180s
}

main "$@"
