"""All that the staff, applicants, flows, the clock and another hall that is asked for its opinion can do with cases, in
any order, killed between any two statements: after every act each case is somebody's, no clock runs that stands,
nothing was decided too early, no number came twice, both halls have the same of each question, and the applicant knows
no more than is so. Nothing is served electronically without the applicant's consent."""

import secrets
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from random import Random
from typing import Any, Final
from uuid import UUID

import pytest
from django.db import connection, transaction

from foundation import schemas
from foundation.errors import DomainError
from foundation.events.models import EventDelivery
from foundation.events.operations import drain_events
from foundation.rows import draw_id
from province.audit.models import AuditEntry
from province.cases.states import CaseState
from province.citizens.models import Citizen
from province.halls.models import Hall
from province.workdays.models import Clock
from province.workdays.operations.sweeping import sweep_clocks
from province.workdays.states import ClockKind, ClockState
from standards.items.codelists import CaseType
from tenants.casework.models import Case, CaseSetup, JointOpinion
from tenants.casework.operations import (
    acceptance,
    closing,
    deciding,
    examining,
    joint,
    joint_asked,
    joint_elsewhere,
    lacking,
    own,
    serving,
    work,
)
from tenants.casework.queries.corrections import fields_to_bring
from tenants.casework.queries.held import acts_of, sheets_of
from tenants.casework.queries.serving import CONSENT_VERSION
from tenants.casework.states import JointState, LackingState, MaterialState, ServedPaper
from tenants.documents import tasks
from tenants.workflow.models import FilledForm, Flow, FormUpload, WorkItem
from tenants.workflow.operations.filling import save_filling
from tenants.workflow.operations.items import claim_item, finish_item
from tenants.workflow.operations.returns import return_item
from tenants.workflow.states import OPEN_ITEMS
from tests.conftest import person
from tests.factories.case_checks import SECRET, check_asked, check_case
from tests.factories.casework import apply_at_window, apply_online, let_pass, make_lacking_setup
from tests.factories.citizens import make_proved
from tests.factories.forms import citizen_filler
from tests.factories.joint import BUILDERS, POLICE, kept_partners
from tests.factories.kills import Killed, killed_at
from tests.factories.runs import HANDLERS, LEADERS, free_step, row_of
from tests.soak import SOAK

CAST: Final = ("cao", "hua", "tao", "he", "sun")
# of the police of the hall above
ASKED: Final = "qi"
_MOST_CASES: Final = 3
_OF_ACTS: Final = ("created_at", "act", "by_id", "by_name", "state", "said", "note")
# always the same, which come to all of the acts on opinions between them
_SHORT: Final = (2, 4, 9, 26)
_TYPES: Final = (CaseType.INSTANT, CaseType.PROMISED, CaseType.COMPLETED, *[CaseType.JOINT] * 4)
# what an act may have written, of the hall and of the public schema
_TABLES: Final = (
    *("casework_case", "casework_caseact", "casework_casematerial", "casework_correction", "casework_lackingpromise"),
    *("casework_specialprocedure", "casework_extension", "casework_casedecision", "casework_delivery"),
    "casework_jointopinion",
    *("casework_archivesheet", "casework_casecounter", "documents_issueddocument"),
    *("workflow_run", "workflow_workitem", "workflow_runact", "workflow_filledform", "workflow_filledmoment"),
    "events_duetime",
    *("cases_casereport", "cases_caseapplicant", "people_openwork", "workdays_clock"),
    *("events_event", "events_eventdelivery", "messaging_notice", "audit_auditentry", "audit_auditpending"),
    *("cases_referral", "cases_referralparcel", "cases_referralreceipt"),
    # of the hall that is asked
    "hall_000002.casework_jointopinion",
)
_SEEN: Final = " UNION ALL ".join(
    f"SELECT '{one}', md5(coalesce(string_agg(row::text, '|' ORDER BY row.id), '')) FROM {one} AS row"  # noqa: S608
    for one in _TABLES
)


def all_rows() -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(_SEEN)
        return list(cursor.fetchall())


@dataclass(frozen=True)
class Act:
    """Something that somebody tries."""

    name: str
    by: str
    do: Callable[[], object]


