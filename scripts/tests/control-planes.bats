#!/usr/bin/env bats
# Which clusters get a control plane, and who watches whom: scripts/cluster/istio.sh, scripts/mesh-join.sh, scripts/ca.sh and
# scripts/rotate/*.sh with a primary and a remote. Clusters and charts are stand-ins.

load helper

setup() {
  own_world
  TREE=$BATS_TEST_TMPDIR/tree
  export _topology_json APPLIED=$BATS_TEST_TMPDIR/applied ISTIOD=${ISTIOD:-} GATEWAY=172.30.10.1
  mkdir -p "$TREE/clusters"
  cp -r "$SCRIPTS" "$TREE/scripts"
  cp -r "$ROOT/istio" "$TREE/istio"
  # shellcheck disable=SC2016 # For the stand-in to expand.
  printf '%s\n' 'declare -A MODULE_HASH=([istio]=1)' 'image_reference() { echo registry.tandem.internal/pilot:1; }' \
    'module_path() { echo /istio; }' 'hash_of() { sha256sum | cut -c1-24; }' >"$TREE/scripts/lib/supply.sh"
  topology_of primary shanghai remote shanghai
  touch "$TANDEM_STATE/kubeconfig"
  # shellcheck disable=SC2016 # For the fakes to expand.
  {
    fake kubectl <<<'
      case "$*" in
        *"apply --server-side"*"-f -"*) cat >>"$APPLIED" ;;
        *"get service istiod"*) printf "%s" "$ISTIOD" ;;
        *"get service istio-eastwestgateway"*) printf "%s" "$GATEWAY" ;;
        *"get mutatingwebhookconfiguration"*) printf Y2VydA== ;;
        *"create namespace"*) printf "%s" "{\"metadata\": {\"name\": \"istio-system\"}}" ;;
        *"config view"*) printf "%s" "{\"clusters\": []}" ;;
        *"get deployments -o name"*) printf "deployment.apps/user\ndeployment.apps/caller\n" ;;
      esac'
    # Values come from pipes, which are read while the command runs.
    fake helm <<<'while (($# > 0)); do [[ $1 != --values || $2 != /dev/fd/* ]] || cat "$2" >>"$CALLS"; shift; done'
    fake istioctl <<<'echo "remote secret of ${*: -3:1}"'
  }
  mkdir -p "$TANDEM_STATE/ca"
  "$TREE/scripts/ca.sh"
  : >"$CALLS"
}

# topology_of KIND PRIMARY KIND PRIMARY: of shanghai and of beijing.
topology_of() {
  _topology_json=$(jq -n '{mesh: {id: "tandem", trustDomain: "cluster.local"}, docker: {network: "tandem"},
    clusters: [["shanghai", $ARGS.positional[0:2][]], ["beijing", $ARGS.positional[2:4][]]]
      | map({name: .[0], network: .[0], kindName: "tandem-\(.[0])", context: "kind-tandem-\(.[0])", controlPlane: {kind: .[1], primary: .[2]}})}' \
    --args "$@")
}

@test "the primary of a remote: istiod for others too, its own authority, and a door in its gateway" {
  run "$TREE/scripts/cluster/istio.sh" shanghai
  succeeds_with
  calls_have '"externalIstiod": true'
  calls_lack '"profile": "remote"'
  calls_have 'create secret generic cacerts'
  calls_have "-k $TREE/istio/serves-remotes"
  calls_have 'rollout status deployment/istiod'
  ! grep -q controlPlaneClusters "$APPLIED"
}

@test "a remote: no istiod, no authority, no rules; what leads to its primary, which watches it before it gets a gateway" {
  run "$TREE/scripts/cluster/istio.sh" beijing
  succeeds_with
  calls_have '"profile": "remote"'
  calls_have '"remotePilotAddress": "172.30.10.1"'
  calls_have '"injectionPath": "/inject/cluster/beijing/net/beijing"'
  calls_lack 'create secret generic cacerts'
  calls_lack ' -k '
  calls_lack 'rollout status deployment/istiod'
  grep -qF '"topology.istio.io/controlPlaneClusters": "shanghai"' "$APPLIED"
  local joined gateway
  joined=$(grep -n 'istioctl create-remote-secret' "$CALLS" | cut -d: -f1)
  gateway=$(grep -n 'istio-eastwestgateway /istio' "$CALLS" | cut -d: -f1)
  ((joined < gateway))
}

@test "two primaries: neither serves another, and a door that was open is closed" {
  topology_of primary shanghai primary beijing
  "$TREE/scripts/ca.sh"
  run "$TREE/scripts/cluster/istio.sh" beijing
  succeeds_with
  calls_lack externalIstiod
  calls_have "delete --ignore-not-found -k $TREE/istio/serves-remotes"
}

@test "a running cluster is not given another kind of control plane" {
  ISTIOD=istiod/pilot run "$TREE/scripts/cluster/istio.sh" beijing
  fails_with 1 'error: the topology gives beijing another control plane (that of shanghai) than it runs with' 'fix: make down, then make up'
  ISTIOD=istiod/ run "$TREE/scripts/cluster/istio.sh" shanghai
  fails_with 1 'error: the topology gives shanghai another control plane (that of shanghai) than it runs with'
  calls_lack helm
}

@test "only control planes are told how to reach others" {
  run "$TREE/scripts/mesh-join.sh"
  succeeds_with
  [[ $(grep -c 'istioctl create-remote-secret' "$CALLS") == 1 ]]
  calls_have '--name beijing --server https://tandem-beijing-control-plane:6443'
  calls_lack '--context kind-tandem-beijing apply'
}

@test "only control planes get an authority" {
  [[ $(cd "$TANDEM_STATE/ca" && ls -d -- */) == shanghai/ ]]
}

@test "certificates of a remote are rotated where they are issued, and then in both clusters" {
  run "$TREE/scripts/rotate/certificates.sh" beijing
  fails_with 1 'error: beijing has no authority of its own: the one of shanghai issues its certificates' 'fix: scripts/rotate/certificates.sh shanghai'
  run "$TREE/scripts/rotate/certificates.sh" shanghai
  succeeds_with
  calls_have '--context kind-tandem-shanghai -n tandem rollout restart deployment.apps/user'
  calls_have '--context kind-tandem-beijing -n tandem rollout restart deployment.apps/user'
  calls_have '--context kind-tandem-beijing -n istio-system rollout restart deployment/istio-eastwestgateway'
  calls_lack 'rollout restart deployment.apps/caller'
  calls_lack '--context kind-tandem-beijing -n istio-system rollout restart deployment/istiod'
}

@test "a remote's token is rotated for its primary; that of the only control plane is nobody's" {
  run "$TREE/scripts/rotate/remote-secrets.sh" beijing
  succeeds_with 'the control planes that watch beijing have a new token'
  calls_have '--context kind-tandem-shanghai apply'
  run "$TREE/scripts/rotate/remote-secrets.sh" shanghai
  fails_with 1 'error: no control plane but its own watches shanghai'
  run "$TREE/scripts/rotate/remote-secrets.sh" atlantis
  fails_with 1 "error: no cluster 'atlantis' in the topology"
}
