#!/usr/bin/env bash
# The latest logs of one part, or of all services, of all clusters or one.
# usage: NAME=user CLUSTER=beijing LINES=100 scripts/logs.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"
source "$TANDEM_ROOT/scripts/lib/cluster.sh"

main() {
  local cluster selector namespace=tandem clusters
  case ${NAME:-} in
    registry)
      docker logs --tail "${LINES:-100}" "$REGISTRY_NAME"
      return
      ;;
    '') selector=app.kubernetes.io/name ;;
    user | payment | postgres | caller) selector=app.kubernetes.io/name=$NAME ;;
    istiod) namespace=istio-system selector=app=istiod ;;
    gateway) namespace=istio-system selector=istio=eastwestgateway ;;
    cilium) namespace=kube-system selector=k8s-app=cilium ;;
    prometheus | alertmanager | jaeger | kafka | logs | otel-agent | otel-gateway) namespace=observability selector=app.kubernetes.io/name=$NAME ;;
    *) die "unknown NAME '$NAME'" "one of user, payment, postgres, caller, prometheus, alertmanager, jaeger, kafka, logs, otel-agent, otel-gateway, istiod, gateway, cilium, registry; none for all services" ;;
  esac
  [[ -f $TANDEM_KUBECONFIG ]] || die "no clusters are up" "make up"
  clusters=${CLUSTER:-$(cluster_names)}
  for cluster in $clusters; do
    cluster_names | grep -qx "$cluster" || die "no cluster '$cluster' in the topology" "one of: $(cluster_names | paste -sd' ' -)"
    kube "$cluster" -n "$namespace" logs --selector "$selector" --all-containers --prefix --tail "${LINES:-100}" --max-log-requests 50 | sed "s/^/$cluster /"
  done
}

main "$@"
