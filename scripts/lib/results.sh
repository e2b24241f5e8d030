# What a long proof came to, kept in docs/results. Sourced after common.sh.
# shellcheck shell=bash

# kept_proof NAME TITLE COMMAND TEST OPTION...: run a proof of e2e's, and keep its report, proven or not, in docs/results/NAME.md
# and NAME.json, without its timelines, which are megabytes.
kept_proof() {
  local name=$1 title=$2 command=$3 report=$TANDEM_ROOT/e2e/target/report/report.json results=$TANDEM_ROOT/docs/results status=0 commit memory
  commit=$(git -C "$TANDEM_ROOT" describe --always --dirty 2>/dev/null || echo unknown)
  "$TANDEM_ROOT/scripts/e2e.sh" "-Dtest=$4" "${@:5}" || status=$?
  [[ -f $report ]] || die "there is no report: the proof did not run" "see [ERROR] above"
  memory=$(awk '$1 == "MemTotal:" { printf "%.0f", $2 / 1048576 }' /proc/meminfo)
  mkdir -p "$results"
  jq --arg command "$command" --arg commit "$commit" --argjson cores "$(nproc)" --argjson memory "$memory" \
    '{command: $command, commit: $commit, machine: {cores: $cores, memoryGiB: $memory}} + del(.proofs[].timelines)' "$report" >"$results/$name.json"
  jq -r --arg title "$title" --arg name "$name" '
    "# \($title)\n",
    "`\(.command)` at commit \(.commit), \(.started[:10]), \(.clusters | join(" and ")) on one machine with \(.machine.cores) cores and \(.machine.memoryGiB) GiB.\n",
    (.proofs[] | "**\(.proof): \(.outcome).**\n", (.sentences[] | "- \(.)"),
      (.failure // empty | "\n```\n\(.)\n```")),
    "\nWhat the words mean: [e2e](../../e2e/README.md). The same for programs: [\($name).json](\($name).json)."' \
    "$results/$name.json" >"$results/$name.md"
  info "report: docs/results/$name.md"
  return "$status"
}
