from typing import Any
from uuid import UUID

from django.db.models import Case, CharField, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from foundation.errors import NotFound
from foundation.texts import visible
from province.audit.queries import act_label, entries_about
from province.content.models import Manuscript, ManuscriptVersion
from province.content.queries.desks import at_desks_of, check_reach
from province.content.queries.pushes import HistoryLine
from province.content.states import DeskState, ReviewState
from province.people.models import Account, Unit
from province.rights.actors import Actor


def manuscripts_at_desk(by: Actor, state: str = "", search: str = "", desk_prefix: str = "") -> QuerySet[Manuscript]:
    """The manuscripts of the actor's desks, last edited first.

    Annotated: ``state`` (a DeskState) and ``state_label``; of the latest version ``latest_number``, ``latest_id`` and
    ``is_urgent``; ``is_changed`` where the draft was edited after that version; ``lock_owner``, the
    name of the person who edits now, or ""; ``owner_name`` and ``unit_name``, who is responsible, or "".
    """
    rows = _with_desk_facts(Manuscript.objects.filter(at_desks_of(by, "content.read")).defer("body"))
    if state:
        rows = rows.filter(Q(state=state)) if state in DeskState else rows.none()
    if desk_prefix:
        rows = rows.filter(desk_prefix=visible(desk_prefix))
    for word in visible(search).split():
        rows = rows.filter(
            Q(title__icontains=word)
            | Q(author__icontains=word)
            | Q(source__icontains=word)
            | Q(keywords__contains=[word])
        )
    return rows.order_by(F("edited_at").desc(nulls_last=True), "-id")


def manuscript_at_desk(by: Actor, manuscript_id: UUID) -> Manuscript:
    """Annotated as in ``manuscripts_at_desk``. Raises NotFound, also for a desk out of reach."""
    found = _with_desk_facts(Manuscript.objects.filter(pk=manuscript_id)).select_related("cover").first()
    if found is None:
        raise NotFound("没有找到这篇稿件。")
    check_reach(by, found)
    return found


def _with_desk_facts(rows: QuerySet[Manuscript]) -> QuerySet[Manuscript]:
    latest = ManuscriptVersion.objects.filter(manuscript=OuterRef("pk")).order_by("-number")
    labels = [When(state=state, then=Value(label)) for state, label in DeskState.choices]
    return rows.annotate(
        latest_id=Subquery(latest.values("id")[:1]),
        latest_number=Subquery(latest.values("number")[:1]),
        is_urgent=Coalesce(Subquery(latest.values("is_urgent")[:1]), Value(value=False)),
        state=Coalesce(Subquery(latest.values("state")[:1]), Value(DeskState.DRAFT.value), output_field=CharField()),
        is_changed=Case(
            When(edited_at__gt=Subquery(latest.values("created_at")[:1]), then=Value(value=True)),
            default=Value(value=False),
        ),
        lock_owner=Case(When(locked_until__gt=timezone.now(), then=F("locked_by_name")), default=Value("")),
        owner_name=name_of(Account.objects.filter(pk=OuterRef("owner_id"))),
        unit_name=name_of(Unit.objects.filter(pk=OuterRef("unit_id"))),
    ).annotate(state_label=Case(*labels, output_field=CharField()))


def manuscripts_owned_by(account_id: UUID) -> int:
    return Manuscript.objects.filter(owner_id=account_id).count()


def name_of(rows: QuerySet[Any]) -> Coalesce:
    """The name of the one row that is meant, or ""."""
    return Coalesce(Subquery(rows.values("name")[:1]), Value(""), output_field=CharField())


def versions_of(manuscript: Manuscript) -> QuerySet[ManuscriptVersion]:
    """All versions with their reviews, the latest first."""
    return manuscript.versions.select_related("cover").prefetch_related("reviews").order_by("-number")


def approved_version(manuscript: Manuscript) -> ManuscriptVersion | None:
    """The latest version that may be pushed."""
    return manuscript.versions.filter(state=DeskState.APPROVED.value).order_by("-number").first()


def manuscript_history(manuscript: Manuscript) -> list[HistoryLine]:
    """Who did what to it, the first act first."""
    return [
        HistoryLine(entry.created_at, entry.shown_actor, entry.act, act_label(entry.act), entry.reason, entry.changes)
        for entry in entries_about(manuscript.pk)
    ]


def other_approved_versions(manuscript_id: UUID, *, besides: UUID) -> QuerySet[ManuscriptVersion]:
    """Of the manuscript, what a push of version ``besides`` could show in its place, the latest first."""
    versions = ManuscriptVersion.objects.filter(manuscript_id=manuscript_id, state=ReviewState.APPROVED)
    return versions.exclude(pk=besides).order_by("-number")


def substitutes_within_reach(by: Actor, *, besides: UUID, most: int) -> QuerySet[ManuscriptVersion]:
    """Approved versions that the actor may push in place of version ``besides``: the latest ``most``."""
    reach = at_desks_of(by, "content.push", desk="manuscript__desk_prefix", text="manuscript__")
    approved = ManuscriptVersion.objects.filter(reach, state=ReviewState.APPROVED).exclude(pk=besides)
    recent = approved.order_by("-created_at").values_list("pk", flat=True)[:most]
    # a form filters its choices further, which a slice does not let it do
    return ManuscriptVersion.objects.filter(pk__in=list(recent))
