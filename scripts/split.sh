#!/usr/bin/env bash
# Shares calls 80 to 20 by a VirtualService, a GRPCRoute and a translated TrafficSplit (e2e's SplitTest), and keeps what came of it
# in docs/results/split.md and split.json, proven or not. Clusters that are not up are started.
# usage: scripts/split.sh
#   CALLS=100000  how many calls of each
source "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"
source "$TANDEM_ROOT/scripts/lib/results.sh"

CALLS=${CALLS:-100000}

main() {
  [[ $CALLS =~ ^[1-9][0-9]{3,}$ ]] || die "CALLS is '$CALLS'" "give a number of 1000 at least, such as CALLS=100000"
  kept_proof split "Calls shared by weight" "make split CALLS=$CALLS" SplitTest "-Dtandem.split.calls=$CALLS" -Dtandem.split.rate=500
}

main "$@"
