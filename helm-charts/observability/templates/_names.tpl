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

{{/* A container's own limit on its heap, for programs in Go: the kernel kills at the limit, the collector gives way below it. */}}
{{- define "observability.memoryLimit" -}}
- name: GOMEMLIMIT
  valueFrom:
    resourceFieldRef:
      resource: limits.memory
      divisor: "1"
{{- end -}}

{{/* Pods of one name, of this release or in another namespace. */}}
{{- define "observability.podNamed" -}}
podSelector:
  matchLabels:
    {{- include "observability.selectorLabels" . | nindent 4 }}
{{- end -}}

{{- define "observability.gatewayPods" -}}
namespaceSelector:
  matchLabels:
    kubernetes.io/metadata.name: {{ .Values.mesh.systemNamespace }}
podSelector:
  matchLabels:
    istio: eastwestgateway
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
  queue_size: {{ include "observability.bytes" .Values.tracing.queueSize }}
  storage: file_storage
retry_on_failure: { initial_interval: 500ms, max_interval: 5s, max_elapsed_time: 0s }
{{- end -}}

{{/* A quantity in Mi, in bytes. */}}
{{- define "observability.bytes" -}}
{{ mul (trimSuffix "Mi" . | int) 1048576 }}
{{- end -}}

{{/* Names, for pods that are not in the mesh. */}}
{{- define "observability.dnsEgress" -}}
- to:
    - namespaceSelector:
        matchLabels:
          kubernetes.io/metadata.name: kube-system
      podSelector:
        matchLabels:
          k8s-app: kube-dns
  ports:
    - { port: 53, protocol: UDP }
    - { port: 53, protocol: TCP }
{{- end -}}
