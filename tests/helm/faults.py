"""Faults, each put into the manifests of every size by itself, of which the checks of this folder must see every one.

A fault is ``(kind and name, path, what stands there then)``. In a path ``~1`` stands for a slash; what is no key names
an element of a list: by its ``name``, ``key``, ``mountPath`` or ``topologyKey``, else by its place. ``+`` is one more.
``GONE``: it is left out; without a path, the whole object.
"""

from collections.abc import Iterator
from copy import deepcopy
from typing import Any, Final

from tests.helm.rendering import Rendered

GONE: Final = object()
type Fault = tuple[str, str, Any]

_POD = "spec/template/spec"
_WEB = f"{_POD}/initContainers/web"
_PROXY = f"{_POD}/containers/proxy"
_ENTRY = {"name": "DEBUG", "value": "1"}
_STRANGER = {"app.kubernetes.io/name": "yizhan", "app.kubernetes.io/component": "wbe"}
_ALL = [{"ipBlock": {"cidr": "0.0.0.0/0"}}]


def _of_pods() -> Iterator[Fault]:
    """What stands in every pod, taken away or opened in one after the other."""
    for place in ("Deployment web", "Deployment worker", "Deployment builder", "Deployment relay", "Job upgrade"):
        name = place.rpartition(" ")[2]
        own = f"{_POD}/containers/{'proxy' if name == 'web' else name}"
        yield place, f"{_POD}/securityContext/runAsNonRoot", False
        yield place, f"{_POD}/securityContext/seccompProfile", GONE
        yield place, f"{_POD}/automountServiceAccountToken", True
        yield place, f"{_POD}/serviceAccountName", "admin"
        yield place, f"{_POD}/hostNetwork", True
        yield place, f"{_POD}/topologySpreadConstraints/kubernetes.io~1hostname", GONE
        yield place, f"{_POD}/volumes/scratch", {"name": "scratch", "hostPath": {"path": "/"}}
        yield place, f"{_POD}/terminationGracePeriodSeconds", 5
        yield place, f"{own}/securityContext/readOnlyRootFilesystem", False
        yield place, f"{own}/securityContext/capabilities", {"add": ["NET_ADMIN"]}
        yield place, f"{own}/resources", {}
        yield place, f"{own}/resources/limits/memory", GONE
        yield place, f"{own}/resources/limits/memory", "1Mi"
        yield place, f"{own}/resources/limits/cpu", "100m"
        yield place, f"{own}/resources/requests/cpu", GONE
        yield place, f"{own}/image", "registry.example.gov.cn/yizhan/yizhan:latest"
        yield place, f"{own}/terminationMessagePolicy", GONE
        yield place, f"{own}/volumeMounts/~1tmp", GONE
        yield place, f"{own}/command/0", "yizan"
        yield place, f"{own}/lifecycle", {"postStart": {"exec": {"command": ["true"]}}}
        if place.startswith("Deployment"):
            yield place, "spec/selector/matchLabels/app.kubernetes.io~1component", "wbe"
            yield place, "spec/selector/matchLabels/helm.sh~1chart", "yizhan-0.1.0"
            yield place, "spec/template/metadata/labels/app.kubernetes.io~1component", "wbe"
            yield place, f"{_POD}/initContainers/await", GONE
            yield place, "spec/progressDeadlineSeconds", 30
            yield place, "spec/replicas", 0


