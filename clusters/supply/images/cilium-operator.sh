# quay.io/cilium/operator-generic: one static binary.
layer
ca_certificates
go_binary cilium-operator-generic /usr/bin/cilium-operator-generic
config --entrypoint /usr/bin/cilium-operator-generic --workdir / --env PATH=/usr/bin
