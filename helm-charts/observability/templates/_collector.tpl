{{/* What every collector's configuration has. */}}

{{- define "observability.health" -}}
healthcheckv2:
  use_v2: true
  http: { endpoint: "0.0.0.0:13133" }
{{- end -}}

{{/* Refuses data, for their senders to keep, before the kernel kills the collector. */}}
{{- define "observability.memoryLimiter" -}}
memory_limiter: { check_interval: 500ms, limit_percentage: 80, spike_limit_percentage: 20 }
{{- end -}}

{{- define "observability.ownMetrics" -}}
telemetry:
  logs: { level: warn, encoding: json }
  metrics:
    level: normal
    readers:
      - pull: { exporter: { prometheus: { host: 0.0.0.0, port: 8888, without_scope_info: true, without_type_suffix: true, without_units: true } } }
{{- end -}}

{{/* A collector's pod; with `node`, it reads the files of the node's containers, which are root's, and keeps its place there.
     usage: include … (dict "context" . "name" "otel-agent" "resources" … "ports" (dict "http-otlp" 4318) "node" true) */}}
{{- define "observability.collectorPod" -}}
serviceAccountName: {{ .name }}
automountServiceAccountToken: false
enableServiceLinks: false
terminationGracePeriodSeconds: 30
securityContext:
  {{- if .node }}
  # Root without any of its powers: it owns the files that it reads.
  runAsUser: 0
  runAsGroup: 0
  seccompProfile:
    type: RuntimeDefault
  {{- else }}
  {{- include "tandem-service.podSecurityContext" . | nindent 2 }}
  {{- end }}
containers:
  - name: collector
    image: {{ include "observability.image" .context.Values.images.collector }}
    imagePullPolicy: IfNotPresent
    args: [--config=/etc/otelcol/collector.yaml]
    securityContext:
      {{- include "tandem-service.containerSecurityContext" . | nindent 6 }}
    env:
      {{- include "observability.memoryLimit" .resources | nindent 6 }}
    ports:
      {{- range $name, $port := .ports }}
      - { name: {{ $name }}, containerPort: {{ $port }} }
      {{- end }}
      - { name: http-metrics, containerPort: 8888 }
      - { name: health, containerPort: 13133 }
    startupProbe:
      httpGet: { path: /status, port: health }
      periodSeconds: 1
      timeoutSeconds: 3
      failureThreshold: 60
    readinessProbe:
      httpGet: { path: /status, port: health }
      periodSeconds: 10
      timeoutSeconds: 3
    # Whether it runs, not whether all is well: what it sends to may be down for long.
    livenessProbe:
      tcpSocket: { port: health }
      periodSeconds: 10
      timeoutSeconds: 3
      failureThreshold: 6
    resources:
      {{- toYaml .resources | nindent 6 }}
    volumeMounts:
      - { name: configuration, mountPath: /etc/otelcol, readOnly: true }
      - { name: queue, mountPath: /var/lib/otelcol }
      {{- if .node }}
      - { name: logs, mountPath: /var/log/pods, readOnly: true }
      {{- end }}
volumes:
  - name: configuration
    configMap: { name: {{ .name }} }
  {{- if .node }}
  - name: queue
    hostPath: { path: {{ .context.Values.logs.nodeDirectory }}, type: DirectoryOrCreate }
  - name: logs
    hostPath: { path: /var/log/pods, type: Directory }
  {{- else }}
  - name: queue
    # Room for both queues and for the files around them, which are larger; full, it would have the pod evicted.
    emptyDir: { sizeLimit: {{ mul (include "observability.mebibytes" .context.Values.tracing.queueSize | int) 4 }}Mi }
  {{- end }}
{{- end -}}

{{/* A changed configuration is a changed pod. */}}
{{- define "observability.configurationDigest" -}}
tandem.dev/configuration: {{ include (print .context.Template.BasePath "/" .file) .context | sha256sum | trunc 12 | quote }}
{{- end -}}
