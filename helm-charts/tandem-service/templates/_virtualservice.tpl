{{/* Deadlines and retries by method, kept by callers' sidecars. */}}
{{- define "tandem-service.virtualservice" -}}
{{- $host := include "tandem-service.host" . -}}
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: {{ .Release.Name }}
  namespace: {{ .Release.Namespace }}
  labels:
    {{- include "tandem-service.labels" . | nindent 4 }}
spec:
  hosts:
    - {{ $host }}
  http:
    {{- range $route := .Values.mesh.routes }}
    {{- if .retriedBy }}
    # These clients bring platform/resilience, which repeats idempotent calls under a budget. Were their sidecars to repeat
    # each of those attempts, the server would see the product. What never reached it is repeated here all the same.
    - name: {{ .name }}-retried-by-clients
      match:
        {{- range $client := .retriedBy }}
        {{- range $route.methods }}
        - uri:
            exact: {{ . }}
          sourceLabels:
            app.kubernetes.io/name: {{ $client }}
        {{- end }}
        {{- end }}
      route:
        - destination:
            host: {{ $host }}
      {{- if ne .timeout "none" }}
      timeout: {{ .timeout }}
      {{- end }}
      retries:
        attempts: {{ .attempts }}
        {{- with .perTryTimeout }}
        perTryTimeout: {{ . }}
        {{- end }}
        retryOn: connect-failure,refused-stream,reset-before-request
        retryRemoteLocalities: true
    {{- end }}
    - name: {{ .name }}
      match:
        {{- range .methods }}
        - uri:
            exact: {{ . }}
        {{- end }}
      route:
        - destination:
            host: {{ $host }}
      {{- if ne .timeout "none" }}
      timeout: {{ .timeout }}
      {{- end }}
      retries:
        attempts: {{ .attempts }}
        {{- with .perTryTimeout }}
        perTryTimeout: {{ . }}
        {{- end }}
        # The caller's own deadline bounds all tries; a server that saw a shorter one may have said DEADLINE_EXCEEDED.
        retryOn: connect-failure,refused-stream,unavailable,reset,reset-before-request,deadline-exceeded
        retryRemoteLocalities: true
    {{- end }}
    - name: other-methods
      route:
        - destination:
            host: {{ $host }}
      timeout: {{ .Values.mesh.timeout }}
      retries:
        attempts: 2
        # Only where the request cannot have reached the service.
        retryOn: connect-failure,refused-stream,reset-before-request
        retryRemoteLocalities: true
{{- end -}}
