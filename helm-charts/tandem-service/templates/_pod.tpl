{{/* Parts of a pod that every workload shares. */}}

{{/* Sidecar settings: a native sidecar starts before the service and stops after it. */}}
{{- define "tandem-service.sidecarAnnotations" -}}
{{- with .Values.sidecar -}}
sidecar.istio.io/nativeSidecar: "true"
sidecar.istio.io/proxyCPU: {{ .resources.requests.cpu | quote }}
sidecar.istio.io/proxyMemory: {{ .resources.requests.memory | quote }}
sidecar.istio.io/proxyCPULimit: {{ .resources.limits.cpu | quote }}
sidecar.istio.io/proxyMemoryLimit: {{ .resources.limits.memory | quote }}
{{- end }}
{{- with .Values.image }}
# What is on every span of the sidecar: see the Telemetry of the chart mesh.
proxy.istio.io/config: |
  proxyMetadata:
    {{- include "tandem-service.sidecarMetadata" $ | nindent 4 }}
{{- end -}}
{{- end -}}

{{/* What a pod is, as its service says it of its own spans. The digest is over the values that shape the pod, and only those:
     others change while it runs. */}}
{{- define "tandem-service.sidecarMetadata" -}}
{{- $pod := pick .Values "environment" "image" "jvmOptions" "limits" "resources" "secretEnvironment" "shutdown" "sidecar" "telemetry" "tokens" "transport" -}}
TANDEM_VERSION: {{ .Values.image.tag | quote }}
TANDEM_DEPLOYMENT_DIGEST: {{ .Values.image.digest | default .Values.image.tag | quote }}
TANDEM_CONFIGURATION_DIGEST: {{ toJson $pod | sha256sum | trunc 12 | quote }}
{{- end -}}

{{- define "tandem-service.podSecurityContext" -}}
runAsNonRoot: true
runAsUser: 65532
runAsGroup: 65532
fsGroup: 65532
seccompProfile:
  type: RuntimeDefault
{{- end -}}

{{- define "tandem-service.containerSecurityContext" -}}
allowPrivilegeEscalation: false
capabilities:
  drop: [ALL]
privileged: false
readOnlyRootFilesystem: true
{{- end -}}

{{/* A pod's spread over nodes and zones: a wish, so that a one-node cluster runs every replica. */}}
{{- define "tandem-service.topologySpread" -}}
{{- range list "kubernetes.io/hostname" "topology.kubernetes.io/zone" }}
- maxSkew: 1
  topologyKey: {{ . }}
  whenUnsatisfiable: ScheduleAnyway
  labelSelector:
    matchLabels:
      {{- include "tandem-service.servingLabels" $ | nindent 6 }}
  matchLabelKeys: [pod-template-hash]
{{- end }}
{{- end -}}

{{- define "tandem-service.jvmOptions" -}}
- name: JAVA_TOOL_OPTIONS
  value: {{ join " " .Values.jvmOptions | quote }}
{{- end -}}

{{/* What a service records of its calls. */}}
{{- define "tandem-service.telemetry" -}}
- name: TANDEM_TELEMETRY_DEPLOYMENT_DIGEST
  value: {{ .Values.image.digest | default .Values.image.tag | quote }}
{{- with .Values.telemetry }}
- name: TANDEM_TELEMETRY_EXPORT
  value: {{ .export }}
{{- with .endpoint }}
- name: TANDEM_TELEMETRY_ENDPOINT
  value: {{ . }}
{{- end }}
- name: TANDEM_TELEMETRY_SAMPLING
  value: {{ .sampling | quote }}
- name: TANDEM_TELEMETRY_LOGS
  value: {{ .logs }}
- name: TANDEM_TELEMETRY_ACCESS_LOG
  value: {{ .accessLog }}
{{- end }}
{{- end -}}
