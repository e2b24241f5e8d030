# quay.io/cilium/cilium: the agent. It compiles its BPF programs on the node, so that clang is part of the image; the
# agent's init containers are shell scripts. Layers from what changes least to what changes most.
layer
debian_tree
debs libc6 libgcc-s1 libstdc++6 zlib1g libzstd1 liblzma5 libtinfo6 libxml2 libicu72 libedit2 libbsd0 libmd0 libffi8 libz3-4
debs libllvm19 libclang-cpp19 clang-19
ca_certificates
debs bash dash coreutils libacl1 libattr1 libgmp10 libselinux1 libpcre2-8-0 grep sed util-linux mount libmount1 libblkid1
debs iproute2 libbpf1 libelf1 libmnl0 libcap2 libdb5.3 libxtables12 libtirpc3 libgssapi-krb5-2 libkrb5-3 libk5crypto3 \
  libcom-err2 libkrb5support0 libkeyutils1 ipset libipset13 kmod libkmod2 libssl3 libatomic1
debs iptables libip4tc2 libip6tc2 libnftnl11 libnetfilter-conntrack3 libnfnetlink0
shell '
  ln -s ../lib/llvm-19/bin/clang usr/bin/clang
  ln -sf dash usr/bin/sh
  # The agent picks a back end by name; on these nodes both exist, and nf_tables is the one that modern kernels keep.
  for name in iptables iptables-save iptables-restore ip6tables ip6tables-save ip6tables-restore; do
    ln -sf "$(sed "s/tables/tables-nft/" <<<"$name")" "usr/sbin/$name"
  done
  # clang needs one program, two libraries and no headers: the BPF sources bring their own.
  find usr/lib/llvm-19/bin -type f ! -name clang -delete
  rm -rf usr/lib/llvm-19/share usr/share/{bash-completion,clang,zsh,vim,initramfs-tools,gcc,icu,iproute2/examples} usr/lib/x86_64-linux-gnu/gconv
  rm -rf usr/lib/x86_64-linux-gnu/{audit,e2fsprogs} usr/lib/llvm-19/lib/clang/*/lib
'
libraries_resolve /usr/bin/clang /usr/bin/bash /usr/bin/cp /usr/bin/nsenter /usr/sbin/ip /usr/sbin/tc /usr/sbin/ipset \
  /usr/bin/kmod /usr/sbin/xtables-nft-multi /usr/sbin/xtables-legacy-multi /usr/bin/mount
layer
go_binary loopback /cni/loopback
go_binary cilium-mount /usr/bin/cilium-mount
go_binary cilium-sysctlfix /usr/bin/cilium-sysctlfix
go_binary cilium-health /usr/bin/cilium-health
go_binary cilium-health-responder /usr/bin/cilium-health-responder
go_binary hubble /usr/bin/hubble
go_binary cilium-cni /opt/cni/bin/cilium-cni
go_binary cilium-dbg /usr/bin/cilium-dbg
go_binary cilium-agent /usr/bin/cilium-agent
module_files cilium github.com/cilium/cilium bpf /var/lib/cilium/bpf
module_files cilium github.com/cilium/cilium images/cilium/init-container.sh /init-container.sh
module_files cilium github.com/cilium/cilium plugins/cilium-cni/install-plugin.sh /install-plugin.sh
module_files cilium github.com/cilium/cilium plugins/cilium-cni/cni-uninstall.sh /cni-uninstall.sh
shell 'chmod 0755 *.sh; rm -rf var/lib/cilium/bpf/tests; find var/lib/cilium/bpf -name "*_test.go" -delete; ln -s cilium-dbg usr/bin/cilium'
config --entrypoint /usr/bin/cilium-dbg --workdir /home/cilium --env HUBBLE_SERVER=unix:///var/run/cilium/hubble.sock \
  --env INITSYSTEM=SYSTEMD --env PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
