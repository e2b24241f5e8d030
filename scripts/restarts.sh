#!/usr/bin/env bash
# Restarts every pod of both services in every cluster again and again under load (e2e's RollingRestartsTest), and keeps what
# came of it in docs/results/restarts.md and restarts.json, proven or not. Clusters that are not up are started.
# usage: scripts/restarts.sh
#   RESTARTS=100  how many rolling restarts
source "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"
source "$TANDEM_ROOT/scripts/lib/results.sh"

RESTARTS=${RESTARTS:-100}

main() {
  [[ $RESTARTS =~ ^[1-9][0-9]*$ ]] || die "RESTARTS is '$RESTARTS'" "give a number greater than zero, such as RESTARTS=100"
  kept_proof restarts "Rolling restarts" "make restarts RESTARTS=$RESTARTS" RollingRestartsTest "-Dtandem.restarts=$RESTARTS"
}

main "$@"
