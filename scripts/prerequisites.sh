#!/usr/bin/env bash
# Checks what make up needs and installs, from the distribution's packages, the parts that it may install.
# usage: scripts/prerequisites.sh [--build]    --build: also what building images from packages needs
source "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"
source "$TANDEM_ROOT/scripts/lib/packages.sh"

MINIMUM_MEMORY_MIB=7168
MINIMUM_DISK_MIB=${TANDEM_MINIMUM_DISK_MIB:-15360}

check_resources() {
  local memory disk folder=$TANDEM_CACHE
  memory=$(awk '/^MemAvailable:/ { print int($2 / 1024) }' /proc/meminfo)
  # Clusters that run have taken their share already.
  if [[ -z $(docker ps -q --filter label=io.x-k8s.kind.cluster --filter name='^tandem-' 2>/dev/null | head -n 1) ]]; then
    ((memory >= ${TANDEM_MINIMUM_MEMORY_MIB:-$MINIMUM_MEMORY_MIB})) \
      || die "$memory MiB of memory are available, two clusters take ${TANDEM_MINIMUM_MEMORY_MIB:-$MINIMUM_MEMORY_MIB}" "end other programs, or add memory"
  fi
  mkdir -p "$folder"
  disk=$(df -Pm "$folder" | awk 'NR == 2 { print $4 }')
  if [[ ! -d $TANDEM_CACHE/registry ]]; then
    ((disk >= MINIMUM_DISK_MIB)) || die "$disk MiB of disk are free under $folder, the first build takes $MINIMUM_DISK_MIB" "free some space, or set TANDEM_CACHE to a larger disk"
  else
    ((disk >= MINIMUM_DISK_MIB / 4)) || die "$disk MiB of disk are free under $folder, the clusters take $((MINIMUM_DISK_MIB / 4))" "free some space (make clean removes all caches)"
  fi
}

main() {
  local packages
  [[ $(uname -sm) == "Linux x86_64" ]] || die "Tandem runs on Linux x86_64, and this is $(uname -sm)" "use a Linux machine or virtual machine"
  mapfile -t packages < <(missing_packages openssl=openssl jq=jq curl=curl docker=docker.io dockerd=docker.io git=git)
  if [[ ${1:-} == --build ]]; then
    mapfile -t -O "${#packages[@]}" packages < <(missing_packages debootstrap=debootstrap python3=python3 dpkg-deb=dpkg zstd=zstd)
    python3 -m pip --version >/dev/null 2>&1 || packages+=(python3-pip)
  fi
  install_packages "${packages[@]}"
  use_java
  require_go
  require_maven
  check_resources
}

main "$@"
