#!/usr/bin/env bash
# Measures make up, make down and a rolled-out change, alternating, and writes a table with medians to build/bench-up.md.
# No figure makes it fail. The clusters of this machine are taken down and up for it.
# usage: scripts/bench-up.sh
#   BENCH_RUNS=3  how many rounds
#   COLD=1        first one run with empty caches: every tool and image is built (Go's and Maven's downloads stay)
source "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"

RUNS=${BENCH_RUNS:-3}
REPORT=$TANDEM_BUILD/bench-up.md
# The changed line of Java: a new first line moves all others, so that the compiled class changes, too.
CHANGED=$TANDEM_ROOT/services/user/src/main/java/dev/tandem/user/UserGrpcService.java

# measure WHAT COMMAND...: run it with its output in a log, and note how long it took.
measure() {
  local what=$1 started took
  shift
  started=$(now)
  "$@" >"$_work/log" 2>&1 </dev/null || { tail -n 40 "$_work/log" >&2; die "${what} failed" "the end of its output is above; make up repairs what is half-made"; }
  took=$(since "$started")
  printf '%s\t%s\n' "$what" "$took" >>"$_work/times"
  detail "$what: $took s"
}

# note_up WHAT: peak memory and phases of the make up that has just ended.
note_up() {
  printf 'peak memory of %s\t%s\n' "$1" "$(<"$TANDEM_STATE/peak-memory")" >>"$_work/memory"
  awk -F'\t' -v what="$1" '$1 != "total" { print what ": " $1 "\t" $2 }' "$TANDEM_STATE/phases.tsv" >>"$_work/phases"
}

change_java() { sed -i "1i // bench-up $1" "$CHANGED"; }
restore_java() { [[ ! -f $_work/changed ]] || cmp -s "$_work/changed" "$CHANGED" || cp "$_work/changed" "$CHANGED"; }

up() { "$TANDEM_ROOT/scripts/up.sh"; }
down() { "$TANDEM_ROOT/scripts/down.sh"; }
rollout() { "$TANDEM_ROOT/scripts/rollout.sh"; }

cold() {
  step "one cold run"
  measure 'make down before the cold run' down
  "$TANDEM_ROOT/scripts/docker.sh"
  docker images --quiet --filter reference='tandem/*' | sort -u | xargs -r docker rmi --force >/dev/null
  # Beside the real cache, which is where there is room for it.
  _cold=$(mktemp -d "$(dirname "$TANDEM_CACHE")/tandem-cold.XXXXXX")
  export TANDEM_CACHE=$_cold/cache TANDEM_BUILD=$_cold/build
  measure 'make up, cold' up
  note_up 'make up, cold'
  measure 'make down after the cold run' down
  TANDEM_CACHE=$_kept_cache TANDEM_BUILD=$_kept_build
  rm -rf "$_cold"
}

round() {
  step "round $1 of $RUNS"
  measure 'make down' down
  measure 'make up, warm, from nothing to the first cross-cluster call' up
  note_up 'make up, warm'
  measure 'make up when all is up' up
  change_java "$1 $(now)"
  measure 'a changed line of Java running in all clusters' rollout
  restore_java
}

# table FILE UNIT: what, median, lowest, highest, how many; in the order of the first appearance.
table() {
  printf '| what | median %s | lowest | highest | runs |\n|---|---|---|---|---|\n' "$2"
  cut -f1 "$1" | awk '!seen[$0]++' | while IFS= read -r what; do
    awk -F'\t' -v what="$what" '$1 == what { print $2 }' "$1" | sort -n \
      | awk -v what="$what" '{ v[NR] = $1 } END {
          median = NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2
          printf "| %s | %s | %s | %s | %d |\n", what, median, v[1], v[NR], NR }'
  done
}

machine() {
  printf -- '- %s: %s cores (%s), %s MiB of memory, load %s when it began\n' "$(sed -n 's/^PRETTY_NAME="\(.*\)"/\1/p' /etc/os-release)" "$(nproc)" \
    "$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)" "$(awk '/^MemTotal:/ { print int($2 / 1024) }' /proc/meminfo)" "$_load"
  printf -- '- Linux %s, cgroup v%s, Docker %s, %s, JDK %s, Maven %s\n' "$(uname -r)" "$(docker info --format '{{.CgroupVersion}}')" \
    "$(docker version --format '{{.Server.Version}}')" "$(go env GOVERSION)" "$(sed -n 's/^JAVA_RUNTIME_VERSION="\(.*\)"/\1/p' "$JAVA_HOME/release")" \
    "$(mvn -version 2>/dev/null | sed -nE '1 { s/\x1b\[[0-9;]*m//g; s/^Apache Maven ([0-9.]+).*/\1/p }')"
  printf -- '- %s clusters; commit %s\n' "$(topology '.clusters | length')" "$(git -C "$TANDEM_ROOT" describe --always --dirty 2>/dev/null || printf unknown)"
}

report() {
  printf '# make bench-up\n\n'
  machine
  printf '\n'
  table "$_work/times" seconds
  printf '\n'
  table "$_work/memory" MiB
  printf '\nThe phases of make up (those of the clusters run side by side):\n\n'
  table "$_work/phases" seconds
}

main() {
  local round
  [[ $RUNS =~ ^[1-9][0-9]*$ ]] || die "BENCH_RUNS is '$RUNS'" "set it to how many rounds are wanted, 1 or more"
  [[ -f $CHANGED ]] || die "there is no $CHANGED to change" "correct CHANGED in $0"
  _load=$(cut -d' ' -f1-3 /proc/loadavg)
  _kept_cache=$TANDEM_CACHE _kept_build=$TANDEM_BUILD
  _work=$(mktemp -d)
  _cold=$_work/cold
  trap 'restore_java; rm -rf "$_work" "$_cold"' EXIT
  trap 'exit 130' INT TERM
  cp "$CHANGED" "$_work/changed"
  use_java
  [[ ${COLD:-} != 1 ]] || cold
  step "filling the caches"
  measure 'make up, first' up
  sed -i '/^make up, first\t/d' "$_work/times"
  load_topology
  for ((round = 1; round <= RUNS; round++)); do round "$round"; done
  # The clusters end with the sources as they are.
  rollout >"$_work/log" 2>&1
  mkdir -p "$(dirname "$REPORT")"
  report >"$REPORT.new"
  mv "$REPORT.new" "$REPORT"
  cat "$REPORT"
}

main "$@"
