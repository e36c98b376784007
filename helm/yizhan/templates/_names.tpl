{{- define "yizhan.name" -}}
{{- if contains "yizhan" .Release.Name }}{{ .Release.Name | trunc 40 | trimSuffix "-" }}{{ else }}{{ printf "%s-yizhan" (.Release.Name | trunc 32 | trimSuffix "-") }}{{ end }}
{{- end }}

{{- define "yizhan.selector" -}}
app.kubernetes.io/name: yizhan
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "yizhan.labels" -}}
{{ include "yizhan.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end }}

{{- /* a name for what belongs to one host name of a hall: readable, and no other's */ -}}
{{- define "yizhan.hallName" -}}
{{- $domain := index . 1 -}}
{{- printf "%s-hall-%s-%s" (include "yizhan.name" (index . 0)) ($domain | replace "." "-" | trunc 100 | trimSuffix "-") ($domain | sha256sum | trunc 8) -}}
{{- end }}

{{- define "yizhan.image" -}}
{{- with .Values.image -}}
{{ .repository }}{{ if .digest }}@{{ .digest }}{{ else }}:{{ .tag | default $.Chart.AppVersion }}{{ end }}
{{- end -}}
{{- end }}
