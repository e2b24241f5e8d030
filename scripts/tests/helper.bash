# What the scripts' tests share. Nothing of a test reaches the real clusters: each has its own state, caches, build folder,
# names and ports below BATS_TEST_TMPDIR.
# shellcheck shell=bash

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
# shellcheck disable=SC2034 # The tests use it.
SCRIPTS=$ROOT/scripts

# own_world: where the scripts keep things, for this test only. What was built once is shared, to be read.
own_world() {
  local real=${TANDEM_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/tandem}
  export TANDEM_STATE=$BATS_TEST_TMPDIR/state TANDEM_CACHE=$BATS_TEST_TMPDIR/cache TANDEM_BUILD=$BATS_TEST_TMPDIR/build
  export TANDEM_RUN_DIR=$BATS_TEST_TMPDIR/run CALLS=$BATS_TEST_TMPDIR/calls
  mkdir -p "$TANDEM_STATE" "$TANDEM_CACHE/binaries" "$TANDEM_BUILD/bin" "$TANDEM_RUN_DIR" "$real/go-build" "$ROOT/build/tandem"
  : >"$CALLS"
  find "$real/binaries" -mindepth 1 -maxdepth 1 -exec ln -s -t "$TANDEM_CACHE/binaries" {} +
  ln -s "$real/go-build" "$TANDEM_CACHE/go-build"
  ln -s "$ROOT/build/tandem" "$TANDEM_BUILD/tandem"
  unset IMAGES REGISTRY_MIRROR _topology_json STRICT_LOCK TANDEM_LOCK TANDEM_LOCK_ONLY TANDEM_TOPOLOGY
  export KUBECONFIG=$BATS_TEST_TMPDIR/user/kubeconfig
}

# only_commands_but NAME...: PATH with everything that is on it, except for these.
only_commands_but() {
  local folder commands=$BATS_TEST_TMPDIR/commands name
  mkdir -p "$commands"
  while read -r -d : folder; do
    [[ ! -d $folder ]] || find -L "$folder" -maxdepth 1 -type f -exec ln -s -t "$commands" {} + 2>/dev/null || true
  done <<<"$PATH:"
  for name in "$@"; do rm -f "$commands/$name"; done
  export PATH=$commands
}

# fake NAME < SCRIPT: a command of that name, first on PATH. It writes its arguments to $CALLS.
# Without env, so that the kernel, too, calls the process by that name.
fake() {
  local folder=$BATS_TEST_TMPDIR/fakes
  mkdir -p "$folder"
  # shellcheck disable=SC2016 # For the fake to expand.
  { printf '#!/bin/bash\nprintf "%%s %%s\\n" "$(basename "$0")" "$*" >>"$CALLS"\n' && cat; } >"$folder/$1"
  chmod 0755 "$folder/$1"
  [[ :$PATH: == *":$folder:"* ]] || export PATH=$folder:$PATH
}

# fails_with CODE PATTERN...: the last run ended so, and its output has each of these.
fails_with() {
  local code=$1 pattern
  shift
  # shellcheck disable=SC2154 # Set by run.
  [[ $status == "$code" ]] || { printf 'exit code %s instead of %s:\n%s\n' "$status" "$code" "$output" >&2; return 1; }
  for pattern in "$@"; do
    [[ $output == *"$pattern"* ]] || { printf 'no "%s" in:\n%s\n' "$pattern" "$output" >&2; return 1; }
  done
}

succeeds_with() { fails_with 0 "$@"; }

says_nothing_of() {
  [[ $output != *"$1"* ]] || { printf '"%s" is in:\n%s\n' "$1" "$output" >&2; return 1; }
}

calls_have() { grep -qF -- "$1" "$CALLS" || { printf 'no "%s" among the calls:\n%s\n' "$1" "$(<"$CALLS")" >&2; return 1; }; }
calls_lack() { ! grep -F -- "$1" "$CALLS" >&2; }

# eventually COMMAND...: it becomes true within 20 seconds.
eventually() {
  local until=$((SECONDS + 20))
  until "$@" >/dev/null 2>&1; do
    ((SECONDS < until)) || { printf 'not within 20 s: %s\n' "$*" >&2; return 1; }
    read -r -t 0.05 <> <(:) || true
  done
}

free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
