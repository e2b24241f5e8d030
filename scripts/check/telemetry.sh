#!/usr/bin/env bash
# Checks what the telemetry stack is configured with, by its own programs: alert rules and their tests, what the panels of
# dashboards ask (promtool), and the configurations that the chart renders for each placement (promtool, amtool, the collector,
# Jaeger).
# usage: scripts/check/telemetry.sh
#   TELEMETRY=1   the collector and Jaeger, too, which take minutes to compile where they have never run
source "$(dirname "${BASH_SOURCE[0]}")/../lib/common.sh"

CHART=$TANDEM_ROOT/helm-charts/observability
TESTS=$TANDEM_ROOT/helm-charts/tests

rules() {
  promtool check rules --lint all --lint-fatal "$CHART/files/rules.yaml" >&2 \
    || die "Prometheus refuses the alert rules" "see its words above; the file is $CHART/files/rules.yaml"
  promtool test rules "$CHART/tests/rules.test.yaml" >&2 \
    || die "an alert does not fire as its test says, or fires when it should not" "see its words above; the tests are in $CHART/tests"
}

# dashboards FOLDER: what every panel asks is PromQL, and what it asks of the rules is there. Whether it is answered is seen on the
# clusters (e2e's TelemetryTest).
dashboards() {
  local file name recorded
  for file in "$CHART"/files/dashboards/*.json; do
    name=$(basename "$file")
    jq -e '.uid and .title and (.panels | length > 0) and all(.panels[]; .title != "" and (.targets | length > 0) and all(.targets[]; .expr != ""))
      and ([.panels[].id] | length == (unique | length))' "$file" >/dev/null \
      || die "the dashboard $name is not complete" "it needs uid and title, each panel an id of its own, a title, and targets with an expr"
    # As rules, which promtool reads.
    jq '{groups: [{name: "panels", rules: [.panels[] | .id as $id | .targets[] | {record: "panel:\($id):\(.refId)", expr: (.expr | gsub("\\$__rate_interval"; "1m"))}]}]}' "$file" >"$1/panels.json"
    promtool check rules --lint none "$1/panels.json" >&2 || die "a panel of the dashboard $name asks what Prometheus does not understand" "see its words above: panel:<id>:<refId> is the panel"
    while read -r recorded; do
      grep -qF "record: $recorded" "$CHART/files/rules.yaml" || die "the dashboard $name asks for $recorded, which no rule records" "correct the panel, or files/rules.yaml"
    done < <(jq -r '.panels[].targets[].expr | scan("tandem:[a-z0-9_:]+")' "$file" | sort -u)
  done
}

# configurations PLACEMENT FOLDER: the files of the chart's ConfigMaps, each as <ConfigMap>-<file>.
configurations() {
  local rendered=$2/rendered.yaml name file
  helm template observability "$CHART" --namespace observability --values "$TESTS/placements/$1.yaml" --values "$TESTS/charts/observability.yaml" >"$rendered"
  "$TANDEM_ROOT/scripts/check/manifests-json.sh" "$rendered" | jq -s 'map(select(.kind == "ConfigMap"))' >"$2/maps.json"
  while IFS=$'\t' read -r name file; do
    jq -r --arg n "$name" --arg f "$file" '.[] | select(.metadata.name == $n).data[$f]' "$2/maps.json" >"$2/$name-$file"
  done < <(jq -r '.[] | .metadata.name as $n | .data | keys[] | [$n, .] | @tsv' "$2/maps.json")
}

# accepted FILE COMMAND...: a program takes its configuration.
accepted() {
  local file=$1 answer
  shift
  answer=$("$@" 2>&1) || die "$1 refuses $(basename "$file") as the chart renders it: $answer" "correct its template in $CHART/templates"
}

main() {
  local scratch placement folder
  scratch=$(mktemp -d)
  # shellcheck disable=SC2064 # The name is wanted as it is now.
  trap "rm -rf '$scratch'" EXIT
  "$TANDEM_ROOT/scripts/tools.sh" helm promtool amtool
  ! telemetry_wanted || "$TANDEM_ROOT/scripts/tools.sh" otelcol jaeger
  "$TANDEM_ROOT/scripts/charts.sh"
  rules
  dashboards "$scratch"
  for placement in "$TESTS"/placements/*.yaml; do
    placement=$(basename "$placement" .yaml)
    folder=$scratch/$placement
    mkdir "$folder"
    configurations "$placement" "$folder"
    # Its rule files are at another place in the pod, and have been checked.
    accepted "$folder/prometheus-prometheus.yaml" promtool check config --syntax-only "$folder/prometheus-prometheus.yaml"
    accepted "$folder/alertmanager-alertmanager.yaml" amtool check-config "$folder/alertmanager-alertmanager.yaml"
    telemetry_wanted || continue
    accepted "$folder/otel-agent-collector.yaml" otelcol validate --config "$folder/otel-agent-collector.yaml"
    mkdir -p "$scratch/queue"
    sed -i "s#/var/lib/otelcol#$scratch/queue#" "$folder/otel-gateway-collector.yaml"
    accepted "$folder/otel-gateway-collector.yaml" otelcol validate --config "$folder/otel-gateway-collector.yaml"
    if [[ -f $folder/jaeger-jaeger.yaml ]]; then accepted "$folder/jaeger-jaeger.yaml" jaeger validate --config "$folder/jaeger-jaeger.yaml"; fi
  done
  info "telemetry: rules keep their promises, panels ask what can be asked, $(telemetry_wanted && printf every || printf 'Prometheus'"'"' and Alertmanager'"'"'s') configuration is taken by its program"
}

main "$@"
