"""Where positions reach, for apps below this one that count them."""

from collections.abc import Collection

from province.people.models import Position


def positions_at(prefixes: Collection[str]) -> int:
    """Positions that reach below exactly one of these prefixes."""
    return Position.objects.filter(reach_prefix__in=prefixes).count()
