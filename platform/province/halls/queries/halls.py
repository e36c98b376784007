from province.halls.models import Hall, HallDomain


def hall_at_host(host: str) -> Hall | None:
    """The hall that answers at this host name."""
    domain = HallDomain.objects.select_related("tenant", "tenant__division").filter(domain=host).first()
    return domain.tenant if domain else None
