"""Audiences against the naive rule, said in one line of Python for one hall and one scope."""

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from foundation.errors import Invalid
from province.content.queries.audiences import Audience, Scope, audience_preview, halls_of
from province.content.queries.pushes import listed_pushes, push_on_hall
from province.halls.models import Hall, HallKind
from province.halls.states import HallState
from standards.numbers.divisions import PREFIX_LENGTH
from tests.factories.pushes import make_push
from tests.factories.registry import register_halls

pytestmark = pytest.mark.django_db

PLACES = (
    ("4301", HallKind.CITY),
    ("430101", HallKind.COUNTY),
    ("430102", HallKind.COUNTY),
    ("430101001", HallKind.TOWNSHIP),
    ("430101001201", HallKind.VILLAGE),
    ("430101001202", HallKind.VILLAGE),
    ("430102005", HallKind.TOWNSHIP),
    ("430102005200", HallKind.VILLAGE),
)
PREFIXES = ("43", *(prefix for prefix, _ in PLACES), "4302", "430101002")

scopes = st.builds(
    Scope,
    st.sampled_from(PREFIXES),
    st.lists(st.sampled_from(HallKind.values), unique=True, max_size=3).map(lambda kinds: tuple(sorted(kinds))),
)


def _is_named(hall: Hall, scope: Scope) -> bool:
    return scope.prefix in hall.prefixes and (not scope.kinds or hall.kind in scope.kinds)


def _is_meant(hall: Hall, named: list[Scope], excluded: list[Scope]) -> bool:
    return any(_is_named(hall, scope) for scope in named) and not any(_is_named(hall, scope) for scope in excluded)


class TestAudience:
    @given(
        named=st.lists(scopes, min_size=1, max_size=5),
        excluded=st.lists(scopes, max_size=3),
        former=st.sampled_from(PREFIXES),
        suspended=st.sampled_from(PLACES),
    )
    @settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
    def test_means_the_same_halls_in_python_registry_lists_pages_and_preview(
        self, named: list[Scope], excluded: list[Scope], former: str, suspended: tuple[str, HallKind]
    ) -> None:
        with transaction.atomic():
            self._check(named, excluded, former, suspended)
            transaction.set_rollback(True)

    def _check(self, named: list[Scope], excluded: list[Scope], former: str, suspended: tuple[str, HallKind]) -> None:
        halls = register_halls(PLACES)
        # one hall once bore another code; that one and those above it still find it
        borne = {former[:digits] for digits in PREFIX_LENGTH.values() if digits <= len(former)}
        halls[-1].prefixes = sorted({*halls[-1].prefixes, *borne}, key=len)
        halls[-1].save()
        closed = next(hall for hall, place in zip(halls, PLACES, strict=True) if place == suspended)
        Hall.objects.filter(pk=closed.pk).update(state=HallState.SUSPENDED)
        meant = {hall.pk for hall in halls if _is_meant(hall, named, excluded)}
        audience = Audience(tuple(named), tuple(excluded))

        assert set(halls_of(audience).values_list("pk", flat=True)) == meant
        preview = audience_preview(audience)
        assert (preview.total, preview.suspended_count) == (len(meant), closed.pk in meant)
        assert {line.id for line in preview.showing} == meant - {closed.pk}
        if not meant:
            with pytest.raises(Invalid):
                make_push(audience=audience)
            return
        push = make_push(audience=audience)
        for hall in halls:
            assert (push_on_hall(hall, push.pk) is not None) == (hall.pk in meant)
            assert [line.id for line in listed_pushes(hall, "news", limit=5)] == [push.pk] * (hall.pk in meant)

    @given(named=st.lists(scopes, max_size=6))
    def test_holds_no_scope_twice_or_below_another(self, named: list[Scope]) -> None:
        kept = Audience(tuple(named)).scopes
        assert len({scope.prefix for scope in kept}) == len(kept)
        assert not any(one.covers(other) for one in kept for other in kept if one != other)
        assert Audience(kept).scopes == kept
