#!/usr/bin/env bash
# Checks what the charts render to, for every placement in helm-charts/tests: the objects are what Kubernetes and Istio of
# the pinned versions accept (kubeconform, istioctl), nothing in them is critical (kube-score), and the promises of the charts hold.
# usage: scripts/check/manifests.sh
source "$(dirname "${BASH_SOURCE[0]}")/../lib/common.sh"

CHARTS=$TANDEM_ROOT/helm-charts
TESTS=$CHARTS/tests
MANIFESTS=$TANDEM_BUILD/manifests

# render CHART RELEASE PLACEMENT FILE [VALUES]
render() {
  helm template "$2" "$CHARTS/$1" --namespace "$(chart_namespace "$1")" --values "$TESTS/placements/$3.yaml" --values "$TESTS/charts/$1.yaml" \
    ${5:+--values "$5"} >"$MANIFESTS/$4.yaml"
}

render_all() {
  local placement chart variant name
  rm -rf "$MANIFESTS"
  for placement in "$TESTS"/placements/*.yaml; do
    placement=$(basename "$placement" .yaml)
    mkdir -p "$MANIFESTS/$placement"
    for chart in "$TESTS"/charts/*.yaml; do
      chart=$(basename "$chart" .yaml)
      render "$chart" "$chart" "$placement" "$placement/$chart"
    done
  done
  mkdir "$MANIFESTS/variants"
  for variant in "$TESTS"/variants/*.yaml; do
    name=$(basename "$variant" .yaml)
    render "${name%%-*}" "$name" alone "variants/$name" "$variant"
  done
}

conform() {
  local schemas
  schemas=$("$TANDEM_ROOT/scripts/check/manifests-schemas.sh")
  # shellcheck disable=SC2016 # kubeconform's own template.
  kubeconform -strict -summary -schema-location "$schemas/"'{{.Group}}/{{.ResourceKind}}_{{.ResourceAPIVersion}}.json' \
    "$MANIFESTS" >&2 || die "Kubernetes or Istio would refuse what the charts render to" "see the lines above; files are in $MANIFESTS"
}

# validate: what Istio's admission webhook would refuse, and references that lead nowhere.
validate() {
  local folder findings
  for folder in with-database remote alone; do
    findings=$(istioctl analyze --use-kube=false --namespace tandem "$MANIFESTS/$folder"/*.yaml 2>&1) \
      || die "Istio finds fault with $folder:
$findings" "files are in $MANIFESTS/$folder"
  done
}

score() {
  local folder verdicts
  for folder in "$MANIFESTS"/*/; do
    # Together, because a Service is judged by the pods that it selects. Warnings are advice; criticals are errors.
    verdicts=$(kube-score score --kubernetes-version v1.37 --output-format ci "$folder"*.yaml) || true
    [[ $verdicts == *'[OK]'* ]] || die "kube-score has judged nothing in $folder" "run it by hand"
    if grep -F '[CRITICAL]' <<<"$verdicts" >&2; then die "kube-score finds something critical in $folder" "see the lines above"; fi
  done
}

# promise WHAT FOLDER FILTER [ARGUMENT...]: the filter of jq holds for the list of all objects in the folder's manifests.
promise() {
  local what=$1 objects=$2
  shift 2
  jq -es "$@" "$MANIFESTS/$objects.json" >/dev/null || die "$objects: it does not hold that $what" "look at $MANIFESTS/$objects"
}

