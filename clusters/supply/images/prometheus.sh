# prom/prometheus: metrics and alerts, without upstream's pages, which are built by npm.
layer
ca_certificates
go_binary prometheus /bin/prometheus
config --entrypoint /bin/prometheus --user 65534:65534
