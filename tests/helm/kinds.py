"""Kinds of other operators, as far as the charts use them: written down here from their documents, and made known to
the API server, which then holds the charts' objects against them strictly."""

from typing import Any

type Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}
NUMBER: Schema = {"type": "integer"}
YES_OR_NO: Schema = {"type": "boolean"}
TEXTS: Schema = {"type": "object", "additionalProperties": TEXT}


def _object(**properties: Schema) -> Schema:
    return {"type": "object", "properties": properties}


def _list(items: Schema) -> Schema:
    return {"type": "array", "items": items}


_NAMED = _object(name=TEXT)
_KEYED = _object(name=TEXT, key=TEXT)
_CERTIFICATE = _object(
    secretName=TEXT,
    dnsNames=_list(TEXT),
    issuerRef=_object(kind={**TEXT, "enum": ["Issuer", "ClusterIssuer"]}, name=TEXT),
)
_GATEWAY = _object(
    gatewayClassName=TEXT,
    listeners={
        **_list(
            _object(
                name={**TEXT, "maxLength": 253},
                hostname=TEXT,
                port=NUMBER,
                protocol={**TEXT, "enum": ["HTTP", "HTTPS"]},
                tls=_object(mode={**TEXT, "enum": ["Terminate", "Passthrough"]}, certificateRefs=_list(_NAMED)),
            )
        ),
        "maxItems": 64,
    },
)
_ROUTE = _object(
    parentRefs=_list(_NAMED),
    hostnames=_list(TEXT),
    rules=_list(_object(backendRefs=_list(_object(name=TEXT, port=NUMBER)), timeouts=_object(request=TEXT))),
)
_MONITOR = _object(
    selector=_object(matchLabels=TEXTS),
    endpoints=_list(_object(port=TEXT, path=TEXT, interval=TEXT, scrapeTimeout=TEXT)),
)
_RULES = _object(
    groups=_list(
        _object(
            name=TEXT, rules=_list(_object(alert=TEXT, expr=TEXT, labels=TEXTS, annotations=TEXTS, **{"for": TEXT}))
        )
    )
)
_CLUSTER = _object(
    instances=NUMBER,
    imageName=TEXT,
    enableSuperuserAccess=YES_OR_NO,
    bootstrap=_object(
        initdb=_object(
            database=TEXT,
            owner=TEXT,
            secret=_NAMED,
            encoding=TEXT,
            localeCType=TEXT,
            localeCollate=TEXT,
            postInitSQL=_list(TEXT),
            postInitApplicationSQL=_list(TEXT),
        ),
        recovery=_object(
            source=TEXT, database=TEXT, owner=TEXT, secret=_NAMED, recoveryTarget=_object(targetTime=TEXT)
        ),
    ),
    externalClusters=_list(_object(name=TEXT, plugin=_object(name=TEXT, parameters=TEXTS))),
    plugins=_list(_object(name=TEXT, isWALArchiver=YES_OR_NO, parameters=TEXTS)),
    managed=_object(roles=_list(_object(name=TEXT, ensure=TEXT, login=YES_OR_NO, passwordSecret=_NAMED))),
    postgresql=_object(parameters=TEXTS),
    storage=_object(size=TEXT, storageClass=TEXT),
    resources={"type": "object", "x-kubernetes-preserve-unknown-fields": True},
    monitoring=_object(enablePodMonitor=YES_OR_NO),
)
_STORE = _object(
    retentionPolicy=TEXT,
    configuration=_object(
        destinationPath=TEXT,
        endpointURL=TEXT,
        s3Credentials=_object(accessKeyId=_KEYED, secretAccessKey=_KEYED),
        wal=_object(compression=TEXT),
    ),
)
_SCHEDULED = _object(schedule=TEXT, backupOwnerReference=TEXT, cluster=_NAMED, method=TEXT, pluginConfiguration=_NAMED)

_KINDS = (
    ("cert-manager.io", "v1", "Certificate", "certificates", _CERTIFICATE),
    ("gateway.networking.k8s.io", "v1", "Gateway", "gateways", _GATEWAY),
    ("gateway.networking.k8s.io", "v1", "HTTPRoute", "httproutes", _ROUTE),
    ("monitoring.coreos.com", "v1", "ServiceMonitor", "servicemonitors", _MONITOR),
    ("monitoring.coreos.com", "v1", "PrometheusRule", "prometheusrules", _RULES),
    ("barmancloud.cnpg.io", "v1", "ObjectStore", "objectstores", _STORE),
    ("postgresql.cnpg.io", "v1", "Cluster", "clusters", _CLUSTER),
    ("postgresql.cnpg.io", "v1", "ScheduledBackup", "scheduledbackups", _SCHEDULED),
)


def definitions() -> list[Schema]:
    return [_definition(*one) for one in _KINDS]


def _definition(group: str, version: str, kind: str, plural: str, spec: Schema) -> Schema:
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {
            "name": f"{plural}.{group}",
            # asked for in the group of Kubernetes itself, and of no consequence elsewhere
            "annotations": {"api-approved.kubernetes.io": "unapproved, for a test"},
        },
        "spec": {
            "group": group,
            "scope": "Namespaced",
            "names": {"kind": kind, "plural": plural, "singular": kind.lower(), "listKind": f"{kind}List"},
            "versions": [
                {
                    "name": version,
                    "served": True,
                    "storage": True,
                    "schema": {"openAPIV3Schema": {"type": "object", "properties": {"spec": spec}}},
                }
            ],
        },
    }