objects() {
  local folder file
  for folder in "$MANIFESTS"/*/; do
    folder=${folder%/}
    for file in "$folder"/*.yaml; do "$TANDEM_ROOT/scripts/check/manifests-json.sh" "$file"; done >"$folder.json"
  done
}

# shellcheck disable=SC2016 # Variables of jq's.
promises() {
  local folder
  for folder in with-database remote alone variants; do
    promise "every container runs read-only and without capabilities, and none as root but the agent, whose files are root's" "$folder" \
      '[.[] | (.spec.template.spec? // .spec) | objects | select(.containers) | .securityContext as $pod | .serviceAccountName as $name | .containers[]
        | ($pod.runAsNonRoot or $name == "otel-agent") and $pod.seccompProfile.type == "RuntimeDefault" and .securityContext.readOnlyRootFilesystem
          and .securityContext.capabilities.drop == ["ALL"] and .securityContext.allowPrivilegeEscalation == false] | length > 0 and all'
    promise "no pod holds a token of Kubernetes but Prometheus, which has to know what there is to read" "$folder" \
      '[.[] | (.spec.template.spec? // .spec) | objects | select(.containers) | .automountServiceAccountToken == (.serviceAccountName == "prometheus")] | all'
    promise "every container says what it needs and may take, disk included" "$folder" \
      '[.[] | (.spec.template.spec? // .spec) | objects | select(.containers) | .containers[].resources
        | [.requests, .limits | has("cpu", "memory", "ephemeral-storage")] | all] | all'
    promise "pods have room for their shutdown, withdrawal, drain and a margin, and the mesh's drainDuration covers it" "$folder" \
      'def seconds($name): .containers[0].env[] | select(.name == $name) | .value | ltrimstr("PT") | rtrimstr("S") | tonumber;
        [.[] | select(.kind == "Deployment" and .metadata.namespace == "tandem") | .spec.template.spec
        | (seconds("TANDEM_LIFECYCLE_WITHDRAW_DELAY") + seconds("TANDEM_LIFECYCLE_DRAIN_TIMEOUT")) as $needed
        | .terminationGracePeriodSeconds >= $needed + 5 and .terminationGracePeriodSeconds < 45] | length > 0 and all'
    promise "every serving pod is selected by a NetworkPolicy for both directions and, in the mesh, by an AuthorizationPolicy" "$folder" \
      '. as $all | [.[] | select(.kind | IN("Deployment", "StatefulSet", "DaemonSet")) | .metadata.namespace as $namespace | .spec.template.metadata.labels as $labels
        | ("NetworkPolicy", if $labels["sidecar.istio.io/inject"] == "true" then "AuthorizationPolicy" else empty end) as $kind
        | any($all[] | select(.kind == $kind and .metadata.namespace == $namespace); (.spec.podSelector // .spec.selector // {}).matchLabels as $selector
            | $selector != null and ($labels | contains($selector)) and ($kind != "NetworkPolicy" or .spec.policyTypes == ["Ingress", "Egress"]))] | all'
    promise "no Service sends calls to a pod of helm test" "$folder" \
      '. as $all | [.[] | select(.kind == "Service") | .spec.selector as $selector
        | $all[] | select(.kind == "Pod") | .metadata.labels | contains($selector)] | any | not'
  done
  for folder in with-database remote; do
    promise "user is reached on 9000 by payment, caller, its own test and the gateway, for its metrics by Prometheus, and by nobody else" "$folder" \
      '.[] | select(.kind == "NetworkPolicy" and .metadata.name == "user") | .spec.ingress | length == 2
        and (.[1] | [.ports[].port] == [8080, 15090] and .from[0].podSelector.matchLabels == {"app.kubernetes.io/name": "prometheus"}) and (.[0]
        | .ports == [{port: 9000, protocol: "TCP"}] and (.from | length) == 3
          and .from[0].podSelector.matchExpressions[0] == {key: "app.kubernetes.io/name", operator: "In", values: ["payment", "caller"]}
          and .from[1].podSelector.matchLabels["app.kubernetes.io/component"] == "test"
          and .from[2].podSelector.matchLabels == {istio: "eastwestgateway"})'
    promise "user is called by the identities of payment, caller and its own test only, and asked for its metrics by that of Prometheus" "$folder" \
      '.[] | select(.kind == "AuthorizationPolicy" and .metadata.name == "user") | .spec.rules | length == 2
        and .[1].from[0].source.principals == ["cluster.local/ns/observability/sa/prometheus"]
        and .[1].to == [{operation: {ports: ["8080"], methods: ["GET"], paths: ["/metrics"]}}]
        and .[0].from[0].source.principals == ["cluster.local/ns/tandem/sa/payment", "cluster.local/ns/tandem/sa/caller", "cluster.local/ns/tandem/sa/user"]'
    promise "nobody but its own test reaches caller" "$folder" \
      '.[] | select(.kind == "NetworkPolicy" and .metadata.name == "caller") | .spec.ingress[0].from | length == 1
        and .[0].podSelector.matchLabels["app.kubernetes.io/component"] == "test"'
    promise "payment reaches names, the control plane, user, postgres and other gateways, and nothing else" "$folder" \
      '.[] | select(.kind == "NetworkPolicy" and .metadata.name == "payment") | [.spec.egress[].ports[].port] | sort == [53, 53, 5432, 9000, 15012, 15443]'
    promise "load tests and payment are not limited like strangers, by token or by certificate, and the sidecar is believed about it" "$folder" \
      'def variable($name): .spec.template.spec.containers[0].env[] | select(.name == $name) | .value;
        .[] | select(.kind == "Deployment" and .metadata.name == "user") | variable("TANDEM_RATELIMIT_SIDECARS") == "127.0.0.6/32"
          and (variable("TANDEM_RATELIMIT_CALLERS") | split(";") | map(split("=") | {key: .[0], value: .[1]}) | from_entries
            | ["caller", "payment"] - [keys[] | ltrimstr("spiffe://cluster.local/ns/tandem/sa/")] == [] and length == 4)'
    promise "a lifecycle that is given is mounted where the service looks for it" "$folder" \
      '(.[] | select(.kind == "ConfigMap" and .metadata.name == "user-lifecycle") | .data | has("lifecycle.yaml"))
        and (.[] | select(.kind == "Deployment" and .metadata.name == "user") | .spec.template.spec
          | (.volumes[] | select(.configMap.name == "user-lifecycle") | .name) as $volume
          | (.containers[0].volumeMounts[] | select(.name == $volume) | .mountPath) + "/lifecycle.yaml"
            == (.containers[0].env[] | select(.name == "TANDEM_VERSIONING_LIFECYCLE") | .value))'
    promise "the key that signs tokens is in caller and in the tests that call a service's own methods, and nowhere else" "$folder" \
      '[.[] | select(any((.spec.template.spec? // .spec? // {}) | objects | .volumes[]?; .secret.secretName == "token-signer")) | .metadata.name]
        | sort == ["caller", "payment-test-charge", "user-test-get-user"]'
    promise "user and payment verify tokens by keys that are mounted" "$folder" \
      '[.[] | select(.kind == "Deployment" and (.metadata.name | IN("user", "payment"))) | .spec.template.spec
        | any(.volumes[]; .configMap.name == "token-keys")
          and ([.containers[0].env[] | select(.name | startswith("TANDEM_AUTH_")).name] | sort == ["TANDEM_AUTH_AUDIENCE", "TANDEM_AUTH_ISSUER", "TANDEM_AUTH_JWKS_LOCATION"])]
        | length == 2 and all'
    promise "each namespace denies what nothing allows" "$folder" \
      '[.[] | select(.metadata.name == "deny-by-default")] | group_by(.metadata.namespace) | length == 2 and all(length == 2
        and any(.kind == "NetworkPolicy" and .spec == {podSelector: {}, policyTypes: ["Ingress", "Egress"]})
        and any(.kind == "AuthorizationPolicy" and .spec == {}))'
    promise "a stream is cut by no deadline, of the call or of a try, and every other route has one" "$folder" \
      '[.[] | select(.kind == "VirtualService") | .spec.http[] | {watch: (.name == "watch-user"), endless: ((has("timeout") or (.retries | has("perTryTimeout"))) | not)} | .watch == .endless] | length > 3 and all'
    promise "the tries of a route that repeats whatever failed fit into its deadline" "$folder" \
      'def seconds: if endswith("ms") then rtrimstr("ms") | tonumber / 1000 else rtrimstr("s") | tonumber end;
        [.[] | select(.kind == "VirtualService") | .spec.http[] | select(.retries.perTryTimeout and .timeout)
          | (.retries.attempts + 1) * (.retries.perTryTimeout | seconds) <= (.timeout | seconds)] | all'
    promise "what payment repeats itself is not repeated by its sidecar, once it may have arrived" "$folder" \
      '.[] | select(.kind == "VirtualService" and .metadata.name == "user") | .spec.http[0]
        | all(.match[]; .sourceLabels == {"app.kubernetes.io/name": "payment"} and (.uri.exact | test("^/tandem[.]user[.]v[12][.]UserService/GetUser$")))
          and .retries.retryOn == "connect-failure,refused-stream,reset-before-request"'
    promise "postgres is known by its Service" "$folder" 'any(.[]; .kind == "Service" and .metadata.name == "postgres" and .spec.ports[0].name == "tcp-postgres")'
  done
  promise "the database runs where it should" with-database '[.[] | select(.metadata.name | test("postgres")) | .kind] | contains(["StatefulSet", "PersistentVolume"])'
  promise "the database runs nowhere else" remote 'any(.[] | select(.metadata.name | test("postgres")); .kind | IN("StatefulSet", "PersistentVolume")) | not'
  promise "traces are kept where all clusters are seen" with-database 'any(.[]; .kind == "StatefulSet" and .metadata.name == "jaeger")'
  promise "traces are kept nowhere else, and spans and metrics go to other clusters" remote \
    '(any(.[]; .metadata.name == "jaeger") | not)
      and ([.[] | select(.kind == "NetworkPolicy" and .metadata.namespace == "observability" and any(.spec.egress[]?.ports[]?; .port == 15443)) | .metadata.name] | sort == ["otel-gateway", "prometheus"])'
  promise "what other clusters send is let in by the identity of its like" with-database \
    '[.[] | select(.kind == "AuthorizationPolicy" and .metadata.namespace == "observability" and .spec.rules) | [.metadata.name, .spec.rules[0].from[0].source.principals[]]] | sort
      == [["kafka", "cluster.local/ns/observability/sa/otel-gateway", "cluster.local/ns/observability/sa/logs"],
        ["otel-gateway", "cluster.local/ns/observability/sa/otel-gateway"], ["prometheus", "cluster.local/ns/observability/sa/prometheus"]]'
  promise "a remote control plane is reached through its gateway" remote \
    '[.[] | select(.kind == "NetworkPolicy") | .spec.egress[]? | select(.ports[0].port == 15012) | .to == [{ipBlock: {cidr: "172.30.0.0/16"}}]] | length > 0 and all'
  promise "a lone cluster sends nothing to gateways" alone '[.[] | select(.kind == "NetworkPolicy") | .spec.egress[]?.ports[].port] | index(15443) | not'
  promise "local-first goes to the nearest other region next" variants \
    '.[] | select(.kind == "DestinationRule" and .metadata.name == "user-local-first") | .spec.trafficPolicy.loadBalancer.localityLbSetting
      == {enabled: true, failover: [{from: "cn-east", to: "cn-north"}]}'
  promise "a cluster whose istiod serves another one says what is near for callers there too" variants \
    '.[] | select(.kind == "DestinationRule" and .metadata.name == "user-serves-remotes") | .spec.trafficPolicy.loadBalancer.localityLbSetting
      == {enabled: true, failover: [{from: "cn-east", to: "cn-north"}, {from: "cn-north", to: "cn-east"}]}'
  promise "and how callers there share their calls out" variants \
    '.[] | select(.kind == "DestinationRule" and .metadata.name == "user-shared-by-remotes") | .spec.trafficPolicy.loadBalancer.localityLbSetting.distribute
      | length == 2 and .[1] == {from: "cn-north/cn-north-1a/*",
          to: {"cn-north/cn-north-1a/*": 75, "cn-east/cn-east-1a/*": 13, "ap-southeast/ap-southeast-1a/*": 12}}'
  promise "a local share leaves the rest to the others, the nearest first, and all of it together is 100" variants \
    '.[] | select(.kind == "DestinationRule" and .metadata.name == "user-shared") | .spec.trafficPolicy.loadBalancer.localityLbSetting.distribute
      == [{from: "cn-east/cn-east-1a/*", to: {"cn-east/cn-east-1a/*": 75, "cn-north/cn-north-1a/*": 13, "ap-southeast/ap-southeast-1a/*": 12}}]'
  promise "active-passive prefers the active cluster, whoever calls" variants \
    '.[] | select(.kind == "DestinationRule" and .metadata.name == "user-passive") | .spec.trafficPolicy.loadBalancer.localityLbSetting
      == {enabled: true, failoverPriority: ["topology.istio.io/cluster=beijing"]}'
  promise "every gRPC service asks its connections whether they live, and ejects the dead down to the last" variants \
    '[.[] | select(.kind == "DestinationRule" and (.metadata.name | startswith("user"))) | .spec.trafficPolicy
      | .connectionPool.http.http2KeepAlive.timeout and .outlierDetection.maxEjectionPercent == 100 and .outlierDetection.splitExternalLocalOriginErrors] | length > 3 and all'
  promise "an autoscaler is not argued with" variants \
    'any(.[]; .kind == "HorizontalPodAutoscaler") and all(.[] | select(.kind == "Deployment" and .metadata.name == "user-autoscaled"); .spec | has("replicas") | not)'
  promise "a digest decides what runs" variants \
    'any(.[]; .kind == "Deployment" and (.spec.template.spec.containers[0].image | test("^registry.tandem.internal/user:0.1.0@sha256:[0-9a-f]{64}$")))'
  promise "spans may go to the collector where they are exported, and nowhere else" variants \
    '[.[] | select(.kind == "NetworkPolicy" and any(.spec.egress[]?; .ports[].port == 4318)) | .metadata.name] == ["user-telemetry"]'
  promise "an issuer elsewhere is believed by the authorities that the values name, and replies tell the load" variants \
    '.[] | select(.kind == "Deployment" and .metadata.name == "user-issuer") | .spec.template.spec
      | any(.volumes[]; .name == "token-trust" and .configMap.name == "issuer-ca") and any(.volumes[]; .name == "token-keys") == false
        and (.containers[0] | any(.volumeMounts[]; .name == "token-trust" and .mountPath == "/etc/tandem/token-trust")
          and any(.env[]; .name == "TANDEM_AUTH_JWKS_TRUST" and .value == "/etc/tandem/token-trust/ca.crt")
          and any(.env[]; .name == "TANDEM_TRANSPORT_SERVER_LOAD_REPORTS" and .value == "true"))'
  promise "a stranger has neither a name that policies know nor a sidecar" variants \
    '.[] | select(.kind == "Deployment" and .metadata.name == "caller-stranger") | .spec.template.metadata.labels
      | .["app.kubernetes.io/name"] == "stranger" and .["sidecar.istio.io/inject"] == "false"'
}

main() {
  "$TANDEM_ROOT/scripts/tools.sh" helm istioctl kubeconform kube-score
  "$TANDEM_ROOT/scripts/charts.sh"
  render_all
  conform
  validate
  score
  objects
  promises
  info "manifests: what the charts render to conforms, has nothing critical, and keeps its promises"
}

main "$@"
