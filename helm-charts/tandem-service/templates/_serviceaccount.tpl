{{/* The workload's identity in the mesh; it has no right in Kubernetes. */}}
{{- define "tandem-service.serviceaccount" -}}
apiVersion: v1
kind: ServiceAccount
metadata:
  name: {{ .Release.Name }}
  namespace: {{ .Release.Namespace }}
  labels:
    {{- include "tandem-service.labels" . | nindent 4 }}
automountServiceAccountToken: false
{{- end -}}
