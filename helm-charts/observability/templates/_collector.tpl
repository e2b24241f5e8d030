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

{{/* A collector's pod. usage: include … (dict "context" . "name" "otel-agent" "resources" … "ports" (dict "http-otlp" 4318)) */}}
{{- define "observability.collectorPod" -}}
serviceAccountName: {{ .name }}
automountServiceAccountToken: false
enableServiceLinks: false
terminationGracePeriodSeconds: 30
securityContext:
  {{- include "tandem-service.podSecurityContext" . | nindent 2 }}
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
volumes:
  - name: configuration
    configMap: { name: {{ .name }} }
  - name: queue
    emptyDir: { sizeLimit: {{ .context.Values.tracing.queueSize }} }
{{- end -}}

{{/* A changed configuration is a changed pod. */}}
{{- define "observability.configurationDigest" -}}
tandem.dev/configuration: {{ include (print .context.Template.BasePath "/" .file) .context | sha256sum | trunc 12 | quote }}
{{- end -}}
