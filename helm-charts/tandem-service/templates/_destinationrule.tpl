{{/* How callers' sidecars connect to this service, choose among its pods in every cluster, and stop choosing bad ones. */}}
{{- define "tandem-service.destinationrule" -}}
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata:
  name: {{ .Release.Name }}
  namespace: {{ .Release.Namespace }}
  labels:
    {{- include "tandem-service.labels" . | nindent 4 }}
spec:
  host: {{ include "tandem-service.host" . }}
  trafficPolicy:
    {{- with .Values.mesh }}
    connectionPool:
      tcp:
        connectTimeout: {{ .connection.connectTimeout }}
        # A stream to a frozen cluster is silent; the kernel notices after 10 + 3 × 5 s.
        tcpKeepalive:
          time: 10s
          interval: 5s
          probes: 3
      http:
        idleTimeout: {{ .connection.idleTimeout }}
        maxConcurrentStreams: {{ .connection.maxConcurrentStreams }}
    loadBalancer:
      simple: LEAST_REQUEST
      # Outlier detection alone would switch local-first on.
      localityLbSetting:
        enabled: {{ eq .balance "local-first" }}
    outlierDetection:
      splitExternalLocalOriginErrors: true
      consecutiveLocalOriginFailures: {{ .outlierDetection.consecutiveLocalOriginFailures }}
      consecutiveGatewayErrors: {{ .outlierDetection.consecutiveGatewayErrors }}
      # A reply such as INTERNAL is the service's answer, not a sign of a dead endpoint.
      consecutive5xxErrors: 0
      interval: {{ .outlierDetection.interval }}
      baseEjectionTime: {{ .outlierDetection.baseEjectionTime }}
      # Below 100 the last endpoints of a dead cluster stay in, and failover never ends.
      maxEjectionPercent: 100
      # Where nothing at all is healthy, the detection is what is wrong (everybody was slow for a moment): then all are
      # called again, instead of none.
      minHealthPercent: 1
    {{- end }}
{{- end -}}
