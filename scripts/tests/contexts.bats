#!/usr/bin/env bats
# scripts/contexts.sh and the user's kubeconfig: what is not Tandem's stays as it was.

load helper

setup_file() {
  "$BATS_TEST_DIRNAME/../tools.sh" kubectl
}

setup() {
  own_world
  PATH=$ROOT/build/bin:$PATH
  mkdir -p "$BATS_TEST_TMPDIR/user"
  USER_FILE=$BATS_TEST_TMPDIR/user/kubeconfig
  cat >"$TANDEM_STATE/kubeconfig" <<'END'
apiVersion: v1
kind: Config
clusters:
- {name: kind-tandem-shanghai, cluster: {server: "https://127.0.0.1:40001", certificate-authority-data: c2hhbmdoYWk=}}
- {name: kind-tandem-beijing, cluster: {server: "https://127.0.0.1:40002", certificate-authority-data: YmVpamluZw==}}
users:
- {name: kind-tandem-shanghai, user: {client-certificate-data: Yw==, client-key-data: aw==}}
- {name: kind-tandem-beijing, user: {client-certificate-data: Yw==, client-key-data: aw==}}
contexts:
- {name: kind-tandem-shanghai, context: {cluster: kind-tandem-shanghai, user: kind-tandem-shanghai}}
- {name: kind-tandem-beijing, context: {cluster: kind-tandem-beijing, user: kind-tandem-beijing}}
current-context: kind-tandem-beijing
END
}

# foreign: two contexts of others, as kubectl itself writes them.
foreign() {
  cat <<'END'
apiVersion: v1
clusters:
- cluster:
    insecure-skip-tls-verify: true
    server: https://lab.example.com
  name: lab
- cluster:
    certificate-authority: certs/work.crt
    server: https://work.example.com:6443
  name: work
contexts:
- context:
    cluster: lab
    user: lab
  name: lab
- context:
    cluster: work
    namespace: payments
    user: me@work
  name: work
current-context: work
kind: Config
users:
- name: lab
  user:
    token: secret
- name: me@work
  user:
    exec:
      apiVersion: client.authentication.k8s.io/v1
      args:
      - token
      command: sign-in
      env: null
      interactiveMode: IfAvailable
      provideClusterInfo: false
END
}

# by_hand: the same two, as a person writes them.
by_hand() {
  cat <<'END'
# My clusters. Do not touch!
kind: Config
apiVersion: v1
current-context: lab   # the harmless one
contexts:
  - {name: work, context: {cluster: work, user: me@work, namespace: payments}}
  - {name: lab, context: {cluster: lab, user: lab}}
clusters:
  - {name: work, cluster: {server: "https://work.example.com:6443", certificate-authority: certs/work.crt}}
  - {name: lab, cluster: {server: "https://lab.example.com", insecure-skip-tls-verify: true}}
users:
  - {name: lab, user: {token: secret}}
  - {name: me@work, user: {client-key: keys/me.pem, client-certificate: keys/me.crt}}
END
}

names() { kubectl --kubeconfig "$1" config get-contexts -o name | sort | paste -sd' '; }
current() { kubectl --kubeconfig "$1" config current-context; }

@test "add: the foreign contexts stay to the byte, and the current one stays current" {
  foreign >"$USER_FILE"
  "$SCRIPTS/contexts.sh" add
  [[ $(names "$USER_FILE") == 'kind-tandem-beijing kind-tandem-shanghai lab work' ]]
  [[ $(current "$USER_FILE") == work ]]
  # Line by line, what is in the file beside ours is the file of before.
  [[ -z $(diff "$USER_FILE" <(foreign) | grep '^>' || true) ]]
}

@test "add, then remove: every byte is as before" {
  foreign >"$USER_FILE"
  "$SCRIPTS/contexts.sh" add
  "$SCRIPTS/contexts.sh" remove
  diff "$USER_FILE" <(foreign)
}

@test "a file written by hand means the same after add, and is the same after remove, comments included" {
  by_hand >"$USER_FILE"
  "$SCRIPTS/contexts.sh" add
  [[ $(names "$USER_FILE") == 'kind-tandem-beijing kind-tandem-shanghai lab work' ]]
  [[ $(current "$USER_FILE") == lab ]]
  [[ $(kubectl --kubeconfig "$USER_FILE" config view --raw -o jsonpath='{.clusters[?(@.name=="work")].cluster.certificate-authority}') == certs/work.crt ]]
  "$SCRIPTS/contexts.sh" remove
  diff "$USER_FILE" <(by_hand)
}

@test "what others changed between add and remove is kept" {
  by_hand >"$USER_FILE"
  "$SCRIPTS/contexts.sh" add
  kubectl --kubeconfig "$USER_FILE" config set-context third --cluster lab --user lab
  kubectl --kubeconfig "$USER_FILE" config use-context third
  "$SCRIPTS/contexts.sh" remove
  [[ $(names "$USER_FILE") == 'lab third work' ]]
  [[ $(current "$USER_FILE") == third ]]
}