class CaseMachine:
    """Some cases of one item, drawn by a seed: of hypothesis' own draws most are the simplest ones, so that nearly
    every act is refused."""

    def __init__(self, north: Hall, south: Hall, setup: CaseSetup, flow: Flow, citizen: Citizen) -> None:
        self.opened = ExitStack()
        self.opened.enter_context(_taken_back())
        self.opened.enter_context(schemas.enter(north.schema_name))
        self.north, self.south, self.setup, self.flow, self.citizen = north, south, setup, flow, citizen
        self.actors = {one: person(one) for one in (*CAST, ASKED)}
        self.police = UUID(setup.partners[0]["unit_id"])
        self.history: dict[UUID, list[list[Any]]] = {}
        self.audited = AuditEntry.objects.filter(object_type="case").count()
        # what was tried, for who reads a failure
        self.done: list[str] = []
        self.reached: set[str] = set()

    def teardown(self) -> None:
        self.opened.close()

    def play(self, random: Random, *, acts: int) -> None:
        self.setup.flow = self.flow if random.random() < 0.4 else None
        self.setup.save()
        self.attempt(self._apply(random))
        if random.random() < 0.7:
            # what most of it is about
            for name in ("note", "accept_lacking"):
                self.attempt(self._act_on(random, Case.objects.get(), name, by="he"))
        rules = (self.act, self.go_on, self.examine, self.wait, self.read)
        for rule in random.choices(rules, weights=(3, 8, 2, 1, 1), k=acts):
            rule(random)
            self.each_case_is_as_it_must()
        drain_events()
        with schemas.enter(self.south.schema_name):
            check_asked(self.south, is_settled=True)

    # what somebody does, or tries to

    def act(self, random: Random) -> None:
        """Anything, mostly at the wrong time."""
        case = self._one(random)
        if case is None or (Case.objects.count() < _MOST_CASES and random.random() < 0.1):
            self.attempt(self._apply(random))
            return
        name = random.choice(_ACTS)
        # most are not killed
        self.attempt(self._act_on(random, case, name), kill_at=random.randint(1, 25) if random.random() < 0.3 else 0)

    def go_on(self, random: Random) -> None:
        """What comes next for a case, by who may do it."""
        case = self._one(random, ended_at=None)
        if case is None:
            if Case.objects.count() < _MOST_CASES:
                self.attempt(self._apply(random))
            return
        waits = JointOpinion.objects.filter(case=case, state=JointState.WAITING).exists()
        if waits and random.random() < 0.75:
            if random.random() < 0.5:
                # the other hall takes up what it was asked
                self._relay(random)
            names = ["answer", "answer there", "answer there", "send back", "ask_another", "enter", "enter"]
        elif case.lacking in {LackingState.PROMISED, LackingState.BROUGHT}:
            names = ["hand in", "confirm_lacking", "confirm_lacking", "return_lacking", "special", "decide"]
            names += [one for one in _NEXT[CaseState(case.state)] if case.state != CaseState.ACCEPTED] * 3
        else:
            names = list(_NEXT[CaseState(case.state)])
        name = random.choice(names)
        by = ASKED if name in _ASKED_ACTS else "tao" if random.random() < 0.5 else "he"
        kill_at = random.randint(1, 25) if name in _ABOUT_OPINIONS and random.random() < 0.3 else 0
        self.attempt(self._act_on(random, case, name, by=by), kill_at=kill_at)

    def examine(self, random: Random) -> None:
        """A step of a flow is done, or sent back; the relay works."""
        item = _one_of(random, list(WorkItem.objects.filter(state__in=OPEN_ITEMS).order_by("pk")))
        if item:
            by = "cao" if item.step == "look" else "tao"
            self.attempt(Act("step", by, lambda: self._do_step(item, by, is_back=random.random() < 0.2)))
        self._relay(random)

    def wait(self, random: Random) -> None:
        """The last day of some clock passes; who sweeps and the relay may be killed on their way, and come again."""
        owners: dict[str, Any] = {"case": Case, "joint": JointOpinion}
        running = Clock.objects.filter(owner_kind__in=owners, state=ClockState.RUNNING).order_by("pk")
        clock = _one_of(random, list(running))
        if clock:
            let_pass(owners[clock.owner_kind].objects.get(pk=clock.owner_id), ClockKind(clock.kind))
            sweep_clocks()
        self._relay(random)

    def read(self, random: Random) -> None:
        """The citizen opens what was served electronically, or asks for paper; or says how it shall be served."""
        case = self._one(random, citizen_id=self.citizen.pk)
        if case:
            names = ["open", "open", "paper"] if case.serving.served else ["choose", "choose"]
            name = random.choice(names)
            kill_at = random.randint(1, 15) if random.random() < 0.3 else 0
            self.attempt(self._act_on(random, case, name), kill_at=kill_at)

    def attempt(self, tried: Act, *, kill_at: int = 0) -> None:
        before = all_rows()
        self.done.append(f"{tried.by} {tried.name}")
        refusal = ""
        try:
            with killed_at(kill_at), transaction.atomic():
                tried.do()
        except DomainError as refused:
            refusal = refused.message
        except Killed:
            refusal = "他中断了"
        else:
            self.reached.add(tried.name)
            return
        assert all_rows() == before, (tried, refusal)
        assert "\u4e00" <= refusal.lstrip("“")[0] <= "\u9fff", refusal

    def _relay(self, random: Random) -> None:
        try:
            with killed_at(random.randint(1, 60) if random.random() < 0.3 else 0):
                drain_events()
        except Killed:
            return
        assert not EventDelivery.objects.exclude(last_error="").values_list("last_error", flat=True)

    # acts

    def _apply(self, random: Random) -> Act:
        later: dict[str, Any] = {"material_2": [], "material_3": []} if random.random() < 0.7 else {}
        is_online, case_type = random.random() < 0.5, random.choice(_TYPES)

        def apply() -> None:
            if is_online:
                case = apply_online(self.north, self.setup, self.citizen, **later)
            else:
                case = apply_at_window(self.north, self.setup)
            Case.objects.filter(pk=case.pk).update(case_type=case_type)

        return Act("apply", "citizen" if is_online else "cao", apply)

    def _act_on(self, random: Random, case: Case, name: str, *, by: str = "") -> Act:
        by = by or random.choice(CAST)
        if name in {"hand in", "withdraw own", "upload"}:
            return Act(name, "citizen", lambda: self._own_act(case, name))
        if name in _OWN_SERVICE:
            return self._about_service(random, case, name)
        if name in _ABOUT_OPINIONS:
            return self._about_opinion(random, case, name, by)
        materials = list(case.materials.order_by("position"))
        outcome = random.choice(("granted", "refused"))
        reasons = f"{SECRET}的理由"
        given: dict[str, dict[str, Any]] = {
            "note": {
                "states": {
                    one.pk: MaterialState.GIVEN if random.random() < 0.9 else random.choice(MaterialState.values)
                    for one in materials
                    if one.position == 1 or random.random() < 0.15
                }
            },
            "accept_lacking": {
                "materials": [one.pk for one in materials if one.state == MaterialState.MISSING and one.position > 1],
                "workdays": random.randint(1, 6),
                "promise": "签了承诺书",
            },
            "return_lacking": {"said": "不清楚"},
            "correct": {"asked": ["缺身份证"], "workdays": random.choice((None, 5))},
            "decline": {"said": "不属于本厅职权"},
            "special": {"kind": "experts", "basis": "某法第九条", "limit": "30d"},
            "special-end": {"result": SECRET},
            "extend": {"workdays": 5, "reason": "案情复杂"},
            "suspend": {"reason": "等待另案"},
            "withdraw": {"reason": "书面撤回"},
            "terminate": {"reason": "场所已经拆除"},
            "transfer": {"to": "水利局", "reason": "职权调整"},
            "decide": {"outcome": outcome, "reasons": reasons},
            "correct_decision": {"outcome": outcome, "reasons": reasons, "corrects": SECRET},
            "serve": {"way": "window", "proof": "本人签收"},
            "serve electronically": {"way": "electronic", "proof": ""},
            "serve otherwise": {"way": "post", "proof": "EMS 1099"},
            "note choice": {"way": random.choice(("electronic", "window")), "is_signed": True},
            "at_once": {"outcome": outcome, "reasons": reasons, "proof": "本人签收"},
        }
        of = {"by": self.actors[by], "hall": self.north, "case_id": case.pk}
        return Act(name, by, lambda: _DOES[name](**of, **given.get(name, {})))

    def _about_opinion(self, random: Random, case: Case, name: str, by: str) -> Act:
        """On one of those of the case; at the other hall, on any that it was asked for."""
        hall = self.south if name in _ASKED_ACTS else self.north
        with schemas.enter(hall.schema_name):
            rows = JointOpinion.objects.filter(case=None if hall == self.south else case.pk).order_by("pk")
            opinion = _one_of(random, list(rows))
        given: dict[str, Any] = {"by": self.actors[by], "hall": hall}
        given["opinion_id"] = opinion.pk if opinion else case.pk
        if name == "send back":
            given["reason"] = f"{SECRET}的原因"
        elif name == "ask_another":
            given["hall_id"] = self.south.pk if random.random() < 0.5 else None
            given["unit_id"] = self.police if given["hall_id"] else None
        else:
            given["reasons"] = f"{SECRET}的意见"
            given["result"] = random.choice(("agreed", "agreed", "refused", "waiting"))

        def act() -> None:
            with schemas.enter(hall.schema_name):
                _ABOUT_OPINIONS[name](**given)

        return Act(name, by, act)

    def _about_service(self, random: Random, case: Case, name: str) -> Act:
        given: dict[str, Any] = {"who": citizen_filler(self.citizen), "hall": self.north, "case_id": case.pk}
        if name == "choose":
            # consent to the text that is in force, twice as often as any other way
            ways = ({"way": "electronic", "consent": CONSENT_VERSION},) * 2 + ({"way": "window"}, {"way": "electronic"})
            given["wish"] = serving.ServiceWish(**random.choice(ways))
        elif name == "open":
            given["papers"] = list(ServedPaper)
        return Act(name, "citizen", lambda: _OWN_SERVICE[name](**given))

    def _own_act(self, case: Case, name: str) -> None:
        who: Any = citizen_filler(self.citizen)
        given: dict[str, Any] = {"who": who, "hall": self.north, "case_id": case.pk}
        if name == "withdraw own":
            own.withdraw_own_case(**given)
            return
        filled = FilledForm.objects.get(pk=case.filled_id)
        if filled.citizen_id == self.citizen.pk:
            posted = {one: [self._file(filled)] for one in sorted(fields_to_bring(filled, False)) if "material" in one}  # noqa: FBT003
            save_filling(who=who, hall=self.north, filled_id=filled.pk, posted=posted, revision=filled.revision)
        if name == "hand in":
            own.hand_in_rest(**given)

    def _file(self, filled: FilledForm) -> dict[str, str]:
        key = draw_id()
        made = FormUpload.objects.create(
            id=key,
            filled=filled,
            key=f"forms/{key}.pdf",
            name="新.pdf",
            media_type="application/pdf",
            size=1,
            sha256="",
        )
        return {"id": str(made.pk), "name": made.name}

    def _do_step(self, item: WorkItem, by: str, *, is_back: bool) -> None:
        given: dict[str, Any] = {"by": self.actors[by], "hall": self.north, "item_id": item.pk}
        if item.owner_id is None:
            claim_item(**given)
        if is_back and item.step == "approve":
            return_item(**given, opinion="再看看", to_step="look")
        else:
            finish_item(**given, opinion=f"{SECRET}的意见")

    def _one(self, random: Random, **having: Any) -> Case | None:
        return _one_of(random, list(Case.objects.filter(**having).order_by("pk")))

    # what holds after each of them

    def each_case_is_as_it_must(self) -> None:
        cases = list(Case.objects.select_related("setup", "filled__version").order_by("pk"))
        assert len({one.number for one in cases}) == len(cases)
        for case in cases:
            check_case(self.north, case)
        acts = {
            case_id: [[getattr(one, name) for name in _OF_ACTS] for one in done]
            for case_id, done in acts_of(cases, sheets_of(cases)).items()
        }
        for case_id, before in self.history.items():
            assert acts[case_id][: len(before)] == before
        self.history = acts
        with schemas.enter(self.south.schema_name):
            check_asked(self.south, is_settled=False)
        archived = AuditEntry.objects.filter(object_type="case").count() - self.audited
        assert archived == sum(map(len, acts.values()))


