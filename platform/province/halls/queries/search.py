"""What the search over everything finds of halls and divisions."""

from collections.abc import Iterator

from django.db.models import Q
from django.urls import reverse

from foundation.sounds import sounds_like
from province.console.slots import MOST_HITS, Hit
from province.halls.models import Division, Hall
from province.rights.actors import Actor
from province.rights.queries import may


def find_halls(by: Actor, words: str) -> Iterator[Hit]:
    """Halls and divisions, by name, pinyin, first letters or code; for the whole province."""
    if not may(by, "halls.manage"):
        return
    named = (
        sounds_like("sounds", words) | Q(name__icontains=words) | Q(division__code__startswith=words) | Q(slug=words)
    )
    for hall in Hall.objects.filter(named).select_related("division").order_by("division__code")[:MOST_HITS]:
        yield Hit("服务厅", hall.name, hall.get_state_display(), reverse("console-hall", args=[hall.division.code]))
    divisions = Division.objects.filter(Q(name__icontains=words) | Q(code__startswith=words), valid_to=None)
    for division in divisions.order_by("code")[:MOST_HITS]:
        yield Hit("区划", division.name, division.code, f"{reverse('console-divisions')}?q={division.code}")
