"""A case as its applicant sees it: what they must do now, where it is, what happens next and until when, what was said
to them. Nothing ahead of the decision, nothing that the staff alone read."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.dateformat import format as in_words

from foundation.errors import NotFound
from foundation.masking import scrub
from province.cases.states import CASE_KIND, CASE_TRANSITIONS, CaseOutcome, CaseState
from province.citizens.models import Citizen
from province.registries.states import DocumentState
from province.workdays.models import Clock
from province.workdays.queries.clocks import clocks_of, stories
from province.workdays.states import ClockKind, ClockState
from standards.items.codelists import ExcludedStep
from tenants.casework.models import Case, CaseAct, CaseDecision, CaseMaterial, Delivery, LackingPromise
from tenants.casework.queries.acts import CASE_ACTS, MAKE_LICENCE
from tenants.casework.queries.corrections import fields_to_bring, what_to_bring
from tenants.casework.queries.desk import HALLS_OWN
from tenants.casework.queries.guides import guide_of_case
from tenants.casework.queries.held import acts_of_case, decisions_of_case
from tenants.casework.queries.joint import JointPart, bodies_at_work, joint_parts
from tenants.casework.states import OPEN_LACKING, LackingState, MaterialState
from tenants.licences.queries.register import licences_of_case
from tenants.workflow.models import Run
from tenants.workflow.queries.public_line import PublicStep, public_line

NO_OWN_CASE: Final = "没有这个办件，可能编号有误，或者属于其他人、其他服务厅。"
# acts that concern the staff alone
_INTERNAL: Final = frozenset(
    {"take", "put_back", "take_over", "note_materials", "archive", "take_back", "send_back", "have_again"}
    | {"without_flow", "unopened"}
    | {"ask_departments", "give_opinion", "ask_another", "enter_opinion", "opinion_back", "make_receipt"}
)
# which applicants themselves do, unless somebody of the staff does it for them
_OWN: Final = frozenset(
    {*("receive", "bring_the_rest", "bring_lacking", "withdraw"), *("confirm_service", "open_served", "ask_for_paper")}
)
# those of which who has only looked it up is told what was said: what is to be brought, and words of the platform's own
_SAID_TO_ALL: Final = frozenset(
    {
        *("ask_for_correction", "accept", "end_special_procedure", "serve"),
        *("accept_lacking", "remind_of_lacking", "confirm_lacking", "lapse"),
    }
)
_MAKING: Final = "制证"
_RECONSIDERATION: Final = "自收到本决定之日起 60 日内，可以依法{}申请行政复议。"
_LITIGATION: Final = "自收到本决定之日起 6 个月内，可以依法向{}提起行政诉讼。"
_SENTENCES: Final = {
    CaseState.RECEIVED: "申请已经收到，正在看材料是否齐全。",
    CaseState.CORRECTING: "材料还不齐全，请按下面的内容补齐。",
    CaseState.ACCEPTED: "已经受理，正在审查。",
    CaseState.PAUSED: "正在进行特别程序。",
    CaseState.SUSPENDED: "审查已经中止。",
    CaseState.HANDED_UP: "已经初审，正在由上级审批。",
    CaseState.DECIDED: "已经作出决定。",
    CaseState.FINISHED: "已经办结。",
    CaseState.DECLINED: "这次申请没有受理。",
    CaseState.WITHDRAWN: "申请已经撤回。",
    CaseState.TERMINATED: "已经终止办理。",
    CaseState.TRANSFERRED: "已经移送其他机关办理。",
}
# what happens next, where no day is known
_COMING: Final = {
    CaseState.PAUSED: "它需要的时间不算在办理期限里；结束以后继续审查，并告诉您。",
    CaseState.SUSPENDED: "中止的原因消除以后恢复审查，并告诉您。",
    CaseState.HANDED_UP: "上级审批的时间不算在本厅的办理期限里；有了决定由本厅送达，并告诉您。",
}


@dataclass(frozen=True, slots=True)
class CaseStep:
    """One of 收件, 受理, 审查, 决定, 制证 where a licence was granted, 送达. ``state``: done, now, next, or stopped
    where it ended before its time."""

    label: str
    state: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class ToldLine:
    """Something that was done. ``said``: what the applicant was told; ``is_own``: the applicant did it."""

    at: datetime
    label: str
    said: str
    is_own: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnCaseView:
    """``examined``: where its flow is, by the steps that the flow names for citizens; ``joint``: which
    departments take part (联办), and which of them is late. ``sentence``: how it stands;
    ``coming``: what happens next and until when, "" where nothing does; ``story``: how that day came about. ``asked``:
    what is to be brought, a line each, while it is; ``until``: by when, None without a limit; ``is_until_assumed``: it
    lies behind a year without a notice; ``is_promised``: the applicant has promised it (容缺后补); ``may_change``:
    whether something of the form can be changed on the site meanwhile; ``missing``: materials that are not there."""

    case: Case
    steps: tuple[CaseStep, ...]
    examined: tuple[PublicStep, ...]
    joint: tuple[JointPart, ...]
    told: tuple[ToldLine, ...]
    sentence: str
    coming: str
    story: str
    asked: tuple[str, ...]
    until: date | None
    is_until_assumed: bool
    is_promised: bool
    may_change: bool
    missing: tuple[str, ...]
    can_withdraw: bool
    is_decided: bool


@dataclass(frozen=True, slots=True)
class OwnDecision:
    """What was decided. ``remedies``: what one may do against it, as the item's guide says, or as the law does, with
    the bodies of the setup."""

    case: Case
    decision: CaseDecision
    delivery: Delivery | None
    remedies: tuple[str, ...]
    is_corrected: bool


def own_cases_here(citizen_id: UUID) -> QuerySet[Case]:
    """The citizen's cases at this hall, the newest first."""
    return Case.objects.filter(citizen_id=citizen_id).order_by("-pk")


