#!/usr/bin/env bash
# Fills the local registry with every image of the lock, under the images' ordinary names.
#   IMAGES=build  makes each one from package registries (Debian, Go modules, PyPI)
#   IMAGES=pull   copies each one from its own registry, or from the one that REGISTRY_MIRROR names (host:port)
#   IMAGES=auto   pulls when a registry answers, else builds (the default)
# usage: scripts/supply/images.sh [mode|NAME...]   mode: only print which of the two it will be
source "$(dirname "${BASH_SOURCE[0]}")/../lib/common.sh"
source "$TANDEM_ROOT/scripts/lib/supply.sh"

mode() {
  case ${IMAGES:-auto} in
    build | pull) printf '%s' "$IMAGES" ;;
    auto)
      # Once images were made one way, they stay so: an answer that comes and goes must not swap the parts of a platform.
      if [[ -s $TANDEM_CACHE/images/.mode ]]; then
        cat "$TANDEM_CACHE/images/.mode"
      elif upstream "${TANDEM_REGISTRY_TIMEOUT:-8}" digest "$(upstream_name "$(image_reference pause)")" >/dev/null 2>&1; then
        printf pull
      else
        printf build
      fi
      ;;
    *) die "IMAGES is '$IMAGES'" "set it to build, pull or auto" ;;
  esac
}

# pull_image REFERENCE DIGEST: copy one image into the local registry; the digest in the lock decides what is accepted.
pull_image() {
  local reference=$1 digest=$2 record found started attempt
  record=$TANDEM_CACHE/images/${reference//[\/:]/_}
  if [[ -f $record && $(<"$record") == "pull:$digest $(registry_digest "$reference" || true)" ]]; then return 0; fi
  started=$(now)
  for attempt in 1 2 3; do
    if found=$(upstream "${TANDEM_REGISTRY_TIMEOUT:-30}" digest "$(upstream_name "$reference")"); then break; fi
    ((attempt < 3)) || die "no registry answered for $reference" "check the network and REGISTRY_MIRROR (now '${REGISTRY_MIRROR:-}'), or make up IMAGES=build"
  done
  [[ $digest == - || $digest == "$found" ]] \
    || die "$reference is $found, the lock says $digest" "a tag was moved upstream: review it, then set its digest to null in the lock and run make lock"
  quietly upstream 600 copy --platform linux/amd64 "$(upstream_name "${reference%:*}")@$found" "$(local_name "$reference")" \
    || die "copying $reference from its registry failed" "run again; what was copied is kept"
  mkdir -p "$TANDEM_CACHE/images"
  printf 'pull:%s %s\n' "$digest" "$(registry_digest "$reference")" >"$record"
  detail "pulled $reference in $(since "$started") s"
}

main() {
  local chosen name reference recipe digest names=("$@")
  tools crane
  forget_leftovers
  chosen=$(mode)
  if [[ ${1:-} == mode ]]; then
    printf '%s\n' "$chosen"
    return
  fi
  ((${#names[@]} > 0)) || mapfile -t names < <(image_names)
  for name in "${names[@]}"; do
    reference=$(image_reference "$name")
    if [[ $chosen == pull ]]; then
      digest=$(lock --arg n "$name" '.images[$n].digest // "-"')
      pull_image "$reference" "$digest"
    else
      recipe=$(lock --arg n "$name" '.images[$n].recipe')
      # What stands on our Java needs it first.
      ! grep -q '^from "$(lock .java.reference)"' "$SUPPLY/images/$recipe.sh" || build_image java "$(lock .java.reference)"
      build_image "$recipe" "$reference"
    fi
  done
  if [[ $chosen == pull ]]; then pull_image "$(lock .node.reference)" "$(lock '.node.digest // "-"')"; fi
  printf '%s\n' "$chosen" >"$TANDEM_CACHE/images/.mode"
}

main "$@"
