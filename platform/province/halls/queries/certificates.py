"""How the certificates fare that readers are shown: a light, and the days that are left."""

from datetime import timedelta
from typing import Final

from django.conf import settings
from django.db.models import Min, Q, QuerySet
from django.utils import timezone

from province.console.slots import ServiceState
from province.halls.models import HostCertificate

# renewed by then at the latest; less is yellow, none is red
SOON: Final = timedelta(days=14)
_NAMED: Final = 3


def days_left() -> dict[bool, float]:
    """Days until the first certificate ends, of the province's hosts (True) and of halls' own domains (False); below 0
    where it has ended. Nothing for what nobody has looked at."""
    ends = HostCertificate.objects.exclude(valid_until=None).order_by().values_list("is_province")
    now = timezone.now()
    return {is_province: (first - now) / timedelta(days=1) for is_province, first in ends.annotate(Min("valid_until"))}


def refused_certificates() -> QuerySet[HostCertificate]:
    """Those that were seen and with which browsers let nobody in: ended, or not the host's."""
    seen = HostCertificate.objects.exclude(valid_until=None)
    return seen.filter(Q(valid_until__lte=timezone.now()) | ~Q(fault="")).order_by("host")


def certificates_state() -> ServiceState:
    """Red where a browser would let nobody in; yellow where one ends within two weeks, or none could be looked at:
    perhaps from here alone."""
    if not HostCertificate.objects.exists():
        return ServiceState(None, "没有用 https" if settings.PUBLIC_SCHEME != "https" else "还没有检查过")
    refused = list(refused_certificates()[: _NAMED + 1])
    if refused:
        failure = "；".join(f"{one.host}：{one.fault or '证书已过期'}" for one in refused[:_NAMED])
        return ServiceState(is_reachable=False, words="有网站的证书已失效，浏览器不让进", failure=failure)
    ending = HostCertificate.objects.filter(valid_until__lte=timezone.now() + SOON).order_by("valid_until")
    if first := ending.first():
        left = (first.valid_until - timezone.now()).days if first.valid_until else 0
        return ServiceState(None, f"{first.host} 的证书还有 {left} 天到期")
    unseen = HostCertificate.objects.filter(valid_until=None).order_by("host")
    if one := unseen.first():
        return ServiceState(
            None, f"有 {unseen.count()} 个网站的证书没能看到", f"{one.host}：{one.fault}", one.looked_at
        )
    return ServiceState(is_reachable=True, words="正常")


def certificates_name() -> str:
    return "https" if settings.PUBLIC_SCHEME == "https" else ""
