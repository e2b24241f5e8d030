# registry.k8s.io/etcd: the API servers' store.
layer
go_binary etcd
go_binary etcdctl
config --entrypoint /usr/local/bin/etcd --env PATH=/usr/local/bin
