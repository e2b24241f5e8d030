#!/usr/bin/env bash
# Deploys to one cluster what watches it, by Helm, and waits until it is available: collectors, Prometheus, Alertmanager, and in
# the cluster that sees all Jaeger, Kafka and the log service.
# usage: scripts/telemetry.sh CLUSTER
#   TELEMETRY=1   deploys it; without it nothing is deployed, and removed where it is; what it has kept stays on the node
source "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"
source "$TANDEM_ROOT/scripts/lib/supply.sh"
source "$TANDEM_ROOT/scripts/lib/cluster.sh"

CHART=$TANDEM_ROOT/helm-charts/observability
# On the node; not within the database's, because kubelet gives a volume's directory, and all that is below it, to one group.
DATA=/var/lib/observability

namespace() {
  kube "$1" create namespace observability --dry-run=client -o json \
    | jq '.metadata.labels += {"pod-security.kubernetes.io/warn": "baseline"}' | kube "$1" apply --server-side -f -
}

# image_values: the images of the lock, and our own, as the chart's values.
image_values() {
  lock --arg logs "$(awk '$1 == "logs" { print $2 }' "$TANDEM_STATE/services")" '
    [["collector", "otel-collector"], ["prometheus", "prometheus"], ["alertmanager", "alertmanager"], ["jaeger", "jaeger"], ["kafka", "kafka"]] as $names
    | .images as $images
    | {images: ([$names[] | {key: .[0], value: $images[.[1]].reference}] + [{key: "logs", value: $logs}]
        | map(.value |= capture("(?<repository>.*):(?<tag>[^:]+)$")) | from_entries)}'
}

remove() {
  if kube "$1" get namespace observability >/dev/null 2>&1; then
    helm_on "$1" uninstall observability --namespace observability --ignore-not-found --wait >&2
    kube "$1" delete namespace observability --wait --timeout 120s >&2
    # The volumes outlive the release, and their claims went with the namespace: the next one finds the same data.
    kube "$1" delete persistentvolume observability-jaeger-data observability-kafka-data observability-logs-data observability-prometheus-data --ignore-not-found >&2
  fi
}

main() {
  local cluster=$1 placement images inputs
  if ! telemetry_wanted; then
    step_done "$cluster" telemetry none || { remove "$cluster" && record_step "$cluster" telemetry none; }
    return
  fi
  placement=$("$TANDEM_ROOT/scripts/tandem" topology values "$cluster" --file "$TANDEM_TOPOLOGY")
  images=$(image_values)
  inputs=$({ printf '%s\n' "$placement" "$images"
    find "$CHART" "$TANDEM_ROOT/helm-charts/tandem-service" -type f -not -name '*.md' -not -name '*.tgz' -not -name Chart.lock | LC_ALL=C sort | xargs cat; } | hash_of)
  if ! step_done "$cluster" telemetry "$inputs"; then
    namespace "$cluster"
    docker exec "$(node_name "$cluster")" mkdir -p "$DATA"
    helm_on "$cluster" upgrade --install observability "$CHART" --namespace observability --force-conflicts \
      --values <(printf '%s\n' "$placement") --values <(printf '%s\n' "$images") --set "persistence.node.name=$(node_name "$cluster"),persistence.node.directory=$DATA"
    record_step "$cluster" telemetry "$inputs"
  fi
  rolled_out "$cluster" observability
}

main "$@"
