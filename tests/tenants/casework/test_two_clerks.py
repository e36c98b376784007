"""Two clerks at one case at the same moment: one of them acts, the other one is told, and nothing is there twice."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from foundation.errors import DomainError
from province.cases.models import CaseReport
from province.halls.models import Hall
from province.workdays.models import Clock
from tenants.casework.models import Case, CaseDecision
from tenants.casework.operations.acceptance import accept_case, decline_case
from tenants.casework.operations.deciding import decide_case
from tenants.documents.models import IssuedDocument
from tests.conftest import person
from tests.factories.adoptions import make_shown
from tests.factories.casework import apply_at_window, give_all, make_setup
from tests.factories.sites import inside
from tests.races import at_once


@pytest.mark.usefixtures("fresh_database")
class TestTwoClerks:
    def test_accept_decline_and_decide_one_case_once(self) -> None:
        north = Hall.objects.get(slug="north")
        adoption = make_shown(north)
        north.refresh_from_db()
        with inside(north):
            setup = make_setup(north, adoption)
            case, other = (give_all(north, apply_at_window(north, setup)) for _ in range(2))

        def act(operation: Callable[..., object], by: str, one: Case, **values: Any) -> Callable[[], object]:
            return within(north, partial(operation, by=person(by), hall=north, case_id=one.pk, **values))

        # who has read it before the other one acted, and who has read nothing
        read = case.revision
        accepts = [act(accept_case, by, case, revision=read) for by in ("cao", "hua")]
        assert refusals(at_once(*accepts)) == 1
        assert (
            refusals(at_once(act(accept_case, "cao", other), act(decline_case, "hua", other, said="不归本厅。"))) == 1
        )
        granted = act(decide_case, "tao", case, outcome="granted", reasons="")
        refused = act(decide_case, "he", case, outcome="refused", reasons="不符合。")
        assert refusals(at_once(granted, refused)) == 1
        with inside(north):
            for one in (case, other):
                acts = list(one.acts.values_list("act", flat=True))
                assert sum(name in {"accept", "decline"} for name in acts) == 1, acts
            assert case.acts.filter(act="decide").count() == CaseDecision.objects.filter(case=case).count() == 1
            found = Case.objects.get(pk=case.pk)
            assert found.outcome == CaseDecision.objects.get(case=case).outcome
            assert CaseReport.objects.get(pk=case.pk).outcome == found.outcome
            kinds = list(Clock.objects.filter(owner_id=case.pk).values_list("kind", flat=True))
            assert len(set(kinds)) == len(kinds)
            papers = list(IssuedDocument.objects.filter(owner_id=case.pk).values_list("kind", flat=True))
            assert len(set(papers)) == len(papers)

    def test_take_applications_in_under_numbers_of_their_own(self) -> None:
        north = Hall.objects.get(slug="north")
        adoption = make_shown(north)
        north.refresh_from_db()
        with inside(north):
            setup = make_setup(north, adoption)
        clerks = ("cao", "hua", "cao", "hua")
        at_once(*[within(north, partial(apply_at_window, north, setup, by=one)) for one in clerks])
        with inside(north):
            ends = sorted(one.number[-4:] for one in Case.objects.all())
        assert ends == ["0001", "0002", "0003", "0004"]


def within(hall: Hall, act: Callable[[], object]) -> Callable[[], object]:
    def run() -> object:
        with inside(hall):
            return act()

    return run


def refusals(found: list[object]) -> int:
    return sum(isinstance(one, DomainError) for one in found)
