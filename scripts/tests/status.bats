#!/usr/bin/env bats
# scripts/status.sh: what is fine, what is not, and its exit code. Clusters are stand-ins.

load helper

setup() {
  own_world
  export SEES=$BATS_TEST_TMPDIR/sees READY=1 STATE=running _topology_json
  _topology_json='{"docker": {"network": "tandem"}, "clusters": [
    {"name": "shanghai", "kindName": "tandem-shanghai", "context": "kind-tandem-shanghai", "controlPlane": {"kind": "primary", "primary": "shanghai"}},
    {"name": "beijing", "kindName": "tandem-beijing", "context": "kind-tandem-beijing", "controlPlane": {"kind": "primary", "primary": "beijing"}}]}'
  touch "$TANDEM_STATE/kubeconfig"
  cat >"$SEES" <<'END'
NAME         SECRET                                       STATUS     ISTIOD                      REVISION
shanghai                                                  synced     istiod-569ff55785-f28tb     default
beijing      istio-system/istio-remote-secret-beijing     synced     istiod-569ff55785-f28tb     default
END
  # shellcheck disable=SC2016 # For the fakes to expand.
  {
    fake docker <<<'echo "$STATE"'
    fake istioctl <<<'cat "$SEES"'
    fake kubectl <<<'
      case "$*" in
        *"/readyz"*) [[ $STATE == running ]] ;;
        *"get nodes"*) echo "the-node v1.37.2 cn-east/cn-east-1a" ;;
        *"get deployments"*) printf "%s" "{\"items\": [{\"metadata\": {\"namespace\": \"tandem\", \"name\": \"user\"}, \"spec\": {\"replicas\": 1,
          \"template\": {\"spec\": {\"containers\": [{\"image\": \"registry.tandem.internal/user:1\"}]}}}, \"status\": {\"readyReplicas\": $READY}}]}" ;;
        *"get service istio-eastwestgateway"*) echo 172.30.10.0 ;;
        *"get mutatingwebhookconfiguration"*) printf "%s" "${BUNDLE:-}" ;;
      esac'
  }
}

@test "healthy clusters: everything is ok, exit code 0" {
  run "$SCRIPTS/status.sh"
  succeeds_with 'shanghai (kind-tandem-shanghai)' 'ok   node the-node v1.37.2 cn-east/cn-east-1a' 'ok   tandem/user 1/1 ready  registry.tandem.internal/user:1' \
    'ok   east-west gateway 172.30.10.0:15443' 'ok   control plane sees shanghai synced' 'ok   control plane sees beijing synced'
  says_nothing_of BAD
}

@test "a service without ready pods" {
  READY=0 run "$SCRIPTS/status.sh"
  fails_with 1 'BAD  tandem/user 0/1 ready'
}

@test "a node that is stopped" {
  STATE=exited run "$SCRIPTS/status.sh"
  fails_with 1 'BAD  node tandem-shanghai-control-plane is exited (make up repairs it)'
}

@test "a control plane that has lost sight of another cluster" {
  sed -i '/^beijing/s/synced/timeout/' "$SEES"
  run "$SCRIPTS/status.sh"
  fails_with 1 'BAD  control plane sees beijing timeout'
}

@test "a control plane that was never told of another cluster" {
  sed -i '/^beijing/d' "$SEES"
  run "$SCRIPTS/status.sh"
  fails_with 1 'BAD  control plane does not see beijing'
}

@test "a remote is served by its primary, which is the one that is asked what it sees" {
  _topology_json=${_topology_json//'"primary", "primary": "beijing"'/'"remote", "primary": "shanghai"'}
  BUNDLE=Y2VydA== run "$SCRIPTS/status.sh"
  succeeds_with 'ok   control plane is in shanghai' 'ok   control plane sees beijing synced'
  calls_lack 'istioctl remote-clusters --kubeconfig '"$TANDEM_STATE"'/kubeconfig --context kind-tandem-beijing'
}

@test "a remote that its primary has not taken over" {
  _topology_json=${_topology_json//'"primary", "primary": "beijing"'/'"remote", "primary": "shanghai"'}
  run "$SCRIPTS/status.sh"
  fails_with 1 'BAD  the control plane in shanghai has not taken it over'
}

@test "no clusters" {
  rm "$TANDEM_STATE/kubeconfig"
  run "$SCRIPTS/status.sh"
  fails_with 1 'error: no clusters are up' 'fix: make up'
}
