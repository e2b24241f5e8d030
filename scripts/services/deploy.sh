#!/usr/bin/env bash
# Deploys PostgreSQL and the services to one cluster by Helm, and waits until they are available.
# usage: scripts/services/deploy.sh CLUSTER < lines "NAME REFERENCE" of scripts/services/build.sh
source "$(dirname "${BASH_SOURCE[0]}")/../lib/common.sh"
source "$TANDEM_ROOT/scripts/lib/supply.sh"
source "$TANDEM_ROOT/scripts/lib/cluster.sh"

CHARTS=$TANDEM_ROOT/helm-charts

namespace() {
  kube "$1" create namespace tandem --dry-run=client -o json \
    | jq '.metadata.labels += {"istio-injection": "enabled", "pod-security.kubernetes.io/warn": "baseline"}' | kube "$1" apply --server-side -f -
}

# credentials: the database's password and the key that signs tokens, made once and kept with the state of the clusters; no
# chart knows them. Services verify by the public half, which is no secret.
credentials() {
  local secrets=$TANDEM_STATE/secrets
  kube "$1" -n tandem create secret generic postgres-credentials --from-file=password="$secrets/postgres-password" --dry-run=client -o yaml \
    | kube "$1" apply --server-side -f -
  kube "$1" -n tandem create secret generic token-signer --from-file="$secrets/tokens/key.pem" --from-file="$secrets/tokens/kid" --dry-run=client -o yaml \
    | kube "$1" apply --server-side -f -
  kube "$1" -n tandem create configmap token-keys --from-file="$secrets/tokens/jwks.json" --dry-run=client -o yaml \
    | kube "$1" apply --server-side -f -
}

# mode SERVICE: the mode that make mode has chosen for it, as values; none when it was never asked.
mode() { cat "$TANDEM_STATE/modes/$1.json" 2>/dev/null || printf '{}\n'; }

# remote_services CLUSTER: what callers there may ask of each other cluster by name, and the gateway that leads there. With the
# control plane that it shares, remotes share these names: its own cluster is another one to them.
remote_services() {
  local other address
  for other in $(cluster_names); do
    [[ $other != "$1" ]] || serves_remotes "$1" || continue
    address=$(gateway_address "$other")
    [[ -z $address ]] || printf '%s %s\n' "$other" "$address"
  done | jq -nR '{remoteServices: [inputs | split(" ") | {name: ("user", "payment"), port: 9000, cluster: .[0], gateway: .[1]}]}'
}

image_values() { jq -n --arg r "${1%:*}" --arg t "${1##*:}" '{image: {repository: $r, tag: $t}}'; }

# telemetry_values: spans go to the node's collector, where there is one.
telemetry_values() {
  if telemetry_wanted; then
    jq -n '{telemetry: {export: "otlp", endpoint: "http://otel-agent.observability:4318"}}'
  else
    printf '{}\n'
  fi
}

# release CLUSTER CHART FLAGS...: what somebody scaled by hand is ours again (--force-conflicts: Helm applies server-side).
release() {
  local cluster=$1 name=$2
  shift 2
  helm_on "$cluster" upgrade --install "$name" "$CHARTS/$name" --namespace tandem --force-conflicts --values <(printf '%s\n' "$_placement") "$@"
}

# restarted CLUSTER: every container of ours runs since its node does. A node that was stopped first shows its pods as they
# were before, available ones included, until its kubelet has started them again.
restarted() {
  local since
  since=$(docker container inspect --format '{{.State.StartedAt}}' "$(node_name "$1")")
  # shellcheck disable=SC2016 # A variable of jq's.
  kube "$1" -n tandem get pods -o json | jq -e --arg since "${since:0:19}" '
    [.items[] | select((.status.phase | IN("Succeeded", "Failed") | not) and .metadata.deletionTimestamp == null)
      | .status.containerStatuses[]? | .state.running.startedAt // "" | .[:19] >= $since] | length > 0 and all' >/dev/null
}

# api_values NAME: what charts that import the values "api" take besides, so that a version is deprecated without a new image.
api_values() {
  ! grep -q 'import-values:.*[[ ]api[],]' "$CHARTS/$1/Chart.yaml" || printf '%s\n' --set-file "lifecycle=$TANDEM_ROOT/proto/lifecycle.yaml"
}

main() {
  local cluster=$1 images inputs remotes telemetry tracing=false name reference caller api releases=() failed=0
  # The log service belongs to what watches: scripts/telemetry.sh.
  images=$(grep -v '^logs ')
  _placement=$("$TANDEM_ROOT/scripts/tandem" topology values "$cluster" --file "$TANDEM_TOPOLOGY")
  remotes=$(remote_services "$cluster")
  telemetry=$(telemetry_values)
  ! telemetry_wanted || tracing=true
  inputs=$({ printf '%s\n' "$remotes" "$telemetry" "$images"; image_reference postgres; printf '%s\n' "$_placement"; sha256 "$TANDEM_STATE/secrets/postgres-password" "$TANDEM_STATE/secrets/tokens/kid"
    cat "$TANDEM_ROOT/proto/lifecycle.yaml"
    cat "$TANDEM_STATE"/modes/*.json 2>/dev/null || true
    find "$CHARTS" -type f -not -name '*.md' -not -path '*/helm-charts/tests/*' -not -name '*.tgz' -not -name Chart.lock | LC_ALL=C sort | xargs cat; } | hash_of)
  if ! step_done "$cluster" services "$inputs"; then
    no_migration "$cluster"
    namespace "$cluster"
    credentials "$cluster"
    release "$cluster" mesh --values <(printf '%s\n' "$remotes") --set "tracing=$tracing"
    release "$cluster" postgres --values <(image_values "$(image_reference postgres)") --set "persistence.node.name=$(node_name "$cluster")"
    caller=$(awk '$1 == "caller" { print $2 }' <<<"$images")
    while read -r name reference; do
      # One replica each: two clusters share one machine here, and each is the other's spare.
      mapfile -t api < <(api_values "$name")
      release "$cluster" "$name" --values <(image_values "$reference") --values <(mode "$name") --values <(printf '%s\n' "$telemetry") --set-string "test.image.tag=${caller##*:}" --set replicas=1 "${api[@]}" &
      releases+=($!)
    done <<<"$images"
    for name in "${releases[@]}"; do wait "$name" || failed=1; done
    ((failed == 0)) || die "a release in $cluster failed" "see Helm's words above"
    record_step "$cluster" services "$inputs"
  fi
  rolled_out "$cluster" tandem
  if ! restarted "$cluster"; then
    await 180 "the pods of $cluster to run since its node does" restarted "$cluster"
    rolled_out "$cluster" tandem
  fi
}

main "$@"
