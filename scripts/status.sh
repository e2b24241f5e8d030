#!/usr/bin/env bash
# What runs where: nodes, workloads that are not ready, gateways, what each control plane sees of the others, and what memory
# it takes.
# usage: scripts/status.sh      exit code 1 when something is not as it should be
source "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"
source "$TANDEM_ROOT/scripts/lib/cluster.sh"

_bad=0
good() { printf '  ok   %s\n' "$*"; }
bad() {
  printf '  BAD  %s\n' "$*"
  _bad=1
}

# remote_states < istioctl remote-clusters: cluster and state; the column of secrets is empty for the cluster itself.
remote_states() { awk 'NR == 1 { at = index($0, "STATUS") } NR > 1 && NF { split(substr($0, at), rest); print $1, rest[1] }'; }

check_cluster() {
  local cluster=$1 state address line
  printf '%s (%s)\n' "$cluster" "$(of_cluster "$cluster" .context)"
  state=$(docker container inspect --format '{{.State.Status}}' "$(node_name "$cluster")" 2>/dev/null || printf missing)
  if [[ $state != running ]]; then
    bad "node $(node_name "$cluster") is $state (make up repairs it)"
    return
  fi
  if ! kube "$cluster" get --raw /readyz --request-timeout=5s >/dev/null 2>&1; then
    bad "the API server does not answer"
    return
  fi
  good "node $(kube "$cluster" get nodes -o jsonpath='{range .items[*]}{.metadata.name} {.status.nodeInfo.kubeletVersion} {.metadata.labels.topology\.kubernetes\.io/region}/{.metadata.labels.topology\.kubernetes\.io/zone}{end}')"
  while read -r line; do
    if [[ $line == ok* ]]; then good "${line#ok }"; else bad "${line#bad }"; fi
  done < <(kube "$cluster" get deployments,statefulsets,daemonsets -A -o json | jq -r '.items[] |
    ((.status.readyReplicas // .status.numberReady // 0)) as $ready | (.spec.replicas // .status.desiredNumberScheduled // 0) as $wanted |
    (if $ready == $wanted then "ok" else "bad" end) + " \(.metadata.namespace)/\(.metadata.name) \($ready)/\($wanted) ready" +
    (if .metadata.namespace == "tandem" then "  \(.spec.template.spec.containers[0].image)" else "" end)')
  address=$(gateway_address "$cluster")
  if [[ -n $address ]]; then good "east-west gateway $address:15443"; else bad "the east-west gateway has no address"; fi
  if is_remote "$cluster"; then check_remote "$cluster"; else check_primary "$cluster"; fi
}

# check_remote CLUSTER: that it is seen is for its primary to say.
check_remote() {
  if taken_over "$1"; then good "control plane is in $(primary_of "$1")"; else bad "the control plane in $(primary_of "$1") has not taken it over"; fi
}

check_primary() {
  local cluster=$1 line seen=()
  while read -r line; do
    seen+=("${line%% *}")
    if [[ $line == *" synced" ]]; then good "control plane sees $line"; else bad "control plane sees $line"; fi
  done < <(istioctl remote-clusters --kubeconfig "$TANDEM_KUBECONFIG" --context "$(of_cluster "$cluster" .context)" 2>/dev/null | remote_states)
  while read -r line; do
    [[ " ${seen[*]} " == *" $line "* ]] || bad "control plane does not see $line"
  done < <(cluster_names)
}

# memory_of CLUSTER: "NAMESPACE MIB", the working sets of the pods, sidecars included.
memory_of() {
  kube "$1" get --raw "/api/v1/nodes/$(node_name "$1")/proxy/stats/summary?only_cpu_and_memory=true" --request-timeout=10s \
    | jq -r '.pods | group_by(.podRef.namespace)[] | "\(.[0].podRef.namespace) \([.[].memory.workingSetBytes // 0] | add / 1048576 | round)"'
}

# memory: what the parts take, in all clusters together.
memory() {
  local cluster
  for cluster in $(cluster_names); do memory_of "$cluster" 2>/dev/null || true; done \
    | awk '{ sum[$1] += $2 } END { for (name in sum) printf "%d %s\n", sum[name], name }' | sort -rn \
    | awk '{ printf "%s%s %d MiB", NR == 1 ? "memory of all clusters'"'"' pods by namespace: " : ", ", $2, $1 } END { if (NR > 0) print "" }'
}

main() {
  local cluster
  if [[ ! -f $TANDEM_KUBECONFIG ]]; then
    die "no clusters are up" "make up"
  fi
  for cluster in $(cluster_names); do check_cluster "$cluster"; done
  memory
  return "$_bad"
}

main "$@"
