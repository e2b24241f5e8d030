{{- define "tandem-service.service" -}}
apiVersion: v1
kind: Service
metadata:
  name: {{ .Release.Name }}
  namespace: {{ .Release.Namespace }}
  labels:
    {{- include "tandem-service.labels" . | nindent 4 }}
    app.kubernetes.io/component: service
spec:
  selector:
    {{- include "tandem-service.servingLabels" . | nindent 4 }}
  ports:
    - name: grpc
      appProtocol: grpc
      port: 9000
      targetPort: grpc
    - name: http-health
      appProtocol: http
      port: 8080
      targetPort: http-health
{{- end -}}