_DOES: Final[dict[str, Callable[..., object]]] = {
    "take": work.take_case,
    "put_back": work.put_back_case,
    "note": acceptance.note_materials,
    "accept": acceptance.accept_case,
    "accept_lacking": lacking.accept_lacking,
    "confirm_lacking": lacking.confirm_lacking,
    "return_lacking": lacking.return_lacking,
    "correct": acceptance.ask_for_correction,
    "bring": acceptance.bring_the_rest,
    "decline": acceptance.decline_case,
    "special": examining.begin_special_procedure,
    "special-end": examining.end_special_procedure,
    "extend": examining.extend_case,
    "suspend": examining.suspend_case,
    "resume": examining.resume_case,
    "withdraw": examining.withdraw_case,
    "terminate": examining.terminate_case,
    "transfer": examining.transfer_case,
    "decide": deciding.decide_case,
    "correct_decision": deciding.correct_decision,
    "serve": closing.serve_decision,
    "serve electronically": closing.serve_decision,
    "serve otherwise": serving.serve_otherwise,
    "note choice": serving.note_service_choice,
    "at_once": closing.finish_at_once,
    "archive": closing.archive_case,
    "hand in": own.hand_in_rest,
    "withdraw own": own.withdraw_own_case,
}
_OWN_SERVICE: Final[dict[str, Callable[..., object]]] = {
    "choose": serving.choose_service,
    "open": serving.open_served,
    "paper": serving.ask_for_paper,
}
_ABOUT_OPINIONS: Final[dict[str, Callable[..., object]]] = {
    "answer": joint.give_opinion,
    "ask_another": joint_elsewhere.ask_another,
    "enter": joint_elsewhere.enter_opinion,
    "answer there": joint.give_opinion,
    "send back": joint_asked.send_back_request,
}
# at the hall that is asked
_ASKED_ACTS: Final = frozenset({"answer there", "send back"})
# what ends a case comes seldom
_ENDS: Final = frozenset({"decline", "withdraw", "withdraw own", "terminate", "transfer", "archive"})
_ACTS: Final = (*_DOES, *[one for one in (*_DOES, *_OWN_SERVICE, *_ABOUT_OPINIONS) if one not in _ENDS] * 4)
_NEXT: Final = {
    CaseState.RECEIVED: (
        "note",
        "note",
        "accept",
        "accept_lacking",
        "accept_lacking",
        "accept_lacking",
        "correct",
        "choose",
    ),
    CaseState.CORRECTING: ("bring", "hand in", "hand in"),
    CaseState.ACCEPTED: ("special", "suspend", "extend", "decide", "decide", "at_once"),
    CaseState.PAUSED: ("special-end",),
    CaseState.SUSPENDED: ("resume",),
    CaseState.DECIDED: ("serve", "choose", "serve electronically", "serve electronically", "correct_decision"),
}