def _of_variables() -> Iterator[Fault]:
    places = {
        "Deployment worker": f"{_POD}/containers/worker",
        "Deployment builder": f"{_POD}/containers/builder",
        "Deployment relay": f"{_POD}/containers/relay",
        "Deployment scheduler": f"{_POD}/containers/scheduler",
        "Deployment web": _WEB,
        "Job upgrade": f"{_POD}/containers/upgrade",
    }
    for place, container in places.items():
        for name in ("BASE_DOMAIN", "S3_ENDPOINT", "PUBLIC_SCHEME", "YIZHAN_VAR", "SECRET_KEY", "DATABASE_URL"):
            yield place, f"{container}/env/{name}", GONE
        yield place, f"{container}/env/PERSONAL_KEYS/valueFrom/secretKeyRef/key", "PERSONAL_KEY"
        yield place, f"{container}/env/DATABASE_URL/valueFrom/secretKeyRef/name", "yizhan-owners"
        yield place, f"{container}/env/AUDIT_KEY/valueFrom/secretKeyRef/optional", GONE
        yield place, f"{container}/env/S3_SECRET_KEY", {"name": "S3_SECRET_KEY", "value": "minioadmin"}
        yield place, f"{container}/env/SECRET_KEY/valueFrom/secretKeyRef/optional", "upgrade" not in place
        yield place, f"{container}/env/+", _ENTRY
        yield place, f"{container}/env/+", {"name": "BASE_DOMAIN", "value": "other.gov.cn"}
        yield place, f"{container}/envFrom", [{"secretRef": {"name": "yizhan-owner"}}]
    owner = {"name": "DATABASE_OWNER_URL", "valueFrom": {"secretKeyRef": {"name": "yizhan-owner", "key": "X"}}}
    yield "Deployment web", f"{_WEB}/env/+", owner
    yield "Deployment worker", f"{_POD}/initContainers/await/env/+", owner
    yield "Deployment web", f"{_PROXY}/env", [_ENTRY]
    yield "Deployment builder", f"{_POD}/containers/builder/env/YIZHAN_AS_OWNER", GONE
    yield "Job upgrade", f"{_POD}/containers/upgrade/env/DATABASE_OWNER_URL/valueFrom/secretKeyRef/name", "yizhan"
    yield "Deployment web", f"{_POD}/initContainers/await/env/DATABASE_URL", GONE
    yield "Deployment web", f"{_WEB}/env/YIZHAN_WEB_PORT/value", "8080"
    yield "Deployment worker", f"{_POD}/containers/worker/env/SITE_FETCH_ADDRESS/value", "yz-yizhan:80"


def _of_programs() -> Iterator[Fault]:
    web, worker, job = "Deployment web", "Deployment worker", "Job upgrade"
    yield web, f"{_PROXY}/ports/http/containerPort", 8080
    yield web, f"{_PROXY}/readinessProbe", GONE
    yield web, f"{_PROXY}/readinessProbe/httpGet/path", "/readyz"
    yield web, f"{_PROXY}/readinessProbe/httpGet/port", 9000
    yield web, f"{_PROXY}/readinessProbe/periodSeconds", 60
    yield web, f"{_PROXY}/readinessProbe/failureThreshold", 60
    yield web, f"{_PROXY}/livenessProbe", GONE
    yield web, f"{_PROXY}/livenessProbe/failureThreshold", 1
    yield web, f"{_PROXY}/lifecycle", GONE
    yield web, f"{_PROXY}/lifecycle/preStop/sleep/seconds", 1
    yield web, f"{_PROXY}/command/3", "/etc/caddy/Caddyfile"
    yield web, f"{_PROXY}/volumeMounts/~1var~1lib~1yizhan~1proxy", GONE
    yield web, f"{_PROXY}/volumeMounts/~1var~1lib~1yizhan~1run/subPath", "rum"
    yield web, f"{_WEB}/livenessProbe", GONE
    yield web, f"{_WEB}/livenessProbe/httpGet/path", "/readyz"
    yield web, f"{_WEB}/restartPolicy", GONE
    yield web, f"{_WEB}/command/2", "wbe"
    yield web, f"{_POD}/initContainers/await/command/4", "--prox"
    yield web, "spec/strategy/rollingUpdate/maxUnavailable", 1
    yield web, "spec/strategy", {"type": "Recreate"}
    yield web, "spec/replicas", 2
    yield worker, "spec/replicas", 3
    yield worker, f"{_POD}/containers/worker/volumeMounts/~1var~1lib~1yizhan~1witness", GONE
    yield worker, f"{_POD}/volumes/witness/persistentVolumeClaim/claimName", "witness"
    yield worker, f"{_POD}/containers/worker/livenessProbe", {"exec": {"command": ["yizhan", "doctor"]}}
    yield worker, f"{_POD}/containers/worker/command/2", "builder"
    yield "Deployment builder", "spec/strategy", GONE
    yield "Deployment scheduler", "spec/strategy", {"type": "RollingUpdate"}
    yield "Deployment scheduler", "spec/replicas", 2
    yield "Deployment scheduler", f"{_POD}/initContainers/await/command/3", "5"
    yield job, "spec/backoffLimit", 0
    yield job, "spec/activeDeadlineSeconds", GONE
    yield job, "spec/activeDeadlineSeconds", 30
    yield job, "spec/ttlSecondsAfterFinished", 0
    yield job, "spec/parallelism", 2
    yield job, f"{_POD}/restartPolicy", "OnFailure"
    yield job, f"{_POD}/containers/upgrade/command/1", "await"
    yield job, f"{_POD}/containers/upgrade/command/3", "0"
    yield job, "metadata/annotations/helm.sh~1hook", "post-upgrade"
    yield job, "metadata/annotations/helm.sh~1hook", "pre-install,pre-upgrade,pre-rollback"
    yield job, "metadata/annotations/helm.sh~1hook-delete-policy", "hook-failed"
    yield job, "metadata/annotations/helm.sh~1hook-weight", "-5"
    yield job, f"{_POD}/containers/upgrade/envFrom", [{"configMapRef": {"name": "yz-yizhan-dashboard"}}]


