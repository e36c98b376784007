from collections.abc import Iterator

from django.db.models import F
from django.urls import reverse

from foundation.texts import visible
from province.catalogue.models import Item
from province.catalogue.queries.desks import items_in_sight
from province.catalogue.queries.items import MOST_WORDS, is_called
from province.console.slots import MOST_HITS, Hit
from province.rights.actors import Actor


def find_items(by: Actor, words: str) -> Iterator[Hit]:
    """For the console's search: items in sight by name, sound (spjyxk) or code, the last edited first."""
    rows = Item.objects.filter(items_in_sight(by)).select_related("department").defer("values")
    for word in visible(words).split()[:MOST_WORDS]:
        rows = rows.filter(is_called(word))
    for item in rows.order_by(F("edited_at").desc(nulls_last=True), "basic_code")[:MOST_HITS]:
        name = item.name or "（还没有名称）"
        yield Hit("事项", name, f"{item.basic_code} · {item.department.name}", reverse("console-item", args=[item.pk]))
