# registry.k8s.io/coredns/coredns: cluster DNS.
layer
go_binary coredns /coredns
config --entrypoint /coredns
