{{/* Files that the pod sees below configuration.mountPath. usage: include … (dict "context" $ "files" (dict NAME TEXT)) */}}
{{- define "tandem-service.configmap" -}}
{{- with .context -}}
apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ .Release.Name }}
  namespace: {{ .Release.Namespace }}
  labels:
    {{- include "tandem-service.labels" . | nindent 4 }}
{{- end }}
data:
  {{- range $name, $text := .files }}
  {{ $name }}: |
    {{- $text | nindent 4 }}
  {{- end }}
{{- end -}}
