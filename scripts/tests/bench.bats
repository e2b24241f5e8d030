#!/usr/bin/env bats
# scripts/bench-up.sh with stand-ins for what it measures.

load helper

setup() {
  own_world
  TREE=$BATS_TEST_TMPDIR/tree
  CHANGED=$TREE/services/user/src/main/java/dev/tandem/user/UserGrpcService.java
  mkdir -p "$TREE/scripts" "$TREE/clusters/supply" "$(dirname "$CHANGED")"
  cp -r "$SCRIPTS"/{lib,bench-up.sh} "$TREE/scripts/"
  cp "$ROOT/clusters/supply/lock.json" "$TREE/clusters/supply/"
  printf 'package dev.tandem.user;\n\nfinal class UserGrpcService {}\n' >"$CHANGED"
  cp "$CHANGED" "$BATS_TEST_TMPDIR/before"
  # shellcheck disable=SC2016 # For the stand-ins to expand.
  {
    step tandem <<<'echo "{\"clusters\": [{}, {}]}"'
    step docker.sh <<<'true'
    step down.sh <<<'echo gone'
    step up.sh <<<'printf "images\t1.5\nshanghai-mesh\t2.5\ntotal\t4\n" >"$TANDEM_STATE/phases.tsv"; echo 4321 >"$TANDEM_STATE/peak-memory"; echo "$TANDEM_CACHE" >>"$CALLS"'
    step rollout.sh <<<'head -n 1 "'"$CHANGED"'" >>"$CALLS"'
  }
  fake docker <<<'echo 2'
}

# step NAME < SCRIPT
step() {
  { printf '#!/bin/bash\nprintf "%s\\n" >>"$CALLS"\n' "$1" && cat; } >"$TREE/scripts/$1"
  chmod 0755 "$TREE/scripts/$1"
}

@test "a table of medians, the machine, and the file with both" {
  BENCH_RUNS=2 run "$TREE/scripts/bench-up.sh"
  succeeds_with 'cores' 'Docker 2' '2 clusters' '| what | median seconds | lowest | highest | runs |' '| make down | ' '| make up when all is up | ' \
    '| a changed line of Java running in all clusters | ' '| peak memory of make up, warm | 4321 | 4321 | 4321 | 2 |' '| make up, warm: images | 1.5 | 1.5 | 1.5 | 2 |'
  [[ $(grep -c '| 2 |$' "$TANDEM_BUILD/bench-up.md") == 7 ]]
  [[ $(grep -cx 'down.sh' "$CALLS") == 2 && $(grep -cx up.sh "$CALLS") == 5 ]]
}

@test "each rollout has another line, and the file is as it was in the end" {
  BENCH_RUNS=2 run "$TREE/scripts/bench-up.sh"
  succeeds_with
  [[ $(grep '^// bench-up' "$CALLS" | sort -u | wc -l) == 2 ]]
  cmp "$CHANGED" "$BATS_TEST_TMPDIR/before"
}

@test "a rollout that fails: the file is as it was, and the failure is shown" {
  step rollout.sh <<<'echo "error: a rollout failed"; exit 1'
  BENCH_RUNS=1 run "$TREE/scripts/bench-up.sh"
  fails_with 1 'error: a rollout failed' 'error: a changed line of Java running in all clusters failed'
  cmp "$CHANGED" "$BATS_TEST_TMPDIR/before"
}

@test "Ctrl-C in the middle: the file is as it was" {
  mkfifo "$BATS_TEST_TMPDIR/never"
  step rollout.sh <<<"touch '$BATS_TEST_TMPDIR/middle'; read -r <>'$BATS_TEST_TMPDIR/never'"
  BENCH_RUNS=1 setsid env --default-signal=INT,TERM "$TREE/scripts/bench-up.sh" >/dev/null 2>&1 3>&- &
  local bench=$! code=0
  eventually test -e "$BATS_TEST_TMPDIR/middle"
  ! cmp -s "$CHANGED" "$BATS_TEST_TMPDIR/before" || return 1
  kill -INT -- "-$bench"
  wait "$bench" || code=$?
  [[ $code != 0 ]]
  cmp "$CHANGED" "$BATS_TEST_TMPDIR/before"
}

@test "a cold run has caches of its own, which are gone afterwards" {
  COLD=1 BENCH_RUNS=1 run "$TREE/scripts/bench-up.sh"
  succeeds_with '| make up, cold | ' '| peak memory of make up, cold | 4321'
  local cold
  cold=$(grep /tandem-cold "$CALLS" | head -n 1)
  [[ -n $cold && ! -e $(dirname "$cold") ]]
  [[ $(grep -cxF "$TANDEM_CACHE" "$CALLS") == 3 ]]
}

@test "a number of rounds that is none is refused" {
  BENCH_RUNS=many run "$TREE/scripts/bench-up.sh"
  fails_with 1 "error: BENCH_RUNS is 'many'"
}
