#!/usr/bin/env bash
# Measures what the platform costs a service: the user service with everything switched on beside a bare grpc-java server, and
# with parts of it switched off; what a start-up cache brings; how soon clients of the registry know; and how large images are. Needs no cluster and no Docker. Writes
# docs/results/bench.md; no figure makes it fail.
# usage: scripts/bench.sh
#   BENCH_RUNS=3       how many rounds each part has
#   BENCH_ONLY="PART…" calls, switches, start, registry, sizes: only these; the others stay as they were measured last
source "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"
source "$TANDEM_ROOT/scripts/lib/packages.sh"
source "$TANDEM_ROOT/scripts/lib/supply.sh"

PARTS='calls switches start registry sizes'
RUNS=${BENCH_RUNS:-3}
ONLY=${BENCH_ONLY:-$PARTS}
RESULTS=$TANDEM_ROOT/docs/results/bench.md
# What each part came to, for the report; and the files of the images, which take longer to make than a part takes to measure.
MEASURED=$TANDEM_BUILD/bench
IMAGES=$MEASURED/images
# protobuf and Netty still reach below the module system; JDK 25 would warn.
JVM=(--sun-misc-unsafe-memory-access=allow --enable-native-access=ALL-UNNAMED -Djava.util.logging.manager=org.jboss.logmanager.LogManager)

# package PACKAGING MODULES: as services/build.sh does.
package() {
  (cd "$TANDEM_ROOT" && mvn -q -B -ntp package -Pimage -T2 -Dmaven.test.skip -Dspotless.check.skip -Dquarkus.package.jar.type="$1" -pl "$2" -am) >"$_work/build.log" 2>&1 \
    || { grep -F '[ERROR]' "$_work/build.log" | head -n 10 >&2; die "the user service or the benchmark does not build" "make check-java"; }
}

# image NAME: the files of the user's image as folders, layer by layer and all together. AOT says whether it gets a cache.
image() {
  local folder=$IMAGES/$1
  mkdir -p "$folder/whole"
  (_below=$IMAGES/java _work=$folder && make_layers service "$TANDEM_ROOT/services/user")
  cp -a "$IMAGES"/java/layer-?/. "$folder"/layer-?/. "$folder/whole/"
  # As in a layer: the cache knows its jars by their time.
  find "$folder/whole/app" -exec touch -d @0 {} +
}

# build: the benchmark, the user service as the clusters get it, and its image with a cache; again only after a change.
build() {
  local key
  key=$(cd "$TANDEM_ROOT" && { find pom.xml proto platform services/user bench -type f -not -path '*/target/*' -not -path '*/src/test/*' -not -name '*.md' -print0 | LC_ALL=C sort -z | xargs -0 sha256sum; cat scripts/bench.sh scripts/services/trial.sh "$SUPPLY/images/"{java,service}.sh; chart_jvm_options; } | sha256sum)
  [[ ! -f $IMAGES/key || $(<"$IMAGES/key") != "$key" ]] || return 0
  step "building the user service and the benchmark"
  rm -rf "$IMAGES"
  mkdir -p "$IMAGES/java"
  package fast-jar services/user,bench
  (_work=$IMAGES/java && make_layers java)
  cp -r "$TANDEM_ROOT/bench/target/image" "$IMAGES/bench"
  AOT=0 image plain
  # The caller is what gives the trial run its work.
  package aot-jar services/user,e2e/caller
  AOT=1 image cached
  printf '%s' "$key" >"$IMAGES/key"
}

machine() {
  printf -- '- %s: %s cores (%s), %s MiB of memory; load %s when it began\n' "$(sed -n 's/^PRETTY_NAME="\(.*\)"/\1/p' /etc/os-release)" "$(nproc)" \
    "$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)" "$(awk '/^MemTotal:/ { print int($2 / 1024) }' /proc/meminfo)" "$_load"
  printf -- '- Linux %s, JDK %s, %s; commit %s; rounds: %s\n' "$(uname -r)" "$(sed -n 's/^JAVA_RUNTIME_VERSION="\(.*\)"/\1/p' "$JAVA_HOME/release")" \
    "$(h2load --version)" "$(git -C "$TANDEM_ROOT" describe --always --dirty 2>/dev/null || printf unknown)" "$RUNS"
}

# measure PART: its tables, below what the machine was like.
measure() {
  local part=$1 title=$2 files
  _load=$(cut -d' ' -f1-3 /proc/loadavg)
  case $part in
    calls | switches) files=("$IMAGES/plain/whole/app") ;;
    start) files=("$IMAGES/plain/whole" "$IMAGES/cached/whole" "$JAVA_HOME") ;;
    registry)
      tools etcd
      files=("$TANDEM_BUILD/bin/etcd")
      ;;
  esac
  {
    printf '## %s\n\n' "$title"
    if [[ $part == sizes ]]; then
      "$TANDEM_ROOT/scripts/services/sizes.sh" "$IMAGES"
    else
      machine
      printf '\n'
      java "${JVM[@]}" -jar "$IMAGES/bench/bench.jar" "$RUNS" "$_work/run" "$part" "${files[@]}" &
      _java=$!
      wait "$_java" || { _java=''; die "nothing was measured" "see above"; }
      _java=''
    fi
  } >"$MEASURED/$part.unfinished"
  mv "$MEASURED/$part.unfinished" "$MEASURED/$part.md"
}

title() {
  case $1 in
    calls) printf 'What the platform costs' ;;
    switches) printf 'What its parts cost' ;;
    start) printf 'What a start-up cache brings' ;;
    registry) printf 'How soon clients of the registry know, and what it costs them' ;;
    sizes) printf 'Image sizes' ;;
    *) die "BENCH_ONLY names '$1', which is no part" "name some of: $PARTS" ;;
  esac
}

report() {
  local part
  printf '# make bench\n'
  for part in $PARTS; do
    [[ ! -f $MEASURED/$part.md ]] || { printf '\n'; cat "$MEASURED/$part.md"; }
  done
  printf '\nHow this is measured, what the figures mean, and what bounds them: [bench](../../bench/README.md).\n'
}

main() {
  local packages part
  [[ $RUNS =~ ^[1-9][0-9]*$ ]] || die "BENCH_RUNS is '$RUNS'" "set it to how many rounds are wanted, 1 or more"
  for part in $ONLY; do title "$part" >/dev/null; done
  [[ $(uname -s) == Linux ]] || die "make bench reads Linux' /proc, and this is $(uname -s)" "use a Linux machine or virtual machine"
  mapfile -t packages < <(missing_packages h2load=nghttp2-client zstd=zstd)
  install_packages "${packages[@]}"
  use_java
  require_maven
  _work=$(mktemp -d)
  # The benchmark ends what it has started when it is ended itself; bash has its children in the background ignore Ctrl-C.
  trap '[[ -z ${_java:-} ]] || { kill "$_java" 2>/dev/null; wait "$_java"; }; rm -rf "$_work"' EXIT
  trap 'exit 130' INT TERM
  build
  for part in $ONLY; do
    step "$(title "$part")"
    measure "$part" "$(title "$part")"
  done
  mkdir -p "$(dirname "$RESULTS")"
  report >"$_work/report"
  mv "$_work/report" "$RESULTS"
  cat "$RESULTS"
}

main "$@"
