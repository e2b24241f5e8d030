#!/usr/bin/env bash
# Writes what is derived in helm-charts/: each chart's values.schema.json (from its schema.json and the library's
# schemas) and README.md (from Chart.yaml and the comments in values.yaml).
# usage: scripts/generate/charts.sh [FOLDER]     FOLDER: where the charts are, helm-charts by default
source "$(dirname "${BASH_SOURCE[0]}")/../lib/common.sh"

# write_schema CHART_FOLDER: its own part on top of the library's part for each group of values that it imports.
write_schema() {
  local chart=$1 group parts=()
  for group in $(sed -n 's/^ *import-values: \[\(.*\)\]$/\1/p' "$chart/Chart.yaml" | tr -d ','); do
    parts+=("$chart/../tandem-service/schemas/$group.json")
  done
  [[ ! -f $chart/schema.json ]] || parts+=("$chart/schema.json")
  jq -s --arg title "Values of the chart $(basename "$chart")" \
    'reduce .[] as $part ({"$schema": "https://json-schema.org/draft/2020-12/schema", title: $title}; . * $part)' \
    "${parts[@]}" >"$chart/values.schema.json.new"
  mv "$chart/values.schema.json.new" "$chart/values.schema.json"
}

main() {
  local charts=${1:-$TANDEM_ROOT/helm-charts} chart
  "$TANDEM_ROOT/scripts/tools.sh" helm-docs
  for chart in "$charts"/*/; do
    chart=${chart%/}
    if grep -q '^ *import-values:' "$chart/Chart.yaml" 2>/dev/null; then write_schema "$chart"; fi
  done
  (cd "$charts" && helm-docs --log-level warning --sort-values-order file \
    --ignore-file .helmdocsignore --template-files ./README.md.gotmpl)
}

main "$@"
