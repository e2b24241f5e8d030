{{/* Who may call, by the identity in the client's certificate; holds for every cluster. Denied calls get PERMISSION_DENIED.
     usage: include … (dict "context" $ "port" 9000) */}}
{{- define "tandem-service.authorizationpolicy" -}}
{{- $port := .port -}}
{{- with .context -}}
{{- $identities := printf "%s/ns/%s/sa" .Values.mesh.trustDomain .Release.Namespace -}}
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: {{ .Release.Name }}
  namespace: {{ .Release.Namespace }}
  labels:
    {{- include "tandem-service.labels" . | nindent 4 }}
spec:
  selector:
    matchLabels:
      {{- include "tandem-service.servingLabels" . | nindent 6 }}
  action: ALLOW
  rules:
    - from:
        - source:
            principals:
              {{- range .Values.access.clients }}
              - {{ $identities }}/{{ . }}
              {{- end }}
              # The service account that the pods of `helm test` run under.
              - {{ $identities }}/{{ .Release.Name }}
      to:
        - operation:
            ports: [{{ $port | quote }}]
    {{- if .Values.telemetry.export }}
    # Metrics are for Prometheus, which has no other business here.
    - from:
        - source:
            principals: [{{ .Values.mesh.trustDomain }}/ns/{{ .Values.telemetry.namespace }}/sa/prometheus]
      to:
        - operation:
            ports: ["8080"]
            methods: [GET]
            paths: [/metrics]
    {{- end }}
{{- end -}}
{{- end -}}
