#!/usr/bin/env bash
# Measures what the platform costs a service: the user service with everything switched on beside a bare grpc-java server,
# auth and limiter on and off, the JVM's start with and without an AOT cache; and how large images are. Needs no cluster and
# no Docker. Writes docs/results/bench.md; no figure makes it fail.
# usage: scripts/bench.sh
#   BENCH_RUNS=3  how many rounds, each of two and a half minutes
source "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"
source "$TANDEM_ROOT/scripts/lib/packages.sh"

RUNS=${BENCH_RUNS:-3}
RESULTS=$TANDEM_ROOT/docs/results/bench.md
# protobuf and Netty still reach below the module system; JDK 25 would warn.
JVM=(--sun-misc-unsafe-memory-access=allow --enable-native-access=ALL-UNNAMED -Djava.util.logging.manager=org.jboss.logmanager.LogManager)

# build: the user service as an image with a start-up cache has it, and the benchmark.
build() {
  step "building the user service and the benchmark"
  (cd "$TANDEM_ROOT" && mvn -q -B -ntp package -Pimage -T2 -Dmaven.test.skip -Dspotless.check.skip -Dquarkus.package.jar.type=aot-jar -pl services/user,bench -am) >"$_work/build.log" 2>&1 \
    || { grep -F '[ERROR]' "$_work/build.log" | head -n 10 >&2; die "the user service or the benchmark does not build" "make check-java"; }
}

machine() {
  printf -- '- %s: %s cores (%s), %s MiB of memory; load %s when it began\n' "$(sed -n 's/^PRETTY_NAME="\(.*\)"/\1/p' /etc/os-release)" "$(nproc)" \
    "$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)" "$(awk '/^MemTotal:/ { print int($2 / 1024) }' /proc/meminfo)" "$_load"
  printf -- '- Linux %s, JDK %s, %s; commit %s; %s rounds\n' "$(uname -r)" "$(sed -n 's/^JAVA_RUNTIME_VERSION="\(.*\)"/\1/p' "$JAVA_HOME/release")" \
    "$(h2load --version)" "$(git -C "$TANDEM_ROOT" describe --always --dirty 2>/dev/null || printf unknown)" "$RUNS"
}

report() {
  printf '# make bench\n\n'
  machine
  printf '\n'
  cat "$_work/tables.md"
  printf '\n'
  cat "$_work/sizes.md"
  printf '\nHow this is measured, and what the figures mean: [bench](../../bench/README.md).\n'
}

main() {
  local packages
  [[ $RUNS =~ ^[1-9][0-9]*$ ]] || die "BENCH_RUNS is '$RUNS'" "set it to how many rounds are wanted, 1 or more"
  [[ $(uname -s) == Linux ]] || die "make bench reads Linux' /proc, and this is $(uname -s)" "use a Linux machine or virtual machine"
  mapfile -t packages < <(missing_packages h2load=nghttp2-client zstd=zstd)
  install_packages "${packages[@]}"
  use_java
  require_maven
  _load=$(cut -d' ' -f1-3 /proc/loadavg)
  _work=$(mktemp -d)
  # The benchmark ends what it has started when it is ended itself; bash has its children in the background ignore Ctrl-C.
  trap '[[ -z ${_java:-} ]] || { kill "$_java" 2>/dev/null; wait "$_java"; }; rm -rf "$_work"' EXIT
  trap 'exit 130' INT TERM
  build
  java "${JVM[@]}" -jar "$TANDEM_ROOT/bench/target/image/bench.jar" "$TANDEM_ROOT/services/user/target/image/quarkus-app" "$RUNS" "$_work/run" >"$_work/tables.md" &
  _java=$!
  wait "$_java" || { _java=''; die "nothing was measured" "see above"; }
  _java=''
  step "image sizes"
  "$TANDEM_ROOT/scripts/services/sizes.sh" "$TANDEM_ROOT/services/user" >"$_work/sizes.md"
  mkdir -p "$(dirname "$RESULTS")"
  report >"$_work/report"
  mv "$_work/report" "$RESULTS"
  cat "$RESULTS"
}

main "$@"
