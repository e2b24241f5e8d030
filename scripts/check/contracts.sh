#!/usr/bin/env bash
# Checks that published contracts are what they were, or have grown: buf breaking (FILE) against every frozen image, then the
# rules of `tandem contracts check`. docs/decisions/0021-contract-freeze.md lists them.
# usage: scripts/check/contracts.sh DIRECTORY [SINCE]     SINCE: the same folder at an earlier time. buf must be in build/bin:
# scripts/check/proto.sh puts it there.
source "$(dirname "${BASH_SOURCE[0]}")/../lib/common.sh"

main() {
  local directory=$1 since=${2:-} image package work failed=0
  work=$(mktemp -d)
  # shellcheck disable=SC2064 # Expanded now: the variable is gone when the script ends.
  trap "rm -rf '$work'" EXIT
  for image in "$directory"/frozen/*.binpb; do
    package=$(basename "$image" .binpb)
    # Whether a package may be gone, the lifecycle decides.
    [[ ! -d $directory/${package//.//} ]] || buf breaking "$directory" --against "$image" --exclude-imports || failed=1
  done
  buf build "$directory" --exclude-source-info --output "$work/image.binpb" || return
  "$TANDEM_ROOT/scripts/tandem" contracts check --directory "$directory" --image "$work/image.binpb" ${since:+--since "$since"} || failed=1
  return "$failed"
}

main "$@"
