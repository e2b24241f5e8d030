{{/* What callers' sidecars do when a try fails or takes long, where Istio's own resources have no word for it (see
     docs/decisions/0020-failover.md). */}}
{{- define "tandem-service.envoyfilter" -}}
apiVersion: networking.istio.io/v1alpha3
kind: EnvoyFilter
metadata:
  name: {{ .Release.Name }}
  namespace: {{ .Release.Namespace }}
  labels:
    {{- include "tandem-service.labels" . | nindent 4 }}
spec:
  configPatches:
    - applyTo: VIRTUAL_HOST
      match:
        context: SIDECAR_OUTBOUND
        routeConfiguration:
          vhost:
            name: {{ include "tandem-service.host" . }}:9000
      patch:
        operation: MERGE
        value:
          # A perTryTimeout is a question to another endpoint while the first try goes on, and the first answer counts. Given
          # up instead, a call would never end where each of its tries needs a little longer than that: on a busy machine,
          # with a JVM that has just started. The endpoint's silence counts against it all the same.
          hedge_policy:
            hedge_on_per_try_timeout: true
    - applyTo: HTTP_ROUTE
      match:
        context: SIDECAR_OUTBOUND
        routeConfiguration:
          vhost:
            name: {{ include "tandem-service.host" . }}:9000
            route:
              action: ROUTE
      patch:
        operation: MERGE
        value:
          route:
            retry_policy:
              # How often a further try may draw until it has an endpoint that the call has not tried. Istio's 5 are too few
              # with a dead endpoint: it has the fewest calls in flight, and of two it is drawn three times in four.
              host_selection_retry_max_attempts: 32
    - applyTo: CLUSTER
      match:
        context: SIDECAR_OUTBOUND
        cluster:
          service: {{ include "tandem-service.host" . }}
      patch:
        operation: MERGE
        value:
          outlier_detection:
            # Each further ejection is as long as the first. Envoy's own would grow with each, and a cluster that was gone for
            # a while would be kept out for as long again after it is back.
            max_ejection_time: {{ .Values.mesh.outlierDetection.baseEjectionTime }}
{{- end -}}
