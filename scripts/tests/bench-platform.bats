#!/usr/bin/env bats
# scripts/bench.sh where it cannot run. That it measures is seen by running it.

load helper

setup() { own_world; }

@test "a number of rounds that is none: said before anything is built" {
  fake mvn <<<'exit 1'
  BENCH_RUNS=many run "$SCRIPTS/bench.sh"
  fails_with 1 "error: BENCH_RUNS is 'many'" 'fix: set it to how many rounds are wanted, 1 or more'
  [[ ! -s $CALLS ]]
}

@test "a part that is none: said before anything is built" {
  fake mvn <<<'exit 1'
  BENCH_ONLY='start stop' run "$SCRIPTS/bench.sh"
  fails_with 1 "error: BENCH_ONLY names 'stop', which is no part" 'fix: name some of: calls switches start registry sizes'
  [[ ! -s $CALLS ]]
}

@test "what does not build is named" {
  fake mvn <<<'echo "[ERROR] UserLookup.java: a semicolon is missing"; exit 1'
  fake h2load <<<'true'
  run "$SCRIPTS/bench.sh"
  fails_with 1 '[ERROR] UserLookup.java: a semicolon is missing' 'error: the user service or the benchmark does not build' 'fix: make check-java'
}