def _one_of[T](random: Random, some: list[T]) -> T | None:
    return random.choice(some) if some else None


@contextmanager
def _taken_back() -> Iterator[None]:
    """Nothing of it remains."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


class TestCaseMachine:
    @pytest.mark.soak
    @pytest.mark.django_db
    def test_never_loses_an_owner_or_decides_too_early(
        self, north: Hall, south: Hall, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        # half a second for each paper, and none is looked at here
        monkeypatch.setattr(tasks, "make_files", lambda **_: None)
        setup, citizen = make_lacking_setup(north, joint_bodies=[POLICE, BUILDERS]), make_proved(1)
        setup.partners = kept_partners(north, south)
        with schemas.enter(north.schema_name):
            limit = {"amount": 3}
            steps = free_step("look", HANDLERS, limit=limit), free_step("approve", LEADERS, limit=limit)
            flow = row_of(north, *steps, code="examine")
        reached: set[str] = set()
        first = secrets.randbelow(2**32)
        for seed in range(first, first + 300) if SOAK else _SHORT:
            machine = CaseMachine(north, south, setup, flow, citizen)
            try:
                machine.play(Random(seed), acts=40 if SOAK else 16)  # noqa: S311 - no secret
            except Exception as fault:
                fault.add_note(f"seed {seed}: {machine.done}")
                raise
            finally:
                machine.teardown()
            reached |= machine.reached
        assert {"accept_lacking", "choose", "serve electronically", "open", *_ABOUT_OPINIONS} <= reached
