"""What a township takes in for the county (代收): by a relay of its own, from the moment in which it is sent until it
stands in the county's list, and from the county's decision until the township reads it."""

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
from province.cases.states import CaseOutcome, ReferralState
from province.halls.models import Hall, HallKind
from province.rights.actors import Actor
from tenants.casework.models import Case
from tenants.casework.operations.acceptance import accept_case, note_materials
from tenants.casework.operations.collecting import begin_collecting
from tenants.casework.operations.deciding import decide_case
from tenants.casework.queries.desk import cases_at_desk
from tenants.casework.states import Consent, MaterialState
from tenants.shell.slots import Desk
from tenants.workflow.operations.filling import save_filling, send_filling
from tenants.workflow.queries.filled import FormFiller
from tests.servers import ROOT, wait_until

_BOUND: Final = 2.0


def referrals(world: CaseWorld, *, times: int) -> list[dict[str, Any]]:
    township = Hall.objects.filter(
        kind=HallKind.TOWNSHIP, division__code__startswith=world.hall.division.code[:6]
    ).first()
    assert township
    by = clerk(township, "township")
    settle()
    arrived, told = [], []
    with _relay():
        # the first one makes the form, and opens what the relay has not used yet
        for place in range(times + 1):
            there, back = _one(world, township, by, place)
            arrived.append(there)
            told.append(back)
    there, back = median(arrived[1:]), median(told[1:])
    return [
        line(
            "an application taken in at a township's desk, from there into the county's list",
            measured=f"{milliseconds(there)} ms",
            bound=f"<= {_BOUND:.0f} s",
            holds=there <= _BOUND,
            slowest_ms=milliseconds(max(arrived)),
        ),
        line(
            "the county's decision, from there to the township's desk",
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


def _one(world: CaseWorld, township: Hall, by: Actor, place: int) -> tuple[float, float]:
    who = FormFiller(by)
    offer = CaseOffer.objects.get(pk=world.promised.pk)
    with schemas.enter(township.schema_name):
        made = begin_collecting(by=by, hall=township, offer_id=offer.pk, consent=Consent.PRESENT)
        filled = save_filling(
            who=who,
            hall=township,
            filled_id=made.filled_id,
            posted=applicant(place),
            revision=made.filled.revision,
        ).filled
        began_at = time.perf_counter()
        send_filling(who=who, hall=township, filled_id=filled.pk, revision=filled.revision)
    sent = Referral.objects.filter(case_id=filled.pk)
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
