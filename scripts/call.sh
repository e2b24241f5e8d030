#!/usr/bin/env bash
# One call through the mesh from inside a cluster; prints the answer and who gave it.
# usage: FROM=beijing TARGET=user:9000 CALL="get-user ada" scripts/call.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"
source "$TANDEM_ROOT/scripts/lib/cluster.sh"

main() {
  local from call
  [[ -f $TANDEM_KUBECONFIG ]] || die "no clusters are up" "make up"
  from=${FROM:-$(cluster_names | head -n 1)}
  cluster_names | grep -qx "$from" || die "no cluster '$from' in the topology" "FROM=one of: $(cluster_names | paste -sd' ' -)"
  read -ra call <<<"${CALL:-get-user ada}"
  kube "$from" -n tandem exec deployment/caller -c caller -- /opt/java/bin/java -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -jar /app/quarkus-run.jar \
    call --target "${TARGET:-user:9000}" "${call[@]}"
}

main "$@"
