# registry.k8s.io/kube-scheduler: one static binary, found on PATH by kubeadm's static pods.
layer
go_binary kube-scheduler
config --entrypoint /usr/local/bin/kube-scheduler --env PATH=/usr/local/bin
