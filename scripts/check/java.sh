#!/usr/bin/env bash
# Checks the Java modules: formatter, Error Prone, NullAway, unit and integration tests, these against real servers from
# clusters/supply. No cluster is needed: the proofs against the clusters are scripts/e2e.sh.
# usage: scripts/check/java.sh [MAVEN-ARGUMENT...]
source "$(dirname "${BASH_SOURCE[0]}")/../lib/common.sh"
source "$TANDEM_ROOT/scripts/lib/supply.sh"

main() {
  use_java
  require_maven
  require_go
  # The registries of the tests, and what stands in their way.
  tools etcd etcdctl consul toxiproxy-server
  jars kafka
  cd "$TANDEM_ROOT" || return
  # Modules that do not need each other side by side, one a core: many tests wait for a server, a deadline or a lease.
  mvn -B -ntp -T 1C "$@" verify || die "a Java module does not pass" "see [ERROR] above; scripts/format.sh mends what the formatter finds; reports are in */target/surefire-reports"
}

main "$@"
