#!/usr/bin/env bats
# scripts/drill.sh and scripts/mode.sh around Maven, Java, kubectl and Helm, which are stand-ins here.

load helper

setup() {
  own_world
  TREE=$BATS_TEST_TMPDIR/tree
  export TREE
  mkdir -p "$TREE/scripts" "$TREE/services/user" "$TREE/services/payment" "$TREE/helm-charts" "$TREE/clusters/supply"
  cp -r "$SCRIPTS"/{lib,drill.sh,mode.sh} "$TREE/scripts/"
  cp "$ROOT/clusters/supply/lock.json" "$TREE/clusters/supply/"
  step tools.sh <<<'exit 0'
  step tandem <<<'cat "$BATS_TEST_TMPDIR/topology.json"'
  cat >"$BATS_TEST_TMPDIR/topology.json" <<'END'
{"clusters": [
  {"name": "shanghai", "provider": "kind", "kindName": "tandem-shanghai", "context": "kind-tandem-shanghai"},
  {"name": "beijing", "provider": "kind", "kindName": "tandem-beijing", "context": "kind-tandem-beijing"}]}
END
  touch "$TANDEM_STATE/kubeconfig"
  fake mvn <<<'exit "${MAVEN_CODE:-0}"'
  # shellcheck disable=SC2016 # For the fake to expand.
  fake kubectl <<<'cat "$TREE/migrations.json"'
  echo '{"items": []}' >"$TREE/migrations.json"
  # Each cluster's release is at revision 3; a change that is refused is named by REFUSED.
  # shellcheck disable=SC2016 # For the fake to expand.
  fake helm <<<'
    [[ $* != *history* ]] || { [[ -f $TREE/changed-$4 ]] && echo "[{\"revision\":4}]" || echo "[{\"revision\":3}]"; exit; }
    [[ $* != *${REFUSED:-nothing} ]] || { echo "Error: admission webhook denied"; exit 1; }
    [[ $* != *${FAILS:-nothing}* || $* == *--dry-run* ]] || { echo "Error: no API server"; exit 1; }
    [[ $* != *upgrade* || $* == *--dry-run* ]] || touch "$TREE/changed-$4"'
}

# step NAME < SCRIPT
step() {
  { printf '#!/bin/bash\nprintf "%s %%s\\n" "$*" >>"$CALLS"\n' "$1" && cat; } >"$TREE/scripts/$1"
  chmod 0755 "$TREE/scripts/$1"
}

@test "a drill is built, then run with the clusters' own kubeconfig; its exit code is ours" {
  mkdir -p "$BATS_TEST_TMPDIR/jdk/bin"
  echo 'JAVA_VERSION="25.0.1"' >"$BATS_TEST_TMPDIR/jdk/release"
  # shellcheck disable=SC2016 # For the stand-in to expand.
  printf '#!/bin/bash\nprintf "java %%s KUBECONFIG=%%s\\n" "$*" "$KUBECONFIG" >>"$CALLS"\nexit 2\n' >"$BATS_TEST_TMPDIR/jdk/bin/java"
  cp "$BATS_TEST_TMPDIR/jdk/bin/java" "$BATS_TEST_TMPDIR/jdk/bin/javac"
  chmod 0755 "$BATS_TEST_TMPDIR"/jdk/bin/*
  TANDEM_JAVA_HOME=$BATS_TEST_TMPDIR/jdk CONTROL=1 run "$TREE/scripts/drill.sh" node-frozen
  fails_with 2
  calls_have "--output $TREE/e2e/target/drills --control node-frozen KUBECONFIG=$TANDEM_STATE/kubeconfig"
}

@test "drills that do not build: nothing is broken" {
  MAVEN_CODE=1 run "$TREE/scripts/drill.sh" node-frozen
  fails_with 1 'error: the drills do not build'
}

@test "a mode is tried in every cluster, then changed in every cluster, and kept for make up" {
  SERVICE=user MODE=active-passive ACTIVE=shanghai run "$TREE/scripts/mode.sh"
  succeeds_with 'user is active-passive, active in shanghai in shanghai beijing'
  [[ $(grep -c -- '--dry-run=server' "$CALLS") == 2 && $(grep upgrade "$CALLS" | grep -cv -- --dry-run) == 2 ]]
  [[ $(jq -c .mesh "$TANDEM_STATE/modes/user.json") == '{"mode":"active-passive","active":"shanghai"}' ]]
}

@test "a mode is not changed while a service is being migrated" {
  cat >"$TREE/migrations.json" <<'END'
{"items": [{"metadata": {"labels": {"tandem.dev/migration": "user"}}, "data": {"progress.json": "{}"}}]}
END
  SERVICE=user MODE=local-first run "$TREE/scripts/mode.sh"
  fails_with 1 'user is being migrated in shanghai' 'scripts/tandem migrate finish or rollback user'
  calls_lack upgrade
}

@test "a mode that one cluster would not take changes none" {
  # The dry run of beijing fails: --dry-run=server is the last word of its command.
  # shellcheck disable=SC2016 # For the fake to expand.
  fake helm <<<'
    [[ $* != *history* ]] || { echo "[{\"revision\":3}]"; exit; }
    [[ $* != *beijing*--dry-run=server ]] || { echo "Error: admission webhook denied"; exit 1; }'
  SERVICE=user MODE=local-first run "$TREE/scripts/mode.sh"
  fails_with 1 'user stays as it was: these clusters would not take it: beijing' 'admission webhook denied'
  [[ $(grep upgrade "$CALLS" | grep -cv -- --dry-run) == 0 ]]
  [[ ! -e $TANDEM_STATE/modes/user.json ]]
}

@test "a mode that one cluster fails to take after all is taken back in the others" {
  FAILS='kind-tandem-beijing upgrade' run env SERVICE=user MODE=local-first "$TREE/scripts/mode.sh"
  fails_with 1 'user is as it was: beijing did not change' 'no API server'
  calls_have 'kind-tandem-shanghai rollback user 3'
  calls_lack 'kind-tandem-beijing rollback'
  [[ ! -e $TANDEM_STATE/modes/user.json ]]
}

@test "what mode.sh is asked for is checked before anything is tried" {
  SERVICE=users MODE=local-first run "$TREE/scripts/mode.sh"
  fails_with 1 "error: there is no service 'users'" 'payment, user'
  SERVICE=user MODE=sideways run "$TREE/scripts/mode.sh"
  fails_with 1 "error: MODE is 'sideways'" 'active-active, active-passive (with ACTIVE) or local-first'
  SERVICE=user MODE=active-passive run "$TREE/scripts/mode.sh"
  fails_with 1 'error: MODE=active-passive without ACTIVE' 'shanghai beijing'
  SERVICE=user MODE=active-passive ACTIVE=paris run "$TREE/scripts/mode.sh"
  fails_with 1 "error: no cluster 'paris' in the topology"
  SERVICE=user MODE=local-first ACTIVE=beijing run "$TREE/scripts/mode.sh"
  fails_with 1 'error: ACTIVE means nothing with MODE=local-first'
  calls_lack upgrade
}
