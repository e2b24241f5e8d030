#!/usr/bin/env bash
# Calls the user service from every cluster until every cluster has answered it: the proof that the mesh is joined.
# usage: scripts/first-call.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"
source "$TANDEM_ROOT/scripts/lib/cluster.sh"

call_from() {
  local cluster=$1 all=$2
  kube "$cluster" -n tandem exec deployment/caller -c caller -- /opt/java/bin/java -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -jar /app/quarkus-run.jar \
    call --target user:9000 --until-served-by "$all" --within 60s get-user ada \
    || die "from $cluster, not every cluster ($all) answered within 60 s" "make status; make logs; build/bin/istioctl remote-clusters --context $(of_cluster "$cluster" .context)"
}

main() {
  local cluster all calls=() failed=0
  all=$(cluster_names | paste -sd, -)
  for cluster in $(cluster_names); do
    call_from "$cluster" "$all" &
    calls+=($!)
  done
  for cluster in "${calls[@]}"; do wait "$cluster" || failed=1; done
  return "$failed"
}

main "$@"
