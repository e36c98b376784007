"""Readers' installed apps that asked for notices."""

from urllib.parse import urlsplit

from django.db import transaction

from foundation.errors import Fault, Invalid
from province.content.models import WebPushSubscription
from province.halls.models import Hall

_LONGEST = {"endpoint": 500, "p256dh": 100, "auth": 40}


@transaction.atomic
def subscribe_reader(*, hall: Hall, endpoint: str, p256dh: str, auth: str) -> WebPushSubscription:
    """Nobody signs in for this: the endpoint is the reader's secret. Said again, it moves to the hall that says so."""
    values = {"endpoint": endpoint, "p256dh": p256dh, "auth": auth}
    wrong = [name for name, value in values.items() if not value or len(value) > _LONGEST[name]]
    if wrong or urlsplit(endpoint).scheme != "https":
        raise Invalid("浏览器给出的订阅信息无效。", faults=[Fault(name, "无效。") for name in wrong or ["endpoint"]])
    subscription, _ = WebPushSubscription.objects.update_or_create(
        endpoint=endpoint,
        defaults={"hall_id": hall.pk, "prefix": hall.division.prefix, "p256dh": p256dh, "auth": auth},
    )
    return subscription


@transaction.atomic
def unsubscribe_reader(*, endpoint: str) -> None:
    """Unknown endpoints are no error: nobody learns who has subscribed."""
    WebPushSubscription.objects.filter(endpoint=endpoint).delete()
