"""A worker that is killed with -9 while a case's flow has a document issued or a fee asked for, and two at once: one
document, one number, one order."""

from typing import Any

import pytest
from django.utils import timezone

from foundation.errors import DomainError
from foundation.events.models import OutsideCall
from province.cases.models import CaseReport
from province.halls.models import Hall
from tenants.casework.models import Case, CaseSetup
from tenants.casework.operations.examining import withdraw_case
from tenants.documents.models import IssuedDocument
from tenants.fees.models import FeeOrder
from tenants.fees.operations.paying import take_payment
from tenants.workflow.models import Run
from tenants.workflow.operations.calling import send_next_plugin_call
from tenants.workflow.operations.runs import terminate_run
from tests.conftest import person
from tests.factories.case_steps import CHECK, FEE, asked_directly, examined_by, heard, sent, sent_at_last
from tests.factories.casework import accepted
from tests.factories.fees import make_charged_setup
from tests.factories.runs import free_step, open_steps, people
from tests.factories.sites import inside
from tests.forked import killed
from tests.races import at_once


def _send() -> None:
    send_next_plugin_call()


# where it dies, and how many documents there are then
OF_DOCUMENTS = {
    ("tenants.casework.operations.step_documents", "issue_for_case"): 0,
    ("tenants.documents.operations.issuing", "tell_registry"): 0,
    ("tenants.casework.operations.step_documents", "tell_applicant"): 0,
    ("tenants.workflow.operations.calling", "_keep_answer"): 1,
    ("tenants.workflow.operations.calling", "go_on"): 1,
    ("tenants.workflow.operations.calling", "note_act"): 1,
    ("foundation.events.outgoing", "_note_sent"): 1,
}
# and how many orders
OF_FEES = {
    ("tenants.fees.operations.steps", "open_for_case"): 0,
    ("tenants.fees.operations.opening", "tell_owed"): 0,
    ("tenants.fees.operations.opening", "tell_applicant"): 0,
    ("foundation.events.outgoing", "_note_deferral"): 1,
}


@pytest.mark.usefixtures("fresh_database")
class TestAKilledStep:
    def test_leaves_one_document_and_one_order_and_of_two_at_once_one_counts(self) -> None:
        north = Hall.objects.get(slug="north")
        make_charged_setup(north)
        strays: list[Any] = []

        def begun(*nodes: dict[str, Any]) -> Case:
            with inside(north):
                if nodes:
                    examined_by(north, *nodes, free_step("look", people("cao")))
                return accepted(north, CaseSetup.objects.get())

        year = timezone.localdate().year
        for number, (place, left) in enumerate(OF_DOCUMENTS.items(), start=1):
            case = begun(*([CHECK] if number == 1 else []))
            killed(_send, dying_at=place)
            with inside(north):
                issued = IssuedDocument.objects.filter(owner_id=case.pk, kind="site_check")
                kept = issued.count()
                sent()
                found = (
                    kept,
                    [one.number for one in issued],
                    case.acts.filter(act="give_notice").count(),
                    open_steps(Run.objects.get(pk=case.run_id)),
                    OutsideCall.objects.count(),
                )
            if found != (left, [f"核通〔{year}〕{number}号"], 1, ["look"], 0):
                strays.append((place, found))
        case = begun()
        one, other = _at_once(north, case, case)
        assert (one.number, one.code) == (other.number, other.code)
        with inside(north):
            sent()

        for number, (place, left) in enumerate(OF_FEES.items()):
            case = begun(*([FEE] if number == 0 else []))
            killed(_send, dying_at=place)
            with inside(north):
                of_case = FeeOrder.objects.filter(case=case)
                kept = of_case.count()
                sent()
                pending = (kept, [one.number for one in of_case], CaseReport.objects.get(pk=case.pk).owed_fen)
                take_payment(by=person("hua"), hall=north, order_id=of_case.get().pk, way="cash")
                # a worker is killed once more, when it has been told that it was paid
                run = Run.objects.get(pk=case.run_id)
                heard()
            killed(_send, dying_at=("tenants.workflow.operations.calling", "go_on"))
            with inside(north):
                sent()
                done = (of_case.count(), open_steps(run), OutsideCall.objects.filter(kind="workflow.plugin").count())
            if (pending, done) != ((left, [f"{case.number}F01"], 12_000), (1, ["look"], 0)):
                strays.append((place, pending, done))
        assert strays == []
        self._of_two(north, begun)

    def _of_two(self, north: Hall, begun: Any) -> None:
        case = begun()
        _at_once(north, case, case)
        with inside(north):
            sent()
            assert FeeOrder.objects.filter(case=case).count() == 1
        # somebody ends the run while it is asked for: whoever is first, nothing is owed afterwards
        other = begun()

        def ending() -> Run:
            with inside(north):
                return terminate_run(by=person("he"), hall=north, run_id=other.run_id, opinion="不走")

        at_once(ending, lambda: _asked(north, other))
        with inside(north):
            heard()
            sent_at_last()
            assert not FeeOrder.objects.filter(case=other, state="open").exists()
            assert CaseReport.objects.get(pk=other.pk).owed_fen == 0
        # somebody takes the application back while it is paid at the counter: neither waits for the other's rows
        third = begun()
        with inside(north):
            sent()
            order = FeeOrder.objects.get(case=third)

        def paying() -> Any:
            with inside(north):
                return take_payment(by=person("hua"), hall=north, order_id=order.pk, way="cash")

        def withdrawing() -> Case:
            with inside(north):
                return withdraw_case(by=person("cao"), hall=north, case_id=third.pk, reason="不办了")

        assert any(isinstance(one, Case) for one in at_once(paying, withdrawing))
        with inside(north):
            heard()
            assert FeeOrder.objects.get(case=third).state in {"paid", "cancelled"}


def _asked(hall: Hall, case: Case) -> Any:
    with inside(hall):
        return asked_directly(hall, case)


def _at_once(hall: Hall, *cases: Case) -> list[Any]:
    found = at_once(*(lambda one=one: _asked(hall, one) for one in cases))
    assert not any(isinstance(one, DomainError) for one in found)
    return found
