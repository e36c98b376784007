"""受理, 不予受理, 补正告知: what the hall says to an application that came in (行政许可法 art. 32)."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, time
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.dateformat import format as in_words

from foundation.errors import Conflict, Fault, Invalid
from foundation.events.operations import emit_event
from province.cases.states import CaseState
from province.halls.models import Hall
from province.rights.actors import Actor
from province.rights.queries import system_actor
from standards.items.codelists import CaseType
from standards.workdays import Limit
from tenants.casework.events import CASE_WAITS
from tenants.casework.models import Case, CaseMaterial, Correction
from tenants.casework.operations.clocks import (
    acceptance_of,
    begin_acceptance,
    begin_correction,
    begin_examination,
    end_acceptance,
    end_correction,
    is_silent,
    may_still_correct,
)
from tenants.casework.operations.documents import give_acceptance, give_non_acceptance, give_supplement
from tenants.casework.operations.examining import start_examination
from tenants.casework.operations.joint import ask_departments
from tenants.casework.operations.rows import (
    clean_said,
    held_case,
    keep,
    lock_case,
    move,
    note_act,
    tell_applicant,
)
from tenants.casework.operations.serving import end_opening, serve_if_agreed
from tenants.casework.operations.work import own_case
from tenants.casework.queries.guides import CaseGuide, guide_of_case
from tenants.casework.states import MaterialState, ServedPaper
from tenants.workflow.queries.forms import definition_of

MOST_ASKED: Final = 30
MOST_WORKDAYS: Final = 60
_LONGEST_LINE: Final = 300
_ACCEPTED: Final = "您的申请已经受理。"
_SILENT: Final = "告知的期限已经过了，依法自收到申请材料之日起视为受理，不能再{}。请受理以后审查。"


@transaction.atomic
def accept_case(
    *, by: Actor, hall: Hall, case_id: UUID, takes_papers: bool = False, revision: int | None = None
) -> Case:
    """受理: the clocks of the examination begin, and so does its flow. ``takes_papers``: the needed materials that are
    not there yet lie on the counter, and are noted as given. Raises Invalid where a needed material is neither there
    nor owed, Conflict where the case is past that."""
    case = lock_case(by, hall, case_id, revision=revision)
    if case.state == CaseState.ACCEPTED and case.accepted_at:
        return case
    if takes_papers:
        states = {one.pk: MaterialState.GIVEN for one in _missing(case)}
        case = note_materials(by=by, hall=hall, case_id=case_id, states=states)
    check_materials(case)
    own_case(hall, case, by)
    take_up(by, hall, case, guide_of_case(case))
    return case


def take_up(by: Actor, hall: Hall, case: Case, guide: CaseGuide, *, is_by_silence: bool = False) -> None:
    """Accept a case that is held; ``is_by_silence``: as of ``begin_to_examine``."""
    begin_to_examine(hall, case, guide, is_by_silence=is_by_silence)
    keep(hall, case)
    give_acceptance(by, hall, case, guide)
    tell_accepted(by, hall, case, "accept", _words_of(case))


def begin_to_examine(hall: Hall, case: Case, guide: CaseGuide, *, is_by_silence: bool = False) -> None:
    """Accept a case in the caller's hands: its clocks begin, the row is not written yet. Where the applicant was not
    told in time it is accepted, and its clocks run, since its papers were received (行政许可法 art. 32), also where
    somebody accepts it now; ``is_by_silence``: nobody does."""
    move(case, CaseState.ACCEPTED)
    acceptance = acceptance_of(case)
    case.accepted_at = case.state_at
    if is_by_silence or is_silent(acceptance):
        case.is_deemed_accepted = case.was_late = True
        case.accepted_at = _moment_of_receipt(case, acceptance.began_on if acceptance else None)
    end_acceptance(hall, case)
    begin_examination(hall, case, guide, timezone.localdate(case.accepted_at))


def _moment_of_receipt(case: Case, day: date | None) -> datetime:
    """When what is to be accepted was received, of which the day is known: the application, or the full set (补正)."""
    correction = Correction.objects.filter(case=case).first()
    for moment in (correction.answered_at if correction else None, case.received_at):
        if moment and day in {None, timezone.localdate(moment)}:
            return moment
    return timezone.make_aware(datetime.combine(day or case.received_at, time.min))


def _words_of(case: Case) -> str:
    """What the applicant is told of acceptance."""
    if not case.is_deemed_accepted or case.accepted_at is None:
        return _ACCEPTED
    day = in_words(timezone.localdate(case.accepted_at), "Y年n月j日")
    return f"没有在期限内告知您是否受理，您的申请自收到材料之日（{day}）起视为受理。"


def tell_accepted(by: Actor, hall: Hall, case: Case, act: str, said: str) -> None:
    """Write down that it was accepted, by which act, ask the departments that take part (联办), and hand it to its
    flow."""
    note_act(by, hall, case, act, said=said)
    tell_applicant(hall, case)
    ask_departments(by, hall, case)
    if case.case_type != CaseType.INSTANT:
        start_examination(by, hall, case)


@transaction.atomic
def deem_accepted(*, hall: Hall, case_id: UUID) -> None:
    """Nobody told the applicant in time: the case counts as accepted from the day of receipt, after 补正 from that of
    the full set (行政许可法 art. 32). What was told meanwhile stays; once more changes nothing."""
    case = held_case(case_id)
    if case.state == CaseState.RECEIVED:
        take_up(system_actor(), hall, case, guide_of_case(case), is_by_silence=True)


@transaction.atomic
def decline_case(*, by: Actor, hall: Hall, case_id: UUID, said: str, revision: int | None = None) -> Case:
    """不予受理, with the reason and, where there is one, the organ that is competent; also of what was not brought
    within the applicant's time (补正). Raises Invalid without a reason, Conflict, also once the time to say so is
    over."""
    case = lock_case(by, hall, case_id, revision=revision)
    said = clean_said(said, ask="请写明不予受理的理由；不属于本厅职权的，写明应当向哪里申请。")
    if case.state == CaseState.DECLINED:
        return case
    _check_not_silent(case, "不予受理")
    if case.state == CaseState.CORRECTING:
        if may_still_correct(case):
            raise Conflict("申请人补正的期限还没有过，不能不予受理。")
        end_correction(hall, case)
        end_opening(hall, case)
    move(case, CaseState.DECLINED)
    end_acceptance(hall, case)
    own_case(hall, case, by)
    serve_if_agreed(hall, case, ServedPaper.NON_ACCEPTANCE)
    keep(hall, case)
    give_non_acceptance(by, hall, case, guide_of_case(case), said)
    note_act(by, hall, case, "decline", said=said)
    tell_applicant(hall, case)
    return case


@transaction.atomic
def ask_for_correction(
    *,
    by: Actor,
    hall: Hall,
    case_id: UUID,
    asked: Sequence[str],
    fields: Collection[str] = (),
    workdays: int | None = None,
    revision: int | None = None,
) -> Case:
    """补正告知: say once and all at once what is still needed. The clock of acceptance stops; a new one begins with
    the full set. ``fields``: of the form, what the applicant may change meanwhile, none: the files of all materials;
    ``workdays``: within how many it is to be brought, None without a limit.

    Raises Invalid where nothing is asked, for a field that there is not or a time that cannot be, Conflict where it
    was asked before, and once the time to ask is over.
    """
    case = lock_case(by, hall, case_id, revision=revision)
    lines = _clean_lines(asked)
    if workdays is not None and not 1 <= workdays <= MOST_WORKDAYS:
        message = f"补正的时间应为 1 至 {MOST_WORKDAYS} 个工作日。"
        raise Invalid.at("workdays", message)
    if unknown := set(fields) - definition_of(case.filled.version).named_fields.keys():
        message = f"申请表没有这些内容：{'、'.join(sorted(unknown))[:200]}。"
        raise Invalid.at("fields", message)
    if Correction.objects.filter(case=case).exists():
        raise Conflict("补正只能告知一次。现在应当受理，或者不予受理并说明理由。")
    _check_not_silent(case, "要求补正")
    move(case, CaseState.CORRECTING)
    end_acceptance(hall, case)
    due_on = begin_correction(hall, case, Limit(workdays, "wd")) if workdays else None
    Correction.objects.create(case=case, asked=lines, fields=sorted(fields), due_on=due_on)
    own_case(hall, case, by)
    serve_if_agreed(hall, case, ServedPaper.SUPPLEMENT)
    keep(hall, case)
    give_supplement(by, hall, case, guide_of_case(case), lines, due_on)
    note_act(by, hall, case, "ask_for_correction", said="\n".join(lines))
    tell_applicant(hall, case)
    return case


@transaction.atomic
def note_materials(
    *, by: Actor, hall: Hall, case_id: UUID, states: Mapping[UUID, str], revision: int | None = None
) -> Case:
    """Write down which materials are there, on paper or otherwise. ``states``: material → ``MaterialState``.

    Raises Invalid for what is no state, or no material of this case; Conflict once it was decided.
    """
    case = lock_case(by, hall, case_id, revision=revision)
    if not case.is_open or case.state == CaseState.DECIDED:
        raise Conflict("这个办件已经作出决定，材料不能再改。")
    rows = CaseMaterial.objects.filter(case=case).in_bulk(list(states))
    faults = [Fault(str(one), "没有这份材料。") for one in states if one not in rows]
    faults += [Fault(str(one), "请选择材料的情况。") for one, state in states.items() if state not in MaterialState]
    faults += [
        Fault(str(pk), f"“{row.name}”是否容缺后补，由“容缺受理”登记；补来了的，登记为“已提交”。")
        for pk, row in rows.items()
        if row.state != states[pk] and _is_about_promises(row, states[pk])
    ]
    if faults:
        raise Invalid.of(faults)
    changed = [row for pk, row in rows.items() if row.state != states[pk]]
    if not changed:
        return case
    for row in changed:
        row.state = MaterialState(states[row.pk])
    CaseMaterial.objects.bulk_update(changed, ["state"])
    keep(hall, case)
    note_act(
        by,
        hall,
        case,
        "note_materials",
        note="；".join(f"{one.name}：{one.get_state_display()}" for one in changed)[:2_000],
        changes={"materials": [None, len(changed)]},
    )
    return case


@transaction.atomic
def bring_the_rest(*, by: Actor, hall: Hall, case_id: UUID, said: str = "", is_applicant: bool = False) -> Case:
    """补正: the full set is in, and a new clock of acceptance begins. The caller knows that it is the applicant
    (``is_applicant``); for staff it is looked at here. Once more changes nothing."""
    case = held_case(case_id) if is_applicant else lock_case(by, hall, case_id)
    correction = Correction.objects.select_for_update().filter(case=case).first()
    if correction is None or case.state != CaseState.CORRECTING:
        if correction and correction.answered_at:
            return case
        raise Conflict("这个办件现在没有要补正的。")
    correction.answered_at = timezone.now()
    correction.save(update_fields=["answered_at"])
    move(case, CaseState.RECEIVED)
    end_correction(hall, case)
    end_opening(hall, case)
    begin_acceptance(hall, case, guide_of_case(case))
    keep(hall, case)
    note_act(by, hall, case, "bring_the_rest", said=clean_said(said), is_applicant=is_applicant)
    emit_event(kind=CASE_WAITS, subject_id=case.pk, hall_id=hall.pk)
    return case


def check_materials(case: Case, *, but: Collection[UUID] = ()) -> None:
    """Raises Invalid with a fault for each needed material that is missing. ``but``: those that may be."""
    if faults := [Fault(str(one.pk), f"还缺“{one.name}”。") for one in _missing(case).exclude(pk__in=but)]:
        many = f"还缺 {len(faults)} 份必要材料：收到的请登记，没有的请一次告知补正。"
        raise Invalid.of(faults, many=many)


def _missing(case: Case) -> QuerySet[CaseMaterial]:
    """Needed materials that nobody has brought."""
    needed = CaseMaterial.objects.filter(case=case, is_needed=True, state=MaterialState.MISSING)
    return needed.order_by("position")


def _check_not_silent(case: Case, what: str) -> None:
    """Raises Conflict where the case counts as accepted by silence, whether the sweep has come or not."""
    if case.state == CaseState.RECEIVED and is_silent(acceptance_of(case)):
        raise Conflict(_SILENT.format(what))


def _is_about_promises(row: CaseMaterial, state: str) -> bool:
    """Whether the change would promise a material, or take a promise back, without the act that is there for it."""
    return state == MaterialState.OWED or (row.state == MaterialState.OWED and state != MaterialState.GIVEN)


def _clean_lines(asked: Sequence[str]) -> list[str]:
    lines = [clean_said(" ".join(one.split()), field="asked") for one in asked if one.strip()]
    if not lines:
        raise Invalid.at("asked", "请写明需要补正的全部内容。")
    if len(lines) > MOST_ASKED or any(len(one) > _LONGEST_LINE for one in lines):
        raise Invalid.at("asked", f"最多 {MOST_ASKED} 项，每项不超过 {_LONGEST_LINE} 个字。")
    return lines
