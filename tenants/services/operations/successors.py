"""事项合并、拆分 at a hall: its adoptions go over to the items that took over, with what the hall has filled in.

Nobody has to adopt anything again. What the editor has to decide is written into the adoption (``to_settle``).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from foundation.rows import draw_id
from province.audit.operations import record_act
from province.catalogue.models import Item, ItemVersion, Succession
from province.catalogue.operations.adoptions import forget_adoptions
from province.catalogue.queries.checks import fitting_values
from province.catalogue.queries.narrowing import is_done_by
from province.catalogue.queries.successors import Sides, sides_of_succession, successions_from
from province.catalogue.queries.validity import published_versions
from province.catalogue.states import (
    ADOPTION_TRANSITIONS,
    AdoptionState,
    HallGuideState,
    SuccessionKind,
    SuccessionState,
)
from province.halls.models import Hall
from province.halls.operations import touch_hall
from province.rights.queries import system_actor
from standards.items import BY_NAME
from standards.items.codes import with_basic_code
from standards.items.values import is_blank
from tenants.portal.operations.figures import check_inside
from tenants.services.models import Adoption, HallGuideVersion
from tenants.services.operations.guide_checks import check_guides, note_what_is_read
from tenants.services.operations.guide_figures import expect_check, lock_guide_figures, renew_guide_figures
from tenants.services.operations.reports import report_to_province
from tenants.services.queries.prefill import Prefill, findings_of

# which of several adoptions goes over: what citizens read comes first
_RANK = {AdoptionState.PUBLISHED: 0, AdoptionState.ADOPTED: 1, AdoptionState.STOPPED: 2}
# codes follow by themselves
_CODES = frozenset({"task_code", "handle_code", "local_task_code"})
_MOST_SENTENCES = 40
_LONGEST_SENTENCE = 400
_BY = "系统"


@transaction.atomic
def follow_succession(*, hall: Hall, succession_id: UUID) -> bool:
    """Let the hall's adoptions go over to the items that took over. The first adoption of an item that ended becomes
    the successor's: it keeps its id, its history and its guides, and citizens go on reading. Further successors are
    adopted with the same answers, as far as they fit; further adoptions of a merger are stopped and stay to be read.

    A repeat finds all of it done, and so does a hall that has adopted none of the items. Where others took over from
    the successors meanwhile, that is followed, too. Returns whether anything changed.
    """
    check_inside(hall)
    lock_guide_figures(hall)
    touch_hall(hall.pk)
    succession = Succession.objects.select_related("item").get(pk=succession_id)
    if succession.state != SuccessionState.DONE or not _follow(hall, succession, sides_of_succession(succession)):
        return False
    renew_guide_figures(hall)
    expect_check(hall)
    return True


@transaction.atomic
def follow_missed_successions(*, hall: Hall) -> int:
    """Follow what the hall has not heard of: it was restored from a copy of before, or adopted an item at the moment in
    which others took over from it. Returns how many mergers and splits were followed; a repeat finds none."""
    check_inside(hall)
    known = Adoption.objects.values_list("item_id", "followed_ids")
    followed = {one for _, ids in known for one in ids}
    missed = [one.pk for one, _ in successions_from([item_id for item_id, _ in known]) if one.pk not in followed]
    return sum(follow_succession(hall=hall, succession_id=one) for one in missed)


def look_after_guides(*, hall: Hall) -> None:
    """What is looked at in every hall once a night, as long as it shows anything."""
    follow_missed_successions(hall=hall)
    check_guides(hall=hall)


@dataclass
class _Followed:
    """What one succession comes to at a hall."""

    changed: dict[UUID, Adoption] = field(default_factory=dict)
    left: list[UUID] = field(default_factory=list)
    former_codes: dict[UUID, str] = field(default_factory=dict)


def _follow(hall: Hall, succession: Succession, sides: Sides) -> bool:
    ids = [one.pk for one in sides.all]
    own = {one.item_id: one for one in Adoption.objects.select_for_update().filter(item_id__in=ids)}
    ended = {one.pk for one in sides.ended}
    sources = [
        one
        for item in sides.before
        if (one := own.get(item.pk))
        and succession.pk not in one.followed_ids
        # who has adopted since what goes on has adopted it without its parts
        and (item.pk in ended or succession.done_at is None or one.created_at < succession.done_at)
    ]
    if not sources:
        return False
    sources.sort(key=lambda one: _RANK[AdoptionState(one.state)])
    names = {one.pk: one.name for one in sides.all}
    free = [one for one in sources if one.item_id in ended]
    done = _Followed()
    prefill = Prefill(hall)
    # as they were: a source that goes over is a target then
    said = {one.pk: _Said(one, names) for one in sources}
    for version in _fitting_versions(hall, sides, own):
        target = own.get(version.item_id)
        if target is not None and target in sources:
            # it goes on, and its other parts are items of their own now
            parts = "、".join(f"“{one.name}”" for one in sides.after if one.pk != version.item_id)
            _ask(target, [f"从这个事项拆分出了{parts}，请删去不再属于它的内容。"])
        elif target is not None:
            _receive(target, version, list(said.values()), succession)
        elif free:
            source = free.pop(0)
            done.left.append(source.item_id)
            others = [one for pk, one in said.items() if pk != source.pk]
            _go_over(source, version, said[source.pk], others, succession, prefill)
            target = source
        else:
            target = _adopted_beside(sources[0], version, said[sources[0].pk], prefill)
        _remember(hall, target, version, list(said.values()), done)
    for rest in free:
        _stop(rest, sides)
        done.changed[rest.item_id] = rest
    others_done = [one for one in successions_from(list(done.changed)) if one[0].pk != succession.pk]
    later = [one for one in others_done if _is_after(one[0], succession)]
    settled = [succession.pk, *(one.pk for one, _ in others_done if not _is_after(one, succession))]
    _save(hall, succession, done, {*sources, *done.changed.values()}, settled)
    # events may come in another order than what they tell
    for other, theirs in later:
        _follow(hall, other, theirs)
    return True


def _is_after(one: Succession, other: Succession) -> bool:
    return one.done_at is not None and other.done_at is not None and one.done_at > other.done_at


class _Said:
    """What a hall has said of an item before others took over from it."""

    def __init__(self, adoption: Adoption, names: Mapping[UUID, str]) -> None:
        self.name = names[adoption.item_id]
        self.state = AdoptionState(adoption.state)
        self.values = dict(adoption.values)
        self.shown = dict(adoption.published.values) if adoption.published else None
        self.task_code = str((self.shown or self.values).get("task_code", ""))
        self.former = list(adoption.former_task_codes)

    def carried(self, version: ItemVersion, values: Mapping[str, Any]) -> dict[str, Any]:
        """What of these values goes with the successor, under its code."""
        return dict(fitting_values(version, with_basic_code(values, str(version.values["basic_code"]))))

    def dropped(self, carried: Mapping[str, Any]) -> list[str]:
        return [
            f"「{BY_NAME[name].label}」原来填的内容不适用于这个事项，没有带入。"
            for name, value in self.values.items()
            if name in BY_NAME and not is_blank(value) and name not in carried and name not in _CODES
        ]


def _fitting_versions(hall: Hall, sides: Sides, own: Mapping[UUID, Adoption]) -> list[ItemVersion]:
    """The versions in force of the successors that this hall handles: by its level, or since it has them already. Where
    none is of its level, it goes on with all of them, as it did by order from above."""
    now = timezone.now()
    found = [
        version
        for item in sides.after
        if (version := published_versions(item.pk).filter(valid_from__lte=now).order_by("-valid_from").first())
    ]
    fitting = [one for one in found if one.item_id in own or is_done_by(hall.kind, one.values.get("levels"))]
    return fitting or found


def _go_over(
    adoption: Adoption,
    version: ItemVersion,
    source: _Said,
    others: Sequence[_Said],
    succession: Succession,
    prefill: Prefill,
) -> None:
    """Make this adoption the successor's, with all that belongs to it."""
    carried = source.carried(version, adoption.values)
    begun = prefill.of(version)
    adoption.item_id = version.item_id
    adoption.values = {**{name: begun[name] for name in begun if name not in source.values}, **carried}
    adoption.version_number = adoption.draft_number = version.number
    adoption.revision += 1
    if adoption.guide_state == HallGuideState.SUBMITTED:
        _hand_back(adoption)
    if source.shown is not None:
        _show(adoption, version, source.carried(version, source.shown))
    questions = [*source.dropped(carried), *_differences(source.values, others), *_missing(version, adoption.values)]
    if succession.kind == SuccessionKind.SPLIT:
        questions.insert(0, f"由“{source.name}”拆分而来，原来填的内容已带入，请按这个事项核对。")
    _ask(adoption, questions)


