{{/* Tokens of callers: what verifies them and what signs them. */}}

{{/* What a pod has to know of tokens. A service verifies; a pod with the signer's key makes its own. */}}
{{- define "tandem-service.tokenEnvironment" -}}
{{- with .Values.tokens -}}
- name: TANDEM_AUTH_ISSUER
  value: {{ .issuer | quote }}
- name: TANDEM_AUTH_AUDIENCE
  value: {{ .audience | quote }}
{{- if .keys }}
- name: TANDEM_AUTH_JWKS_LOCATION
  value: /etc/tandem/token-keys/jwks.json
{{- end }}
{{- if .trust }}
- name: TANDEM_AUTH_JWKS_TRUST
  value: /etc/tandem/token-trust/ca.crt
{{- end }}
{{- if .signer }}
{{ include "tandem-service.tokenSignerEnvironment" . }}
{{- end }}
{{- end }}
{{- end -}}

{{- define "tandem-service.tokenSignerEnvironment" -}}
- name: TANDEM_TOKEN_SIGNER
  value: /etc/tandem/token-signer
{{- end -}}

{{- define "tandem-service.tokenSignerMount" -}}
- name: token-signer
  mountPath: /etc/tandem/token-signer
  readOnly: true
{{- end -}}

{{/* usage: include … SECRET. Readable by the pod's group, which is its user's only. */}}
{{- define "tandem-service.tokenSignerVolume" -}}
- name: token-signer
  secret:
    secretName: {{ . }}
    defaultMode: 0440
{{- end -}}
