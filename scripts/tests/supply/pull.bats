#!/usr/bin/env bats
# IMAGES=pull and make lock against a real registry that stands for the public ones.

load ../helper
load registries

# The upstream: a small image under the names of two.
setup_file() {
  "$BATS_TEST_DIRNAME/../../tools.sh" crane registry pause
  (
    # shellcheck disable=SC2030 # Only here.
    BATS_TEST_TMPDIR=$BATS_FILE_TMPDIR
    own_world
    only_pause
    own_registry
    IMAGES=build "$SCRIPTS/supply/images.sh"
    "$ROOT/build/bin/crane" copy "127.0.0.1:$TANDEM_REGISTRY_PORT/$PAUSE" "127.0.0.1:$TANDEM_REGISTRY_PORT/$(jq -r .node.reference "$TANDEM_LOCK")"
    end_processes
    mv "$TANDEM_CACHE/registry" "$BATS_FILE_TMPDIR/upstream"
  )
}

setup() {
  own_world
  only_pause
  NODE=$(jq -r .node.reference "$TANDEM_LOCK")
  own_registry
  # shellcheck disable=SC2031 # bats sets it.
  cp -r "$BATS_FILE_TMPDIR/upstream" "$BATS_TEST_TMPDIR/upstream"
  UPSTREAM=$(free_port)
  registry_at "$UPSTREAM" "$BATS_TEST_TMPDIR/upstream"
  export REGISTRY_MIRROR=127.0.0.1:$UPSTREAM TANDEM_REGISTRY_TIMEOUT=20
}

teardown() { end_processes; }

