# prom/alertmanager: who is told of alerts, without upstream's pages, which are built by npm.
layer
ca_certificates
go_binary alertmanager /bin/alertmanager
config --entrypoint /bin/alertmanager --user 65534:65534
