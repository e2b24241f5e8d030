#!/usr/bin/env bats
# scripts/lib/runc-without-sys-resource takes one capability away and otherwise is runc.

load helper

RUNTIME=$SCRIPTS/lib/runc-without-sys-resource

setup() {
  own_world
  fake runc <<<'exit 0'
  mkdir "$BATS_TEST_TMPDIR/bundle"
  printf '%s' '{"ociVersion":"1.0.2","process":{"args":["CAP_SYS_RESOURCE"],"capabilities":{"bounding":["CAP_CHOWN","CAP_SYS_RESOURCE","CAP_SYS_ADMIN"],"effective":["CAP_SYS_RESOURCE"],"ambient":null}},"hostname":"h"}' \
    >"$BATS_TEST_TMPDIR/bundle/config.json"
  printf '%s' '{"args":["sh"],"capabilities":{"permitted":["CAP_SYS_RESOURCE","CAP_KILL"]}}' >"$BATS_TEST_TMPDIR/process.json"
}

@test "create: the capability is gone from every set, all else stays" {
  "$RUNTIME" --root /somewhere --log /create --systemd-cgroup create --bundle "$BATS_TEST_TMPDIR/bundle" --pid-file /p an-id
  run cat "$BATS_TEST_TMPDIR/bundle/config.json"
  [[ $output == '{"ociVersion":"1.0.2","process":{"args":["CAP_SYS_RESOURCE"],"capabilities":{"bounding":["CAP_CHOWN","CAP_SYS_ADMIN"],"effective":[],"ambient":[]}},"hostname":"h"}' ]]
  [[ $(<"$CALLS") == "runc --root /somewhere --log /create --systemd-cgroup create --bundle $BATS_TEST_TMPDIR/bundle --pid-file /p an-id" ]]
}

@test "run without --bundle: the bundle is the current folder" {
  cd "$BATS_TEST_TMPDIR/bundle" || return
  "$RUNTIME" run an-id
  [[ $(jq -c .process.capabilities.bounding config.json) == '["CAP_CHOWN","CAP_SYS_ADMIN"]' ]]
}

@test "exec: the process file is edited, the bundle is not" {
  local before
  before=$(<"$BATS_TEST_TMPDIR/bundle/config.json")
  cd "$BATS_TEST_TMPDIR/bundle" || return
  "$RUNTIME" --root /r exec --process "$BATS_TEST_TMPDIR/process.json" --detach an-id
  [[ $(<"$BATS_TEST_TMPDIR/process.json") == '{"args":["sh"],"capabilities":{"permitted":["CAP_KILL"]}}' ]]
  [[ $(<config.json) == "$before" ]]
}

@test "exec with --process=FILE: the same" {
  "$RUNTIME" exec "--process=$BATS_TEST_TMPDIR/process.json" an-id
  [[ $(jq -c .capabilities "$BATS_TEST_TMPDIR/process.json") == '{"permitted":["CAP_KILL"]}' ]]
}

@test "a process without capabilities stays one" {
  printf '{"args":["sh"]}' >"$BATS_TEST_TMPDIR/process.json"
  "$RUNTIME" exec -p "$BATS_TEST_TMPDIR/process.json" an-id
  [[ $(jq -c '.capabilities // "none"' "$BATS_TEST_TMPDIR/process.json") == '"none"' ]]
}

@test "every other command passes through, whatever the container is called" {
  local before
  before=$(<"$BATS_TEST_TMPDIR/bundle/config.json")
  cd "$BATS_TEST_TMPDIR/bundle" || return
  "$RUNTIME" --root /r delete --force run
  "$RUNTIME" --version
  "$RUNTIME" state exec
  [[ $(<config.json) == "$before" ]]
  [[ $(<"$CALLS") == $'runc --root /r delete --force run\nrunc --version\nrunc state exec' ]]
}

@test "runc's exit code is the answer" {
  fake runc <<<'exit 7'
  run "$RUNTIME" kill an-id KILL
  fails_with 7
}

@test "a bundle that cannot be read is not started" {
  printf '{' >"$BATS_TEST_TMPDIR/bundle/config.json"
  run "$RUNTIME" create --bundle "$BATS_TEST_TMPDIR/bundle" an-id
  [[ $status != 0 ]]
  calls_lack runc
}
