# registry.k8s.io/kube-controller-manager: one static binary, found on PATH by kubeadm's static pods.
layer
go_binary kube-controller-manager
config --entrypoint /usr/local/bin/kube-controller-manager --env PATH=/usr/local/bin
