{{/* What the containers of Kafka's pod have in common. Java is found on the image's PATH. */}}
{{- define "observability.kafkaContainer" -}}
image: {{ include "observability.image" .Values.images.kafka }}
imagePullPolicy: IfNotPresent
command: [java]
env:
  - name: JAVA_TOOL_OPTIONS
    value: {{ join " " .Values.logs.kafka.jvmOptions | quote }}
securityContext:
  {{- include "tandem-service.containerSecurityContext" . | nindent 2 }}
resources:
  {{- toYaml .Values.resources.kafka | nindent 2 }}
volumeMounts:
  - { name: configuration, mountPath: /etc/kafka, readOnly: true }
  - { name: tmp, mountPath: /tmp }
  {{- include "tandem-service.dataMount" (dict "context" . "name" "kafka" "path" "/data") | nindent 2 }}
{{- end -}}
