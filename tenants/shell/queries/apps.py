"""Which apps a hall has: those of its kind, and the province's."""

from django.conf import settings

from foundation.contributions import Slot
from province.halls.models import Hall


def shown_at[Entry](slot: Slot[Entry], hall: Hall) -> list[Entry]:
    """What the hall's apps contribute."""
    return slot.entries(without=absent_apps(hall.kind))


def absent_apps(kind: str) -> frozenset[str]:
    """Labels of apps that halls of other kinds have, and this one has not."""
    everywhere = {app for apps in settings.HALL_APPS.values() for app in apps}
    return frozenset(app.rpartition(".")[2] for app in everywhere.difference(settings.HALL_APPS[kind]))
