#!/usr/bin/env bats
# scripts/restarts.sh around scripts/e2e.sh, which is a stand-in here.

load helper

setup() {
  own_world
  TREE=$BATS_TEST_TMPDIR/tree
  export TREE
  mkdir -p "$TREE/scripts"
  cp -r "$SCRIPTS"/{lib,restarts.sh} "$TREE/scripts/"
  cat >"$TREE/scripts/e2e.sh" <<'END'
#!/bin/bash
printf 'e2e.sh %s\n' "$*" >>"$CALLS"
mkdir -p "$TREE/e2e/target/report"
[[ ${REPORT_IS:-there} == missing ]] || cat >"$TREE/e2e/target/report/report.json" <<'JSON'
{"started": "2026-01-02T03:04:05Z", "clusters": ["shanghai", "beijing"], "proofs": [{"proof": "No call fails",
 "outcome": "proven", "sentences": ["3 payments acknowledged."], "timelines": [{"title": "long"}]}]}
JSON
exit "${E2E_CODE:-0}"
END
  chmod 0755 "$TREE/scripts/e2e.sh"
}

@test "100 restarts are asked for, and the report is kept without its timelines" {
  run "$TREE/scripts/restarts.sh"
  succeeds_with 'docs/results/restarts.md'
  calls_have '-Dtest=RollingRestartsTest -Dtandem.restarts=100'
  grep -q '3 payments acknowledged' "$TREE/docs/results/restarts.md"
  jq -e '.command == "make restarts RESTARTS=100" and (.proofs[0] | has("timelines") | not)' "$TREE/docs/results/restarts.json"
}

@test "a proof that failed is kept, too, and fails" {
  E2E_CODE=1 RESTARTS=7 run "$TREE/scripts/restarts.sh"
  [[ $status -eq 1 ]]
  calls_have '-Dtandem.restarts=7'
  [[ -f $TREE/docs/results/restarts.md ]]
}

@test "a run without a report says so" {
  REPORT_IS=missing run "$TREE/scripts/restarts.sh"
  fails_with 1 'the proof did not run'
}

@test "a number that is none is refused" {
  RESTARTS=many run "$TREE/scripts/restarts.sh"
  fails_with 1 "RESTARTS is 'many'"
}