# lock_digest NAME [VALUE]: what the lock has, or shall have.
lock_digest() {
  local path=.images.pause.digest
  [[ $1 == pause ]] || path=.node.digest
  if (($# == 1)); then
    jq -r "$path" "$TANDEM_LOCK"
  else
    jq --arg d "$2" "$path = \$d" "$TANDEM_LOCK" >"$TANDEM_LOCK.new"
    mv "$TANDEM_LOCK.new" "$TANDEM_LOCK"
  fi
}

# move_tag REFERENCE: another image appears under the same name.
move_tag() { "$ROOT/build/bin/crane" mutate "127.0.0.1:$UPSTREAM/$1" --label moved=yes --tag "127.0.0.1:$UPSTREAM/$1" >/dev/null; }

@test "every image and the node image are copied under their ordinary names, and their digests recorded" {
  IMAGES=pull run "$SCRIPTS/supply/images.sh"
  succeeds_with "pulled $PAUSE" "pulled $NODE"
  local digest
  digest=$(digest_at "$UPSTREAM" "$PAUSE")
  [[ $(digest_at "$TANDEM_REGISTRY_PORT" "$PAUSE") == "$digest" ]]
  [[ $(digest_at "$TANDEM_REGISTRY_PORT" "$NODE") == "$digest" ]]
  [[ $(<"$TANDEM_CACHE/images/${PAUSE//[\/:]/_}") == "pull:- $digest" ]]
}

@test "a second time nothing is copied, and the upstream is not even asked" {
  IMAGES=pull "$SCRIPTS/supply/images.sh"
  end_processes
  registry_at "$TANDEM_REGISTRY_PORT" "$TANDEM_CACHE/registry"
  IMAGES=pull run "$SCRIPTS/supply/images.sh"
  succeeds_with
  says_nothing_of pulled
}

@test "an image that the local registry lost is copied again, the other is not" {
  IMAGES=pull "$SCRIPTS/supply/images.sh"
  "$ROOT/build/bin/crane" delete "127.0.0.1:$TANDEM_REGISTRY_PORT/$PAUSE"
  IMAGES=pull run "$SCRIPTS/supply/images.sh"
  succeeds_with "pulled $PAUSE"
  says_nothing_of "pulled $NODE"
}

@test "a mirror by its address with http:// is asked the same way" {
  REGISTRY_MIRROR=http://$REGISTRY_MIRROR IMAGES=pull run "$SCRIPTS/supply/images.sh"
  succeeds_with "pulled $PAUSE"
}

@test "another digest than the lock's is refused, and nothing of it is kept" {
  lock_digest pause "sha256:$(printf '0%.0s' {1..64})"
  IMAGES=pull run "$SCRIPTS/supply/images.sh"
  fails_with 1 "error: $PAUSE is $(digest_at "$UPSTREAM" "$PAUSE"), the lock says sha256:0000" 'fix: a tag was moved upstream'
  has_no "$TANDEM_REGISTRY_PORT" "$PAUSE"
}

@test "the lock's digest is accepted, and decides again when the tag moves" {
  lock_digest pause "$(digest_at "$UPSTREAM" "$PAUSE")"
  IMAGES=pull "$SCRIPTS/supply/images.sh"
  move_tag "$PAUSE"
  "$ROOT/build/bin/crane" delete "127.0.0.1:$TANDEM_REGISTRY_PORT/$PAUSE"
  IMAGES=pull run "$SCRIPTS/supply/images.sh"
  fails_with 1 "the lock says $(lock_digest pause)"
}

@test "contents that are not what their digest says are refused" {
  local blob
  blob=$(find "$BATS_TEST_TMPDIR/upstream" -name data -size +100k)
  printf 'x' | dd of="$blob" bs=1 seek=1000 conv=notrunc status=none
  IMAGES=pull run "$SCRIPTS/supply/images.sh"
  fails_with 1 "error: copying $PAUSE from its registry failed"
  has_no "$TANDEM_REGISTRY_PORT" "$PAUSE"
}

@test "a registry that takes the connection and says nothing: named, with both ways out" {
  local silent
  silent=$(free_port)
  silent_listener "$silent"
  TANDEM_REGISTRY_TIMEOUT=1 REGISTRY_MIRROR=127.0.0.1:$silent IMAGES=pull run "$SCRIPTS/supply/images.sh"
  fails_with 1 "error: no registry answered for $PAUSE" "REGISTRY_MIRROR (now '127.0.0.1:$silent')" 'make up IMAGES=build'
}

@test "a registry that is not there: the same error" {
  REGISTRY_MIRROR=127.0.0.1:$(free_port) TANDEM_REGISTRY_TIMEOUT=3 IMAGES=pull run "$SCRIPTS/supply/images.sh"
  fails_with 1 "error: no registry answered for $PAUSE"
}

@test "auto pulls where a registry answers" {
  run "$SCRIPTS/supply/images.sh" mode
  succeeds_with pull
  run "$SCRIPTS/supply/images.sh"
  succeeds_with "pulled $PAUSE"
}

@test "auto builds where none does" {
  export TANDEM_REGISTRY_TIMEOUT=2
  REGISTRY_MIRROR=127.0.0.1:$(free_port)
  run "$SCRIPTS/supply/images.sh" mode
  succeeds_with build
  run "$SCRIPTS/supply/images.sh"
  succeeds_with "built image $PAUSE"
}

@test "auto stays with the way that was chosen once" {
  "$SCRIPTS/supply/images.sh"
  TANDEM_REGISTRY_TIMEOUT=1 REGISTRY_MIRROR=127.0.0.1:$(free_port) run "$SCRIPTS/supply/images.sh" mode
  succeeds_with pull
}

@test "an IMAGES that is none of the three is refused" {
  IMAGES=fetch run "$SCRIPTS/supply/images.sh"
  fails_with 1 "error: IMAGES is 'fetch'" 'fix: set it to build, pull or auto'
}

@test "make lock fills in the digests that a registry answers for" {
  TANDEM_LOCK_ONLY=digests run "$SCRIPTS/lock.sh"
  succeeds_with '(not recorded before)' "digests: 2 registries' answers, 0 without an answer, 0 that differ from the lock"
  [[ $(lock_digest pause) == "$(digest_at "$UPSTREAM" "$PAUSE")" ]]
  [[ $(lock_digest node) == "$(digest_at "$UPSTREAM" "$NODE")" ]]
}

@test "make lock leaves what no registry answers for, and says how many" {
  TANDEM_REGISTRY_TIMEOUT=2 REGISTRY_MIRROR=127.0.0.1:$(free_port) TANDEM_LOCK_ONLY=digests run "$SCRIPTS/lock.sh"
  succeeds_with "digests: 0 registries' answers, 2 without an answer, 0 that differ from the lock"
  [[ $(lock_digest pause) == null ]]
}

@test "a moved tag is found by --check, and by make lock, which does not take it over" {
  TANDEM_LOCK_ONLY=digests "$SCRIPTS/lock.sh"
  local before
  before=$(<"$TANDEM_LOCK")
  move_tag "$NODE"
  run "$SCRIPTS/lock.sh" --check
  fails_with 1 "$NODE: the lock says $(lock_digest node), the registry says $(digest_at "$UPSTREAM" "$NODE")" \
    'error: 1 recorded digests differ: a tag was moved' 'to accept, set the digest to null'
  TANDEM_LOCK_ONLY=digests run "$SCRIPTS/lock.sh"
  fails_with 1 'error: 1 recorded digests differ'
  [[ $(<"$TANDEM_LOCK") == "$before" ]]
}

@test "--check is content with a lock that says what the registry says" {
  TANDEM_LOCK_ONLY=digests "$SCRIPTS/lock.sh"
  run "$SCRIPTS/lock.sh" --check
  succeeds_with "digests: 2 registries' answers, 0 without an answer, 0 that differ from the lock"
}