def _receive(adoption: Adoption, version: ItemVersion, said: Sequence[_Said], succession: Succession) -> None:
    """The hall had adopted the successor already. What it says there stays; where citizens read only the guide of what
    ended, they go on reading that."""
    source = said[0]
    if adoption.state != AdoptionState.PUBLISHED and source.state is AdoptionState.PUBLISHED and source.shown:
        shown = source.carried(version, source.shown)
        _show(adoption, version, shown)
        if not adoption.editor_ids:
            adoption.values = {**adoption.values, **shown}
        ADOPTION_TRANSITIONS.check(adoption.state, AdoptionState.PUBLISHED)
        adoption.state, adoption.stop_reason = AdoptionState.PUBLISHED, ""
        adoption.version_number = max(adoption.version_number, version.number)
        adoption.draft_number = max(adoption.draft_number, version.number)
        adoption.revision += 1
    differing = _differences(adoption.values, said)
    kind = "合并" if succession.kind == SuccessionKind.MERGER else "拆分"
    if differing:
        differing.insert(0, f"“{'”、“'.join(one.name for one in said)}”{kind}到了这个事项。")
    _ask(adoption, differing)


def _adopted_beside(source: Adoption, version: ItemVersion, said: _Said, prefill: Prefill) -> Adoption:
    """A new adoption of a further successor, as the one of the item from which it came stood."""
    carried = said.carried(version, said.values)
    values = {**prefill.of(version), **carried}
    adoption = Adoption(
        id=draw_id(),
        item_id=version.item_id,
        state=said.state,
        version_number=version.number,
        draft_number=version.number,
        values=values,
        edited_by_name=_BY,
        edited_at=timezone.now(),
        stop_reason=source.stop_reason,
        assignment_id=source.assignment_id,
        unit_id=source.unit_id,
    )
    # the guide below names it; the database looks for that one at the commit
    adoption.save(force_insert=True)
    if said.shown is not None:
        _show(adoption, version, said.carried(version, said.shown))
    head = f"由“{said.name}”拆分而来，原来填的内容已带入，请按这个事项核对。"
    _ask(adoption, [head, *said.dropped(carried), *_missing(version, values)])
    return adoption


