"""Halls by their ids, for the console's pages, which know nothing else of them."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Q, QuerySet
from django.urls import reverse

from province.console.slots import NamedHall
from province.halls.models import Hall
from province.rights.actors import Actor
from province.rights.queries import within_reach


def named_halls(ids: Collection[UUID]) -> dict[UUID, NamedHall]:
    """Name, prefix and address of the halls with these ids: one query."""
    halls = Hall.objects.select_related("division").filter(pk__in=ids)
    return {hall.pk: NamedHall(hall.name, hall.prefixes[-1], _address(hall)) for hall in halls}


def hall_ids_in_reach(by: Actor, permission: str, words: str) -> QuerySet[Any, Any]:
    """The ids of the halls that the actor's permission reaches. ``words``: a part of the name or the beginning of the
    code; "" for all."""
    halls = Hall.objects.filter(within_reach(by, permission, hall="pk", prefix="division__code"))
    if words:
        halls = halls.filter(Q(name__icontains=words) | Q(division__code__startswith=words))
    return halls.values("pk")


def _address(hall: Hall) -> str:
    """At the console, also where a command or a hall's host asks."""
    return reverse("console-hall", urlconf=settings.ROOT_URLCONF, args=[hall.division.code])
