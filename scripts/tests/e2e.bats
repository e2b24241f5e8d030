#!/usr/bin/env bats
# scripts/e2e.sh and scripts/dev.sh around Maven, which is a stand-in here.

load helper

setup() {
  own_world
  TREE=$BATS_TEST_TMPDIR/tree
  export TREE
  mkdir -p "$TREE/scripts" "$TREE/e2e/target/report" "$TREE/services/user"
  cp -r "$SCRIPTS"/{lib,e2e.sh,dev.sh} "$TREE/scripts/"
  touch "$TREE/services/user/pom.xml"
  echo old >"$TREE/e2e/target/report/index.html"
  step status.sh <<<'exit 0'
  step up.sh <<<'exit 0'
  # shellcheck disable=SC2016 # For the fake to expand.
  fake mvn <<<'
    [[ $1 != -version ]] || { echo "Apache Maven 3.9.9"; exit; }
    [[ $* != *-Pe2e* ]] || { mkdir -p "$TREE/e2e/target/report"; echo new >"$TREE/e2e/target/report/index.html"; }
    exit "${MAVEN_CODE:-0}"'
}

# step NAME < SCRIPT
step() {
  { printf '#!/bin/bash\nprintf "%s\\n" >>"$CALLS"\n' "$1" && cat; } >"$TREE/scripts/$1"
  chmod 0755 "$TREE/scripts/$1"
}

@test "clusters that are healthy are left as they are; the report is named" {
  run "$TREE/scripts/e2e.sh" -Dtest=FailoverTest
  succeeds_with 'report: e2e/target/report/index.html'
  calls_lack up.sh
  calls_have '-Pe2e -pl e2e -am'
  calls_have '-Dtest=FailoverTest verify'
}

@test "clusters that are not up are started first" {
  step status.sh <<<'exit 1'
  run "$TREE/scripts/e2e.sh"
  succeeds_with 'make up'
  [[ $(cut -d' ' -f1 "$CALLS" | paste -sd' ') == 'status.sh up.sh mvn' ]]
}

@test "clusters that do not come up: no proof is tried" {
  step status.sh <<<'exit 1'
  step up.sh <<<'exit 1'
  run "$TREE/scripts/e2e.sh"
  fails_with 1
  calls_lack mvn
}

@test "a proof that fails: exit code 1, and the report all the same" {
  MAVEN_CODE=1 run "$TREE/scripts/e2e.sh"
  fails_with 1 'report: e2e/target/report/index.html' 'error: a proof failed'
  [[ $(<"$TREE/e2e/target/report/index.html") == new ]]
}

@test "dev mode of a service" {
  run "$TREE/scripts/dev.sh" user -Dquarkus.http.port=1
  succeeds_with
  calls_have '-pl services/user -am -Dspotless.check.skip -Dquarkus.http.port=1 quarkus:dev'
}

@test "dev mode with a Maven that is too old fetches the pinned one, once" {
  # shellcheck disable=SC2016 # For the fake to expand.
  fake mvn <<<'
    [[ $1 != -version ]] || { printf "\e[1mApache Maven 3.8.7\e[m\nMaven home: /usr/share/maven\n"; exit; }
    for argument; do [[ $argument != -DoutputDirectory=* ]] || folder=${argument#*=}/apache-maven-3.9.16/bin; done
    mkdir -p "$folder"
    printf "#!/bin/bash\necho pinned \$* >>\"$CALLS\"\n" >"$folder/mvn"'
  run "$TREE/scripts/dev.sh" user
  succeeds_with 'dev mode wants Maven 3.9.0 or newer, and this is 3.8.7'
  calls_have 'pinned -B -ntp -pl services/user -am'
  run "$TREE/scripts/dev.sh" user
  succeeds_with
  says_nothing_of fetching
}

@test "dev mode of a service that does not exist names those that do" {
  run "$TREE/scripts/dev.sh" users
  fails_with 1 "error: there is no service 'users'" 'fix: one of: user'
}
