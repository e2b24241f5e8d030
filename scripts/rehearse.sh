#!/usr/bin/env bash
# Rehearses bad days of make up on the real clusters: nodes stopped and paused, a reboot, Ctrl-C, a third cluster, one
# control plane for both, the whole of it in pull mode. The clusters of this machine are taken down and up for it.
# usage: scripts/rehearse.sh [BATS-ARGUMENT...]      for instance --filter reboot
source "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"
source "$TANDEM_ROOT/scripts/lib/packages.sh"
source "$TANDEM_ROOT/scripts/lib/bats.sh"

main() {
  local packages
  mapfile -t packages < <(missing_packages bats=bats jq=jq curl=curl python3=python3)
  install_packages "${packages[@]}"
  use_java
  "$TANDEM_ROOT/scripts/up.sh"
  run_bats "$TANDEM_ROOT/scripts/rehearsals" "$@" || die "a bad day ended badly" "see 'not ok' above; make up repairs the clusters"
}

main "$@"