def own_case(citizen: Citizen, case_id: UUID) -> Case:
    """The citizen's own. Raises NotFound, also for another person's and another hall's."""
    found = own_cases_here(citizen.pk).select_related("filled__version", "setup").filter(pk=case_id).first()
    if found is None:
        raise NotFound(NO_OWN_CASE)
    return found


def looked_up_case(case_id: UUID) -> Case:
    """For who has shown number and phone. Raises NotFound."""
    found = Case.objects.select_related("filled__version", "setup").filter(pk=case_id).first()
    if found is None:
        raise NotFound(NO_OWN_CASE)
    return found


def own_case_view(case: Case, *, is_looked_up: bool = False) -> OwnCaseView:
    """``is_looked_up``: by number and phone alone; then nothing personal is in it. At most thirteen queries,
    sixteen for a 联办件."""
    clocks = {ClockKind(one.kind): one for one in Clock.objects.filter(owner_id=case.pk, ended_on=None)}
    to_bring = what_to_bring(case)
    bringing = clocks.get(ClockKind.LAPSE if isinstance(to_bring, LackingPromise) else ClockKind.SUPPLEMENT)
    leading = _leading(case, clocks)
    acts = acts_of_case(case)
    return OwnCaseView(
        case=case,
        steps=tuple(_steps(case, () if is_looked_up else _making(case, acts))),
        examined=() if is_looked_up else _examined(case),
        joint=tuple(joint_parts(case)),
        told=tuple(_told(acts, is_looked_up=is_looked_up)),
        sentence=_sentence(case, is_looked_up=is_looked_up),
        coming=_coming(case, leading),
        story=stories([leading])[leading.pk] if leading else "",
        asked=tuple(scrub(one) if is_looked_up else one for one in to_bring.asked) if to_bring else (),
        until=bringing.due_on if to_bring and bringing else None,
        is_until_assumed=bool(to_bring and bringing and bringing.is_assumed),
        is_promised=isinstance(to_bring, LackingPromise),
        may_change=not is_looked_up and to_bring is not None and bool(fields_to_bring(case.filled, False)),  # noqa: FBT003
        missing=tuple(_missing(case)) if to_bring else (),
        can_withdraw=not is_looked_up and CASE_TRANSITIONS.allows(case.state, CaseState.WITHDRAWN),
        is_decided=not is_looked_up and bool(case.outcome),
    )


