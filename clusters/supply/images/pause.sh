# registry.k8s.io/pause: holds a pod's namespaces and reaps its orphans.
layer
go_binary pause /pause
config --entrypoint /pause --user 65535:65535
