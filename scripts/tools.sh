#!/usr/bin/env bash
# Puts pinned tools into build/bin, building from their Go modules those that the cache does not have.
# usage: scripts/tools.sh [NAME...]     names from .binaries in clusters/supply/lock.json; without one: the tools that scripts use
source "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"
source "$TANDEM_ROOT/scripts/lib/supply.sh"

main() {
  require_go
  if (($# == 0)); then set -- kind kubectl helm istioctl crane registry; fi
  tools "$@"
}

main "$@"
