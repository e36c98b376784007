"""Links and codes by which somebody comes to what they can rate, without signing in. They end by themselves, and once
something was rated they lead to it no more than to its answer."""

from datetime import timedelta
from typing import Final
from uuid import UUID

from django.core import signing

from foundation.errors import NotFound
from province.halls.models import Hall
from tenants.ratings.models import Rating

_VALID_FOR: Final = timedelta(days=30)


def token_of(hall: Hall, rating: Rating) -> str:
    """Signed, and of this hall alone; a new one does not end those before it."""
    return signing.dumps(rating.pk.hex, salt=_salt(hall))


def rating_of_token(hall: Hall, token: str) -> Rating:
    """Raises NotFound for what is forged, another hall's or too old."""
    try:
        found = Rating.objects.filter(pk=UUID(signing.loads(token, salt=_salt(hall), max_age=_VALID_FOR))).first()
    except signing.BadSignature:
        found = None
    if found is None:
        raise NotFound("这个评价链接不对，或者已经过期。")
    return found


def _salt(hall: Hall) -> str:
    return f"ratings {hall.pk}"