@dataclass(frozen=True, slots=True)
class CaseBrief:
    """A case in two sentences, as in ``OwnCaseView``. ``is_late``: one of the hall's own limits is over."""

    sentence: str
    coming: str
    is_late: bool


def briefs_of(cases: Collection[Case], *, is_looked_up: bool = False) -> dict[UUID, CaseBrief]:
    """How each stands, and what happens next: one query, and at most one more for each."""
    clocks = clocks_of(CASE_KIND, [one.pk for one in cases])
    found = {}
    for case in cases:
        running = {ClockKind(one.kind): one for one in clocks.get(case.pk, ()) if one.ended_on is None}
        said = _sentence(case, is_looked_up=is_looked_up)
        found[case.pk] = CaseBrief(said, _coming(case, _leading(case, running)), is_any_late(running.values()))
    return found


def is_any_late(clocks: Iterable[Clock]) -> bool:
    """Whether one of the hall's own limits that run is over."""
    today = timezone.localdate()
    own = (one.due_on for one in clocks if one.kind in HALLS_OWN and one.state == ClockState.RUNNING)
    return any(due_on and due_on < today for due_on in own)


def own_decision(case: Case) -> OwnDecision:
    """The latest decision. Raises NotFound before there is one."""
    made = decisions_of_case(case) if case.outcome else []
    if not made:
        raise NotFound("这个办件还没有作出决定。")
    found = made[-1]
    values = guide_of_case(case).values
    body = f"向{case.setup.review_body}" if case.setup.review_body else ""
    own = (
        ("reconsideration", _RECONSIDERATION.format(body)),
        ("litigation", _LITIGATION.format(case.setup.court or "人民法院")),
    )
    return OwnDecision(
        case=case,
        decision=found,
        delivery=getattr(found, "delivery", None),
        remedies=tuple(str(values.get(name) or otherwise) for name, otherwise in own),
        is_corrected=found.number > 1,
    )


def _missing(case: Case) -> Iterator[str]:
    not_there = (MaterialState.MISSING, MaterialState.OWED)
    rows = CaseMaterial.objects.filter(case=case, is_needed=True, state__in=not_there)
    yield from rows.order_by("position").values_list("name", flat=True)


def _making(case: Case, acts: Sequence[CaseAct]) -> tuple[tuple[str, datetime | None], ...]:
    """制证, with when it was done, None while it goes on; nothing where no licence was granted that holds."""
    granted = [one.document for one in licences_of_case(case.pk)] if case.outcome == CaseOutcome.GRANTED else []
    granted = [one for one in granted if one.state == DocumentState.ISSUED]
    if not granted:
        return ()
    made = [one.created_at for one in acts if one.act == MAKE_LICENCE]
    # the act follows the file by an event
    at = (made[-1] if made else case.decided_at) if all(one.is_made for one in granted) else None
    return ((_MAKING, at),)


def _steps(case: Case, making: Sequence[tuple[str, datetime | None]]) -> Iterator[CaseStep]:
    reached = (
        *(("收件", case.received_at), ("受理", case.accepted_at), ("审查", case.decided_at), ("决定", case.decided_at)),
        *making,
        ("送达", _served_at(case)),
    )
    is_over = not case.is_open
    has_now = False
    for label, at in reached:
        if at:
            yield CaseStep(label, "done", at)
        elif label == _MAKING:
            # what is done at once is handed over before the file is there
            yield CaseStep(label, "now", None)
            has_now = not is_over
        elif has_now:
            yield CaseStep(label, "next", None)
        else:
            has_now = True
            yield CaseStep(label, "stopped" if is_over else "now", case.ended_at if is_over else None)