def _show(adoption: Adoption, version: ItemVersion, values: Mapping[str, Any]) -> None:
    """What citizens read of the item from which this one took over, as a guide of this one. Where it lacks something
    now, the editor is asked, and citizens read no guide until it is there."""
    latest = adoption.hall_guides.order_by("-number").first()
    shown = adoption.published
    now = timezone.now()
    guide = HallGuideVersion(
        id=draw_id(),
        adoption=adoption,
        number=latest.number + 1 if latest else 1,
        item_version_id=version.pk,
        item_version_number=version.number,
        values=dict(values),
        author_ids=shown.author_ids if shown else [],
        submitted_by_name=_BY,
        is_passed=True,
        reason="事项合并、拆分，内容沿用",
        reviewer_name=_BY,
        reviewed_at=now,
    )
    guide.save(force_insert=True)
    adoption.published, adoption.published_at = guide, now
    _ask(adoption, _missing(version, values))


def _hand_back(adoption: Adoption) -> None:
    """The guide that waits was written for the item from which others took over."""
    waiting = adoption.hall_guides.order_by("-number").first()
    if waiting is not None:
        waiting.is_passed, waiting.reason, waiting.reviewer_name = False, "事项已合并或拆分，请核对后重新提交", _BY
        waiting.reviewed_at = timezone.now()
        waiting.save(update_fields=["is_passed", "reason", "reviewer_name", "reviewed_at"])
    adoption.guide_state = HallGuideState.RETURNED