def _of_services() -> Iterator[Fault]:
    service, ingress = "Service web", "Ingress yz-yizhan-province"
    yield service, "spec/selector/app.kubernetes.io~1component", "worker"
    yield service, "spec/selector/app.kubernetes.io~1component", GONE
    yield service, "spec/selector/version", "1"
    yield service, "spec/ports/http/targetPort", 8080
    yield service, "spec/ports/http/name", "https"
    yield service, "spec/ports/http/port", 8000
    yield service, "spec/type", "LoadBalancer"
    yield service, "spec/publishNotReadyAddresses", True
    yield service, "spec/sessionAffinity", "ClientIP"
    yield ingress, "spec/rules/0/http/paths/0/backend/service/name", "yizhan-web"
    yield ingress, "spec/rules/0/http/paths/0/backend/service/port/name", "https"
    yield ingress, "spec/rules/1/host", "*.example.gov.cn"
    yield ingress, "spec/rules/1", GONE
    yield ingress, "spec/rules/0/http/paths/0/pathType", "Exact"
    yield ingress, "spec/tls", []
    yield ingress, "spec/tls/0/secretName", "yizhan-tls"
    yield ingress, "spec/ingressClassName", GONE
    yield ingress, "metadata/annotations/nginx.ingress.kubernetes.io~1proxy-body-size", GONE
    yield ingress, "metadata/annotations/nginx.ingress.kubernetes.io~1proxy-request-buffering", GONE
    yield "Ingress yz-yizhan-hall-dy-example-cn-19cb6109", "spec/tls/0/hosts", ["www.dangyang.gov.cn"]
    yield "Ingress yz-yizhan-hall-dy-example-cn-19cb6109", "metadata/annotations", GONE
    yield "Certificate yz-yizhan-hall-dy-example-cn-19cb6109", "spec/issuerRef/name", "dns"
    yield "Certificate yz-yizhan-province", "spec/dnsNames/1", GONE
    yield "Certificate yz-yizhan-province", "spec/secretName", "other"
    yield "Certificate yz-yizhan-province", "spec/issuerRef/kind", "Issuer"
    yield "PersistentVolumeClaim yz-yizhan-witness", "spec/accessModes/0", "ReadWriteOnce"
    yield "PersistentVolumeClaim yz-yizhan-witness", "metadata/annotations", GONE
    yield "PersistentVolumeClaim yz-yizhan-witness", "metadata/name", "yz-yizhan-witnes"


