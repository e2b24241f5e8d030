{{/* Where a StatefulSet of one pod keeps its data; `name` is the StatefulSet's.
     usage of each: include … (dict "context" $ "name" "postgres") */}}

{{- define "tandem-service.persistentVolume" -}}
{{- with .context.Values.persistence -}}
{{- if eq .type "node" -}}
apiVersion: v1
kind: PersistentVolume
metadata:
  name: {{ $.context.Release.Namespace }}-{{ $.name }}-data
  labels:
    {{- include "tandem-service.labels" $.context | nindent 4 }}
  annotations:
    # The claim outlives the release, as a StatefulSet's claims do, and a volume must not go before its claim.
    helm.sh/resource-policy: keep
spec:
  capacity:
    storage: {{ .size }}
  accessModes: [ReadWriteOnce]
  persistentVolumeReclaimPolicy: Retain
  storageClassName: ""
  claimRef:
    apiVersion: v1
    kind: PersistentVolumeClaim
    namespace: {{ $.context.Release.Namespace }}
    name: data-{{ $.name }}-0
  # local, not hostPath: kubelet gives the directory to the pod's fsGroup, so no container has to run as root for it.
  local:
    path: {{ .node.directory }}
  nodeAffinity:
    required:
      nodeSelectorTerms:
        - matchExpressions:
            - key: kubernetes.io/hostname
              operator: In
              values: [{{ required "persistence.node.name must say which node keeps the data (or choose another persistence.type)" .node.name }}]
{{- end -}}
{{- end -}}
{{- end -}}

{{/* Its mount, at `path`. */}}
{{- define "tandem-service.dataMount" -}}
- name: data
  mountPath: {{ .path }}
  {{- if eq .context.Values.persistence.type "node" }}
  subPath: tandem-{{ .name }}
  {{- end }}
{{- end -}}

{{/* The volume of a pod whose data may go with it. usage: include … . */}}
{{- define "tandem-service.dataVolume" -}}
{{- with .Values.persistence -}}
{{- if eq .type "none" -}}
- name: data
  emptyDir:
    sizeLimit: {{ .size }}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* The claim of a pod whose data may not. usage: include … . */}}
{{- define "tandem-service.dataClaim" -}}
{{- with .Values.persistence -}}
{{- if ne .type "none" -}}
volumeClaimTemplates:
  - apiVersion: v1
    kind: PersistentVolumeClaim
    metadata:
      name: data
    spec:
      accessModes: [ReadWriteOnce]
      {{- if eq .type "node" }}
      storageClassName: ""
      {{- else if .claim.storageClass }}
      storageClassName: {{ .claim.storageClass }}
      {{- end }}
      resources:
        requests:
          storage: {{ .size }}
{{- end -}}
{{- end -}}
{{- end -}}
