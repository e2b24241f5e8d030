#!/usr/bin/env bash
# Checks the charts as charts: derived files are current, every value is explained, `helm lint --strict` has nothing to say,
# and each values file in helm-charts/tests/invalid is refused for the reason that its first line gives.
# usage: scripts/check/helm.sh
source "$(dirname "${BASH_SOURCE[0]}")/../lib/common.sh"

CHARTS=$TANDEM_ROOT/helm-charts
TESTS=$CHARTS/tests

derived_files_are_current() {
  local copy=$1/helm-charts
  cp -a "$CHARTS" "$copy"
  "$TANDEM_ROOT/scripts/generate/charts.sh" "$copy"
  diff -ru "$CHARTS" "$copy" >&2 \
    || die "derived files of the charts are not what their sources say" "scripts/generate/charts.sh, then commit"
}

every_value_is_explained() {
  local missing
  missing=$(grep -HE '\|  \|$' "$CHARTS"/*/README.md || true)
  [[ -z $missing ]] || die "values without a '# --' comment: $missing" "explain each above its line in values.yaml"
}

lint() {
  local placement chart
  for placement in "$TESTS"/placements/*.yaml; do
    for chart in "$TESTS"/charts/*.yaml; do
      helm lint --strict --quiet --namespace "$(chart_namespace "$(basename "$chart" .yaml)")" --values "$placement" --values "$chart" \
        "$CHARTS/$(basename "$chart" .yaml)" >&2 \
        || die "helm lint refuses $(basename "$chart" .yaml) with $(basename "$placement")" "see its lines above"
    done
  done
  helm lint --strict --quiet "$CHARTS/tandem-service" >&2
}

# bad_values_are_refused: a file is named CHART-CASE.yaml and applied on top of values that are fine.
bad_values_are_refused() {
  local file chart expected answer
  for file in "$TESTS"/invalid/*.yaml; do
    chart=$(basename "$file")
    chart=${chart%%-*}
    expected=$(sed -n '1s/^# expect: //p' "$file")
    [[ -n $expected ]] || die "$file does not say what to expect" "begin it with: # expect: <part of the error>"
    if answer=$(helm template "$chart" "$CHARTS/$chart" --namespace "$(chart_namespace "$chart")" --values "$TESTS/placements/with-database.yaml" \
      --values "$TESTS/charts/$chart.yaml" --values "$file" 2>&1 >/dev/null); then
      die "the chart $chart takes $file, which is wrong on purpose" "make its schema refuse it: $expected"
    fi
    [[ $answer == *"$expected"* ]] || die "the chart $chart refuses $file for another reason than '$expected':
$answer" "see which of the two is wrong"
  done
}

main() {
  local scratch
  scratch=$(mktemp -d)
  # shellcheck disable=SC2064 # The name is wanted as it is now.
  trap "rm -rf '$scratch'" EXIT
  "$TANDEM_ROOT/scripts/charts.sh"
  derived_files_are_current "$scratch"
  every_value_is_explained
  lint
  bad_values_are_refused
  info "charts: derived files current, values explained, lint clean, $(find "$TESTS/invalid" -name '*.yaml' | wc -l) bad values refused"
}

main "$@"
