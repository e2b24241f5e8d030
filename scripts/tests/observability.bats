#!/usr/bin/env bats
# scripts/check/telemetry.sh finds what is broken in rules and dashboards.

load helper

setup() {
  own_world
  "$SCRIPTS/tools.sh" promtool
  TREE=$BATS_TEST_TMPDIR/tree
  CHART=$TREE/helm-charts/observability
  mkdir -p "$TREE/scripts/check" "$TREE/helm-charts"
  cp -r "$SCRIPTS/lib" "$TREE/scripts/"
  cp "$SCRIPTS/check/telemetry.sh" "$TREE/scripts/check/"
  cp -r "$ROOT/helm-charts/observability" "$TREE/helm-charts/"
  # The placements, which come last, are not what is tested here.
  printf '#!/bin/bash\n' | tee "$TREE/scripts/tools.sh" "$TREE/scripts/charts.sh" >/dev/null
  chmod 0755 "$TREE/scripts/"*.sh
}

@test "rules and dashboards as they are pass" {
  mkdir -p "$TREE/helm-charts/tests/placements"
  fake helm <<<'exit 3'
  : >"$TREE/helm-charts/tests/placements/one.yaml"
  run "$TREE/scripts/check/telemetry.sh"
  calls_have 'helm template observability'
}

@test "a rule that is not PromQL is refused" {
  sed -i 's/expr: up == 0/expr: up === 0/' "$CHART/files/rules.yaml"
  run "$TREE/scripts/check/telemetry.sh"
  fails_with 1 'Prometheus refuses the alert rules'
}

@test "an alert that does not fire any more is found" {
  sed -i 's/expr: up == 0/expr: up == 2/' "$CHART/files/rules.yaml"
  run "$TREE/scripts/check/telemetry.sh"
  fails_with 1 'an alert does not fire as its test says'
}

@test "a panel that is not PromQL is refused" {
  sed -i 's/sum by (api, state, caller)/sum by api/' "$CHART/files/dashboards/calls.json"
  run "$TREE/scripts/check/telemetry.sh"
  fails_with 1 'a panel of the dashboard calls.json asks what Prometheus does not understand'
}

@test "a panel that asks for what no rule records is refused" {
  sed -i 's/tandem:call_errors:ratio_rate5m/tandem:call_errors:ratio_rate7m/' "$CHART/files/dashboards/calls.json"
  run "$TREE/scripts/check/telemetry.sh"
  fails_with 1 'asks for tandem:call_errors:ratio_rate7m, which no rule records'
}

@test "a panel without a question is refused" {
  jq '.panels[0].targets[0].expr = ""' "$CHART/files/dashboards/telemetry.json" >"$BATS_TEST_TMPDIR/new"
  mv "$BATS_TEST_TMPDIR/new" "$CHART/files/dashboards/telemetry.json"
  run "$TREE/scripts/check/telemetry.sh"
  fails_with 1 'the dashboard telemetry.json is not complete'
}
