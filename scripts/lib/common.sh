# Shared by every script: where things are, how to say what happens, how to wait. Sourced, never run.
# shellcheck shell=bash

set -euo pipefail

TANDEM_ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
# Caches are shared by all checkouts of one user and survive `make down`; state belongs to the running clusters.
TANDEM_CACHE=${TANDEM_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/tandem}
TANDEM_STATE=${TANDEM_STATE:-${XDG_STATE_HOME:-$HOME/.local/state}/tandem}
TANDEM_BUILD=${TANDEM_BUILD:-$TANDEM_ROOT/build}
TANDEM_LOGS=$TANDEM_STATE/logs
TANDEM_TOPOLOGY=${TANDEM_TOPOLOGY:-$TANDEM_ROOT/clusters/topology.yaml}
TANDEM_LOCK=${TANDEM_LOCK:-$TANDEM_ROOT/clusters/supply/lock.json}
# shellcheck disable=SC2034 # Those who source this file use it.
REGISTRY_NAME=${TANDEM_REGISTRY_NAME:-tandem-registry}
REGISTRY_PORT=${TANDEM_REGISTRY_PORT:-5731}
# shellcheck disable=SC2034 # As above.
REGISTRY_ADDRESS=127.0.0.1:$REGISTRY_PORT
# The only kubeconfig that the scripts write while they work; the user's own file gets the finished contexts.
TANDEM_KUBECONFIG=$TANDEM_STATE/kubeconfig
DOCKER_HOST=${DOCKER_HOST:-unix:///var/run/docker.sock}
export TANDEM_ROOT TANDEM_CACHE TANDEM_STATE TANDEM_BUILD TANDEM_LOGS TANDEM_TOPOLOGY TANDEM_LOCK TANDEM_KUBECONFIG DOCKER_HOST
export PATH="$TANDEM_BUILD/bin:$PATH:/usr/sbin:/sbin"

if [[ -t 2 && ${CI:-} != true ]]; then
  # The first of these clears the line, on which a clock may be running.
  _line=$'\r\e[K' _bold=$'\e[1m' _red=$'\e[31m' _yellow=$'\e[33m' _dim=$'\e[2m' _reset=$'\e[0m'
else
  _line='' _bold='' _red='' _yellow='' _dim='' _reset=''
fi

info() { printf '%s%s\n' "$_line" "$*" >&2; }
step() { printf '%s==> %s%s\n' "$_line$_bold" "$*" "$_reset" >&2; }
detail() { printf '%s    %s%s\n' "$_line$_dim" "$*" "$_reset" >&2; }
warn() { printf '%swarning: %s%s\n' "$_line$_yellow" "$*" "$_reset" >&2; }

# die CAUSE [FIX]: one error that names both, exit 1.
die() {
  printf '%serror: %s%s\n' "$_line$_red" "$1" "$_reset" >&2
  [[ $# -lt 2 ]] || printf '  fix: %s\n' "$2" >&2
  exit 1
}

have() { command -v "$1" >/dev/null 2>&1; }

# base64url: as JSON Web Tokens have it (RFC 7515, section 2).
base64url() { base64 -w 0 | tr '+/' '-_' | tr -d '='; }

# now: seconds since the epoch with milliseconds, for durations that people read.
now() { printf '%s' "${EPOCHREALTIME/,/.}"; }
since() { awk -v a="$1" -v b="$(now)" 'BEGIN { printf "%.1f", b - a }'; }

# await SECONDS WHAT COMMAND...: poll a condition that offers no event, with a limit, and say what was awaited.
await() {
  local limit=$1 what=$2 started=$SECONDS
  shift 2
  until "$@" >/dev/null 2>&1; do
    if ((SECONDS - started >= limit)); then
      printf '%serror: waited %s s for %s%s\n' "$_red" "$limit" "$what" "$_reset" >&2
      return 1
    fi
    read -r -t 0.2 <> <(:) || true
  done
}

# start_clock NAME [LOG]: until stop_clock, a terminal shows how long something has taken and the log's last line. Only the
# script itself has a clock, not the parts that run side by side.
start_clock() {
  [[ -n $_line && $BASH_SUBSHELL == 0 ]] || return 0
  _tick "$1" "${2:-/dev/null}" 8>&- &
  _clock=$!
}

stop_clock() {
  [[ -n ${_clock:-} ]] || return 0
  kill "$_clock" 2>/dev/null || true
  wait "$_clock" 2>/dev/null || true
  _clock=''
  printf '%s' "$_line" >&2
}

_tick() {
  local started=$SECONDS last columns
  columns=$(tput cols 2>/dev/null || printf 80)
  while :; do
    read -r -t 1 <> <(:) || true
    last=$(tail -c 400 "$2" 2>/dev/null | tail -n 1 | tr -cd '[:print:]')
    last="    $1: $((SECONDS - started)) s  $last"
    printf '%s' "$_line$_dim${last:0:columns - 1}$_reset" >&2
  done
}

# phase NAME COMMAND...: run a long step with its output in a log file; its duration goes to the summary.
# On failure the end of the log is shown. The terminal shows a running clock, CI one line at start and one at the end.
phase() {
  local name=$1 log started status=0
  shift
  log=$TANDEM_LOGS/${name//[^a-z0-9-]/-}.log
  mkdir -p "$TANDEM_LOGS"
  started=$(now)
  step "$name"
  start_clock "$name" "$log"
  # Not "|| status=$?", which would switch set -e off inside of the step. Without the lock of up.sh: a daemon started by a
  # step would hold it for ever.
  set +e
  (set -e && "$@") >"$log" 2>&1 </dev/null 8>&-
  status=$?
  set -e
  stop_clock
  if ((status != 0)); then
    printf '%serror: %s failed after %s s; the end of %s:%s\n' "$_line$_red" "$name" "$(since "$started")" "$log" "$_reset" >&2
    tail -n 25 "$log" | sed 's/^/    /' >&2
    return "$status"
  fi
  record_phase "$name" "$started"
}

# record_phase NAME STARTED: remember how long a phase took, for the summary and for make bench-up.
record_phase() {
  local took
  took=$(since "$2")
  detail "$1: $took s"
  printf '%s\t%s\n' "$1" "$took" >>"${TANDEM_PHASES:-$TANDEM_STATE/phases.tsv}"
}

require_root_for() {
  [[ $(id -u) == 0 ]] || die "$1 needs root, and this is $(id -un)" "$2"
}

# java_home: the JDK 25 that builds and runs Tandem; JAVA_HOME when it is one, else what is found where distributions put it.
java_home() {
  local candidate folder=${TANDEM_JVM_FOLDER:-/usr/lib/jvm}
  for candidate in ${TANDEM_JAVA_HOME:+"$TANDEM_JAVA_HOME"} ${JAVA_HOME:+"$JAVA_HOME"} "$folder"/*25*; do
    if [[ -r $candidate/release && -x $candidate/bin/javac ]] && grep -q '^JAVA_VERSION="25[."]' "$candidate/release"; then
      printf '%s' "$candidate"
      return 0
    fi
  done
  die "no JDK 25 found (JAVA_HOME is '${JAVA_HOME:-unset}'; $folder has: $(ls -m "$folder" 2>/dev/null || true))" \
    "install a JDK 25, for instance Temurin's package temurin-25-jdk, or set JAVA_HOME to one"
}

use_java() {
  JAVA_HOME=$(java_home)
  export JAVA_HOME
  export PATH="$JAVA_HOME/bin:$PATH"
}

# require_go: the Go toolchain that the pinned modules ask for; Go must not fetch another one behind our back.
require_go() {
  local wanted found
  export GOTOOLCHAIN=local
  wanted=$(jq -r .go.minimum "$TANDEM_LOCK")
  have go || die "Go is not installed" "install Go $wanted or newer (https://go.dev/dl) and put it on PATH"
  found=$(go env GOVERSION)
  found=${found#go}
  [[ $(printf '%s\n%s\n' "$wanted" "$found" | sort -V | head -n 1) == "$wanted" ]] \
    || die "Go $found is too old: the pinned modules need $wanted" "install Go $wanted or newer and put it first on PATH"
}

require_maven() {
  have mvn || die "Maven is not installed" "apt-get install maven, or put mvn 3.8.7 or newer on PATH"
}

# chart_namespace CHART: where a chart of ours is released.
chart_namespace() { if [[ $1 == observability ]]; then printf observability; else printf tandem; fi; }

# telemetry_wanted: TELEMETRY=1 adds the telemetry stack, TELEMETRY=0 leaves it out. The clusters keep what they were last given.
telemetry_wanted() {
  local wanted=${TELEMETRY:-$(cat "$TANDEM_STATE/telemetry" 2>/dev/null || printf 0)}
  case $wanted in
    1) ;;
    0) return 1 ;;
    *) die "TELEMETRY is '$wanted'" "TELEMETRY=1 for clusters with collectors, Prometheus and Jaeger, TELEMETRY=0 for clusters without" ;;
  esac
}

# topology ARGUMENT...: what jq finds in the validated topology.
topology() {
  load_topology
  jq -r "$@" <<<"$_topology_json"
}

# load_topology: read it once, for this script and those that it starts. In $( ) it would be forgotten again.
load_topology() {
  [[ -z ${_topology_json:-} ]] || return 0
  _topology_json=$("$TANDEM_ROOT/scripts/tandem" topology --output json --file "$TANDEM_TOPOLOGY") || exit 2
  export _topology_json
}

kube() {
  local cluster=$1
  shift
  kubectl --kubeconfig "$TANDEM_KUBECONFIG" --context "kind-tandem-$cluster" "$@"
}
