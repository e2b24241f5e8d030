#!/usr/bin/env bash
# The proofs against the running clusters; starts the clusters first when they are not up or not healthy.
# usage: scripts/e2e.sh [MAVEN-ARGUMENT...]      for instance -Dtest=FailoverTest
source "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"

main() {
  if ! "$TANDEM_ROOT/scripts/status.sh" >&2; then
    step "the clusters are not up, or not healthy: make up"
    "$TANDEM_ROOT/scripts/up.sh"
  fi
  use_java
  require_maven
  cd "$TANDEM_ROOT" || return
  export KUBECONFIG=$TANDEM_KUBECONFIG
  local status=0 left_out=by-name
  # Proofs that have the tag by-name run when -Dtest names them; e2e/README.md says why.
  [[ " $*" != *" -Dtest="* ]] || left_out=''
  rm -rf e2e/target/{report,bundle}
  # Modules that the proofs are built on are compiled; their own tests are make check's: none of those has the group e2e.
  mvn -B -ntp -Pe2e -pl e2e -am -Dgroups=e2e -DexcludedGroups="$left_out" -Dsurefire.failIfNoSpecifiedTests=false "$@" verify || status=$?
  report
  ((status == 0)) || die "a proof failed" "read the report; what the clusters said is in the bundle beside it"
}

# report: where the evidence is.
report() {
  local file
  for file in "$TANDEM_ROOT"/e2e/target/{report/index.html,report/report.json,bundle}; do
    [[ ! -e $file ]] || info "report: ${file#"$TANDEM_ROOT/"}"
  done
}

main "$@"
