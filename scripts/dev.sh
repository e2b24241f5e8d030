#!/usr/bin/env bash
# Runs one service alone on this machine with live reload, without any cluster.
# usage: scripts/dev.sh SERVICE [MAVEN-ARGUMENT...]     SERVICE: a folder of services/
source "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"

# Quarkus' dev mode wants Maven 3.9, and Debian's is 3.8.
OLDEST_MAVEN=3.9.0
PINNED_MAVEN=3.9.16
DEPENDENCY_PLUGIN=org.apache.maven.plugins:maven-dependency-plugin:3.8.1

services() { find "$TANDEM_ROOT/services" -mindepth 2 -maxdepth 2 -name pom.xml -printf '%h\n' | xargs -r -n 1 basename | sort | paste -sd' '; }

# maven: the mvn on PATH, or the pinned one from the Maven repository when that is too old.
maven() {
  local found home=$TANDEM_CACHE/maven/apache-maven-$PINNED_MAVEN staging
  found=$(mvn -version 2>/dev/null | sed -nE '1 { s/\x1b\[[0-9;]*m//g; s/^Apache Maven ([0-9.]+).*/\1/p }')
  if [[ $(printf '%s\n' "$OLDEST_MAVEN" "$found" | sort -V | head -n 1) == "$OLDEST_MAVEN" ]]; then
    command -v mvn
    return
  fi
  if [[ ! -x $home/bin/mvn ]]; then
    info "dev mode wants Maven $OLDEST_MAVEN or newer, and this is $found: fetching $PINNED_MAVEN into $TANDEM_CACHE/maven"
    mkdir -p "$TANDEM_CACHE/maven"
    staging=$(mktemp -d "$TANDEM_CACHE/maven/.fetch.XXXXXX")
    mvn -q -B -ntp "$DEPENDENCY_PLUGIN:unpack" -Dartifact="org.apache.maven:apache-maven:$PINNED_MAVEN:tar.gz:bin" -DoutputDirectory="$staging" >&2 \
      || die "cannot fetch Maven $PINNED_MAVEN" "put mvn $OLDEST_MAVEN or newer first on PATH"
    chmod +x "$staging/apache-maven-$PINNED_MAVEN/bin/mvn"
    mv -T "$staging/apache-maven-$PINNED_MAVEN" "$home"
    rm -rf "$staging"
  fi
  printf '%s' "$home/bin/mvn"
}

main() {
  local service=${1:-} mvn
  [[ -n $service && -f $TANDEM_ROOT/services/$service/pom.xml ]] || die "there is no service '$service'" "one of: $(services)"
  shift
  use_java
  require_maven
  mvn=$(maven)
  cd "$TANDEM_ROOT" || return
  # quarkus:dev of one module takes the others from the reactor; spotless and tests are for make check.
  exec "$mvn" -B -ntp -pl "services/$service" -am -Dspotless.check.skip "$@" quarkus:dev
}

main "$@"
