{{/* What callers' sidecars do when a try takes long; nothing of Istio's own says it (see docs/decisions/0020-failover.md). */}}
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
{{- end -}}
