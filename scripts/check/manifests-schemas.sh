#!/usr/bin/env bash
# Writes JSON schemas for kubeconform, of exactly the versions that the clusters run, from what their pinned Go modules
# contain: Kubernetes' OpenAPI description and Istio's resource definitions. Unknown fields are errors.
# usage: scripts/check/manifests-schemas.sh      prints the folder
source "$(dirname "${BASH_SOURCE[0]}")/../lib/common.sh"

# For each kind its file and its schema, a line each. The file is GROUP/KIND_VERSION in lower case; the core group is "v1",
# as kubeconform calls it.
# shellcheck disable=SC2016 # Variables of jq's.
KUBERNETES='
  def closed:
    if .properties and (has("additionalProperties") | not) and (."x-kubernetes-preserve-unknown-fields" | not)
    then .additionalProperties = false else . end;
  def readable:
    if .format == "int-or-string" then {type: ["integer", "string"]} else . end;
  def references: [.. | objects | ."$ref"? | strings | ltrimstr("#/definitions/")] | unique;
  # Quantities are strings in the description; the API server takes numbers too.
  (.definitions | ."io.k8s.apimachinery.pkg.api.resource.Quantity".type = ["string", "number"]
    | map_values(walk(if type == "object" then readable else . end) | closed)) as $definitions
  | def closure: . as $known | ([$known[] | $definitions[.] | references[]] + $known | unique) as $next
      | if ($next | length) == ($known | length) then $known else $next | closure end;
  $definitions | to_entries[]
  | .key as $key
  | .value."x-kubernetes-group-version-kind"? // [] | select(length == 1) | .[0] as $kind
  | select($kind.group == "" or ($kind.group | test("^(apps|autoscaling|batch|policy|(networking|rbac.authorization|storage|apiextensions|admissionregistration).k8s.io)$")))
  | select($kind.kind | endswith("List") | not)
  | ([$key] | closure) as $names
  | "\(if $kind.group == "" then "v1" else $kind.group end)/\($kind.kind)_\($kind.version)" as $file
  | ($file | ascii_downcase), ({
      "$ref": "#/definitions/\($key)",
      definitions: (reduce $names[] as $name ({}; .[$name] = $definitions[$name])
        | .[$key].required = ((.[$key].required // []) + ["apiVersion", "kind", "metadata"] | unique)
        | .[$key].properties.kind = {const: $kind.kind}
        | .[$key].properties.apiVersion = {const: (if $kind.group == "" then $kind.version else "\($kind.group)/\($kind.version)" end)})
    } | tojson)'

# Only the structure is closed: the branches of a oneOf name a field or two of the object that they constrain.
# shellcheck disable=SC2016
CUSTOM='
  def structure:
    (if .properties then .properties |= map_values(structure) else . end)
    | (if .items then .items |= structure else . end)
    | (if (.additionalProperties | type) == "object" then .additionalProperties |= structure else . end)
    | if .properties and (has("additionalProperties") | not) and (."x-kubernetes-preserve-unknown-fields" | not)
      then .additionalProperties = false else . end;
  select(.kind == "CustomResourceDefinition")
  | .spec as $spec | .spec.versions[] | select(.served)
  | .name as $version
  | ("\($spec.group)/\($spec.names.kind)_\($version)" | ascii_downcase), (.schema.openAPIV3Schema
      | .properties += {apiVersion: {const: "\($spec.group)/\($version)"}, kind: {const: $spec.names.kind}, metadata: {type: "object"}}
      | .required = ((.required // []) + ["apiVersion", "kind", "metadata"] | unique)
      | structure
      | .properties.metadata = {type: "object", required: ["name"]} | tojson)'

# module_folder NAME PATH: where the module's files are, downloaded when they are not here yet.
module_folder() {
  cd "$TANDEM_ROOT/clusters/supply/go/$1" || return
  go mod download "$2" >&2
  go list -mod=readonly -m -f '{{.Dir}}' "$2"
}

# write FOLDER < for each schema a line with its file and one with its text
write() {
  local file schema
  while read -r file && IFS= read -r schema; do
    mkdir -p "$1/${file%/*}"
    printf '%s\n' "$schema" >"$1/$file.json"
  done
}

main() {
  local folder kubernetes istio
  export GOTOOLCHAIN=local
  folder=$TANDEM_BUILD/schemas/$(cat "$0" "$TANDEM_ROOT"/clusters/supply/go/{kubernetes,istio}/go.sum | sha256sum | cut -c1-16)
  if [[ ! -d $folder ]]; then
    rm -rf "$TANDEM_BUILD/schemas"
    mkdir -p "$folder.new"
    kubernetes=$(module_folder kubernetes k8s.io/kubernetes)
    istio=$(module_folder istio istio.io/istio)
    jq -r "$KUBERNETES" "$kubernetes/api/openapi-spec/swagger.json" | write "$folder.new"
    "$TANDEM_ROOT/scripts/check/manifests-json.sh" "$istio/manifests/charts/base/files/crd-all.gen.yaml" | jq -r "$CUSTOM" | write "$folder.new"
    mv "$folder.new" "$folder"
  fi
  printf '%s\n' "$folder"
}

main "$@"
