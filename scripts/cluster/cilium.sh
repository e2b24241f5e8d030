#!/usr/bin/env bash
# Installs Cilium as the network of one cluster, with its pool of LoadBalancer addresses.
# usage: scripts/cluster/cilium.sh CLUSTER
source "$(dirname "${BASH_SOURCE[0]}")/../lib/common.sh"
source "$TANDEM_ROOT/scripts/lib/supply.sh"
source "$TANDEM_ROOT/scripts/lib/cluster.sh"

values() {
  local cluster=$1
  jq -n --arg name "$cluster" --argjson id "$(of_cluster "$cluster" .index)" --arg host "$(node_name "$cluster")" \
    --arg pods "$(of_cluster "$cluster" .podSubnet)" --arg agent "$(image_reference cilium)" --arg operator "$(image_reference cilium-operator)" '{
      cluster: {name: $name, id: $id}, k8sServiceHost: $host, ipv4NativeRoutingCIDR: $pods,
      image: {override: $agent}, operator: {image: {override: $operator}}}'
}

# addresses: the pool of LoadBalancer addresses and who announces them.
addresses() {
  jq -n --arg range "$(of_cluster "$1" .loadBalancers)" '
    {apiVersion: "cilium.io/v2", kind: "CiliumLoadBalancerIPPool", metadata: {name: "tandem"}, spec: {allowFirstLastIPs: "No", blocks: [{cidr: $range}]}},
    {apiVersion: "cilium.io/v2alpha1", kind: "CiliumL2AnnouncementPolicy", metadata: {name: "tandem"},
     spec: {loadBalancerIPs: true, externalIPs: false, interfaces: ["^eth[0-9]+"]}}'
}

# addresses_served CLUSTER: a definition exists before the API server serves its kind, seconds before on a busy machine.
addresses_served() { kube "$1" get ciliumloadbalancerippools.cilium.io,ciliuml2announcementpolicies.cilium.io; }

main() {
  local cluster=$1 chart inputs
  inputs=$({ values "$cluster"; addresses "$cluster"; cat "$TANDEM_ROOT/clusters/cilium/values.yaml"; printf '%s\n' "${MODULE_HASH[cilium]}"; } | hash_of)
  if ! step_done "$cluster" cilium "$inputs"; then
    chart=$(module_path cilium github.com/cilium/cilium)/install/kubernetes/cilium
    helm_on "$cluster" upgrade --install cilium "$chart" --namespace kube-system --values "$TANDEM_ROOT/clusters/cilium/values.yaml" --values <(values "$cluster")
    await 180 "the kinds of Cilium's address pool in $cluster" addresses_served "$cluster"
    addresses "$cluster" | kube "$cluster" apply --server-side -f -
    record_step "$cluster" cilium "$inputs"
  fi
  kube "$cluster" -n kube-system rollout status daemonset/cilium --timeout 180s
  kube "$cluster" wait --for=condition=Ready node --all --timeout 120s
}

main "$@"
