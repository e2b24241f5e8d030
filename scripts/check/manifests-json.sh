#!/usr/bin/env bash
# Turns YAML into JSON, one document a line, with the YAML reader that the charts are read with anyway.
# usage: scripts/check/manifests-json.sh FILE
source "$(dirname "${BASH_SOURCE[0]}")/../lib/common.sh"

main() {
  local chart
  chart=$(mktemp -d)
  # shellcheck disable=SC2064 # The name is wanted as it is now.
  trap "rm -rf '$chart'" EXIT
  mkdir "$chart/templates"
  printf 'apiVersion: v2\nname: documents\nversion: 0.0.0\n' >"$chart/Chart.yaml"
  # shellcheck disable=SC2016 # A template of Helm's.
  printf '%s\n' '{{ range regexSplit "(?m)^---.*$" .Values.text -1 }}{{ with fromYaml . }}' '---' '{{ toJson . }}{{ end }}{{ end }}' \
    >"$chart/templates/documents.yaml"
  helm template documents "$chart" --set-file text="$1" | grep '^{'
}

main "$@"
