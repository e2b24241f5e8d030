#!/usr/bin/env bash
# Proves that each rule of the freeze bites. An example is a patch to proto/tests/contracts with words before it:
#   refused: TEXT    the check must fail, and say this              (proto/tests/invalid)
#   taken: TEXT      publishing again must succeed, and say this    (proto/tests/valid)
#   remove: PATH     removed after the patch, for what a patch cannot say
#   publish: PACKAGE published after the patch
# usage: scripts/check/contracts-examples.sh [EXAMPLE...]
source "$(dirname "${BASH_SOURCE[0]}")/../lib/common.sh"

EXAMPLES=$TANDEM_ROOT/proto/tests

# prepare FOLDER: the contracts as the examples find them, with an image of every version and no sources of the retired one.
prepare() {
  local version
  cp -r "$EXAMPLES/contracts" "$1"
  mkdir "$1/frozen"
  for version in 1 2 3; do
    buf build "$1" --path "$1/sample/order/v$version" --exclude-source-info --output "$1/frozen/sample.order.v$version.binpb"
  done
  rm -r "$1/sample/order/v1"
}

words() { sed -n "/^diff --git/q; s/^$2: //p" "$1"; }

example() {
  local patch=$1 work=$2 name said status=0 word failed=0
  name=$(basename "$(dirname "$patch")")/$(basename "$patch" .patch)
  mkdir -p "$work/$name"
  cp -r "$work/before" "$work/$name/now"
  ! grep -q '^diff --git' "$patch" || (cd "$work/$name/now" && GIT_CEILING_DIRECTORIES=$work git apply "$patch")
  while IFS= read -r word; do rm -r "${work:?}/$name/now/$word"; done < <(words "$patch" remove)
  said=$(
    while IFS= read -r word; do "$TANDEM_ROOT/scripts/publish.sh" "$word" "$work/$name/now"; done < <(words "$patch" publish) 2>&1
    "$TANDEM_ROOT/scripts/check/contracts.sh" "$work/$name/now" "$work/before" 2>&1
  ) || status=$?
  while IFS= read -r word; do
    [[ $said == *"$word"* ]] || { warn "$name: nobody said \"$word\""; failed=1; }
  done < <(words "$patch" 'refused'; words "$patch" 'taken')
  case $name in
    invalid/*) ((status != 0)) || { warn "$name was not refused"; failed=1; } ;;
    *) ((status == 0)) || { warn "$name was refused"; failed=1; } ;;
  esac
  ((failed == 0)) || sed 's/^/    /' <<<"$said" >&2
  return "$failed"
}

main() {
  local work patch failed=0
  "$TANDEM_ROOT/scripts/tools.sh" buf
  work=$(mktemp -d)
  # shellcheck disable=SC2064 # Expanded now: the variable is gone when the script ends.
  trap "rm -rf '$work'" EXIT
  prepare "$work/before"
  "$TANDEM_ROOT/scripts/check/contracts.sh" "$work/before" "$work/before" >/dev/null || die "the examples' own contracts are refused" "see above"
  (($# > 0)) || set -- "$EXAMPLES"/{valid,invalid}/*.patch
  for patch in "$@"; do example "$(realpath "$patch")" "$work" || failed=1; done
  ((failed == 0)) || die "a rule of the freeze does not bite, or bites the innocent" "see the examples named above"
  detail "contracts: $# examples, each refused or taken as it should be"
}

main "$@"
