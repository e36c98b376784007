"""Readers' installed apps that asked for notices."""

from datetime import timedelta
from urllib.parse import urlsplit

from django.db import transaction
from django.utils import timezone

from foundation.errors import Fault, Invalid, TooMany
from province.content.models import WebPushSubscription
from province.halls.models import Hall

# anybody may write such rows: more new ones than a hall's readers would make in a minute are refused
MOST_NEW = 120
_WITHIN = timedelta(minutes=1)
_LONGEST = {"endpoint": 500, "p256dh": 100, "auth": 40}


@transaction.atomic
def subscribe_reader(*, hall: Hall, endpoint: str, p256dh: str, auth: str) -> WebPushSubscription:
    """Send notices of this hall to a reader's app. Nobody signs in for this: the endpoint is the reader's secret. An
    endpoint that is known already moves to this hall.

    Raises TooMany where the hall got very many new readers within a minute.
    """
    values = {"endpoint": endpoint, "p256dh": p256dh, "auth": auth}
    wrong = [name for name, value in values.items() if not value or len(value) > _LONGEST[name]]
    if wrong or urlsplit(endpoint).scheme != "https":
        raise Invalid("浏览器给出的订阅信息无效。", faults=[Fault(name, "无效。") for name in wrong or ["endpoint"]])
    new = WebPushSubscription.objects.filter(hall_id=hall.pk, created_at__gt=timezone.now() - _WITHIN)
    if new.count() >= MOST_NEW and not WebPushSubscription.objects.filter(endpoint=endpoint).exists():
        raise TooMany("现在订阅的人太多，请过几分钟再试。")
    subscription, _ = WebPushSubscription.objects.update_or_create(
        endpoint=endpoint,
        defaults={"hall_id": hall.pk, "prefix": hall.division.prefix, "p256dh": p256dh, "auth": auth},
    )
    return subscription


@transaction.atomic
def unsubscribe_reader(*, endpoint: str) -> None:
    """Send no more notices to this endpoint. An unknown one is no error: nobody learns who has subscribed."""
    WebPushSubscription.objects.filter(endpoint=endpoint).delete()
