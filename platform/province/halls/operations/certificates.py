"""The certificates that readers are shown are looked at as a browser does, and what was seen is kept."""

import socket
import ssl
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from province.halls.models import HostCertificate
from province.halls.queries.own_domains import own_domains, sample_below

# loaded by those alone who look at certificates
if TYPE_CHECKING:
    from cryptography import x509

PATIENCE_SECONDS: Final = 5
# looked at again after so long
LOOK_LASTS: Final = timedelta(hours=6)
_THREADS: Final = 8


@dataclass(frozen=True, slots=True)
class SeenCertificate:
    """``valid_until``: None where none was shown; ``fault``: why a browser refuses it, besides its age."""

    valid_until: datetime | None
    fault: str


def check_certificates(*, most: int = 200) -> int:
    """Look at the certificates of the province's hosts and of halls' own domains that nobody has looked at for six
    hours, the longest unseen first, and return of how many. One run takes at most ``most``, however many halls there
    are. Without https there are none."""
    hosts = _hosts()
    HostCertificate.objects.exclude(host__in=hosts).delete()
    fresh = HostCertificate.objects.filter(looked_at__gt=timezone.now() - LOOK_LASTS).values_list("host", flat=True)
    seen_at = dict(HostCertificate.objects.values_list("host", "looked_at"))
    due = sorted(hosts.keys() - set(fresh), key=lambda host: (host in seen_at, seen_at.get(host), host))[:most]
    # outside any transaction: a server may take its time
    with ThreadPoolExecutor(_THREADS) as pool:
        seen = dict(zip(due, pool.map(_look_at, due), strict=True))
    _record(hosts, seen)
    return len(due)


def _hosts() -> dict[str, bool]:
    """Host name → whether it is the province's. Of names right below its own, which one certificate covers, one."""
    if settings.PUBLIC_SCHEME != "https":
        return {}
    return dict.fromkeys(own_domains(), False) | dict.fromkeys([settings.BASE_DOMAIN, *sample_below()], True)


@transaction.atomic
def _record(hosts: dict[str, bool], seen: dict[str, SeenCertificate]) -> None:
    now = timezone.now()
    rows = [
        HostCertificate(host=host, is_province=hosts[host], looked_at=now, valid_until=one.valid_until, fault=one.fault)
        for host, one in seen.items()
    ]
    changed = ["is_province", "looked_at", "valid_until", "fault"]
    HostCertificate.objects.bulk_create(rows, update_conflicts=True, unique_fields=["host"], update_fields=changed)


def _look_at(host: str) -> SeenCertificate:
    from cryptography import x509  # noqa: PLC0415 - see above

    context = ssl.create_default_context()
    # one that is refused is looked at all the same: its age is what is asked
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    try:
        with (
            socket.create_connection((host, settings.PUBLIC_PORT), timeout=PATIENCE_SECONDS) as line,
            context.wrap_socket(line, server_hostname=host) as shown,
        ):
            certificate = x509.load_der_x509_certificate(shown.getpeercert(binary_form=True) or b"")
    except (OSError, ValueError):
        return SeenCertificate(None, "加密连接不上，请检查域名解析、网络和证书")
    return SeenCertificate(certificate.not_valid_after_utc, "" if _covers(certificate, host) else "证书不是这个域名的")


def _covers(certificate: "x509.Certificate", host: str) -> bool:
    from cryptography import x509  # noqa: PLC0415 - see above

    try:
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return False
    below = f"*.{host.partition('.')[2]}"
    return not {host, below}.isdisjoint(name.lower() for name in names.get_values_for_type(x509.DNSName))
