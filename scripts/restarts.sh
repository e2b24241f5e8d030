#!/usr/bin/env bash
# Restarts every pod of both services in every cluster again and again under load (e2e's RollingRestartsTest), and keeps what
# came of it in docs/results/restarts.md and restarts.json, proven or not. Clusters that are not up are started.
# usage: scripts/restarts.sh
#   RESTARTS=100  how many rolling restarts
source "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"

RESTARTS=${RESTARTS:-100}
REPORT=$TANDEM_ROOT/e2e/target/report/report.json
RESULTS=$TANDEM_ROOT/docs/results

# keep COMMIT: the report without its timelines, which are megabytes, as JSON and for people.
keep() {
  local commit=$1 cores memory
  cores=$(nproc)
  memory=$(awk '$1 == "MemTotal:" { printf "%.0f", $2 / 1048576 }' /proc/meminfo)
  mkdir -p "$RESULTS"
  jq --arg commit "$commit" --argjson restarts "$RESTARTS" --argjson cores "$cores" --argjson memory "$memory" \
    '{restarts: $restarts, commit: $commit, machine: {cores: $cores, memoryGiB: $memory}} + del(.proofs[].timelines)' \
    "$REPORT" >"$RESULTS/restarts.json"
  jq -r '
    "# Rolling restarts\n",
    "`make restarts RESTARTS=\(.restarts)` at commit \(.commit), \(.started[:10]), \(.clusters | join(" and ")) on one machine with \(.machine.cores) cores and \(.machine.memoryGiB) GiB.\n",
    (.proofs[] | "**\(.proof): \(.outcome).**\n", (.sentences[] | "- \(.)"),
      (.failure // empty | "\n```\n\(.)\n```")),
    "\nWhat the words mean: [e2e](../../e2e/README.md). The same for programs: [restarts.json](restarts.json)."' \
    "$RESULTS/restarts.json" >"$RESULTS/restarts.md"
}

main() {
  [[ $RESTARTS =~ ^[1-9][0-9]*$ ]] || die "RESTARTS is '$RESTARTS'" "give a number greater than zero, such as RESTARTS=100"
  local status=0 commit
  commit=$(git -C "$TANDEM_ROOT" describe --always --dirty 2>/dev/null || echo unknown)
  "$TANDEM_ROOT/scripts/e2e.sh" -Dtest=RollingRestartsTest "-Dtandem.restarts=$RESTARTS" || status=$?
  [[ -f $REPORT ]] || die "there is no report: the proof did not run" "see [ERROR] above"
  keep "$commit"
  info "report: docs/results/restarts.md"
  return "$status"
}

main "$@"
