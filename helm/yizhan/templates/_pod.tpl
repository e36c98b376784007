{{- /* how long a request may take at most: 300 s for its body, 90 s for the answer (foundation/embedded_services/caddy.py) */ -}}
{{- define "yizhan.requestSeconds" -}}390{{- end }}
{{- define "yizhan.drainSeconds" -}}10{{- end }}

{{- define "yizhan.environment" -}}
{{- range $name, $value := .Values.settings }}
- name: {{ $name }}
  {{- /* a number comes from values as one with a point, and from 10 million on as 1e+07 */}}
  value: {{ ternary ($value | int64 | toString) $value (kindIs "float64" $value) | quote }}
{{- end }}
- name: PUBLIC_SCHEME
  value: https
- name: PUBLIC_PORT
  value: "443"
- name: YIZHAN_WEB_HOST
  value: 0.0.0.0
- name: YIZHAN_WEB_PORT
  value: "8000"
- name: YIZHAN_VAR
  value: /var/lib/yizhan
- name: SITE_FETCH_ADDRESS
  value: {{ include "yizhan.name" . }}-web:80
{{- end }}

{{- /* [context, whether it acts as the tables' owner, whether what is missing is left for the program to name] */ -}}
{{- define "yizhan.secrets" -}}
{{- $root := index . 0 -}}{{- $isOwner := index . 1 -}}{{- $isLeft := index . 2 -}}
{{- range list "SECRET_KEY" "PERSONAL_KEYS" "PERSONAL_INDEX_KEY" "DATABASE_URL" "BROKER_URL" }}
- name: {{ . }}
  valueFrom: {secretKeyRef: {name: {{ $root.Values.secrets.application }}, key: {{ . }}{{ if $isLeft }}, optional: true{{ end }}}}
{{- end }}
{{- $store := ternary $root.Values.secrets.owner $root.Values.secrets.application $isOwner }}
{{- range list "S3_ACCESS_KEY" "S3_SECRET_KEY" }}
- name: {{ . }}
  valueFrom: {secretKeyRef: {name: {{ $store }}, key: {{ . }}{{ if $isLeft }}, optional: true{{ end }}}}
{{- end }}
{{- if $isOwner }}
- name: YIZHAN_AS_OWNER
  value: "1"
- name: DATABASE_OWNER_URL
  valueFrom: {secretKeyRef: {name: {{ $root.Values.secrets.owner }}, key: DATABASE_OWNER_URL{{ if $isLeft }}, optional: true{{ end }}}}
- name: S3_FILER_KEY
  valueFrom: {secretKeyRef: {name: {{ $root.Values.secrets.owner }}, key: S3_FILER_KEY, optional: true}}
{{- end }}
{{- range list "AUDIT_KEY" "BACKUP_KEY" "DATABASE_POOL_URL" "SENTRY_DSN" "OTEL_EXPORTER_OTLP_HEADERS" "ELASTICSEARCH_API_KEY" "MESSAGE_GATEWAY_KEY" "IDENTITY_VERIFIER_KEY" "PAYMENTS_KEY" "FLOW_SYSTEM_KEYS" "WECHAT_APP_SECRET" "WECHAT_MP_APP_SECRET" "ALIPAY_PRIVATE_KEY" "NATIONAL_CLIENT_SECRET" "WEBPUSH_PRIVATE_KEY" }}
- name: {{ . }}
  valueFrom: {secretKeyRef: {name: {{ $root.Values.secrets.application }}, key: {{ . }}, optional: true}}
{{- end }}
{{- end }}

{{- define "yizhan.container" -}}
image: {{ include "yizhan.image" . }}
imagePullPolicy: {{ .Values.image.pullPolicy }}
terminationMessagePolicy: FallbackToLogsOnError
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities: {drop: [ALL]}
{{- end }}

{{- /* the image's root is read only: what the program writes goes here and ends with the pod */ -}}
{{- define "yizhan.mounts" -}}
- {name: scratch, mountPath: /tmp, subPath: tmp}
- {name: scratch, mountPath: /var/lib/yizhan/run, subPath: run}
- {name: scratch, mountPath: /var/lib/yizhan/log, subPath: log}
- {name: scratch, mountPath: /var/lib/yizhan/proxy, subPath: proxy}
{{- end }}

{{- define "yizhan.volumes" -}}
- name: scratch
  emptyDir: {}
{{- end }}

{{- /* [context, component]: what stands in every pod */ -}}
{{- define "yizhan.pod" -}}
{{- $root := index . 0 -}}{{- $component := index . 1 -}}
automountServiceAccountToken: false
enableServiceLinks: false
{{- with $root.Values.image.pullSecrets }}
imagePullSecrets:
{{- range . }}
  - name: {{ . }}
{{- end }}
{{- end }}
securityContext:
  runAsNonRoot: true
  runAsUser: 10001
  runAsGroup: 10001
  fsGroup: 10001
  fsGroupChangePolicy: OnRootMismatch
  seccompProfile: {type: RuntimeDefault}
topologySpreadConstraints:
{{- range list "topology.kubernetes.io/zone" "kubernetes.io/hostname" }}
  - maxSkew: 1
    topologyKey: {{ . }}
    whenUnsatisfiable: ScheduleAnyway
    labelSelector:
      matchLabels:
        {{- include "yizhan.selector" $root | nindent 8 }}
        app.kubernetes.io/component: {{ $component }}
    # those of one release among themselves: counted with the pods that they replace, they would meet on one node
    matchLabelKeys: [pod-template-hash]
{{- end }}
{{- end }}

{{- /* [context, resources, whether it writes the proxy's configuration, whether it acts as the owner] */ -}}
{{- define "yizhan.await" -}}
{{- $root := index . 0 -}}
- name: await
  {{- include "yizhan.container" $root | nindent 2 }}
  command: [yizhan, await, --seconds, "600"{{ if index . 2 }}, --proxy{{ end }}]
  env:
    {{- include "yizhan.environment" $root | nindent 4 }}
    {{- include "yizhan.secrets" (list $root (index . 3) false) | nindent 4 }}
  resources: {{ toJson (index . 1) }}
  volumeMounts:
    {{- include "yizhan.mounts" $root | nindent 4 }}
{{- end }}
