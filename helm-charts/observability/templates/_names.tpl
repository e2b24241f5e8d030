{{/* Names and labels. The chart has several workloads, so the names are theirs, not the release's.
     usage of each: include … (dict "context" $ "name" "prometheus") */}}

{{- define "observability.selectorLabels" -}}
app.kubernetes.io/name: {{ .name }}
app.kubernetes.io/instance: {{ .context.Release.Name }}
app.kubernetes.io/component: service
{{- end -}}

{{- define "observability.labels" -}}
{{ include "observability.selectorLabels" . }}
app.kubernetes.io/part-of: tandem
app.kubernetes.io/managed-by: {{ .context.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .context.Chart.Name .context.Chart.Version }}
{{- end -}}

{{- define "observability.metadata" -}}
name: {{ .name }}
namespace: {{ .context.Release.Namespace }}
labels:
  {{- include "observability.labels" . | nindent 2 }}
{{- end -}}

{{/* The label of pods that serve other clusters, because their own is the one that sees all. */}}
{{- define "observability.homeLabel" -}}
tandem.dev/telemetry-home: "true"
{{- end -}}

{{- define "observability.image" -}}
{{- if not .tag }}{{ fail "every image needs a tag: images.<name>.tag" }}{{ end -}}
{{ .repository }}:{{ .tag }}
{{- end -}}

{{/* Go's own limit, below which it collects more often instead of growing: four fifths of the container's, at which the kernel
     kills. usage: include … .Values.resources.jaeger */}}
{{- define "observability.memoryLimit" -}}
- name: GOMEMLIMIT
  value: {{ printf "%dMiB" (div (mul (include "observability.mebibytes" .limits.memory | int) 4) 5) }}
{{- end -}}

{{/* A quantity of memory, in MiB. */}}
{{- define "observability.mebibytes" -}}
{{- if hasSuffix "Gi" . -}}
{{ mul (trimSuffix "Gi" . | int) 1024 }}
{{- else if hasSuffix "Mi" . -}}
{{ trimSuffix "Mi" . | int }}
{{- else -}}
{{ fail (printf "%s has to be a number of Mi or Gi" .) }}
{{- end -}}
{{- end -}}

{{/* Pods of this release that carry one name: a peer. */}}
{{- define "observability.podNamed" -}}
podSelector:
  matchLabels:
    {{- include "observability.selectorLabels" . | nindent 4 }}
{{- end -}}

{{/* A duration such as 250ms or 1.5s, in milliseconds. */}}
{{- define "observability.milliseconds" -}}
{{- if hasSuffix "ms" . -}}
{{ trimSuffix "ms" . }}
{{- else -}}
{{ mulf (trimSuffix "s" . | float64) 1000 | int }}
{{- end -}}
{{- end -}}

{{/* The gateway's queue: on disk, so that neither an outage of its target nor its own restart loses what waits. */}}
{{- define "observability.diskQueue" -}}
sending_queue:
  sizer: bytes
  queue_size: {{ mul (include "observability.mebibytes" .Values.tracing.queueSize | int) 1048576 }}
  storage: file_storage
  {{- if .blocks }}
  # Who sends keeps what does not fit.
  block_on_overflow: true
  {{- end }}
retry_on_failure: { initial_interval: 500ms, max_interval: 5s, max_elapsed_time: 0s }
{{- end -}}
