"""Which host names of halls a certificate of the province's own domain covers, and which none does."""

from django.conf import settings

from province.halls.models import HallDomain
from province.halls.states import HallState


def own_domains() -> list[str]:
    """Host names that are not one label below the province's, of halls that answer; in the order of the alphabet."""
    rows = HallDomain.objects.exclude(tenant__state=HallState.PLANNED).exclude(domain__regex=_below())
    return sorted(rows.values_list("domain", flat=True))


def sample_below() -> list[str]:
    """One host name right below the province's, of a hall that answers; none where there is none. They all share one
    certificate."""
    rows = HallDomain.objects.exclude(tenant__state=HallState.PLANNED).filter(domain__regex=_below())
    return list(rows.order_by("domain").values_list("domain", flat=True)[:1])


def _below() -> str:
    return rf"^[^.]+\.{settings.BASE_DOMAIN.replace('.', chr(92) + '.')}$"
