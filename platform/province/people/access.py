"""The positions that are open to who is signed in. The middleware reads them once a request (config/middleware.py)."""

from collections.abc import Sequence

from django.http import HttpRequest

from province.people.models import Position


def positions_of_request(request: HttpRequest) -> Sequence[Position]:
    """As ``positions_open_to`` finds them; none where nobody is signed in."""
    positions: Sequence[Position] = request.positions  # type: ignore[attr-defined]
    return positions
