#!/usr/bin/env bash
# Checks the supply: the lock names everything that recipes need, pull mode works against a real registry, and damaged or
# half-made caches are noticed.
# usage: scripts/check/supply.sh
source "$(dirname "${BASH_SOURCE[0]}")/../lib/common.sh"
source "$TANDEM_ROOT/scripts/lib/packages.sh"
source "$TANDEM_ROOT/scripts/lib/bats.sh"

main() {
  local packages
  mapfile -t packages < <(missing_packages bats=bats jq=jq curl=curl python3=python3)
  install_packages "${packages[@]}"
  "$TANDEM_ROOT/scripts/lock.sh" --complete
  run_bats "$TANDEM_ROOT/scripts/tests/supply" || die "a test of the supply failed" "see 'not ok' above; run one with: bats scripts/tests/supply/<file> --filter '<name>'"
}

main "$@"
