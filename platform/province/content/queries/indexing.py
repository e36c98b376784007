"""What the search engine knows of pushes: the text that readers see, and whom it is meant for."""

from collections.abc import Iterator, Sequence
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db.models import Prefetch, Q, QuerySet

from foundation.full_text.asking import Within
from foundation.full_text.indexes import TextDocument, TextIndex, declare_index
from province.content.models import HallPushDecision, Push, PushScope
from province.content.queries.audiences import hall_keys
from province.content.states import PushMode, PushState, WithdrawalKind
from province.halls.models import Hall

INDEX_PUSH: Final = "content.index_push"
# offers that a hall has adopted, the latest of them
_MOST_ADOPTED: Final = 2_000


def _listed_pushes() -> QuerySet[Push]:
    """As ``Push.is_listed`` says it."""
    is_substituted = Q(state=PushState.WITHDRAWN, withdrawal_kind=WithdrawalKind.SUBSTITUTE)
    return Push.objects.filter(Q(state=PushState.LIVE) | is_substituted)


def _documents_of(ids: Sequence[UUID]) -> Iterator[TextDocument]:
    scopes = Prefetch("scopes", PushScope.objects.order_by("prefix"))
    for push in _listed_pushes().filter(pk__in=ids).select_related("shown").prefetch_related(scopes):
        yield TextDocument(
            id=push.pk,
            title=push.shown.title,
            words=push.shown.search_words,
            keys=(f"push:{push.pk}", *_keys_of(push)),
            published_at=push.published_at,
        )


def _keys_of(push: Push) -> Iterator[str]:
    """An offer is found by the halls that have adopted it alone, by its id."""
    for scope in push.scopes.all():
        for key in [f"{scope.prefix}/{kind}" for kind in scope.kinds] or [scope.prefix]:
            if scope.is_excluded:
                yield f"not:{key}"
            elif scope.mode == PushMode.DIRECT:
                yield f"to:{key}"


def _ids_after(after: UUID | None, most: int) -> list[UUID]:
    rows = _listed_pushes().filter(pk__gt=after) if after else _listed_pushes()
    return list(rows.order_by("pk").values_list("pk", flat=True)[:most])


PUSHES: Final = declare_index(
    TextIndex("pushes", "推稿", INDEX_PUSH, _documents_of, _ids_after, lambda: _listed_pushes().count())
)


def within_hall(hall: Hall) -> Within:
    """Pushes that mean this hall, and offers that it has adopted. One query."""
    decisions = HallPushDecision.objects.filter(hall_id=hall.pk, decision=HallPushDecision.Decision.ADOPTED)
    adopted = decisions.order_by("-published_at").values_list("push_id", flat=True)[:_MOST_ADOPTED]
    keys = hall_keys(hall)
    return Within(
        any_of=(*(f"to:{key}" for key in keys), *(f"push:{push_id}" for push_id in adopted)),
        none_of=tuple(f"not:{key}" for key in keys),
    )


def within_province() -> Within:
    """Pushes that go to every hall."""
    return Within(any_of=(f"to:{settings.PROVINCE_CODE}",))
