{{/* What all templates share. Every resource is named after the release, and after its service where it has one. */}}

{{/* The services, each with the defaults beneath it, once all values are found to work: include "day-trade-ml.services" . | fromYaml */}}
{{- define "day-trade-ml.services" -}}
{{- include "day-trade-ml.rules" . }}
{{- include "day-trade-ml.merged" . }}
{{- end }}

{{/* The same, unchecked. */}}
{{- define "day-trade-ml.merged" -}}
{{- range $name, $own := .Values.services }}
{{- $profile := dict }}
{{- with $own.profile }}{{- $profile = dict "resources" (get $.Values.profiles .) }}{{- end }}
{{ $name }}: {{ mergeOverwrite (deepCopy $.Values.defaults) (deepCopy $profile) (deepCopy $own) | toJson }}
{{- end }}
{{- end }}

{{/* Labels that select pods, of a release or of one component: (list . "ml") */}}
{{- define "day-trade-ml.selector" -}}
app.kubernetes.io/name: {{ (first .).Chart.Name }}
app.kubernetes.io/instance: {{ (first .).Release.Name }}
{{- if gt (len .) 1 }}
app.kubernetes.io/component: {{ last . }}
{{- end }}
{{- end }}

{{/* Labels of a resource: as above. */}}
{{- define "day-trade-ml.labels" -}}
{{ include "day-trade-ml.selector" . }}
app.kubernetes.io/part-of: day-trade
app.kubernetes.io/managed-by: {{ (first .).Release.Service }}
helm.sh/chart: {{ (first .).Chart.Name }}-{{ (first .).Chart.Version | replace "+" "_" }}
{{- end }}

{{/* "true" where what scales a service is more than Kubernetes's own autoscaler knows: include "day-trade-ml.byKeda" $service.autoscaling */}}
{{- define "day-trade-ml.byKeda" -}}
{{- if or .queue.url .schedule }}true{{ end }}
{{- end }}

{{/* An image as a registry names it: (list . .image) */}}
{{- define "day-trade-ml.image" -}}
{{- $image := last . -}}
{{ (first .).Values.image.registry }}/{{ $image.repository }}{{ if $image.digest }}@{{ $image.digest }}{{ else }}:{{ $image.tag }}{{ end }}
{{- end }}

{{/* A service's account: (list . "ml" $service) */}}
{{- define "day-trade-ml.serviceAccountName" -}}
{{ (last .).serviceAccount.name | default (printf "%s-%s" (first .).Release.Name (index . 1)) }}
{{- end }}

{{/* What the chart itself tells a service, the variables of ECS; a backend whose host is not known yet is left out: (list . "ml" $services) */}}
{{- define "day-trade-ml.givenEnv" -}}
{{- $root := first . }}{{- $name := index . 1 }}{{- $services := last . }}
{{- $service := get $services $name }}
{{- $backends := $root.Values.backends -}}
ENVIRONMENT: {{ $root.Values.environment | quote }}
PORT: {{ $service.port | quote }}
{{- range $service.calls }}
{{ . | replace "-" "_" | upper }}_URL: {{ printf "http://%s-%s:%v" $root.Release.Name . (get $services .).port | quote }}
{{- end }}
{{- if and (has "cache" $service.connects) $backends.cache.host }}
CACHE_HOST: {{ $backends.cache.host | quote }}
CACHE_PORT: {{ $backends.cache.port | quote }}
CACHE_TLS: {{ $backends.cache.tls | quote }}
CACHE_CLUSTER_MODE: {{ $backends.cache.clusterMode | quote }}
{{- end }}
{{- if and (has "database" $service.connects) $backends.database.host }}
DATABASE_HOST: {{ $backends.database.host | quote }}
DATABASE_PORT: {{ $backends.database.port | quote }}
DATABASE_NAME: {{ $backends.database.name | quote }}
{{- if not $backends.database.secret }}
DATABASE_USER: {{ $service.databaseUser | default ($name | replace "-" "_" | printf "svc_%s") | quote }}
{{- end }}
{{- end }}
{{- end }}

{{/* All plain settings of a service, as above. */}}
{{- define "day-trade-ml.env" -}}
{{ merge (include "day-trade-ml.givenEnv" . | fromYaml) (get (last .) (index . 1)).env | toYaml }}
{{- end }}

{{/* Pod Security level `restricted`, for pods and for containers; the user is that of the ECS tasks. */}}
{{- define "day-trade-ml.podSecurity" -}}
runAsNonRoot: true
runAsUser: 10001
runAsGroup: 10001
fsGroup: 10001
seccompProfile:
  type: RuntimeDefault
{{- end }}
{{- define "day-trade-ml.containerSecurity" -}}
privileged: false
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end }}

{{/* An alert's annotation with the address of its page, below its summary; nothing where the pages have none. (list $ page) */}}
{{- define "day-trade-ml.runbook" }}
{{- with (index . 0).Values.monitoring.runbooks }}
{{- printf "runbook_url: %s/%s.md" . (index $ 1) | nindent 12 }}
{{- end }}
{{- end }}

{{/* A Key Vault, asked as an account of the release, so that nobody has another's secrets: (list $ "ml" "day-trade-ml-ml") */}}
{{- define "day-trade-ml.vaultStore" -}}
---
apiVersion: external-secrets.io/v1
kind: SecretStore
metadata:
  name: {{ (first .).Release.Name }}-{{ index . 1 }}
  labels: {{- include "day-trade-ml.labels" (list (first .) (index . 1)) | nindent 4 }}
spec:
  provider:
    azurekv:
      authType: WorkloadIdentity
      vaultUrl: {{ (first .).Values.externalSecrets.store.azure.vaultUrl }}
      serviceAccountRef: {name: {{ last . }}}
{{- end }}