def _of_policies() -> Iterator[Fault]:
    nothing, readers = "NetworkPolicy yz-yizhan-nothing", "NetworkPolicy yz-yizhan-readers"
    yield nothing, "spec/policyTypes", ["Ingress"]
    yield nothing, "spec/policyTypes", ["Egress"]
    yield nothing, "spec/egress", [{}]
    yield nothing, "spec/ingress", [{}]
    yield nothing, "spec/podSelector", {"matchLabels": _STRANGER}
    yield readers, "spec/ingress/0/from", GONE
    yield readers, "spec/ingress/0/from/0", {"namespaceSelector": {}}
    yield readers, "spec/ingress/0/from/1", GONE
    yield readers, "spec/ingress/0/ports", GONE
    yield readers, "spec/ingress/0/ports/0/port", 8080
    yield readers, "spec/podSelector/matchLabels/app.kubernetes.io~1component", GONE
    yield readers, "spec/ingress/0/from/2/podSelector/matchLabels/app.kubernetes.io~1component", "web"
    yield "NetworkPolicy yz-yizhan-to-names", "spec/egress/0/ports/1", GONE
    yield "NetworkPolicy yz-yizhan-to-names", "spec/egress/0/ports/0/port", 5353
    yield "NetworkPolicy yz-yizhan-to-names", "spec/egress/0/ports", GONE
    for part in ("database", "broker", "store", "search", "pool", "reports"):
        place = f"NetworkPolicy yz-yizhan-to-{part}"
        yield place, "spec/egress/0/to", GONE
        yield place, "spec/egress/0/to", _ALL
        yield place, "spec/egress/0/ports", GONE
        yield place, "spec/egress/0/ports/0/port", 1
        yield place, "spec/podSelector/matchExpressions", GONE
        yield place, "spec/podSelector/matchExpressions/0/operator", "NotIn"
        yield place, "spec/podSelector/matchLabels/app.kubernetes.io~1instance", "other"
        yield place, "spec/policyTypes", ["Ingress"]
    yield "NetworkPolicy yz-yizhan-to-broker", "spec/podSelector/matchExpressions/0/values", ["web"]
    yield "NetworkPolicy yz-yizhan-to-outside", "spec/egress/0/to/0/ipBlock/except", GONE
    yield "NetworkPolicy yz-yizhan-to-outside", "spec/egress/0/to/0/ipBlock/except/3", GONE
    yield "NetworkPolicy yz-yizhan-to-sites", "spec/egress/0/to/0/podSelector", {}
    yield "NetworkPolicy yz-yizhan-to-sites", "spec/egress/0/ports/0/port", 80
    upgrade = "NetworkPolicy yz-yizhan-upgrade"
    yield upgrade, "metadata/annotations", {}
    yield upgrade, "metadata/annotations/helm.sh~1hook", "pre-install"
    yield upgrade, "metadata/annotations/helm.sh~1hook-weight", "1"
    yield upgrade, "metadata/annotations/helm.sh~1hook-delete-policy", "hook-succeeded"
    yield upgrade, "spec/egress", [{}]
    yield upgrade, "spec/egress/1/to", _ALL
    yield upgrade, "spec/egress/0", GONE
    yield upgrade, "spec/egress/0/ports/1", GONE
    yield upgrade, "spec/egress/2", GONE
    yield upgrade, "spec/policyTypes", ["Egress"]
    yield upgrade, "spec/podSelector/matchLabels/app.kubernetes.io~1component", "web"


