{{- define "tandem-service.deployment" -}}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ .Release.Name }}
  namespace: {{ .Release.Namespace }}
  labels:
    {{- include "tandem-service.labels" . | nindent 4 }}
    app.kubernetes.io/component: service
  annotations:
    # A tag is never reused for other content, so asking the registry again at each start would only add a way to fail.
    kube-score/ignore: container-image-pull-policy
spec:
  {{- if not .Values.autoscaling.enabled }}
  replicas: {{ .Values.replicas }}
  {{- end }}
  revisionHistoryLimit: 3
  progressDeadlineSeconds: 300
  selector:
    matchLabels:
      {{- include "tandem-service.servingLabels" . | nindent 6 }}
  strategy:
    rollingUpdate:
      maxSurge: 1
      maxUnavailable: 0
  template:
    metadata:
      labels:
        {{- include "tandem-service.servingLabels" . | nindent 8 }}
        app.kubernetes.io/version: {{ include "tandem-service.version" .Values.image.tag }}
        app.kubernetes.io/part-of: tandem
        # Beside it, a migration puts a deployment of the track "candidate"; the mesh tells the two apart by this label.
        tandem.dev/track: stable
        sidecar.istio.io/inject: {{ .Values.sidecar.inject | quote }}
      annotations:
        {{- include "tandem-service.sidecarAnnotations" . | nindent 8 }}
    spec:
      serviceAccountName: {{ .Release.Name }}
      automountServiceAccountToken: false
      # Kubernetes would add USER_PORT=tcp://… and the like, which Quarkus would read as configuration.
      enableServiceLinks: false
      # The three spans of a shutdown, all of them after SIGTERM: calls still taken while endpoints are withdrawn, calls
      # finished, and a margin for leaving registries, closing pools and the sidecar's end.
      terminationGracePeriodSeconds: {{ add .Values.shutdown.withdrawSeconds .Values.shutdown.drainSeconds 10 }}
      securityContext:
        {{- include "tandem-service.podSecurityContext" . | nindent 8 }}
      topologySpreadConstraints:
        {{- include "tandem-service.topologySpread" . | trim | nindent 8 }}
      containers:
        - name: {{ .Chart.Name }}
          image: {{ include "tandem-service.image" .Values.image }}
          imagePullPolicy: {{ .Values.image.pullPolicy }}
          securityContext:
            {{- include "tandem-service.containerSecurityContext" . | nindent 12 }}
          env:
            - name: TANDEM_CLUSTER
              value: {{ .Values.cluster.name | quote }}
            - name: TANDEM_REGION
              value: {{ .Values.cluster.region | quote }}
            - name: TANDEM_ZONE
              value: {{ .Values.cluster.zone | quote }}
            - name: TANDEM_POD
              valueFrom:
                fieldRef:
                  fieldPath: metadata.name
            - name: TANDEM_NAMESPACE
              valueFrom:
                fieldRef:
                  fieldPath: metadata.namespace
            - name: TANDEM_VERSION
              value: {{ .Values.image.tag | quote }}
            {{- include "tandem-service.telemetry" . | nindent 12 }}
            {{- include "tandem-service.jvmOptions" . | nindent 12 }}
            - name: TANDEM_LIFECYCLE_WITHDRAW_DELAY
              value: PT{{ .Values.shutdown.withdrawSeconds }}S
            - name: TANDEM_LIFECYCLE_DRAIN_TIMEOUT
              value: PT{{ .Values.shutdown.drainSeconds }}S
            # The sidecar asks this often whether the connection lives (mesh.connection.keepAlive), on quiet streams too; gRPC
            # would take it for an attack.
            - name: TANDEM_TRANSPORT_SERVER_PERMIT_KEEP_ALIVE
              value: PT0S
            - name: TANDEM_TRANSPORT_SERVER_LOAD_REPORTS
              value: {{ .Values.transport.loadReports | quote }}
            {{- include "tandem-service.apiEnvironment" . | trim | nindent 12 }}
            {{- include "tandem-service.tokenEnvironment" . | nindent 12 }}
            {{- range $name, $value := .Values.environment }}
            - name: {{ $name }}
              value: {{ $value | quote }}
            {{- end }}
            {{- range $name, $source := .Values.secretEnvironment }}
            - name: {{ $name }}
              valueFrom:
                secretKeyRef:
                  name: {{ $source.secret }}
                  key: {{ $source.key }}
            {{- end }}
          ports:
            - name: grpc
              containerPort: 9000
            - name: http-health
              containerPort: 8080
          # Over HTTP: the start is over when it is, or when it has waited long enough for others. gRPC Health knows readiness
          # only, and a database that is away would have the pod restarted.
          startupProbe:
            httpGet:
              path: /health/started
              port: http-health
            periodSeconds: {{ .Values.probes.startup.periodSeconds }}
            timeoutSeconds: {{ .Values.probes.timeoutSeconds }}
            failureThreshold: {{ .Values.probes.startup.failureThreshold }}
          readinessProbe:
            grpc:
              port: 9000
            periodSeconds: {{ .Values.probes.periodSeconds }}
            timeoutSeconds: {{ .Values.probes.timeoutSeconds }}
            failureThreshold: {{ .Values.probes.failureThreshold }}
          # Not by gRPC Health, which says NOT_SERVING on purpose while calls in flight finish: that is no reason to restart.
          livenessProbe:
            httpGet:
              path: /health/live
              port: http-health
            periodSeconds: {{ .Values.probes.periodSeconds }}
            timeoutSeconds: {{ .Values.probes.timeoutSeconds }}
            failureThreshold: {{ .Values.probes.failureThreshold }}
          resources:
            {{- toYaml .Values.resources | nindent 12 }}
          volumeMounts:
            - name: tmp
              mountPath: /tmp
            {{- with .Values.configuration.mountPath }}
            - name: configuration
              mountPath: {{ . }}
              readOnly: true
            {{- end }}
            {{- if .Values.lifecycle }}
            - name: lifecycle
              mountPath: /etc/tandem/lifecycle
              readOnly: true
            {{- end }}
            {{- if .Values.tokens.keys }}
            - name: token-keys
              mountPath: /etc/tandem/token-keys
              readOnly: true
            {{- end }}
            {{- if .Values.tokens.trust }}
            - name: token-trust
              mountPath: /etc/tandem/token-trust
              readOnly: true
            {{- end }}
            {{- if .Values.tokens.signer }}
            {{- include "tandem-service.tokenSignerMount" . | nindent 12 }}
            {{- end }}
      volumes:
        - name: tmp
          emptyDir:
            sizeLimit: 64Mi
        {{- if .Values.configuration.mountPath }}
        - name: configuration
          configMap:
            name: {{ .Release.Name }}
        {{- end }}
        {{- if .Values.lifecycle }}
        - name: lifecycle
          configMap:
            name: {{ .Release.Name }}-lifecycle
        {{- end }}
        {{- with .Values.tokens.keys }}
        - name: token-keys
          configMap:
            name: {{ . }}
        {{- end }}
        {{- with .Values.tokens.trust }}
        - name: token-trust
          configMap:
            name: {{ . }}
        {{- end }}
        {{- with .Values.tokens.signer }}
        {{- include "tandem-service.tokenSignerVolume" . | nindent 8 }}
        {{- end }}
{{- end -}}
