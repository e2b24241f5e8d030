#!/usr/bin/env bash
# Publishes a contract: writes its image to frozen/ and lists it in lifecycle.yaml. From then on it changes by additions only.
# usage: scripts/publish.sh PACKAGE [DIRECTORY]     PACKAGE such as tandem.user.v2; DIRECTORY: the contracts, proto by default
source "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"

main() {
  local package=${1:-} directory=${2:-proto} sources image
  cd "$TANDEM_ROOT" || return
  [[ $package =~ ^[a-z0-9_]+(\.[a-z0-9_]+)+$ ]] || die "'$package' is no package" "make publish VERSION=tandem.user.v2"
  sources=$directory/${package//.//}
  [[ -d $sources ]] || die "no contract is in $sources" "write it there, or publish one of: $(packages "$directory")"
  "$TANDEM_ROOT/scripts/tools.sh" buf
  buf lint "$directory" --path "$sources" || die "$package breaks a rule" "see above; what is published cannot be mended later"
  image=$(mktemp -d)
  # shellcheck disable=SC2064 # Expanded now: the variable is gone when the script ends.
  trap "rm -rf '$image'" EXIT
  # Comments and positions are free to change, so they are no part of what is frozen.
  buf build "$directory" --path "$sources" --exclude-source-info --output "$image/image.binpb"
  "$TANDEM_ROOT/scripts/tandem" contracts publish "$package" --directory "$directory" --image "$image/image.binpb"
}

packages() { sed -n 's/^package \(.*\);$/\1/p' "$1"/*/*/*/*.proto | LC_ALL=C sort -u | paste -sd ' '; }

main "$@"
