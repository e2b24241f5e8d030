{{/* Names and labels. A release's name is the name of its objects, its Kubernetes Service and its service account. */}}

{{- define "tandem-service.name" -}}
{{- .Values.nameOverride | default .Chart.Name -}}
{{- end -}}

{{- define "tandem-service.selectorLabels" -}}
app.kubernetes.io/name: {{ include "tandem-service.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{/* Pods that serve, as opposed to the pods of `helm test`, which carry the same name. */}}
{{- define "tandem-service.servingLabels" -}}
{{ include "tandem-service.selectorLabels" . }}
app.kubernetes.io/component: service
{{- end -}}

{{- define "tandem-service.testLabels" -}}
{{ include "tandem-service.selectorLabels" . }}
app.kubernetes.io/component: test
{{- end -}}

{{- define "tandem-service.labels" -}}
{{ include "tandem-service.selectorLabels" . }}
{{- with .Values.image }}
app.kubernetes.io/version: {{ include "tandem-service.version" .tag }}
{{- end }}
app.kubernetes.io/part-of: tandem
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end -}}

{{/* A tag as the value of a label, which is shorter and ends with a letter or digit. */}}
{{- define "tandem-service.version" -}}
{{ . | trunc 63 | trimAll "-_." | quote }}
{{- end -}}

{{/* The image of a dict {repository, tag, digest}. */}}
{{- define "tandem-service.image" -}}
{{ .repository }}:{{ .tag }}{{ with .digest }}@{{ . }}{{ end }}
{{- end -}}

{{/* The name by which clients in every cluster know this service. */}}
{{- define "tandem-service.host" -}}
{{ .Release.Name }}.{{ .Release.Namespace }}.svc.cluster.local
{{- end -}}
