# What the steps on one cluster share. Sourced after common.sh.
# shellcheck shell=bash

load_topology

kind_name() { topology --arg n "$1" '.clusters[] | select(.name == $n).kindName'; }
node_name() { printf '%s-control-plane' "$(kind_name "$1")"; }
of_cluster() { topology --arg n "$1" ".clusters[] | select(.name == \$n) | $2"; }
cluster_names() { topology '.clusters[].name'; }

# Which cluster's istiod serves which: a primary has one, a remote has none.
primary_names() { topology '.clusters[] | select(.controlPlane.kind == "primary").name'; }
primary_of() { of_cluster "$1" .controlPlane.primary; }
is_remote() { [[ $(primary_of "$1") != "$1" ]]; }
serves_remotes() { [[ $(topology --arg n "$1" '[.clusters[] | select(.controlPlane.primary == $n)] | length') -gt 1 ]]; }
served_by() { topology --arg n "$1" '.clusters[] | select(.controlPlane.primary == $n).name'; }

# gateway_address CLUSTER: where its east-west gateway is; nothing while it has no address.
gateway_address() {
  kube "$1" -n istio-system get service istio-eastwestgateway -o jsonpath='{.status.loadBalancer.ingress[0].ip}' 2>/dev/null || true
}

# taken_over CLUSTER: its primary's istiod has told its API server whom to trust about sidecars.
taken_over() {
  [[ -n $(kube "$1" get mutatingwebhookconfiguration istio-sidecar-injector -o jsonpath='{.webhooks[0].clientConfig.caBundle}' 2>/dev/null) ]]
}

# known_cluster CLUSTER: or die.
known_cluster() {
  [[ -n $1 ]] && cluster_names | grep -qx "$1" || die "no cluster '$1' in the topology" "one of: $(cluster_names | paste -sd' ')"
}

# remote_secret CLUSTER: how others reach this cluster, with a token that istioctl makes when there is none.
remote_secret() {
  istioctl create-remote-secret --kubeconfig "$TANDEM_KUBECONFIG" --context "$(of_cluster "$1" .context)" --name "$1" \
    --server "https://$(node_name "$1"):6443"
}

# hand_authority CLUSTER FLAG...: this cluster's intermediate certificate under the shared root, for its istiod.
hand_authority() {
  local folder=$TANDEM_STATE/ca/$1
  kube "$1" -n istio-system create secret generic cacerts --from-file="$folder/ca-cert.pem" --from-file="$folder/ca-key.pem" \
    --from-file="$folder/root-cert.pem" --from-file="$folder/cert-chain.pem" --dry-run=client -o yaml \
    | kube "$1" apply --server-side "${@:2}" -f -
}

helm_on() {
  local cluster=$1
  shift
  helm --kubeconfig "$TANDEM_KUBECONFIG" --kube-context "$(of_cluster "$cluster" .context)" "$@"
}

# rolled_out CLUSTER NAMESPACE: every workload there is available.
rolled_out() {
  kube "$1" -n "$2" get deployment,statefulset,daemonset -o name \
    | xargs -P 4 -I{} kubectl --kubeconfig "$TANDEM_KUBECONFIG" --context "$(of_cluster "$1" .context)" -n "$2" rollout status {} --timeout 300s
}

# step_done CLUSTER STEP HASH: the cluster itself remembers with which inputs a step was last finished on it.
step_done() {
  [[ $(kube "$1" -n kube-system get configmap tandem-steps -o "jsonpath={.data.$2}" --ignore-not-found 2>/dev/null) == "$3" ]]
}

record_step() {
  kube "$1" -n kube-system create configmap tandem-steps --dry-run=client -o yaml | kube "$1" apply --server-side --field-manager "tandem" -f - >/dev/null
  kube "$1" -n kube-system patch configmap tandem-steps --type merge -p "{\"data\":{\"$2\":\"$3\"}}" >/dev/null
}

# no_migration CLUSTER: refuses while a service is being migrated there. Helm would write the routes of before over those of the
# migration: calls would reach pods that do not know the new version.
no_migration() {
  local services
  services=$(kube "$1" -n tandem get configmap --selector tandem.dev/migration -o json \
    | jq -r '[.items[] | select(.data["progress.json"]) | .metadata.labels["tandem.dev/migration"]] | join(", ")')
  [[ -z $services ]] || die "$services is being migrated in $1, and Helm would change its routes; nothing was changed" \
    "scripts/tandem status, then scripts/tandem migrate finish or rollback $services, and this command again"
}
