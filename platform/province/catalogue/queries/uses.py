"""What halls do with items. Apps above this one know it and say so by ``counts_uses``."""

from dataclasses import dataclass

from django.db import connection

from province.catalogue.models import Item, ItemVersion

# names that a sentence can hold
_NAMED = 5

_uses: dict[str, str] = {}


def counts_uses(label: str, sql: str) -> None:
    """Register, under what people call it (认领), a query ``SELECT item_id, hall_id, number`` over public tables.

    Called once at start, in an AppConfig's ``ready``.
    """
    if _uses.setdefault(label, sql) != sql:
        message = f"two queries count {label}"
        raise RuntimeError(message)


@dataclass(frozen=True, slots=True)
class Use:
    """``number`` things of one kind in ``halls`` halls, the first of which are named."""

    label: str
    number: int
    halls: int
    hall_names: tuple[str, ...]

    @property
    def sentence(self) -> str:
        names = "、".join(self.hall_names)
        return f"{self.label}:{self.halls} 个服务厅({names}{'等' if self.halls > len(self.hall_names) else ''})"


def uses_of(item: Item) -> list[Use]:
    """One query a kind, however many halls there are."""
    return [use for label, sql in _uses.items() if (use := _use(label, sql, item)).halls]


def touches_of(version: ItemVersion) -> list[Use]:
    """What the publication of this version touches: whatever uses its item."""
    return uses_of(version.item)


def _use(label: str, sql: str, item: Item) -> Use:
    query = f"""
    WITH used AS (SELECT u.hall_id, sum(u.number) AS number FROM ({sql}) AS u WHERE u.item_id = %s GROUP BY u.hall_id),
    named AS (SELECT hall.short_name FROM used JOIN halls_hall AS hall ON hall.id = used.hall_id
        ORDER BY hall.number LIMIT {_NAMED})
    SELECT (SELECT coalesce(sum(number), 0) FROM used), (SELECT count(*) FROM used),
        (SELECT coalesce(array_agg(short_name), '{{}}') FROM named)
    """  # noqa: S608 - only constants of ours
    with connection.cursor() as cursor:
        cursor.execute(query, [item.pk])
        number, halls, names = cursor.fetchone()
    return Use(label, int(number), halls, tuple(names))
