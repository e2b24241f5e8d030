#!/usr/bin/env bash
# Moves a service from one version of its contract to the next, in every cluster together. Goes on from wherever it is.
# What the new deployment is told differently: SET=NAME=VALUE; for user that it serves version 2.
# usage: [SERVICE=user] [FROM=tandem.user.v1] [TO=tandem.user.v2] [UNTIL=retired] scripts/migrate.sh [OPTION...]
#        OPTION: of `tandem migrate run`. One step back: scripts/tandem migrate undo user; all of them: … rollback user.
source "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"

main() {
  local different=${SET:-}
  [[ -n $different || ${SERVICE:-user} != user ]] || different=TANDEM_USER_NEWEST_VERSION=v2
  export KUBECONFIG=$TANDEM_KUBECONFIG TANDEM_CONTRACTS=$TANDEM_ROOT/proto
  exec "$TANDEM_ROOT/scripts/tandem" migrate run "${SERVICE:-user}" --from "${FROM:-tandem.user.v1}" --to "${TO:-tandem.user.v2}" \
    --until "${UNTIL:-retired}" ${different:+--set "$different"} "$@"
}

main "$@"
