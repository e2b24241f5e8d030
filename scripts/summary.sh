#!/usr/bin/env bash
# What make up says at its end: contexts, addresses, a command to try, the time of each phase, peak memory.
# usage: scripts/summary.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"
source "$TANDEM_ROOT/scripts/lib/cluster.sh"

main() {
  local cluster first
  first=$(cluster_names | tail -n 1)
  printf '\nTandem is up.\n\n  %-12s %-26s %-28s %s\n' cluster context 'API server' 'east-west gateway'
  for cluster in $(cluster_names); do
    printf '  %-12s %-26s %-28s %s\n' "$cluster" "$(of_cluster "$cluster" .context)" \
      "$(kubectl config view --kubeconfig "$TANDEM_KUBECONFIG" -o json | jq -r --arg n "$(of_cluster "$cluster" .context)" '.clusters[] | select(.name == $n).cluster.server')" \
      "$(gateway_address "$cluster"):15443"
  done
  printf '\n  try: make call FROM=%s\n' "$first"
  printf '\n  %-28s %10s\n' phase seconds
  awk -F'\t' '{ printf "  %-28s %10s\n", $1, $2 }' "$TANDEM_STATE/phases.tsv"
  printf '\n  peak memory of the clusters: %s MiB\n\n' "$(cat "$TANDEM_STATE/peak-memory" 2>/dev/null || printf unknown)"
}

main "$@"
