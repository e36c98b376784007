"""The page of one push on one hall's site."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import RPad

from foundation.files.queries import FileFacts, facts_of_files
from province.content.models import Asset, HallPushDecision, ManuscriptVersion, Push, PushScope
from province.content.queries.audiences import hall_keys
from province.content.states import PageAnswer, PushMode, PushState, WithdrawalKind
from province.halls.models import Division, Hall
from standards.numbers.divisions import CODE_LENGTH


@dataclass(frozen=True, slots=True)
class PushView:
    """What a hall's site answers for a push.

    ``text`` is there only where readers may see it (shown, or shown with a notice). ``marker`` goes into the page as
    ``<meta name="yizhan-version" content="…">``, and only there: proofs read it.
    """

    id: UUID
    answer: PageAnswer
    text: ManuscriptVersion | None
    files: list[FileFacts]
    column: str
    # as this hall's list has it: what the hall adopted or moved is not pinned
    is_pinned: bool
    desk_prefix: str
    desk_name: str
    is_urgent: bool
    published_at: datetime
    changed_at: datetime
    # of a withdrawal with a notice, or of a page that is gone
    reason: str
    redirect_url: str

    @property
    def marker(self) -> str:
        return str(self.text.pk) if self.text else ""


# said of a push as page_answer says it: SHOWN or NOTICE
SHOWS_TEXT = Q(state=PushState.LIVE) | Q(
    state=PushState.WITHDRAWN, withdrawal_kind__in=(WithdrawalKind.NOTICE, WithdrawalKind.SUBSTITUTE)
)


def page_answer(push: Push) -> PageAnswer:
    """How sites of the audience answer for it now."""
    if push.state == PushState.LIVE:
        return PageAnswer.SHOWN
    if push.state == PushState.EXPIRED:
        return PageAnswer.GONE
    if push.state != PushState.WITHDRAWN:
        return PageAnswer.MISSING
    return {
        WithdrawalKind.GONE: PageAnswer.GONE,
        WithdrawalKind.REDIRECT: PageAnswer.REDIRECT,
        WithdrawalKind.NOTICE: PageAnswer.NOTICE,
        WithdrawalKind.VANISH: PageAnswer.MISSING,
        WithdrawalKind.SUBSTITUTE: PageAnswer.SHOWN,
    }[WithdrawalKind(push.withdrawal_kind)]


def push_on_hall(hall: Hall, push_id: UUID) -> PushView | None:
    """The page of a push on this hall's site: one query.

    None means 404: no such push, another hall's, not yet begun, not adopted, or withdrawn as if it had never been.
    """
    decisions = HallPushDecision.objects.filter(hall_id=hall.pk, push_id=OuterRef("pk"))
    meant = _pushes_meaning(hall).filter(pk=push_id)
    decided = {"decision": Subquery(decisions.values("decision")), "own_column": Subquery(decisions.values("column"))}
    push: Any = with_page(meant).annotate(**decided).first()
    if push is None or (push.mode == PushMode.OFFERED and push.decision != HallPushDecision.Decision.ADOPTED):
        return None
    return view_of(push, column=push.own_column or push.column, is_pinned=push.is_pinned and push.decision is None)


def with_page(pushes: QuerySet[Push]) -> QuerySet[Push]:
    """The pushes with what ``view_of`` shows of them."""
    desks = Division.objects.filter(code=RPad(OuterRef("desk_prefix"), CODE_LENGTH, Value("0")), valid_to=None)
    files = facts_of_files(Asset.objects.all(), "shown__asset_ids")
    return pushes.annotate(desk_name=Subquery(desks.values("name")), files=files).select_related("shown__cover")


def view_of(push: Any, *, column: str, is_pinned: bool) -> PushView | None:
    """The page of a push of ``with_page``, or None where there is none (page_answer: MISSING)."""
    answer = page_answer(push)
    if answer == PageAnswer.MISSING or push.published_at is None:
        return None
    has_text = answer in {PageAnswer.SHOWN, PageAnswer.NOTICE}
    return PushView(
        id=push.pk,
        answer=answer,
        text=push.shown if has_text else None,
        files=push.files if has_text else [],
        column=column,
        is_pinned=is_pinned,
        desk_prefix=push.desk_prefix,
        desk_name=push.desk_name or "",
        is_urgent=push.is_urgent,
        published_at=push.published_at,
        changed_at=push.withdrawn_at or push.published_at,
        reason="本文已过展示期限。" if push.state == PushState.EXPIRED else _public_reason(push, answer),
        redirect_url=push.redirect_url if answer == PageAnswer.REDIRECT else "",
    )


def files_of_version(version: ManuscriptVersion) -> list[FileFacts]:
    """Pictures and attachments of a text, whether it was pushed or not."""
    facts = facts_of_files(Asset.objects.all(), "asset_ids")
    found: list[FileFacts] = ManuscriptVersion.objects.filter(pk=version.pk).values_list(facts, flat=True).get()
    return found


def push_meant_for(hall: Hall, push_id: UUID) -> Push | None:
    """The push, in whatever state, if this hall is of its audience."""
    return _pushes_meaning(hall).filter(pk=push_id).select_related("version").first()


def asset_on_hall(hall: Hall, asset_id: UUID) -> Asset | None:
    """A file of a push whose text this hall's readers may see now: one query."""
    adopted = HallPushDecision.objects.filter(
        hall_id=hall.pk, push_id=OuterRef("pk"), decision=HallPushDecision.Decision.ADOPTED
    )
    pushes = _pushes_showing(hall, asset_id).filter(Q(mode=PushMode.DIRECT) | Exists(adopted))
    return Asset.objects.filter(Exists(pushes), pk=asset_id).first()


def asset_meant_for(hall: Hall, asset_id: UUID) -> Asset | None:
    """A file of a push that the hall's desk may see: also of a text that the hall has not adopted."""
    return Asset.objects.filter(Exists(_pushes_showing(hall, asset_id)), pk=asset_id).first()


def _pushes_showing(hall: Hall, asset_id: UUID) -> QuerySet[Push]:
    return _pushes_meaning(hall).filter(SHOWS_TEXT, shown__asset_ids__contains=[asset_id])


def _pushes_meaning(hall: Hall) -> QuerySet[Push]:
    meant = PushScope.objects.filter(
        Q(kinds=[]) | Q(kinds__contains=[hall.kind]),
        push_id=OuterRef("pk"),
        prefix__in=hall.prefixes,
        is_excluded=False,
    ).exclude(excluded_keys__overlap=hall_keys(hall))
    return Push.objects.filter(Exists(meant))


def _public_reason(push: Push, answer: PageAnswer) -> str:
    """Readers learn a withdrawal's reason where the page stays or says that it is gone, and nowhere else."""
    return push.withdrawal_reason if answer in {PageAnswer.NOTICE, PageAnswer.GONE} else ""
