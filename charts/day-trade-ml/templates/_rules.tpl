{{/* What values.schema.json cannot say, because it takes several values together; all that is wrong is shown at once. */}}
{{- define "day-trade-ml.rules" -}}
{{- $wrong := list }}
{{- $services := include "day-trade-ml.merged" . | fromYaml }}
{{- if gt (len .Release.Name) 47 }}{{ $wrong = append $wrong "the release's name: at most 47 characters, so that names of Services keep below 63" }}{{ end }}
{{- range $name, $service := $services }}
{{- $at := printf "services.%s" $name }}
{{- $scaling := $service.autoscaling }}
{{- range $service.calls }}
{{- if eq . $name }}{{ $wrong = append $wrong (printf "%s.calls: a service does not call itself" $at) }}
{{- else if not (hasKey $services .) }}{{ $wrong = append $wrong (printf "%s.calls: there is no service %s, only %s" $at . (keys $services | sortAlpha | join ", ")) }}{{ end }}
{{- end }}
{{- if and (eq $service.strategy "Recreate") (or $scaling.enabled (gt (int $service.replicaCount) 1)) }}
{{- $wrong = append $wrong (printf "%s: strategy Recreate means that there is never more than one pod, so neither autoscaling nor replicaCount above 1" $at) }}
{{- end }}
{{- if and $scaling.enabled (gt (int $scaling.minReplicas) (int $scaling.maxReplicas)) }}
{{- $wrong = append $wrong (printf "%s.autoscaling: minReplicas is above maxReplicas" $at) }}
{{- end }}
{{- if and (include "day-trade-ml.byKeda" $scaling) (not $scaling.enabled) }}
{{- $wrong = append $wrong (printf "%s.autoscaling: queue and schedule scale, but it is not enabled" $at) }}
{{- end }}
{{- if and $scaling.queue.url (not $scaling.queue.region) }}
{{- $wrong = append $wrong (printf "%s.autoscaling.queue.region: a queue needs one" $at) }}
{{- end }}
{{- range $index, $time := $scaling.schedule }}
{{- $entry := printf "%s.autoscaling.schedule[%d]" $at $index }}
{{- if eq $time.start $time.end }}{{ $wrong = append $wrong (printf "%s: it ends when it starts" $entry) }}{{ end }}
{{- if le (int $time.minReplicas) (int $scaling.minReplicas) }}
{{- $wrong = append $wrong (printf "%s.minReplicas: KEDA only raises the number, so more than the %v that there are at least anyhow" $entry $scaling.minReplicas) }}
{{- end }}
{{- if gt (int $time.minReplicas) (int $scaling.maxReplicas) }}{{ $wrong = append $wrong (printf "%s.minReplicas: is above maxReplicas" $entry) }}{{ end }}
{{- if and $time.maxReplicas (ne (int $time.maxReplicas) (int $scaling.maxReplicas)) }}
{{- $wrong = append $wrong (printf "%s.maxReplicas: KEDA knows one for all times, the %v of autoscaling.maxReplicas" $entry $scaling.maxReplicas) }}
{{- end }}
{{- end }}
{{- with $service.route }}
{{- range .paths }}
{{- if and (ne ($service.route.pathType | default "Prefix") "ImplementationSpecific") (regexMatch "[*?]" .) }}
{{- $wrong = append $wrong (printf "%s.route.paths: %s: only pathType ImplementationSpecific knows wildcards" $at .) }}
{{- end }}
{{- end }}
{{- end }}
{{- range $service.connects }}
{{- $backend := get $.Values.backends . }}
{{- if and $backend.host (not $backend.cidrs) (not $backend.namespace) }}
{{- $wrong = append $wrong (printf "backends.%s: %s connects to it, but neither cidrs nor namespace say where it is" . $name) }}
{{- end }}
{{- end }}
{{- range $label := keys $service.podLabels | sortAlpha }}
{{- if hasPrefix "app.kubernetes.io/" $label }}{{ $wrong = append $wrong (printf "%s.podLabels.%s: is set by the chart, Services and policies go by it" $at $label) }}{{ end }}
{{- end }}
{{- $callsKnown := true }}
{{- range $service.calls }}{{ if not (hasKey $services .) }}{{ $callsKnown = false }}{{ end }}{{ end }}
{{- if $callsKnown }}
{{- range $variable := keys (include "day-trade-ml.givenEnv" (list $ $name $services) | fromYaml) | sortAlpha }}
{{- if hasKey $service.env $variable }}{{ $wrong = append $wrong (printf "%s.env.%s: is set by the chart" $at $variable) }}{{ end }}
{{- if hasKey $service.secrets $variable }}{{ $wrong = append $wrong (printf "%s.secrets.%s: is set by the chart" $at $variable) }}{{ end }}
{{- end }}
{{- end }}
{{- if and (has "database" $service.connects) $.Values.backends.database.secret }}
{{- range $variable := list "DATABASE_PASSWORD" "DATABASE_USER" }}
{{- if or (hasKey $service.env $variable) (hasKey $service.secrets $variable) }}{{ $wrong = append $wrong (printf "%s: %s is that of backends.database.secret" $at $variable) }}{{ end }}
{{- end }}
{{- end }}
{{- range $variable := keys $service.secrets | sortAlpha }}
{{- if hasKey $service.env $variable }}{{ $wrong = append $wrong (printf "%s.secrets.%s: stands in env as well" $at $variable) }}{{ end }}
{{- end }}
{{- end }}
{{- with .Values.ingress }}
{{- if .enabled }}
{{- if and (eq .className "alb") (not .certificateArn) }}{{ $wrong = append $wrong "ingress.certificateArn: an alb needs one, there is no plain HTTP" }}{{ end }}
{{- if and (ne .className "alb") (not .tlsSecret) }}{{ $wrong = append $wrong (printf "ingress.tlsSecret: class %s needs one, there is no plain HTTP" .className) }}{{ end }}
{{- if and (eq .className "alb") (not .clientCidrs) }}{{ $wrong = append $wrong "ingress.clientCidrs: an alb without them is open to the world" }}{{ end }}
{{- if eq .className "alb" }}
{{- range $annotation := keys .annotations | sortAlpha }}
{{- if and (hasKey (include "day-trade-ml.albAnnotations" $.Values.ingress | fromYaml) $annotation) (ne $annotation "alb.ingress.kubernetes.io/load-balancer-attributes") }}
{{- $wrong = append $wrong (printf "ingress.annotations.%s: is set by the chart" $annotation) }}
{{- end }}
{{- end }}
{{- end }}
{{- if not .loadBalancerCidrs }}{{ $wrong = append $wrong "ingress.loadBalancerCidrs: pods would refuse the load balancer" }}{{ end }}
{{- end }}
{{- end }}
{{- with .Values.gateway }}
{{- if .enabled }}
{{- if $.Values.ingress.enabled }}{{ $wrong = append $wrong "gateway: takes the requests that ingress takes already" }}{{ end }}
{{- range $key := list "id" "firewallId" "cidrs" }}
{{- if not (get $.Values.gateway $key) }}{{ $wrong = append $wrong (printf "gateway.%s: a gateway needs it" $key) }}{{ end }}
{{- end }}
{{- range $key := list "clientId" "name" "tenantId" }}
{{- if not (get $.Values.gateway.certificate $key) }}{{ $wrong = append $wrong (printf "gateway.certificate.%s: there is no plain HTTP" $key) }}{{ end }}
{{- end }}
{{- if not $.Values.externalSecrets.store.azure.vaultUrl }}{{ $wrong = append $wrong "externalSecrets.store.azure.vaultUrl: the gateway's certificate is in a vault" }}{{ end }}
{{- end }}
{{- end }}
{{- with .Values.externalSecrets.store }}
{{- if and .aws.region .azure.vaultUrl }}{{ $wrong = append $wrong "externalSecrets.store: aws.region or azure.vaultUrl, not both" }}{{ end }}
{{- if and .aws.region (ne .kind "SecretStore") }}{{ $wrong = append $wrong "externalSecrets.store.aws.region: the release makes a SecretStore only, no ClusterSecretStore" }}{{ end }}
{{- end }}
{{- if and .Values.priorityClass.create (not .Values.priorityClass.name) }}{{ $wrong = append $wrong "priorityClass.name: one that is made needs a name" }}{{ end }}
{{- if and .Values.monitoring.grafana.enabled (not .Values.monitoring.prometheus.enabled) }}
{{- $wrong = append $wrong "monitoring.grafana: shows what monitoring.prometheus gathers, which is off" }}
{{- end }}
{{- if $wrong }}{{ fail (printf "values that cannot work:\n- %s" (join "\n- " $wrong)) }}{{ end }}
{{- end }}
