# istio/pilot: Istio's control plane, istiod.
layer
ca_certificates
module_files istio istio.io/istio tools/packaging/common/envoy_bootstrap.json /var/lib/istio/envoy/envoy_bootstrap_tmpl.json
go_binary pilot-discovery
shell 'mkdir -p tmp && chmod 1777 tmp'
config --entrypoint /usr/local/bin/pilot-discovery --user 1337:1337 --env PATH=/usr/local/bin
