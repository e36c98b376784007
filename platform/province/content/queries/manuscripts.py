from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Case, CharField, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.safestring import SafeString

from foundation.errors import NotFound
from foundation.html import difference, text_difference
from foundation.texts import LINE_LENGTHS, ArticleText, field_label, visible
from province.audit.queries import act_label, entries_about
from province.content.models import Manuscript, ManuscriptVersion
from province.content.queries.desks import at_desks_of, check_reach
from province.content.queries.pushes import HistoryLine
from province.content.states import DeskState
from province.identity.models import Account, Actor, Unit


def manuscripts_at_desk(by: Actor, state: str = "", search: str = "", desk_prefix: str = "") -> QuerySet[Manuscript]:
    """The manuscripts of the actor's desks, last edited first.

    Annotated: ``state`` (a DeskState) and ``state_label``; of the latest version ``latest_number``, ``latest_id`` and
    ``is_urgent``; ``is_changed`` where the draft was edited after that version; ``lock_owner``, the
    name of whoever edits now, or ""; ``owner_name`` and ``unit_name``, who is responsible, or "".
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


@dataclass(frozen=True, slots=True)
class FieldDifference:
    """One field in two versions, marked up with <ins> and <del>."""

    label: str
    html: SafeString


@dataclass(frozen=True, slots=True)
class VersionDifference:
    """What changed between two versions, for people to read. ``fields`` has only those that differ."""

    fields: Sequence[FieldDifference]
    body: SafeString
    is_body_changed: bool

    @property
    def is_empty(self) -> bool:
        return not self.fields and not self.is_body_changed


def difference_of(before: ArticleText, after: ArticleText) -> VersionDifference:
    """Any two versions, or a version and the draft."""
    fields = [
        FieldDifference(field_label(name), text_difference(old, new))
        for name in LINE_LENGTHS
        if (old := getattr(before, name)) != (new := getattr(after, name))
    ]
    if before.keywords != after.keywords:
        keywords = text_difference("、".join(before.keywords), "、".join(after.keywords))
        fields.append(FieldDifference("关键词", keywords))
    if (old_cover := getattr(before, "cover", None)) != (new_cover := getattr(after, "cover", None)):
        names = text_difference(*(cover.name if cover else "（无）" for cover in (old_cover, new_cover)))
        fields.append(FieldDifference("封面", names))
    return VersionDifference(fields, difference(before.body, after.body), before.body != after.body)
