#!/usr/bin/env bash
# Formats the sources: Java (google-java-format through Spotless) and the contracts (buf).
# usage: scripts/format.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"

main() {
  use_java
  require_maven
  "$TANDEM_ROOT/scripts/tools.sh" buf
  cd "$TANDEM_ROOT" || return
  mvn -q -B -ntp spotless:apply || die "the formatter failed" "see [ERROR] above: a file that does not compile cannot be formatted"
  find . -name buf.yaml -not -path '*/target/*' -not -path './build/*' -printf '%h\0' | xargs -0 -n 1 buf format --write
}

main "$@"
