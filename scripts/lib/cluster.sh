# What the steps on one cluster share. Sourced after common.sh.
# shellcheck shell=bash

load_topology

kind_name() { topology --arg n "$1" '.clusters[] | select(.name == $n).kindName'; }
node_name() { printf '%s-control-plane' "$(kind_name "$1")"; }
of_cluster() { topology --arg n "$1" ".clusters[] | select(.name == \$n) | $2"; }
cluster_names() { topology '.clusters[].name'; }

helm_on() {
  local cluster=$1
  shift
  helm --kubeconfig "$TANDEM_KUBECONFIG" --kube-context "$(of_cluster "$cluster" .context)" "$@"
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
