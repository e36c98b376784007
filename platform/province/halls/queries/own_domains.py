"""Host names of halls that no certificate of the province's own domain covers."""

from django.conf import settings

from province.halls.models import HallDomain
from province.halls.states import HallState


def own_domains() -> list[str]:
    """Host names that are not one label below the province's, of halls that answer; in the order of the alphabet."""
    below = rf"^[^.]+\.{settings.BASE_DOMAIN.replace('.', chr(92) + '.')}$"
    rows = HallDomain.objects.exclude(tenant__state=HallState.PLANNED).exclude(domain__regex=below)
    return sorted(rows.values_list("domain", flat=True))
