#!/usr/bin/env bats
# What the scripts do while a service is being migrated. Clusters are stand-ins.

load helper

setup() {
  own_world
  export MEMORY='{"items": []}' _topology_json='{"clusters": [{"name": "shanghai", "context": "kind-tandem-shanghai"}]}'
  touch "$TANDEM_STATE/kubeconfig"
  # shellcheck disable=SC2016 # For the fakes to expand.
  {
    fake kubectl <<<'printf "%s" "$MEMORY"'
    fake helm <<<'echo "[{\"revision\": 1}]"'
  }
}

@test "another mode is refused while a service is being migrated" {
  MEMORY='{"items": [{"metadata": {"labels": {"tandem.dev/migration": "user"}}, "data": {"progress.json": "{}"}}]}'
  SERVICE=user MODE=active-active run "$SCRIPTS/mode.sh"
  fails_with 1 'user is being migrated in shanghai' 'nothing was changed' 'migrate finish or rollback user'
  calls_lack 'helm '
}

@test "what a finished migration left behind is in nobody's way" {
  MEMORY='{"items": [{"metadata": {"labels": {"tandem.dev/migration": "user"}}}]}'
  SERVICE=user MODE=active-active run "$SCRIPTS/mode.sh"
  succeeds_with 'user is active-active'
}
