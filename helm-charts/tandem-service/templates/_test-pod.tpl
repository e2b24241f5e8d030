{{/*
A pod of `helm test`: the caller's image with the given arguments. With "signed" true it sends a token; health needs none.
usage: include … (dict "context" $ "name" NAME "args" LIST "signed" BOOLEAN)
*/}}
{{- define "tandem-service.test-pod" -}}
{{- with .context -}}
{{- $signer := ternary .Values.test.signer "" ($.signed | default false) -}}
apiVersion: v1
kind: Pod
metadata:
  name: {{ .Release.Name }}-test-{{ $.name }}
  namespace: {{ .Release.Namespace }}
  labels:
    {{- include "tandem-service.testLabels" . | nindent 4 }}
    app.kubernetes.io/part-of: tandem
    sidecar.istio.io/inject: "true"
  annotations:
    helm.sh/hook: test
    helm.sh/hook-delete-policy: before-hook-creation
    # It runs once and answers by its exit code: nothing to probe.
    kube-score/ignore: container-image-pull-policy,pod-probes
    {{- include "tandem-service.sidecarAnnotations" . | nindent 4 }}
spec:
  serviceAccountName: {{ .Release.Name }}
  automountServiceAccountToken: false
  enableServiceLinks: false
  restartPolicy: Never
  activeDeadlineSeconds: 60
  securityContext:
    {{- include "tandem-service.podSecurityContext" . | nindent 4 }}
  containers:
    - name: caller
      image: {{ include "tandem-service.image" (dict "repository" .Values.test.image.repository "tag" (.Values.test.image.tag | default .Values.image.tag)) }}
      imagePullPolicy: {{ .Values.image.pullPolicy }}
      args:
        {{- toYaml $.args | nindent 8 }}
      env:
        - name: TANDEM_CLUSTER
          value: {{ .Values.cluster.name | quote }}
        - name: TANDEM_VERSION
          value: {{ .Values.test.image.tag | default .Values.image.tag | quote }}
        {{- include "tandem-service.jvmOptions" . | nindent 8 }}
        {{- if $signer }}
        - name: TANDEM_AUTH_ISSUER
          value: {{ .Values.tokens.issuer | quote }}
        - name: TANDEM_AUTH_AUDIENCE
          value: {{ .Values.tokens.audience | quote }}
        {{- include "tandem-service.tokenSignerEnvironment" . | nindent 8 }}
        {{- end }}
      securityContext:
        {{- include "tandem-service.containerSecurityContext" . | nindent 8 }}
      resources:
        {{- toYaml .Values.resources | nindent 8 }}
      volumeMounts:
        - name: tmp
          mountPath: /tmp
        {{- if $signer }}
        {{- include "tandem-service.tokenSignerMount" . | nindent 8 }}
        {{- end }}
  volumes:
    - name: tmp
      emptyDir:
        sizeLimit: 64Mi
    {{- with $signer }}
    {{- include "tandem-service.tokenSignerVolume" . | nindent 4 }}
    {{- end }}
{{- end -}}
{{- end -}}
