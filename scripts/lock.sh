#!/usr/bin/env bash
# Brings clusters/supply/lock.json up to date: Debian package versions and checksums, Python wheels, and the digest of each
# image that its registry answers for. Prints what changed; review the diff and commit it.
# usage: scripts/lock.sh [--check|--complete]
#   --check      change nothing; fail when the lock lacks something or a recorded digest differs from the registry's
#   --complete   only the first half of that, which needs no network
#   REGISTRY_MIRROR=host:port asks that registry instead of each image's own
source "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"
source "$TANDEM_ROOT/scripts/lib/supply.sh"

# named KIND: everything of a kind (deb, binary, module, wheel, files) that a recipe names.
named() {
  local statement recipe
  for statement in layer debian_tree tree shell config from jlink_runtime libraries_resolve; do
    eval "$statement() { :; }"
  done
  # shellcheck disable=SC2317 # The recipes call these.
  {
    debs() { printf 'deb %s\n' "$@" >&3; }
    ca_certificates() { debs ca-certificates; }
    go_binary() { printf 'binary %s\n' "$1" >&3; }
    module_files() { printf 'module %s\n' "$1" >&3; }
    wheel_file() { printf 'wheel %s\n' "$1" >&3; }
    files() { printf 'files %s\n' "$1" >&3; }
  }
  for recipe in "$SUPPLY"/images/*.sh; do
    # shellcheck source=/dev/null
    (_mode=list _argument=/nowhere && source "$recipe") 3>&1 >/dev/null
  done | awk -v kind="$1" '$1 == kind { print $2 }' | LC_ALL=C sort -u
}

# complete: whatever a recipe or the lock names is there; else somebody would find out in the middle of a build.
complete() {
  local name recipe module missing=()
  for name in $(named deb); do [[ -n ${DEB_SHA256[$name]:-} ]] || missing+=("the Debian package $name is named by a recipe and not locked"); done
  for name in $(named wheel); do
    [[ $(lock --arg n "$name" '.pypi[$n] | has("version", "file", "sha256")' 2>/dev/null | sort -u) == true ]] \
      || missing+=("the Python package $name is named by a recipe and not locked")
  done
  for name in $(named binary); do [[ -n ${BINARY_ENTRY[$name]:-} ]] || missing+=("the binary $name is named by a recipe and not locked"); done
  for name in $(named files); do [[ -e $SUPPLY/files/$name ]] || missing+=("$name is named by a recipe and not in $SUPPLY/files"); done
  for name in "${!BINARY_ENTRY[@]}"; do
    module=${BINARY_ENTRY[$name]%%|*}
    [[ -f $SUPPLY/go/$module/go.mod ]] || missing+=("the binary $name is of the module $module, which is not in $SUPPLY/go")
  done
  for module in $(named module); do [[ -n ${MODULE_HASH[$module]:-} ]] || missing+=("the module $module is named by a recipe and not in $SUPPLY/go"); done
  while IFS=$'\t' read -r name recipe; do
    [[ -f $SUPPLY/images/$recipe.sh ]] || missing+=("the image $name has no recipe $SUPPLY/images/$recipe.sh")
  done < <(lock -r '.images | to_entries[] | [.key, .value.recipe] | @tsv')
  if ((${#missing[@]} > 0)); then
    printf '  %s\n' "${missing[@]}" >&2
    die "the lock $TANDEM_LOCK is not complete: ${#missing[@]} things are missing" "make lock adds packages; the rest is yours to add"
  fi
  info "lock: complete (${#DEB_SHA256[@]} Debian packages, ${#BINARY_ENTRY[@]} binaries, $(lock '.images | length') images)"
}

lock_debian() {
  local names name
  mapfile -t names < <(named deb)
  apt-get update -qq
  apt-cache show --no-all-versions "${names[@]}" \
    | awk '/^Package:/ { name = $2 } /^Version:/ { version = $2 } /^SHA256:/ { print name "\t" version "\t" $2 }' \
    | jq -Rn '[inputs | split("\t") | {key: .[0], value: {version: .[1], sha256: .[2]}}] | from_entries' >"$1"
  for name in "${names[@]}"; do
    jq -e --arg n "$name" 'has($n)' "$1" >/dev/null || die "Debian has no package $name" "correct the recipe that names it (grep -rw $name $SUPPLY/images)"
  done
}

lock_wheel() {
  local name=$1 version folder file
  version=$(lock --arg n "$name" '.pypi[$n].version')
  folder=$(mktemp -d)
  python3 -m pip download --quiet --no-deps --only-binary :all: --dest "$folder" "$name==$version" >&2
  file=$(basename "$folder"/*.whl)
  edit --arg n "$name" --arg f "$file" --arg s "$(sha256 "$folder/$file")" '.pypi[$n] += {file: $f, sha256: $s}'
  rm -rf "$folder"
}

edit() {
  jq "$@" "$TANDEM_LOCK" >"$TANDEM_LOCK.tmp"
  mv "$TANDEM_LOCK.tmp" "$TANDEM_LOCK"
}

# images: name, reference and recorded digest of everything that pull mode pulls.
images() {
  lock -r '(.images | to_entries[] | [.key, .value.reference, .value.digest // "-"]), ["node", .node.reference, .node.digest // "-"] | @tsv'
}

lock_digests() {
  local check=$1 name reference recorded found answered=0 silent=0 wrong=0
  while IFS=$'\t' read -r name reference recorded; do
    if ! found=$(upstream "${TANDEM_REGISTRY_TIMEOUT:-20}" digest "$(upstream_name "$reference")" 2>/dev/null); then
      silent=$((silent + 1))
      continue
    fi
    answered=$((answered + 1))
    if [[ $recorded == - ]]; then
      [[ $check == yes ]] || edit --arg n "$name" --arg d "$found" 'if $n == "node" then .node.digest = $d else .images[$n].digest = $d end'
      info "$reference: $found (not recorded before)"
    elif [[ $recorded != "$found" ]]; then
      wrong=$((wrong + 1))
      warn "$reference: the lock says $recorded, the registry says $found"
    fi
  done < <(images)
  info "digests: $answered registries' answers, $silent without an answer, $wrong that differ from the lock"
  ((wrong == 0)) || die "$wrong recorded digests differ: a tag was moved, or the registry is not the one you think" "compare with upstream; to accept, set the digest to null in $TANDEM_LOCK and run make lock"
}

main() {
  local check=no packages name
  case ${1:-} in
    --complete)
      complete
      return
      ;;
    --check)
      check=yes
      complete
      ;;
    '') ;;
    *) die "unknown option '$1'" "usage: scripts/lock.sh [--check|--complete]" ;;
  esac
  require_go
  tools crane
  if [[ $check == no && ${TANDEM_LOCK_ONLY:-} != digests ]]; then
    packages=$(mktemp)
    lock_debian "$packages"
    edit --slurpfile p "$packages" '.debian.packages = $p[0]'
    rm -f "$packages"
    for name in $(lock -r '.pypi | keys[]'); do lock_wheel "$name"; done
  fi
  lock_digests "$check"
}

main "$@"