@test "add again changes nothing" {
  foreign >"$USER_FILE"
  "$SCRIPTS/contexts.sh" add
  local before
  before=$(stat -c '%i %Y' "$USER_FILE")
  "$SCRIPTS/contexts.sh" add
  [[ $(stat -c '%i %Y' "$USER_FILE") == "$before" ]]
}

@test "clusters that were made anew replace their older contexts" {
  foreign >"$USER_FILE"
  "$SCRIPTS/contexts.sh" add
  sed -i 's/40001/50001/; s/c2hhbmdoYWk=/bmV3/' "$TANDEM_STATE/kubeconfig"
  "$SCRIPTS/contexts.sh" add
  grep -q 'https://127.0.0.1:50001' "$USER_FILE"
  [[ $(grep -c 'name: kind-tandem-shanghai' "$USER_FILE") == 3 ]]
  "$SCRIPTS/contexts.sh" remove
  diff "$USER_FILE" <(foreign)
}

@test "contexts that a lost state left behind do not come back" {
  foreign >"$USER_FILE"
  "$SCRIPTS/contexts.sh" add
  rm -rf "$TANDEM_STATE/user-kubeconfig"
  sed -i 's/40001/50001/' "$TANDEM_STATE/kubeconfig"
  "$SCRIPTS/contexts.sh" add
  "$SCRIPTS/contexts.sh" remove
  diff "$USER_FILE" <(foreign)
}

@test "remove takes out a cluster by name when its kubeconfig is lost" {
  foreign >"$USER_FILE"
  "$SCRIPTS/contexts.sh" add
  rm -rf "$TANDEM_STATE"
  "$SCRIPTS/contexts.sh" remove kind-tandem-shanghai
  [[ $(names "$USER_FILE") == 'kind-tandem-beijing lab work' ]]
}

@test "the current context that goes is current no more" {
  foreign >"$USER_FILE"
  "$SCRIPTS/contexts.sh" add
  kubectl --kubeconfig "$USER_FILE" config use-context kind-tandem-shanghai
  "$SCRIPTS/contexts.sh" remove
  run current "$USER_FILE"
  fails_with 1 'current-context is not set'
  [[ $(names "$USER_FILE") == 'lab work' ]]
}

@test "without a kubeconfig one is made, readable by its owner only, and taken away again" {
  "$SCRIPTS/contexts.sh" add
  [[ $(names "$USER_FILE") == 'kind-tandem-beijing kind-tandem-shanghai' ]]
  [[ $(current "$USER_FILE") == kind-tandem-beijing ]]
  [[ $(stat -c %a "$USER_FILE") == 600 ]]
  "$SCRIPTS/contexts.sh" remove
  [[ ! -e $USER_FILE ]]
}

@test "the file's mode stays" {
  local mode
  for mode in 600 640; do
    foreign >"$USER_FILE"
    chmod "$mode" "$USER_FILE"
    "$SCRIPTS/contexts.sh" add
    [[ $(stat -c %a "$USER_FILE") == "$mode" ]]
    "$SCRIPTS/contexts.sh" remove
    [[ $(stat -c %a "$USER_FILE") == "$mode" ]]
  done
}

@test "a symbolic link stays one" {
  mkdir "$BATS_TEST_TMPDIR/dotfiles"
  foreign >"$BATS_TEST_TMPDIR/dotfiles/kubeconfig"
  ln -s ../dotfiles/kubeconfig "$USER_FILE"
  "$SCRIPTS/contexts.sh" add
  [[ -L $USER_FILE ]]
  [[ $(names "$BATS_TEST_TMPDIR/dotfiles/kubeconfig") == 'kind-tandem-beijing kind-tandem-shanghai lab work' ]]
}

@test "of several files in KUBECONFIG the first is written to" {
  foreign >"$USER_FILE"
  by_hand >"$BATS_TEST_TMPDIR/second"
  KUBECONFIG=$USER_FILE:$BATS_TEST_TMPDIR/second "$SCRIPTS/contexts.sh" add
  [[ $(names "$USER_FILE") == 'kind-tandem-beijing kind-tandem-shanghai lab work' ]]
  diff "$BATS_TEST_TMPDIR/second" <(by_hand)
}

@test "a kubeconfig that cannot be read is named and left alone" {
  printf 'clusters: [{name: lab, cluster: "nonsense"}]\n' >"$USER_FILE"
  run "$SCRIPTS/contexts.sh" add
  fails_with 1 "error: cannot read $USER_FILE:" 'it was not touched'
  [[ $(<"$USER_FILE") == 'clusters: [{name: lab, cluster: "nonsense"}]' ]]
}

@test "nothing is left beside the file" {
  foreign >"$USER_FILE"
  "$SCRIPTS/contexts.sh" add
  "$SCRIPTS/contexts.sh" remove
  [[ $(ls "$BATS_TEST_TMPDIR/user") == kubeconfig ]]
}
