#!/usr/bin/env bash
# Lets a fuzzer look for inputs that what reads strangers' words does not take. What it finds is in
# platform/fuzz/corpus, where make check tries it again.
# usage: [FUZZ_SECONDS=60] [FUZZ_TARGET=CallFuzz] scripts/fuzz.sh [MAVEN-ARGUMENT...]
#        FUZZ_SECONDS: for each target. FUZZ_TARGET: only this one.
source "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"

main() {
  local seconds=${FUZZ_SECONDS:-60}
  [[ $seconds =~ ^[1-9][0-9]{0,5}$ ]] || die "FUZZ_SECONDS is '$seconds'" "give seconds for each target, such as FUZZ_SECONDS=60"
  use_java
  require_maven
  cd "$TANDEM_ROOT" || return
  mvn -B -ntp -q "$@" -pl platform/fuzz -am -Dtest=FuzzTest -Dsurefire.failIfNoSpecifiedTests=false \
    -Dfuzz.seconds="$seconds" -Dfuzz.target="${FUZZ_TARGET:-}" verify ||
    die "the fuzzer found something, or could not run" "see [ERROR] above: it names the input, its log and how to try it again"
}

main "$@"