def _stop(adoption: Adoption, sides: Sides) -> None:
    """Another adoption of the hall has taken over; this one stays to be read."""
    if adoption.state != AdoptionState.STOPPED:
        ADOPTION_TRANSITIONS.check(adoption.state, AdoptionState.STOPPED)
        adoption.state = AdoptionState.STOPPED
    if adoption.guide_state == HallGuideState.SUBMITTED:
        _hand_back(adoption)
    names = "、".join(f"“{one.name}”" for one in sides.after)
    adoption.stop_reason = f"已由{names}承接"[:500]


def _ask(adoption: Adoption, questions: Iterable[str]) -> None:
    """Note what the hall's editor has to look at, and put the guide before them."""
    found = list(dict.fromkeys([*adoption.to_settle, *(one[:_LONGEST_SENTENCE] for one in questions)]))
    adoption.to_settle = found[:_MOST_SENTENCES]
    if found and adoption.guide_state == HallGuideState.DONE:
        adoption.guide_state = HallGuideState.FILLING


def _differences(values: Mapping[str, Any], others: Sequence[_Said]) -> list[str]:
    return [
        f"「{BY_NAME[name].label}」与“{other.name}”里填的不一样，请核对用哪一个。"
        for other in others
        for name, value in other.values.items()
        if name in BY_NAME and name not in _CODES and not is_blank(value) and values.get(name) != value
    ]


def _missing(version: ItemVersion, values: Mapping[str, Any]) -> list[str]:
    return [fault.message for fault in findings_of(version, values).hall.missing]


def _remember(hall: Hall, target: Adoption, version: ItemVersion, said: Sequence[_Said], done: _Followed) -> None:
    """Codes of before lead to it, and the feed tells from which it came."""
    own = str((target.published.values if target.published else target.values).get("task_code", ""))
    codes = [code for one in said for code in (*one.former, one.task_code) if code and code != own]
    target.former_task_codes = list(dict.fromkeys([*target.former_task_codes, *codes]))
    target.score = findings_of(version, target.values).score
    if codes and target.state == AdoptionState.PUBLISHED:
        done.former_codes[version.item_id] = codes[-1]
    note_what_is_read(hall, target, version)
    done.changed[target.item_id] = target


def _save(
    hall: Hall, succession: Succession, done: _Followed, adoptions: Iterable[Adoption], settled: Sequence[UUID]
) -> None:
    for adoption in adoptions:
        adoption.followed_ids = list(dict.fromkeys([*adoption.followed_ids, *settled]))
        adoption.save()
    forget_adoptions(hall_id=hall.pk, item_ids=done.left)
    report_to_province(hall, done.changed.values(), former_codes=done.former_codes)
    codes = dict(Item.objects.filter(pk__in=[*done.left, *done.changed]).values_list("pk", "basic_code"))
    record_act(
        by=system_actor(),
        act="services.follow_succession",
        object_type="adoption",
        object_id=succession.item_id,
        hall_id=hall.pk,
        changes={
            "basic_code": [
                "、".join(codes[one] for one in done.left),
                "、".join(codes[one.item_id] for one in done.changed.values() if one.state != AdoptionState.STOPPED),
            ],
            "to_settle": [None, sum(len(one.to_settle) for one in done.changed.values())],
        },
    )
