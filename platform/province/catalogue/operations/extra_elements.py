"""Elements that the province adds to the definition (扩展要素). A change is another revision from a day on; what ends
stays readable in the versions of its time."""

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from foundation.errors import Conflict, Invalid
from foundation.events.operations import clear_due_time, set_due_time
from province.audit.operations import record_act
from province.catalogue.events import ELEMENT_TURNS
from province.catalogue.models import ElementGeneration, ExtraElement, Office
from province.catalogue.operations.item_words import renew_words
from province.catalogue.operations.version_checks import check_versions
from province.catalogue.queries.element_drafts import MOST_ELEMENTS, ElementWords, drafted_element
from province.catalogue.queries.extra_elements import effects_of, revisions_of
from province.content.operations.generations import count_up_generation
from province.rights.actors import Actor
from province.rights.permissions import declare
from province.rights.queries import require
from province.rights.roles import Reach, Role
from standards.items import Filler
from standards.items.live import additions, forget_additions
from standards.items.values import is_blank

declare("catalogue.define", "定义扩展要素", reach=Reach.PROVINCE, roles={Role.PROVINCE_OPERATOR})


@transaction.atomic
def define_element(
    *,
    by: Actor,
    words: ElementWords,
    kind: str,
    filler: str,
    office_code: str = "",
    name: str = "",
    accepts: int | None = None,
) -> ExtraElement:
    """Add an element to the definition, and to what the office reviews. ``name`` is drawn from the label where it is
    not given. ``accepts``: how many published items and guides it makes incomplete, as the caller was shown; raises
    Conflict where there are others."""
    require(by, "catalogue.define")
    hold_changes()
    if ExtraElement.objects.filter(revision=1).count() >= MOST_ELEMENTS:
        raise Invalid(f"最多 {MOST_ELEMENTS} 个扩展要素。")
    row = drafted_element(words=words, kind=kind, filler=filler, name=name)
    office = Office.objects.select_for_update().filter(code=office_code, retired_at=None).first()
    if row.filler == Filler.PROVINCE and office is None:
        raise Invalid.at("office_code", "请选择由哪个审核部门审。")
    if office is not None and row.filler == Filler.PROVINCE and row.section not in office.sections:
        office.elements = [*office.elements, row.name]
        office.save(update_fields=["elements"])
    return _keep(by, row, accepts, act="catalogue.define_element")


@transaction.atomic
def revise_element(
    *, by: Actor, name: str, stamp: str, words: ElementWords, accepts: int | None = None
) -> ExtraElement:
    """Change what is said of an element, from a day on; versions of before keep what it was. ``stamp``: of the element
    as the caller has seen it; raises Conflict where somebody else has changed or ended it since. As
    ``define_element``."""
    require(by, "catalogue.define")
    hold_changes()
    before = _as_seen(name, stamp)
    row = drafted_element(words=words, kind=before.kind, filler=before.filler, before=before)
    if before.ends_on is None or before.ends_on > row.starts_on:
        before.ends_on = row.starts_on
        before.save(update_fields=["ends_on"])
        clear_due_time(kind=ELEMENT_TURNS, subject_id=before.pk)
    return _keep(by, row, accepts, act="catalogue.revise_element")


@transaction.atomic
def end_element(*, by: Actor, name: str, stamp: str, ends_on: date) -> ExtraElement:
    """Ask for the element no longer, from a day on. Its values stay where they are. A repeat moves the day, as long as
    it has not come. ``stamp``: as in ``revise_element``."""
    require(by, "catalogue.define")
    hold_changes()
    row, today = _as_seen(name, stamp), timezone.localdate()
    if row.ends_on is not None and row.ends_on <= today:
        raise Conflict(f"“{row.label}”已经停用。")
    if ends_on < max(today, row.starts_on):
        raise Invalid.at("ends_on", "停用日期不能早于今天，也不能早于启用日期。")
    was, row.ends_on = row.ends_on, ends_on
    row.save(update_fields=["ends_on"])
    _note(by, row, "catalogue.end_element", {"ends_on": [_day(was), _day(ends_on)]})
    return row


