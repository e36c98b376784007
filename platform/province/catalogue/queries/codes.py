"""Which item answers to a 基本编码: the one that bears it, has borne it, or has succeeded the one that did."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db.models import CharField, F, Q, QuerySet
from django.db.models.expressions import RawSQL
from django.utils import timezone

from foundation.errors import NotFound
from province.catalogue.models import Item, ItemCode, ItemVersion
from province.catalogue.queries.desks import check_reader, items_in_sight
from province.catalogue.queries.successors import successors_of
from province.catalogue.states import CodeState, VersionState
from province.rights.actors import Actor
from standards.items.codes import (
    BASIC_LENGTH,
    TASK_LENGTH,
    CodeOrigin,
    origin_of,
    plain_code,
    with_basic_code,
)

# a shorter beginning of a code says nothing
_LEAST_DIGITS: Final = 4


@dataclass(frozen=True, slots=True)
class CodeLine:
    """One code that leads to an item. ``since``: when it first was in force; ``borne_by``: the name of the item that
    bore it, where that is another one."""

    code: str
    state: CodeState
    since: datetime | None
    borne_by: str = ""

    @property
    def is_coming(self) -> bool:
        return self.state is CodeState.COMING

    @property
    def origin(self) -> CodeOrigin:
        return origin_of(self.code)


@dataclass(frozen=True, slots=True)
class CodeAnswer:
    """The item that answers to a code, and how the code stands to it. ``successors``: what took over from it, where it
    was split and is handled no more: then the code has no single answer."""

    asked: str
    item: Item
    state: CodeState
    successors: tuple[Item, ...] = ()


def item_ids_by_code(codes: Collection[str]) -> dict[str, UUID]:
    """code -> the id of the item that answers to it; unknown codes are left out. One query."""
    return dict(ItemCode.objects.filter(code__in=codes).values_list("code", "item_id"))


def items_by_code(codes: Collection[str]) -> dict[str, Item]:
    """code -> the item that answers to it, with its department; unknown codes are left out. Two queries."""
    ids = item_ids_by_code(codes)
    items = Item.objects.select_related("department").in_bulk(list(set(ids.values())))
    return {code: items[item_id] for code, item_id in ids.items()}


def item_with_code(code: str) -> Item | None:
    """The item that answers to the code; None where no item has ever borne it."""
    return items_by_code([code]).get(code)


def code_answer(by: Actor, code: str) -> CodeAnswer:
    """The item in sight that answers to a code: 基本编码, or the 实施编码 of any hall that ends in it. Raises
    NotFound."""
    check_reader(by)
    asked = basic_part(code)
    found = Item.objects.select_related("department").filter(items_in_sight(by), item_codes__code=asked).first()
    if found is None:
        raise NotFound("没有事项用过这个编码。")
    return CodeAnswer(asked, found, _state(found, ItemCode.objects.get(code=asked)), tuple(successors_of(found)))


def bearers_of_merged_codes(codes: Collection[str]) -> dict[str, str]:
    """code -> the name of the item that bore it, for codes of items that were merged into another one: what a file says
    under such a code is not about the item that answers to it now. One query."""
    rows = ItemCode.objects.filter(code__in=codes).exclude(borne_by=F("item"))
    return dict(rows.values_list("code", "borne_by__name"))


def succession_words(item: Item) -> str:
    """What to say of an item that was split to somebody who names it: by which items, with their codes, it is
    succeeded."""
    names = "、".join(f"“{one.name}”（{one.basic_code}）" for one in successors_of(item))
    return f"“{item.name}”已拆分为{names}，请改用其中一个的编码。"


def basic_part(code: str) -> str:
    """The 基本编码 in what somebody typed: as it stands, or the end of a 实施编码."""
    plain = plain_code(code.strip())[: TASK_LENGTH + 2]
    return plain[TASK_LENGTH - BASIC_LENGTH : TASK_LENGTH] if len(plain) >= TASK_LENGTH else plain


def code_lines(item: Item) -> list[CodeLine]:
    """Every code that leads to the item: its own, those that it has borne or is to bear, and those of items that it
    has succeeded; the latest first."""
    rows = item.item_codes.select_related("borne_by").order_by("-given_at", "code")
    lines = [
        CodeLine(
            row.code,
            _state(item, row),
            row.given_at,
            row.borne_by.name if row.borne_by_id != item.pk else "",
        )
        for row in rows
    ]
    return sorted(lines, key=lambda line: list(CodeState).index(line.state))


def former_codes_sql(item_id: str, own_code: str, now: str) -> str:
    """An expression: the array of 曾用编码 that lead to an item, which are those in force so far that it does not bear,
    the latest first. Given are expressions, too: the item's id, the code that it bears, the moment."""
    return f"""ARRAY(
        SELECT former.code FROM catalogue_itemcode AS former WHERE former.item_id = {item_id}
            AND former.given_at <= {now} AND former.code IS DISTINCT FROM {own_code}
        ORDER BY former.given_at DESC, former.code)"""  # noqa: S608 - the expressions are the program's own


