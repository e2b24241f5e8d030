#!/usr/bin/env bash
# Builds kind's node image (.node in the lock) from Debian packages and Go modules: kind's own base files, systemd,
# containerd, kubelet and kubeadm. Control-plane images are not preloaded: nodes pull them from the local registry.
# usage: scripts/supply/node-image.sh      prints the image's name
source "$(dirname "${BASH_SOURCE[0]}")/../lib/common.sh"
source "$TANDEM_ROOT/scripts/lib/supply.sh"

BINARIES=(kubelet kubeadm kubectl containerd containerd-shim-runc-v2 ctr)
CNI_PLUGINS=(loopback portmap)
# What kind's Dockerfile installs, without the network file systems and fuse; runc is Debian's.
PACKAGES=systemd,dbus,conntrack,iptables,nftables,iproute2,ethtool,util-linux,mount,kmod,libseccomp2,runc,ca-certificates,curl,jq,procps,socat,bash,e2fsprogs

# root_file_system: Debian's minimal base with those packages, as a cached archive.
root_file_system() {
  local key path
  key=$({ printf '%s\n' "$PACKAGES" "$(lock .node.suite)"; declare -f _debootstrap; } | hash_of)
  path=$TANDEM_CACHE/rootfs/node-$key.tar
  artifact_ok "$path" || with_lock node-rootfs _debootstrap "$path" >&2
  printf '%s' "$path"
}

_debootstrap() {
  local path=$1 root started
  ! artifact_ok "$path" || return 0
  require_root_for debootstrap "run make as root"
  started=$(now)
  mkdir -p "$TANDEM_CACHE/rootfs" "$TANDEM_CACHE/work"
  root=$(mktemp -d "$TANDEM_CACHE/work/rootfs.XXXXXX")
  # shellcheck disable=SC2064 # the folder's name is known now
  trap "rm -rf '$root'" EXIT
  chmod 0755 "$root"
  debootstrap --variant=minbase --include="$PACKAGES" "$(lock .node.suite)" "$root" "$(debian_mirror)"
  rm -rf "$root"/var/{cache,log,lib/apt/lists}/* "$root"/usr/share/{doc,doc-base,man,locale,info}/* "$root"/tmp/* \
    "$root"/usr/lib/x86_64-linux-gnu/gconv "$root"/lib/systemd/system/{multi-user,local-fs,basic}.target.wants/* "$root"/etc/systemd/system/*.wants/*
  find "$root"/lib/systemd/system/sysinit.target.wants/ -name systemd-tmpfiles-setup.service -delete
  find "$root"/lib/systemd/system/sockets.target.wants/ \( -name '*udev*' -o -name '*initctl*' \) -delete
  printf 'ReadKMsg=no\n' >>"$root/etc/systemd/journald.conf"
  ln -sf /usr/lib/systemd/systemd "$root/sbin/init"
  : >"$root/etc/machine-id"
  tar --create --sort=name --numeric-owner --directory "$root" --file "$path.tmp" .
  artifact_seal "$path.tmp" "$path"
  detail "made the nodes' root file system in $(since "$started") s"
}

# debian_mirror: the archive that this machine's own apt uses.
debian_mirror() {
  apt-get indextargets --format '$(SITE) $(RELEASE) $(COMPONENT)' "Created-By: Packages" \
    | awk -v suite="$(lock .node.suite)" '$2 == suite && $3 == "main" { print $1; exit }'
}

key() {
  {
    declare -f root_file_system _debootstrap assemble
    printf '%s\n' "$PACKAGES"
    lock .node.reference
    local name
    for name in "${BINARIES[@]}" "${CNI_PLUGINS[@]}"; do binary_key "$name"; done
    grep -F 'sigs.k8s.io/kind ' "$SUPPLY/go/kind/go.sum" | head -n 1
  } | hash_of
}

# assemble KEY REFERENCE: put base files and binaries on the root file system.
assemble() {
  local key=$1 reference=$2 context base name
  mkdir -p "$TANDEM_CACHE/work"
  context=$(mktemp -d "$TANDEM_CACHE/work/node.XXXXXX")
  # shellcheck disable=SC2064
  trap "rm -rf '$context'" EXIT
  base=$(module_path kind sigs.k8s.io/kind)/images/base/files
  ln "$(root_file_system)" "$context/rootfs.tar" 2>/dev/null || cp "$(root_file_system)" "$context/rootfs.tar"
  mkdir -p "$context/files"/{usr/bin,usr/local/bin,opt/cni/bin,etc/containerd,kind/manifests,etc/kubernetes/manifests}
  cp -r "$base/etc" "$base/kind" "$base/usr" "$context/files/"
  chmod -R u+w,go+rX "$context/files"
  chmod 0755 "$context"/files/usr/local/bin/* "$context"/files/kind/bin/*
  for name in kubelet kubeadm kubectl; do install -m 0755 "$(binary "$name")" "$context/files/usr/bin/$name"; done
  for name in containerd containerd-shim-runc-v2 ctr; do install -m 0755 "$(binary "$name")" "$context/files/usr/local/bin/$name"; done
  for name in "${CNI_PLUGINS[@]}"; do install -m 0755 "$(binary "$name")" "$context/files/opt/cni/bin/$name"; done
  "$(binary ctr)" oci spec \
    | jq '.hooks.createContainer += [{"path": "/kind/bin/mount-product-files.sh"}] | del(.process.rlimits)' \
      >"$context/files/etc/containerd/cri-base.json"
  lock .node.reference | sed 's/.*://' | tr -d '\n' >"$context/files/kind/version"
  # kind applies what lies here; Cilium is the network and volumes are the charts' own.
  cat >"$context/Dockerfile" <<EOF
FROM scratch
ADD rootfs.tar /
COPY files/ /
RUN systemctl enable kubelet.service containerd.service undo-mount-hacks.service && systemctl mask systemd-binfmt.service
ENV container=docker
STOPSIGNAL SIGRTMIN+3
LABEL dev.tandem.inputs=$key
ENTRYPOINT ["/usr/local/bin/entrypoint", "/sbin/init"]
EOF
  # Nothing is downloaded; and a build needs no docker0, which some engines do not have.
  DOCKER_BUILDKIT=0 docker build --network none --quiet --tag "$reference" "$context" >&2
}

main() {
  local reference inputs started
  inputs=$(key)
  # A name of our own beside the upstream name, so that an image that others pulled is never replaced.
  reference=tandem/node:$(lock .node.reference | sed 's/.*://')
  if [[ $(docker image inspect --format '{{index .Config.Labels "dev.tandem.inputs"}}' "$reference" 2>/dev/null) != "$inputs" ]]; then
    started=$(now)
    assemble "$inputs" "$reference"
    detail "built $reference in $(since "$started") s"
  fi
  printf '%s\n' "$reference"
}

main "$@"
