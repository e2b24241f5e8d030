# otel/opentelemetry-collector-contrib: the OpenTelemetry Collector, with the parts that the charts' configurations name.
layer
ca_certificates
go_binary otelcol /otelcol-contrib
config --entrypoint /otelcol-contrib --user 10001:10001