def _of_numbers() -> Iterator[Fault]:
    """Budgets and scalers."""
    for component in ("web", "worker"):
        scaler = f"HorizontalPodAutoscaler {component}"
        yield scaler, "spec/scaleTargetRef/name", "yz-yizhan"
        yield scaler, "spec/scaleTargetRef/kind", "StatefulSet"
        yield scaler, "spec/maxReplicas", 1
        yield scaler, "spec/minReplicas", GONE
        yield scaler, "spec/behavior", GONE
        yield scaler, "spec/metrics/0/resource/name", "memory"
        yield scaler, "spec/metrics/0/resource/target/averageUtilization", 100
        yield scaler, "", GONE
    yield "HorizontalPodAutoscaler web", "spec/scaleTargetRef/name", "yz-yizhan-worker"
    for component in ("web", "worker", "relay"):
        budget = f"PodDisruptionBudget {component}"
        yield budget, "spec/maxUnavailable", 0
        yield budget, "spec/maxUnavailable", "100%"
        yield budget, "spec/minAvailable", 2
        yield budget, "spec/selector/matchLabels/app.kubernetes.io~1component", "wbe"
        yield budget, "spec/selector/matchLabels/app.kubernetes.io~1component", GONE
        yield budget, "", GONE


def _of_monitoring() -> Iterator[Fault]:
    monitor = "ServiceMonitor yz-yizhan"
    yield monitor, "spec/selector/matchLabels/app.kubernetes.io~1component", "wbe"
    yield monitor, "spec/selector/matchLabels", {}
    yield monitor, "spec/endpoints/0/port", "https"
    yield monitor, "spec/endpoints/0/path", "/metric"
    yield monitor, "spec/endpoints/0/scrapeTimeout", "60s"
    yield monitor, "spec/endpoints/0/interval", "10m"
    yield "PrometheusRule yz-yizhan", "spec/groups/0/rules/0", GONE
    yield "PrometheusRule yz-yizhan", "spec/groups/0/rules/0/expr", "max(yizhan_database_ip) == 0"
    yield "PrometheusRule yz-yizhan", "spec/groups/0/rules/0/annotations/runbook_url", "RUNBOOKS/database.md"
    yield "PrometheusRule yz-yizhan", "spec/groups/0/rules/0/labels", {}
    yield "ConfigMap yz-yizhan-dashboard", "metadata/labels/grafana_dashboard", GONE
    yield "ConfigMap yz-yizhan-dashboard", "data/yizhan.json", "{}"


def faults() -> Iterator[Fault]:
    yield from _of_pods()
    yield from _of_variables()
    yield from _of_programs()
    yield from _of_services()
    yield from _of_policies()
    yield from _of_numbers()
    yield from _of_monitoring()


def with_fault(release: Rendered, fault: Fault) -> Rendered:
    """The release with it; what is not touched is shared. Raises LookupError where there is nothing to touch."""
    where, path, then = fault
    kind, name = where.split(" ")
    # a component stands for what is named after it
    [document] = [one for one in release.of_kind(kind) if one["metadata"]["name"] in {name, f"yz-yizhan-{name}"}]
    others = [one for one in release.documents if one is not document]
    if not path:
        return Rendered(others)
    changed = deepcopy(document)
    *steps, last = [step.replace("~1", "/") for step in path.split("/")]
    place: Any = changed
    for step in steps:
        place = place[_key(place, step)]
    if last == "+":
        place.append(deepcopy(then))
    elif then is GONE:
        del place[_key(place, last)]
    else:
        place[last if isinstance(place, dict) else _key(place, last)] = deepcopy(then)
    assert changed != document, f"{fault} changes nothing"
    return Rendered([*others, changed])


def _key(place: Any, step: str) -> Any:
    if isinstance(place, dict):
        place[step]
        return step
    for number, one in enumerate(place):
        if isinstance(one, dict) and step in {one.get(key) for key in ("name", "mountPath", "topologyKey", "key")}:
            return number
    return int(step)
