{{/* Who may talk to whom inside a cluster, enforced below the mesh. What arrives from another cluster comes through the
     east-west gateway, where only the mesh can tell who called: see _authorizationpolicy.tpl. */}}

{{/* Peers for pods that carry one of the given names. */}}
{{- define "tandem-service.podsNamed" -}}
- podSelector:
    matchExpressions:
      - key: app.kubernetes.io/name
        operator: In
        values: {{ toJson . }}
      - key: app.kubernetes.io/component
        operator: In
        values: [service]
{{- end -}}

{{/* Names, which every pod needs. */}}
{{- define "tandem-service.dnsEgress" -}}
- to:
    - namespaceSelector:
        matchLabels:
          kubernetes.io/metadata.name: kube-system
      podSelector:
        matchLabels:
          k8s-app: kube-dns
  ports:
    - port: 53
      protocol: UDP
    - port: 53
      protocol: TCP
{{- end -}}

{{/* What every pod in the mesh needs: names, and the control plane for certificates and configuration. */}}
{{- define "tandem-service.infrastructureEgress" -}}
{{ include "tandem-service.dnsEgress" . }}
{{- if eq .Values.mesh.controlPlane "remote" }}
- to:
    - ipBlock:
        cidr: {{ required "mesh.controlPlane is remote: mesh.remoteGatewayCIDR must say where its gateway is" .Values.mesh.remoteGatewayCIDR }}
  ports:
    - port: 15012
      protocol: TCP
{{- else }}
- to:
    - namespaceSelector:
        matchLabels:
          kubernetes.io/metadata.name: {{ .Values.mesh.systemNamespace }}
      podSelector:
        matchLabels:
          app: istiod
  ports:
    - port: 15012
      protocol: TCP
{{- end }}
{{- end -}}

{{/* Other clusters' pods, by way of their gateways. */}}
{{- define "tandem-service.remoteGatewayEgress" -}}
{{- with .Values.mesh.remoteGatewayCIDR -}}
- to:
    - ipBlock:
        cidr: {{ . }}
  ports:
    - port: 15443
      protocol: TCP
{{- end -}}
{{- end -}}

{{/* This cluster's gateway, through which other clusters' pods come: a peer. */}}
{{- define "tandem-service.gatewayPods" -}}
namespaceSelector:
  matchLabels:
    kubernetes.io/metadata.name: {{ .Values.mesh.systemNamespace }}
podSelector:
  matchLabels:
    istio: eastwestgateway
{{- end -}}

{{/* Who may reach the port: the clients, the pods of `helm test`, and other clusters through this cluster's gateway. */}}
{{- define "tandem-service.clientIngress" -}}
{{- $port := .port -}}
{{- with .context -}}
- from:
    {{- with .Values.access.clients }}
    {{- include "tandem-service.podsNamed" . | nindent 4 }}
    {{- end }}
    - podSelector:
        matchLabels:
          {{- include "tandem-service.testLabels" . | nindent 10 }}
    {{- if .Values.access.clients }}
    - {{- include "tandem-service.gatewayPods" . | nindent 6 }}
    {{- end }}
  ports:
    - port: {{ $port }}
      protocol: TCP
{{- end -}}
{{- end -}}

{{/* Prometheus, which reads what the pod and its sidecar measure. usage: include … (dict "context" . "ports" (list 15090)) */}}
{{- define "tandem-service.prometheusIngress" -}}
- from:
    - namespaceSelector:
        matchLabels:
          kubernetes.io/metadata.name: {{ .context.Values.telemetry.namespace }}
      podSelector:
        matchLabels:
          app.kubernetes.io/name: prometheus
  ports:
    {{- range .ports }}
    - port: {{ . }}
      protocol: TCP
    {{- end }}
{{- end -}}

{{- define "tandem-service.networkpolicy" -}}
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: {{ .Release.Name }}
  namespace: {{ .Release.Namespace }}
  labels:
    {{- include "tandem-service.labels" . | nindent 4 }}
spec:
  podSelector:
    matchLabels:
      {{- include "tandem-service.servingLabels" . | nindent 6 }}
  policyTypes: [Ingress, Egress]
  ingress:
    {{- include "tandem-service.clientIngress" (dict "context" . "port" 9000) | nindent 4 }}
    {{- include "tandem-service.prometheusIngress" (dict "context" . "ports" (list 8080 15090)) | nindent 4 }}
  egress:
    {{- include "tandem-service.infrastructureEgress" . | nindent 4 }}
    {{- range .Values.access.servers }}
    - to:
        {{- include "tandem-service.podsNamed" (list .name) | nindent 8 }}
      ports:
        - port: {{ .port }}
          protocol: TCP
    {{- end }}
    {{- if .Values.access.servers }}
    {{- include "tandem-service.remoteGatewayEgress" . | nindent 4 }}
    {{- end }}
    {{- if eq .Values.telemetry.export "otlp" }}
    - to:
        - namespaceSelector:
            matchLabels:
              kubernetes.io/metadata.name: {{ .Values.telemetry.namespace }}
          podSelector:
            matchLabels:
              app.kubernetes.io/name: otel-agent
      ports:
        - port: 4318
          protocol: TCP
    {{- end }}
{{- end -}}

{{/* The pods of `helm test` reach the service that they test and nothing else, here or in another cluster.
     usage: include … (dict "context" $ "port" 9000) */}}
{{- define "tandem-service.networkpolicy-test" -}}
{{- $port := .port -}}
{{- with .context -}}
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: {{ .Release.Name }}-test
  namespace: {{ .Release.Namespace }}
  labels:
    {{- include "tandem-service.labels" . | nindent 4 }}
    app.kubernetes.io/component: test
spec:
  podSelector:
    matchLabels:
      {{- include "tandem-service.testLabels" . | nindent 6 }}
  policyTypes: [Ingress, Egress]
  egress:
    {{- include "tandem-service.infrastructureEgress" . | nindent 4 }}
    - to:
        - podSelector:
            matchLabels:
              {{- include "tandem-service.servingLabels" . | nindent 14 }}
      ports:
        - port: {{ $port }}
          protocol: TCP
    {{- include "tandem-service.remoteGatewayEgress" . | nindent 4 }}
{{- end -}}
{{- end -}}
