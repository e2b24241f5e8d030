# registry.k8s.io/kube-apiserver: one static binary, found on PATH by kubeadm's static pods.
layer
go_binary kube-apiserver
config --entrypoint /usr/local/bin/kube-apiserver --env PATH=/usr/local/bin
