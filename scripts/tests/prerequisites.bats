#!/usr/bin/env bats
# What make up needs and does not find: each is one error that names the cause and the fix.

load helper

setup() {
  own_world
  export TANDEM_MINIMUM_MEMORY_MIB=1 TANDEM_MINIMUM_DISK_MIB=4
  fake docker <<<'exit 1'
  fake dockerd <<<'exit 1'
}

# jdk FOLDER VERSION: what a JDK looks like from outside.
jdk() {
  mkdir -p "$1/bin"
  printf 'IMPLEMENTOR="Somebody"\nJAVA_VERSION="%s"\n' "$2" >"$1/release"
  printf '#!/bin/sh\n' >"$1/bin/javac"
  chmod 0755 "$1/bin/javac"
}

@test "a machine that has everything is fine" {
  run "$SCRIPTS/prerequisites.sh"
  succeeds_with
}

@test "a JDK of another version is refused, and what was looked at is named" {
  jdk "$BATS_TEST_TMPDIR/jvm/java-17" 17.0.15
  jdk "$BATS_TEST_TMPDIR/jvm/jdk-250" 250
  JAVA_HOME=$BATS_TEST_TMPDIR/jvm/java-17 TANDEM_JVM_FOLDER=$BATS_TEST_TMPDIR/jvm run "$SCRIPTS/prerequisites.sh"
  fails_with 1 "error: no JDK 25 found (JAVA_HOME is '$BATS_TEST_TMPDIR/jvm/java-17'; $BATS_TEST_TMPDIR/jvm has: java-17, jdk-250)" \
    'fix: install a JDK 25'
}

@test "a Java runtime without a compiler is no JDK" {
  jdk "$BATS_TEST_TMPDIR/jvm/jre-25" 25.0.1
  rm "$BATS_TEST_TMPDIR/jvm/jre-25/bin/javac"
  JAVA_HOME=$BATS_TEST_TMPDIR/jvm/jre-25 TANDEM_JVM_FOLDER=$BATS_TEST_TMPDIR/jvm run "$SCRIPTS/prerequisites.sh"
  fails_with 1 'no JDK 25 found'
}

@test "without any JDK the error says so" {
  unset JAVA_HOME
  TANDEM_JVM_FOLDER=$BATS_TEST_TMPDIR/nothing run "$SCRIPTS/prerequisites.sh"
  fails_with 1 "error: no JDK 25 found (JAVA_HOME is 'unset'" 'fix: install a JDK 25'
}

@test "a JDK 25 beside the JAVA_HOME of another version is taken" {
  jdk "$BATS_TEST_TMPDIR/jvm/java-17" 17.0.15
  jdk "$BATS_TEST_TMPDIR/jvm/temurin-25" 25
  JAVA_HOME=$BATS_TEST_TMPDIR/jvm/java-17 TANDEM_JVM_FOLDER=$BATS_TEST_TMPDIR/jvm \
    run bash -c 'source "$0/lib/common.sh"; use_java; printf "%s\n%s\n" "$JAVA_HOME" "$(command -v javac)"' "$SCRIPTS"
  succeeds_with "$BATS_TEST_TMPDIR/jvm/temurin-25" "$BATS_TEST_TMPDIR/jvm/temurin-25/bin/javac"
}

@test "Go that is missing is named, with where to get it" {
  only_commands_but go docker dockerd
  run "$SCRIPTS/prerequisites.sh"
  fails_with 1 'error: Go is not installed' 'fix: install Go 1.' 'https://go.dev/dl'
}

@test "Go that is too old is named with both versions, and fetches no other toolchain" {
  fake go <<<'[[ $GOTOOLCHAIN == local && $* == "env GOVERSION" ]] && echo go1.9.7'
  run "$SCRIPTS/prerequisites.sh"
  fails_with 1 'error: Go 1.9.7 is too old: the pinned modules need 1.26' 'fix: install Go 1.26'
}

@test "Go that is newer is fine" {
  fake go <<<'echo go1.100.1'
  run "$SCRIPTS/prerequisites.sh"
  succeeds_with
}

@test "Maven that is missing is named" {
  only_commands_but mvn docker dockerd
  run "$SCRIPTS/prerequisites.sh"
  fails_with 1 'error: Maven is not installed' 'fix: apt-get install maven'
}

@test "too little memory is told with both figures" {
  TANDEM_MINIMUM_MEMORY_MIB=99999999 run "$SCRIPTS/prerequisites.sh"
  fails_with 1 'MiB of memory are available, two clusters take 99999999' 'fix: end other programs, or add memory'
}

@test "memory that running clusters have taken is not missing" {
  fake docker <<<'[[ $* == *name=^tandem-* ]] && echo 0123456789ab'
  TANDEM_MINIMUM_MEMORY_MIB=99999999 run "$SCRIPTS/prerequisites.sh"
  succeeds_with
}

@test "too little disk is told with the folder and both figures" {
  TANDEM_MINIMUM_DISK_MIB=99999999 run "$SCRIPTS/prerequisites.sh"
  fails_with 1 "MiB of disk are free under $TANDEM_CACHE, the first build takes 99999999" 'or set TANDEM_CACHE to a larger disk'
}

@test "once the images are made, less disk is enough" {
  local free
  free=$(df -Pm "$TANDEM_CACHE" | awk 'NR == 2 { print $4 }')
  export TANDEM_MINIMUM_DISK_MIB=$((free * 2))
  run "$SCRIPTS/prerequisites.sh"
  fails_with 1 'the first build takes'
  mkdir "$TANDEM_CACHE/registry"
  run "$SCRIPTS/prerequisites.sh"
  succeeds_with
}

@test "what the distribution has is installed, and said first" {
  local jq
  jq=$(type -P jq)
  only_commands_but openssl jq docker dockerd
  fake docker <<<'exit 1'
  fake dockerd <<<'exit 1'
  fake apt-get <<<"case \$1 in install) ln -s '$jq' '$BATS_TEST_TMPDIR/commands/jq' ;; esac"
  run "$SCRIPTS/prerequisites.sh"
  succeeds_with "installing from the distribution's packages: jq openssl"
  calls_have 'apt-get install -y -qq --no-install-recommends jq openssl'
  calls_lack 'docker.io'
}

@test "an installation that fails shows what apt-get said" {
  only_commands_but openssl docker dockerd
  fake docker <<<'exit 1'
  fake dockerd <<<'exit 1'
  fake apt-get <<<'echo "E: Unable to locate package openssl"; exit 100'
  run "$SCRIPTS/prerequisites.sh"
  fails_with 1 'E: Unable to locate package openssl' 'error: apt-get could not install openssl' "fix: read $TANDEM_STATE/logs/apt.log"
}

@test "who may not install is told what to install" {
  only_commands_but openssl docker dockerd
  fake docker <<<'exit 1'
  fake dockerd <<<'exit 1'
  # shellcheck disable=SC2016 # For the fake to expand.
  fake id <<<'[[ $1 == -u ]] && echo 1000 || echo somebody'
  run "$SCRIPTS/prerequisites.sh"
  fails_with 1 'error: installing openssl needs root, and this is somebody' 'fix: apt-get install openssl'
  calls_lack 'apt-get'
}

@test "a machine that Tandem does not run on is refused" {
  fake uname <<<'echo "Darwin arm64"'
  run "$SCRIPTS/prerequisites.sh"
  fails_with 1 'error: Tandem runs on Linux x86_64, and this is Darwin arm64' 'fix: use a Linux machine'
}