def _examined(case: Case) -> tuple[PublicStep, ...]:
    """How the run ended is not said: only a decision says it."""
    run = Run.objects.select_related("version__form_version").filter(pk=case.run_id).first() if case.run_id else None
    return public_line(run).steps if run else ()


def _served_at(case: Case) -> datetime | None:
    return case.ended_at if case.state == CaseState.FINISHED else None


def _told(acts: Sequence[CaseAct], *, is_looked_up: bool) -> Iterator[ToldLine]:
    for act in reversed(acts):
        # that a licence is made says what was decided
        if act.act in _INTERNAL or (is_looked_up and act.act == MAKE_LICENCE):
            continue
        said = act.said if not is_looked_up else scrub(act.said) if act.act in _SAID_TO_ALL else ""
        yield ToldLine(act.created_at, CASE_ACTS[act.act], said, act.act in _OWN and act.is_of_applicant)


def _sentence(case: Case, *, is_looked_up: bool) -> str:
    said = _SENTENCES[CaseState(case.state)]
    if case.state == CaseState.PAUSED:
        procedure = case.special_procedures.filter(ends_on=None).first()
        return f"正在进行{ExcludedStep(procedure.kind).label if procedure else '特别程序'}。"
    if case.state == CaseState.ACCEPTED and case.lacking in OPEN_LACKING:
        is_brought = case.lacking == LackingState.BROUGHT
        return f"已经容缺受理，正在审查{'，您补交的材料正在核对' if is_brought else '，请按承诺补交材料'}。"
    if case.state == CaseState.ACCEPTED and (bodies := bodies_at_work(case)):
        accepted = "已经视为受理" if case.is_deemed_accepted else "已经受理"
        return f"{accepted}，正在由{'、'.join(bodies)}办理。"
    if case.state == CaseState.ACCEPTED and case.is_deemed_accepted:
        return "已经视为受理，正在审查。"
    if case.outcome and not is_looked_up:
        return f"{said.removesuffix('。')}：{case.get_outcome_display()}。"
    return said


def _leading(case: Case, clocks: dict[ClockKind, Clock]) -> Clock | None:
    """The clock whose end the applicant waits for, or has to keep."""
    match case.state:
        case CaseState.RECEIVED:
            return clocks.get(ClockKind.ACCEPTANCE)
        case CaseState.CORRECTING:
            return clocks.get(ClockKind.SUPPLEMENT)
        case CaseState.ACCEPTED | CaseState.PAUSED | CaseState.HANDED_UP:
            return clocks.get(ClockKind.PROMISED) or clocks.get(ClockKind.STATUTORY)
        case CaseState.DECIDED:
            return clocks.get(ClockKind.DELIVERY)
        case _:
            return None


def _coming(case: Case, clock: Clock | None) -> str:
    by = f"最迟{in_words(clock.due_on, 'Y年n月j日')}{clock.assumed_remark}" if clock and clock.due_on else ""
    is_late = bool(clock and clock.due_on and clock.due_on < timezone.localdate())
    late = "（已经超过这一天，您可以打电话询问）" if is_late else ""
    match case.state:
        case CaseState.RECEIVED:
            return f"{by or '五个工作日内'}告诉您是否受理、要不要补材料；到期没有告诉您的，就视为受理。"
        case CaseState.ACCEPTED:
            is_owed = case.lacking in OPEN_LACKING
            return "补交的材料齐了以后才作出决定。" if is_owed else f"{by or '审查后'}作出决定{late}。"
        case CaseState.DECIDED:
            return f"{by}送达{late}。" if by else "接着送达给您。"
        case _:
            return _COMING.get(CaseState(case.state), "")
