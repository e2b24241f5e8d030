#!/usr/bin/env bash
# Checks every contract: buf lint (STANDARD) and buf format, for each folder that has a buf.yaml.
# usage: scripts/check/proto.sh
source "$(dirname "${BASH_SOURCE[0]}")/../lib/common.sh"

main() {
  local module failed=0
  "$TANDEM_ROOT/scripts/tools.sh" buf
  cd "$TANDEM_ROOT" || return
  while IFS= read -r module; do
    module=$(dirname "$module")
    detail "buf: $module"
    buf lint "$module" || failed=1
    buf format --diff --exit-code "$module" || failed=1
  done < <(find . -name buf.yaml -not -path '*/target/*' -not -path './build/*' | LC_ALL=C sort)
  ((failed == 0)) || die "a contract breaks a rule or the format" "see above; 'buf format --write <folder>' (build/bin/buf) mends the format"
}

main "$@"
