"""What a village takes in for the county (代办): by a relay of its own, from the moment in which it is handed over
until it stands in the county's list, and from the county's decision until the village reads it."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any, Final

from benchmarks._case_lives import CaseWorld, clerk, settle
from benchmarks.measuring import line, milliseconds, say
from config.demo.applicants import applicant
from foundation import schemas
from foundation.events.models import EventDelivery
from province.cases.models import CaseOffer, Referral, ReferralReceipt
from province.cases.states import CaseOutcome, Consent, ReferralState
from province.halls.models import Hall, HallKind
from province.rights.actors import Actor
from tenants.assistance.operations.handing_over import hand_over
from tenants.assistance.operations.taking_in import AssistedPerson, begin_assistance, save_assistance
from tenants.casework.models import Case
from tenants.casework.operations.acceptance import accept_case, note_materials
from tenants.casework.operations.deciding import decide_case
from tenants.casework.queries.desk import cases_at_desk
from tenants.casework.states import MaterialState
from tenants.shell.slots import Desk
from tests.servers import ROOT, wait_until

_BOUND: Final = 2.0


def referrals(world: CaseWorld, *, times: int) -> list[dict[str, Any]]:
    village = Hall.objects.filter(
        kind=HallKind.VILLAGE, division__code__startswith=world.hall.division.code[:6]
    ).first()
    assert village
    by = clerk(village, "village")
    settle()
    arrived, told = [], []
    with _relay():
        # the first one opens what the relay has not used yet
        for place in range(times + 1):
            there, back = _one(world, village, by, place)
            arrived.append(there)
            told.append(back)
    there, back = median(arrived[1:]), median(told[1:])
    return [
        line(
            "an application taken in at a village's desk, from there into the county's list",
            measured=f"{milliseconds(there)} ms",
            bound=f"<= {_BOUND:.0f} s",
            holds=there <= _BOUND,
            slowest_ms=milliseconds(max(arrived)),
        ),
        line(
            "the county's decision, from there to the village's desk",
            measured=f"{milliseconds(back)} ms",
            bound=f"<= {_BOUND:.0f} s",
            holds=back <= _BOUND,
            slowest_ms=milliseconds(max(told)),
        ),
    ]


@contextmanager
def _relay() -> Iterator[None]:
    say("  a relay begins …")
    running = subprocess.Popen([Path(sys.executable).with_name("yizhan"), "relay"], cwd=ROOT)
    try:
        # it has nothing to do: once it takes what comes, it is there
        time.sleep(5)
        yield
    finally:
        running.terminate()
        running.wait()


def _one(world: CaseWorld, village: Hall, by: Actor, place: int) -> tuple[float, float]:
    offer = CaseOffer.objects.get(pk=world.promised.pk)
    told = applicant(place)
    whom = AssistedPerson(name=told["applicant_name"], number=told["applicant_number"], phone=told["applicant_mobile"])
    with schemas.enter(village.schema_name):
        made = begin_assistance(by=by, hall=village, offer_id=offer.pk, person=whom, consent=Consent.PRESENT, note="")
        given = {"assistance_id": made.pk, "by": by, "hall": village}
        saved = save_assistance(posted=told, revision=made.revision, **given).assistance
        began_at = time.perf_counter()
        hand_over(revision=saved.revision, is_read_back=True, **given)
    sent = Referral.objects.filter(case_id=made.pk)
    receipts = ReferralReceipt.objects.filter(referral__in=sent)
    with schemas.enter(world.hall.schema_name):
        inbox = cases_at_desk(Desk(world.clerk, world.hall), state="open")
        _wait(lambda: inbox.filter(pk__in=receipts.values("case_id")).exists())
        arrived = time.perf_counter() - began_at
        case = Case.objects.get(pk__in=receipts.values("case_id"))
        _quiet()
        states = {one.pk: MaterialState.GIVEN for one in case.materials.all()}
        note_materials(by=world.handler, hall=world.hall, case_id=case.pk, states=states)
        accept_case(by=world.handler, hall=world.hall, case_id=case.pk)
        _quiet()
        began_at = time.perf_counter()
        decide_case(by=world.leader, hall=world.hall, case_id=case.pk, outcome=CaseOutcome.GRANTED, reasons="")
    # who took it in has been told
    _wait(lambda: not sent.filter(state=ReferralState.SENT).exists())
    told = time.perf_counter() - began_at
    _quiet()
    return arrived, told


def _wait(is_true: Callable[[], bool]) -> None:
    wait_until(is_true, what="a referral's way")


def _quiet() -> None:
    """What an act has brought along is done before the next one is measured, or has been tried."""
    waiting = EventDelivery.objects.filter(state=EventDelivery.State.WAITING, attempts=0)
    wait_until(lambda: not waiting.exists(), what="the relay")