def is_given(item: Item) -> bool:
    """Whether a version of the item was published, or will be in force: its code is then changed by a version alone."""
    return isinstance(item.pk, UUID) and item.versions.filter(valid_from__isnull=False).exists()


def with_former_codes(items: QuerySet[Item]) -> QuerySet[Item]:
    """Annotate ``former_codes``: the list of 曾用编码 that lead to each item."""
    sql = former_codes_sql("catalogue_item.id", "catalogue_item.basic_code", "%s")
    codes: ArrayField[Any, Any] = ArrayField(CharField())
    return items.annotate(former_codes=RawSQL(sql, [timezone.now()], output_field=codes))  # noqa: S611 - as above


def public_item_id(code: str) -> UUID:
    """The id of the item that answers to a code, 基本编码 or 实施编码, that was in force once. Raises NotFound: of
    codes that only drafts name nobody outside learns."""
    rows = ItemCode.objects.filter(code=basic_part(code), given_at__lte=timezone.now())
    found = rows.values_list("item_id", flat=True).first()
    if found is None:
        raise NotFound("没有事项用过这个编码。")
    return found


def code_at(item: Item, moment: datetime) -> str:
    """The 基本编码 that the item bore, or will bear, at a moment: that of the version that holds then, whether the item
    is paused or not; "" where none does."""
    held = ItemVersion.objects.filter(
        Q(valid_to=None) | Q(valid_to__gt=moment), item=item, state=VersionState.PUBLISHED, valid_from__lte=moment
    )
    return str(held.values_list("values__basic_code", flat=True).first() or "")


def bears_code(word: str, *, item: str = "") -> Q:
    """A filter of items by the beginning of a code that leads to them, also of one that was borne before. ``item``:
    what leads from the row to the item's own fields."""
    if len(word) < _LEAST_DIGITS or not word.isdecimal():
        return Q(**{f"{item}basic_code__startswith": word})
    led = ItemCode.objects.filter(code__startswith=word).values("item")
    return Q(**{f"{item}basic_code__startswith": word}) | Q(**{f"{item}pk__in": led})


def followed(version: ItemVersion, hall_values: Mapping[str, Any]) -> Mapping[str, Any]:
    """A hall's values with the 实施编码 under this version's 基本编码, where it ends in another one that leads to the
    item. Whatever else it ends in stays, for the check to name."""
    task_code, code = hall_values.get("task_code"), version.values.get("basic_code")
    if not isinstance(task_code, str) or len(task_code) != TASK_LENGTH or not isinstance(code, str):
        return hall_values
    tail = task_code[-BASIC_LENGTH:]
    if tail == code or not ItemCode.objects.filter(code=tail, item=version.item_id).exists():
        return hall_values
    return with_basic_code(hall_values, code)


def _state(item: Item, row: ItemCode) -> CodeState:
    if row.code == item.basic_code:
        return CodeState.CURRENT
    if row.given_at is None or row.given_at > timezone.now():
        return CodeState.COMING
    return CodeState.FORMER
