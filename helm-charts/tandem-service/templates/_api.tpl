{{/* What charts that import the values "api" say about limits and lifecycle. */}}

{{/* A map as one line of `name=value` pairs, as SmallRye Config reads it. */}}
{{- define "tandem-service.pairs" -}}
{{- $pairs := list -}}
{{- range $name, $value := . -}}
{{- $pairs = append $pairs (printf "%s=%s" $name $value) -}}
{{- end -}}
{{- join ";" $pairs -}}
{{- end -}}

{{- define "tandem-service.apiEnvironment" -}}
{{- with .Values.limits }}
- name: TANDEM_RATELIMIT_LIMIT
  value: {{ .default | quote }}
{{- $callers := dict }}
{{- range $name, $limit := .callers }}
{{- /* By the subject of a token, and by the identity in the mesh, whichever the service gets to know. */}}
{{- $_ := set $callers $name $limit }}
{{- if not (hasPrefix "spiffe://" $name) }}
{{- $_ := set $callers (printf "spiffe://%s/ns/%s/sa/%s" $.Values.mesh.trustDomain $.Release.Namespace $name) $limit }}
{{- end }}
{{- end }}
{{- with $callers }}
- name: TANDEM_RATELIMIT_CALLERS
  value: {{ include "tandem-service.pairs" . | quote }}
{{- end }}
{{- with .methods }}
- name: TANDEM_RATELIMIT_METHODS
  value: {{ include "tandem-service.pairs" . | quote }}
{{- end }}
- name: TANDEM_RATELIMIT_STORE_TYPE
  value: {{ .store }}
{{- if $.Values.sidecar.inject }}
# Where Istio's sidecar calls the service from, after it has checked the caller's certificate.
- name: TANDEM_RATELIMIT_SIDECARS
  value: 127.0.0.6/32
{{- end }}
{{- end }}
{{- if .Values.lifecycle }}
- name: TANDEM_VERSIONING_LIFECYCLE
  value: /etc/tandem/lifecycle/lifecycle.yaml
{{- end }}
{{- end -}}

{{- define "tandem-service.lifecycle" -}}
{{- if .Values.lifecycle -}}
apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ .Release.Name }}-lifecycle
  namespace: {{ .Release.Namespace }}
  labels:
    {{- include "tandem-service.labels" . | nindent 4 }}
data:
  lifecycle.yaml: |
    {{- .Values.lifecycle | nindent 4 }}
{{- end -}}
{{- end -}}
