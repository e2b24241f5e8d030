#!/usr/bin/env bats
# Caches that were damaged and builds that were killed: noticed, and made again.

load ../helper
load registries

setup_file() {
  "$BATS_TEST_DIRNAME/../../tools.sh" crane registry pause
}

setup() {
  own_world
  only_pause
  export NEVER=$BATS_TEST_TMPDIR/never IMAGES=build
  mkfifo "$NEVER"
  # A copy of its own of what is going to be damaged.
  BINARY=$(supply binary_path pause)
  local folder
  folder=$(dirname "$BINARY")
  cp -rL "$folder" "$BATS_TEST_TMPDIR/copy"
  rm "$folder"
  mv "$BATS_TEST_TMPDIR/copy" "$folder"
}

teardown() {
  [[ -z ${BUILD:-} ]] || kill -KILL -- "-$BUILD" 2>/dev/null || true
  end_processes
}

# supply FUNCTION ARGUMENT...: one function of the supply library.
supply() { bash -c 'source "$0/lib/common.sh"; source "$0/lib/supply.sh"; "$@"' "$SCRIPTS" "$@"; }

# kill_in_the_middle COMMAND...: start it, wait until it has written $BATS_TEST_TMPDIR/middle, kill -9 it and all its children.
kill_in_the_middle() {
  setsid "$@" >/dev/null 2>&1 3>&- &
  BUILD=$!
  eventually test -e "$BATS_TEST_TMPDIR/middle"
  kill -KILL -- "-$BUILD"
  wait "$BUILD" || true
}

@test "a corrupted binary is noticed and built again, to the same bytes" {
  local before
  before=$(sha256sum "$BINARY")
  printf 'x' | dd of="$BINARY" bs=1 seek=1000 conv=notrunc status=none
  run "$SCRIPTS/tools.sh" pause
  succeeds_with "warning: cache entry $BINARY is corrupt: building it again" 'built pause'
  [[ $(sha256sum "$BINARY") == "$before" ]]
}

@test "a truncated binary is noticed" {
  truncate -s 1000 "$BINARY"
  run "$SCRIPTS/tools.sh" pause
  succeeds_with 'is corrupt: building it again' 'built pause'
}

@test "a binary whose checksum was never written is not trusted" {
  rm "$BINARY.sha256"
  run "$SCRIPTS/tools.sh" pause
  succeeds_with 'built pause'
}

@test "a build of a binary that is killed leaves nothing that looks finished" {
  rm "$BINARY" "$BINARY.sha256"
  # shellcheck disable=SC2016 # For the fake to expand.
  fake go <<<'
    [[ $1 == build ]] || exec '"$(type -P go)"' "$@"
    while [[ $1 != -o ]]; do shift; done
    printf "half of it" >"$2"
    touch "'"$BATS_TEST_TMPDIR"'/middle"
    read -r <>"$NEVER"'
  kill_in_the_middle "$SCRIPTS/tools.sh" pause
  [[ ! -e $BINARY && ! -e $BINARY.sha256 ]]
  rm "$BATS_TEST_TMPDIR/fakes/go"
  run "$SCRIPTS/tools.sh" pause
  succeeds_with 'built pause'
  run supply artifact_ok "$BINARY"
  succeeds_with
}

@test "two builds of the same binary at once: one builds, the other waits and takes it" {
  rm "$BINARY" "$BINARY.sha256"
  "$SCRIPTS/tools.sh" pause 2>"$BATS_TEST_TMPDIR/first" 3>&- &
  local first=$!
  "$SCRIPTS/tools.sh" pause 2>"$BATS_TEST_TMPDIR/second"
  wait "$first"
  [[ $(cat "$BATS_TEST_TMPDIR"/{first,second} | grep -c 'built pause') == 1 ]]
}

@test "a corrupted Debian package is noticed and downloaded again" {
  local path
  path=$(supply deb libkeyutils1)
  printf 'x' >>"$path"
  run supply deb libkeyutils1
  succeeds_with "warning: cache entry $path is corrupt: downloading it again" "$path"
  [[ $(sha256sum <"$path" | cut -d' ' -f1) == "$(jq -r .debian.packages.libkeyutils1.sha256 "$TANDEM_LOCK")" ]]
}

@test "a download that is not what the lock says is refused and not kept" {
  jq --arg s "$(printf '0%.0s' {1..64})" '.debian.packages.libkeyutils1.sha256 = $s' "$TANDEM_LOCK" >"$TANDEM_LOCK.new"
  mv "$TANDEM_LOCK.new" "$TANDEM_LOCK"
  run supply deb libkeyutils1
  fails_with 1 'error: the download of libkeyutils1=' 'does not have the locked checksum' 'fix: run again'
  [[ -z $(find "$TANDEM_CACHE/debs" -name '*.deb') ]]
}

@test "a download that is killed leaves nothing that looks finished" {
  # shellcheck disable=SC2016 # For the fake to expand.
  fake apt-get <<<'printf "half of it" >libkeyutils1_1_amd64.deb; touch "'"$BATS_TEST_TMPDIR"'/middle"; read -r <>"$NEVER"'
  kill_in_the_middle env bash -c 'source "$0/lib/common.sh"; source "$0/lib/supply.sh"; deb libkeyutils1' "$SCRIPTS"
  [[ -z $(find "$TANDEM_CACHE/debs" -maxdepth 1 -name '*.deb') ]]
  rm "$BATS_TEST_TMPDIR/fakes/apt-get"
  run supply deb libkeyutils1
  succeeds_with "$TANDEM_CACHE/debs/libkeyutils1_"
}

