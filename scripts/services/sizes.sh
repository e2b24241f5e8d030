#!/usr/bin/env bash
# Sizes of the user service's image in three forms, as a table: on a whole JDK, on the linked runtime that the clusters get, and
# with a start-up cache besides.
# usage: scripts/services/sizes.sh IMAGES      IMAGES: the folders of layers that scripts/bench.sh has made
source "$(dirname "${BASH_SOURCE[0]}")/../lib/common.sh"

megabytes() { awk -v bytes="$1" 'BEGIN { printf "%.0f", bytes / 1e6 }'; }
unpacked() { du -sb --apparent-size "$@" | awk '{ sum += $1 } END { print sum }'; }
packed() { stat -c %s "$@" | awk '{ sum += $1 } END { print sum }'; }

# row WHAT LAYER...: a layer's folder has its packed form beside it.
row() {
  local what=$1
  shift
  printf '| %s | %s | %s | measured |\n' "$what" "$(megabytes "$(unpacked "$@")")" "$(megabytes "$(packed "${@/%/.tar.zst}")")"
}

# pack FOLDER: as make_layers does.
pack() { tar --create --directory "$1" --file - . | zstd --quiet -3 -T0 -o "$1.tar.zst"; }

main() {
  local images=$1 base service
  use_java
  _work=$(mktemp -d)
  trap 'rm -rf "$_work"' EXIT
  trap 'exit 130' INT TERM
  base=("$images/java/layer-1" "$images/java/layer-2")
  service=("$images/plain/layer-1" "$images/plain/layer-2")
  mkdir -p "$_work/jdk/opt"
  cp -a "$JAVA_HOME" "$_work/jdk/opt/java"
  pack "$_work/jdk"
  printf '| image of the user service | unpacked, MB | packed (zstd), MB | |\n|---|---|---|---|\n'
  row 'whole JDK' "${base[0]}" "$_work/jdk" "${service[@]}"
  row 'linked runtime: what the clusters get' "${base[@]}" "${service[@]}"
  row 'linked runtime and AOT cache' "${base[@]}" "$images"/cached/layer-{1,2,3}
  row 'of these, what a changed line of the service ships' "${service[1]}"
  printf '| a whole JDK, as guides to containers have it | 800 | | quoted |\n'
  printf '| a trimmed runtime, as they have it | 30 | | quoted |\n'
  printf '| the same service in Go, as they have it | 20 | | quoted |\n'
}

main "$@"
