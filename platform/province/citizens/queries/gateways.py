"""How the programs outside have answered."""

from province.citizens.models import GatewayRecord


def gateway_record(name: str) -> GatewayRecord | None:
    """What was noted of it last; None where it was never asked."""
    return GatewayRecord.objects.filter(name=name).first()
