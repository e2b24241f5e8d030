#!/usr/bin/env bash
# Builds the services' images. An image's tag is the hash of the sources it is made of, so that what the registry has
# already needs no compiler.
# usage: scripts/services/build.sh      prints "NAME REFERENCE" per service
source "$(dirname "${BASH_SOURCE[0]}")/../lib/common.sh"
source "$TANDEM_ROOT/scripts/lib/supply.sh"

# NAME=MODULE of everything of this repository that runs in the clusters.
SERVICES=(user=services/user payment=services/payment caller=e2e/caller)

# source_hash MODULE: its own sources, and those of the libraries and contracts that it may use; not the lifecycle, which is
# deployed beside the image, and in it only for a service that runs alone.
source_hash() {
  (
    cd "$TANDEM_ROOT" || return
    find pom.xml proto platform "$1" -type f -not -path 'proto/tests/*' -not -path '*/target/*' -not -path '*/src/test/*' -not -name '*.md' -not -path 'platform/cli/*' -not -path 'proto/lifecycle.yaml' -print0 \
      | LC_ALL=C sort -z | xargs -0 sha256sum
    cat "$SUPPLY/images/service.sh"
    image_key java
  ) | sha256sum | cut -c1-12
}

main() {
  local pair name module reference missing=()
  use_java
  tools crane
  build_image java "$(lock .java.reference)"
  for pair in "${SERVICES[@]}"; do
    name=${pair%%=*} module=${pair#*=}
    reference=registry.tandem.internal/$name:$(source_hash "$module")
    printf '%s %s\n' "$name" "$reference"
    registry_digest "$reference" >/dev/null || missing+=("$module=$reference")
  done
  ((${#missing[@]} > 0)) || return 0
  local modules
  modules=$(printf '%s,' "${missing[@]%%=*}")
  require_maven
  (cd "$TANDEM_ROOT" && mvn -q -B -ntp package -Pimage -T2 -Dmaven.test.skip -Dspotless.check.skip -pl "${modules%,}" -am) >&2
  for pair in "${missing[@]}"; do
    build_image service "${pair#*=}" "$TANDEM_ROOT/${pair%%=*}"
  done
}

main "$@"
