#!/usr/bin/env bash
# Packs the library chart into each chart that uses it, as Helm wants it (`helm dependency update`); nothing is downloaded.
# usage: scripts/charts.sh [FOLDER]     FOLDER: where the charts are, helm-charts by default
source "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"

main() {
  local charts=${1:-$TANDEM_ROOT/helm-charts} chart
  "$TANDEM_ROOT/scripts/tools.sh" helm
  for chart in "$charts"/*/Chart.yaml; do
    ! grep -q '^dependencies:' "$chart" || helm dependency update --skip-refresh "${chart%/*}" >/dev/null \
      || die "the library chart cannot be packed into ${chart%/*}" "see Helm's words above"
  done
}

main "$@"
