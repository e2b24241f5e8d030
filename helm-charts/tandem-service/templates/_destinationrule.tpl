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
    tls:
      # What sidecars do by themselves. Clients without one, which ask istiod for their settings, do it only when told.
      mode: ISTIO_MUTUAL
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
        # A connection whose other end is frozen or cut off stays open and swallows calls. A PING that is not answered
        # closes it; outlier detection counts the calls.
        http2KeepAlive:
          interval: {{ .connection.keepAlive.interval }}
          timeout: {{ .connection.keepAlive.timeout }}
    loadBalancer:
      # The endpoint with fewer calls in flight: one that is slow, or hangs, takes less from its first late reply on.
      simple: LEAST_REQUEST
      warmup:
        duration: {{ .warmup.duration }}
        minimumPercent: {{ .warmup.minimumPercent }}
      localityLbSetting:
        {{- include "tandem-service.locality" $ | nindent 8 }}
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

{{/* Which clusters serve, and in which order. Clusters come from the topology, the nearest first; callers are in this one and
     in those that its istiod serves. */}}
{{- define "tandem-service.locality" -}}
{{- $own := .Values.cluster -}}
{{- $others := .Values.mesh.others -}}
{{- $callers := prepend .Values.mesh.remotes (dict "region" $own.region "zone" $own.zone "others" $others) -}}
{{- with .Values.mesh -}}
{{- if eq .mode "active-passive" -}}
enabled: true
# The active cluster's endpoints first, whoever calls; all others when those are gone or ejected.
failoverPriority:
  - topology.istio.io/cluster={{ required "mesh.mode is active-passive: mesh.active must name the cluster that serves" .active }}
{{- else if eq .mode "local-first" -}}
enabled: true
{{- $failover := list }}
{{- $seen := list }}
{{- range $caller := $callers }}
{{- $elsewhere := list }}
{{- range .others }}
{{- if ne .region $caller.region }}
{{- $elsewhere = append $elsewhere .region }}
{{- end }}
{{- end }}
{{- if and $elsewhere (not (has .region $seen)) }}
{{- $seen = append $seen .region }}
{{- $failover = append $failover (dict "from" .region "to" (first $elsewhere)) }}
{{- end }}
{{- end }}
{{- with $failover }}
# Zone and region come first by themselves; of the other regions, the nearest.
failover:
  {{- range . }}
  - from: {{ .from }}
    to: {{ .to }}
  {{- end }}
{{- end }}
{{- else if and (gt (int .localShare) 0) $others -}}
enabled: true
# Shares of healthy endpoints: those of a cluster that is gone or ejected fall to the others.
distribute:
  {{- $share := int .localShare }}
  {{- $seen := list }}
  {{- range $callers }}
  {{- $here := printf "%s/%s/*" .region .zone }}
  {{- if not (has $here $seen) }}
  {{- $seen = append $seen $here }}
  - from: {{ $here }}
    to:
      {{ $here }}: {{ $share }}
      {{- $rest := sub 100 $share }}
      {{- $count := len .others }}
      {{- range $index, $other := .others }}
      # What does not divide evenly goes to the nearest.
      {{ $other.region }}/{{ $other.zone }}/*: {{ add (div $rest $count) (ternary 1 0 (lt $index (int (mod $rest $count)))) }}
      {{- end }}
  {{- end }}
  {{- end }}
{{- else -}}
# Outlier detection alone would switch local-first on.
enabled: false
{{- end -}}
{{- end -}}
{{- end -}}
