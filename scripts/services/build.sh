#!/usr/bin/env bash
# Builds the services' images. An image's tag is the hash of the sources it is made of, so that what the registry has
# already needs no compiler.
# usage: scripts/services/build.sh      prints "NAME REFERENCE" per service
#   AOT=0  images of services without a start-up cache of the JVM: built sooner, and they take twice as long to start
source "$(dirname "${BASH_SOURCE[0]}")/../lib/common.sh"
source "$TANDEM_ROOT/scripts/lib/supply.sh"

# NAME=MODULE of everything of this repository that runs in the clusters.
SERVICES=(user=services/user payment=services/payment caller=e2e/caller)
! telemetry_wanted || SERVICES+=(logs=services/logs)
AOT=${AOT:-1}

# has_cache MODULE: whether its image gets a start-up cache: what says how it is tried out.
has_cache() { [[ $AOT == 1 && -f $TANDEM_ROOT/$1/trial ]]; }

# source_hash MODULE: its own sources, and those of the libraries and contracts that it may use; not the lifecycle, which is
# deployed beside the image, and in it only for a service that runs alone.
source_hash() {
  (
    cd "$TANDEM_ROOT" || return
    find pom.xml proto platform "$1" -type f -not -path 'proto/tests/*' -not -path '*/target/*' -not -path '*/src/test/*' -not -name '*.md' -not -path 'platform/cli/*' -not -path 'platform/fuzz/*' -not -path 'proto/lifecycle.yaml' -print0 \
      | LC_ALL=C sort -z | xargs -0 sha256sum
    cat "$SUPPLY/images/service.sh"
    ! has_cache "$1" || { printf 'AOT\n'; cat scripts/services/trial.sh; chart_jvm_options; }
    image_key java
  ) | sha256sum | cut -c1-12
}

main() {
  local pair name module reference cache missing=()
  [[ $AOT == [01] ]] || die "AOT is '$AOT'" "AOT=1 for images with a start-up cache, AOT=0 for images without"
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
  local modules packaging
  if [[ $AOT == 1 ]]; then
    # A trial run of one has others around it; and the JVM caches only what its own class loaders load.
    modules=$(printf '%s,' "${SERVICES[@]#*=}") packaging=aot-jar
  else
    modules=$(printf '%s,' "${missing[@]%%=*}") packaging=fast-jar
  fi
  require_maven
  (cd "$TANDEM_ROOT" && mvn -q -B -ntp package -Pimage -T2 -Dmaven.test.skip -Dspotless.check.skip -Dquarkus.package.jar.type="$packaging" -pl "${modules%,}" -am) >&2
  for pair in "${missing[@]}"; do
    if has_cache "${pair%%=*}"; then cache=1; else cache=0; fi
    AOT=$cache build_image service "${pair#*=}" "$TANDEM_ROOT/${pair%%=*}"
  done
}

main "$@"
