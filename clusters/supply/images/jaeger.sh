# jaegertracing/jaeger: Jaeger 2, which keeps and finds traces; its page is a placeholder in the Go module.
layer
ca_certificates
go_binary jaeger /cmd/jaeger/jaeger-linux
config --entrypoint /cmd/jaeger/jaeger-linux --user 10001:10001