@test "a package that apt has not heard of yet: apt is asked to look again, once" {
  # shellcheck disable=SC2016 # For the fake to expand.
  fake apt-get <<<'
    [[ $* != *update* ]] || { touch "'"$BATS_TEST_TMPDIR"'/updated"; exit 0; }
    [[ -e '"$BATS_TEST_TMPDIR"'/updated ]] || exit 100
    exec '"$(type -P apt-get)"' "$@"'
  run supply deb libkeyutils1
  succeeds_with "$TANDEM_CACHE/debs/libkeyutils1_"
  says_nothing_of 'successor'
}

@test "a package that Debian has replaced: its successor with a warning, or a refusal where the lock is strict" {
  jq '.debian.packages.libkeyutils1.version = "0.1-1"' "$TANDEM_LOCK" >"$TANDEM_LOCK.new"
  mv "$TANDEM_LOCK.new" "$TANDEM_LOCK"
  mkdir -p "$TANDEM_CACHE/debs"
  touch "$TANDEM_CACHE/debs/.updated"
  STRICT_LOCK=1 run supply deb libkeyutils1
  fails_with 1 'error: Debian no longer serves libkeyutils1 0.1-1' 'fix: run make lock'
  run supply deb libkeyutils1
  succeeds_with 'warning: Debian no longer serves libkeyutils1 0.1-1 as locked: taking its successor' "$TANDEM_CACHE/debs/libkeyutils1.current.deb"
}

@test "an image is built once; with the same inputs it is the same image" {
  own_registry
  "$SCRIPTS/supply/images.sh"
  local digest
  digest=$(digest_at "$TANDEM_REGISTRY_PORT" "$PAUSE")
  run "$SCRIPTS/supply/images.sh"
  succeeds_with
  says_nothing_of 'built image'
  rm -rf "$TANDEM_CACHE/images"
  run "$SCRIPTS/supply/images.sh"
  succeeds_with 'built image'
  [[ $(digest_at "$TANDEM_REGISTRY_PORT" "$PAUSE") == "$digest" ]]
}

@test "a corrupted blob of the registry: its image loses its name and is made again, another image stays" {
  own_registry
  "$SCRIPTS/supply/images.sh"
  "$ROOT/build/bin/crane" append --oci-empty-base --new_layer <(tar -c --files-from /dev/null) --new_tag "127.0.0.1:$TANDEM_REGISTRY_PORT/other:1" 2>/dev/null
  local digest other blob
  digest=$(digest_at "$TANDEM_REGISTRY_PORT" "$PAUSE")
  other=$(digest_at "$TANDEM_REGISTRY_PORT" other:1)
  blob=$(find "$TANDEM_CACHE/registry" -name data -size +100k)
  printf 'x' | dd of="$blob" bs=1 seek=1000 conv=notrunc status=none
  run "$SCRIPTS/registry.sh" verify
  succeeds_with "warning: the registry's blob sha256:$(basename "$(dirname "$blob")") is corrupt"
  has_no "$TANDEM_REGISTRY_PORT" "$PAUSE"
  [[ $(digest_at "$TANDEM_REGISTRY_PORT" other:1) == "$other" ]]
  run "$SCRIPTS/supply/images.sh"
  succeeds_with "built image $PAUSE"
  [[ $(digest_at "$TANDEM_REGISTRY_PORT" "$PAUSE") == "$digest" ]]
  # Not crane validate, which knows gzip only.
  local image=127.0.0.1:$TANDEM_REGISTRY_PORT/${PAUSE%:*} layer layers
  mapfile -t layers < <("$ROOT/build/bin/crane" manifest "$image:${PAUSE##*:}" | jq -r '.config.digest, .layers[].digest')
  ((${#layers[@]} >= 2))
  for layer in "${layers[@]}"; do
    [[ $("$ROOT/build/bin/crane" blob "$image@$layer" | sha256sum) == "${layer#sha256:}  -" ]]
  done
}

@test "a registry without damage has nothing to tell" {
  own_registry
  "$SCRIPTS/supply/images.sh"
  run "$SCRIPTS/registry.sh" verify
  succeeds_with
  [[ -z $output ]]
}

@test "an image build that is killed half-way gives the image no name; the next one finishes it" {
  own_registry
  # shellcheck disable=SC2317,SC2016 # Called by the build: crane stops where the image has contents and no configuration yet.
  crane() {
    [[ $1 == mutate ]] || { command crane "$@"; return; }
    touch "${NEVER%never}middle"
    read -r <>"$NEVER"
  }
  export -f crane
  kill_in_the_middle "$SCRIPTS/supply/images.sh"
  unset -f crane
  has_no "$TANDEM_REGISTRY_PORT" "$PAUSE"
  [[ ! -e $TANDEM_CACHE/images/${PAUSE//[\/:]/_} ]]
  run "$SCRIPTS/supply/images.sh"
  succeeds_with "built image $PAUSE"
  [[ $("$ROOT/build/bin/crane" config "127.0.0.1:$TANDEM_REGISTRY_PORT/$PAUSE" | jq -c .config.Entrypoint) == '["/pause"]' ]]
}

@test "what killed builds left long ago is swept, what is being built is not" {
  own_registry
  mkdir -p "$TANDEM_CACHE/work/old.abc" "$TANDEM_CACHE/work/new.abc"
  touch -d '2 days ago' "$TANDEM_CACHE/work/old.abc"
  "$SCRIPTS/supply/images.sh"
  [[ ! -e $TANDEM_CACHE/work/old.abc && -e $TANDEM_CACHE/work/new.abc ]]
}