def hold_changes() -> None:
    """Let nobody else change what the province adds to the definition until the transaction ends: names and labels are
    told apart under this lock alone."""
    ElementGeneration.objects.get_or_create(id=1, defaults={"mark": uuid4()})
    ElementGeneration.objects.select_for_update().get(id=1)
    forget_additions()


def renew_definition() -> None:
    """Have every process read the additions anew, and every page of every hall drawn anew, from the commit on."""
    ElementGeneration.objects.filter(id=1).update(mark=uuid4())
    forget_additions()
    count_up_generation(settings.PROVINCE_CODE)


def hold_definition(before: Mapping[str, Any], values: Mapping[str, Any]) -> None:
    """Let no element change until the transaction ends, and have the definition read anew where one has changed since
    this request read it. Many who save hold it at once; who defines waits for them, and they for who defines.

    Raises Conflict where ``values`` fill in an element that has ended meanwhile; what stands in ``before`` may stay,
    and may go.
    """
    held = additions()
    with connection.cursor() as cursor:
        cursor.execute("SELECT mark FROM catalogue_elementgeneration WHERE id = 1 FOR SHARE")
        newest = cursor.fetchone()
    if (newest[0] if newest else None) != (held.mark[0] if isinstance(held.mark, tuple) else None):
        forget_additions()
    now = additions()
    known, asked = {**held.known, **now.known}, {one.name for one in now.asked}
    ended = [
        known[name].label
        for name, value in values.items()
        if name in known and name not in asked and not is_blank(value) and value != before.get(name)
    ]
    if ended:
        words = "、".join(f"“{label}”" for label in ended)
        raise Conflict(f"{words}已经停用，不再填写，您的改动没有保存。请先复制您的文字，再刷新页面。")


@transaction.atomic
def turn_element(*, element_id: UUID) -> None:
    """Look at everything published again, on a day on which an element begins, is needed or ends: whether it is
    complete, and by which words it is found."""
    row = ExtraElement.objects.filter(pk=element_id).first()
    if row is None:
        return
    forget_additions()
    check_versions()
    renew_words(row.pk, row.name)
    count_up_generation(settings.PROVINCE_CODE)
    _expect(row)


def _as_seen(name: str, stamp: str) -> ExtraElement:
    row = revisions_of(name)[0]
    if row.stamp != stamp:
        raise Conflict(f"“{row.label}”刚被别人改过或者停用，您的改动没有保存。请刷新页面，看过现在的定义再改。")
    return row


def _keep(by: Actor, row: ExtraElement, accepts: int | None, *, act: str) -> ExtraElement:
    effects = effects_of(row)
    if accepts is None and effects.count:
        raise Invalid.at("accepts", f"这会使 {effects.count:,} 个已公布的事项或实施清单不完整，请先预览，再确认。")
    if accepts is not None and accepts != effects.count:
        words = f"现在会使 {effects.count:,} 个已公布的事项或实施清单不完整"
        raise Conflict(f"{words}，与您预览时的 {accepts:,} 个不同，请再看一遍。")
    row.by_name = by.name
    row.save(force_insert=True)
    changes: dict[str, list[Any]] = {
        "label": [None, row.label],
        "starts_on": [None, _day(row.starts_on)],
        "needed_from": [None, _day(row.needed_from)],
        "incomplete": [None, effects.count],
    }
    _note(by, row, act, {name: pair for name, pair in changes.items() if pair[1] is not None})
    return row


def _note(by: Actor, row: ExtraElement, act: str, changes: dict[str, list[Any]]) -> None:
    record_act(by=by, act=act, object_type="extra_element", object_id=row.pk, changes=changes)
    renew_definition()
    if row.starts_on <= timezone.localdate():
        # it holds already: what is published is looked at at once, in the background
        set_due_time(kind=ELEMENT_TURNS, subject_id=row.pk, due_at=timezone.now())
    else:
        _expect(row)


def _expect(row: ExtraElement) -> None:
    """Have the clock look on the next day on which something changes."""
    days = [day for day in (row.starts_on, row.needed_from, row.ends_on) if day and day > timezone.localdate()]
    if days:
        set_due_time(kind=ELEMENT_TURNS, subject_id=row.pk, due_at=_begin_of(min(days)))


def _begin_of(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=timezone.get_current_timezone())


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
