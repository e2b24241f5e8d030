#!/usr/bin/env bash
# Writes to real registries and watches them while they are killed, paused and cut off, for as long as it is told to, and
# checks that no update was lost, duplicated or reordered. make check does the same for 20 seconds each.
# usage: [HISTORY_SECONDS=600] scripts/registry-history.sh [MAVEN-ARGUMENT...]
#        HISTORY_SECONDS: for each of etcd and Consul.
source "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"
source "$TANDEM_ROOT/scripts/lib/supply.sh"

main() {
  local seconds=${HISTORY_SECONDS:-600}
  [[ $seconds =~ ^[1-9][0-9]{0,5}$ ]] || die "HISTORY_SECONDS is '$seconds'" "give seconds for each registry, such as HISTORY_SECONDS=600"
  use_java
  require_maven
  require_go
  tools etcd etcdctl consul toxiproxy-server
  cd "$TANDEM_ROOT" || return
  mvn -B -ntp -q "$@" -pl platform/registry -am -Dtest='*HistoryTest' -Dsurefire.failIfNoSpecifiedTests=false \
    -Dtandem.history.seconds="$seconds" verify ||
    die "an update was lost, duplicated or reordered, or the servers could not be started" \
      "see [ERROR] above; what the servers said is in platform/registry/target/servers"
}

main "$@"
