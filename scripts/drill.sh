#!/usr/bin/env bash
# Breaks something in the running clusters under load, repairs it, and measures what callers felt.
# usage: scripts/drill.sh [NAME... | --all]     settings: CONTROL=1 (each drill also with Istio's defaults); without a name: the list
source "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"

OUTPUT=$TANDEM_ROOT/e2e/target/drills

# build: quietly, and what Maven has seen before not again; the tests of what is built are make check's.
build() {
  local log=$TANDEM_BUILD/drill.log
  mkdir -p "$TANDEM_BUILD"
  mvn -B -ntp -q -pl e2e -am -Dmaven.test.skip -Dspotless.check.skip package >"$log" 2>&1 </dev/null || {
    grep -F '[ERROR]' "$log" | head -n 10 >&2 || true
    die "the drills do not build" "see $log"
  }
}

main() {
  local options=(--root "$TANDEM_ROOT" --output "$OUTPUT") status=0
  [[ ${CONTROL:-} != 1 ]] || options+=(--control)
  use_java
  require_maven
  [[ ! -f $TANDEM_KUBECONFIG ]] || "$TANDEM_ROOT/scripts/tools.sh" kubectl istioctl
  cd "$TANDEM_ROOT" || return
  build
  export KUBECONFIG=$TANDEM_KUBECONFIG
  # The process itself repairs on Ctrl-C; this script waits for it.
  trap : INT
  java --sun-misc-unsafe-memory-access=allow --enable-native-access=ALL-UNNAMED \
    -Djava.util.logging.config.file="$TANDEM_ROOT/e2e/src/test/resources/logging.properties" \
    -jar e2e/target/drill/drill.jar "${options[@]}" "$@" || status=$?
  (($# != 1)) || show "$OUTPUT/$1.svg"
  return "$status"
}

# show PICTURE: where there is a screen.
show() {
  [[ -f $1 ]] || return 0
  info "picture: ${1#"$TANDEM_ROOT/"}"
  if [[ -n ${DISPLAY:-}${WAYLAND_DISPLAY:-} ]] && have xdg-open; then xdg-open "$1" >/dev/null 2>&1 & fi
}

main "$@"
