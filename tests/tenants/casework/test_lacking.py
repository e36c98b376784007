"""容缺受理: accepted with something missing that the guide lets come later, promised by a day. It is brought and looked
at, or the case ends; and nothing is decided before."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from foundation.errors import Conflict, Invalid
from foundation.events.operations import drain_events
from foundation.rows import draw_id
from province.cases.models import CaseReport
from province.cases.states import CaseOutcome, CaseState
from province.citizens.models import Citizen, PhoneNotice
from province.halls.models import Hall
from province.messaging.models import Notice
from province.workdays.models import Clock
from province.workdays.operations.sweeping import sweep_clocks
from province.workdays.states import ClockKind
from standards.items.codelists import CaseType
from tenants.casework.models import Case, CaseSetup
from tenants.casework.operations import lacking, own
from tenants.casework.operations.acceptance import accept_case, note_materials
from tenants.casework.operations.closing import finish_at_once
from tenants.casework.operations.deciding import decide_case
from tenants.casework.operations.examining import resume_case, suspend_case, withdraw_case
from tenants.casework.operations.lacking import accept_lacking, confirm_lacking, lapse_case, return_lacking
from tenants.casework.operations.own import hand_in_rest
from tenants.casework.queries.corrections import later_materials
from tenants.casework.queries.own_cases import own_case_view
from tenants.casework.queries.papers import documents_of_case
from tenants.casework.states import LackingState, MaterialState
from tenants.workflow.models import FilledForm, FormUpload
from tenants.workflow.operations.filling import save_filling
from tenants.workflow.queries.filled import moments_of
from tests.conftest import person
from tests.factories.casework import accept_but, apply_at_window, apply_online, let_pass, make_lacking_setup
from tests.factories.citizens import make_proved
from tests.factories.forms import citizen_filler
from tests.factories.runs import HANDLERS, do, free_step, row_of
from tests.factories.sites import inside, make_columns
from tests.tenants.casework.test_desk_pages import act, desk, program
from tests.tenants.citizen_pages.test_pages import signed_in

pytestmark = pytest.mark.django_db

HEALTH, PHOTO = "material_2", "material_3"


@pytest.fixture(scope="module", autouse=True)
def _opened(file_rows: None) -> None:
    make_lacking_setup(Hall.objects.get(slug="north"))


@pytest.fixture
def setup(north: Hall) -> CaseSetup:
    with inside(north):
        return CaseSetup.objects.get()


@pytest.fixture
def at_north(north: Hall, setup: CaseSetup) -> Iterator[Hall]:
    assert setup.pk
    with inside(north):
        yield north


def again(case: Case) -> Case:
    return Case.objects.select_related("setup", "filled__version").get(pk=case.pk)


def is_refused(**given: Any) -> bool:
    try:
        accept_lacking(**given)
    except Invalid:
        return True
    return False


def lapse_clock(case: Case) -> Clock:
    return Clock.objects.filter(owner_id=case.pk, kind=ClockKind.LAPSE).latest("pk")


def upload(hall: Hall, case: Case, citizen: Citizen, *fields: str) -> None:
    """Put a new file into each of these fields."""
    who, filled = citizen_filler(citizen), FilledForm.objects.get(pk=case.filled_id)
    posted = {}
    for name in fields:
        file = FormUpload.objects.create(
            filled=filled,
            key=f"forms/{draw_id().hex}.pdf",
            name=f"{name}.pdf",
            media_type="application/pdf",
            size=1,
            sha256="",
        )
        posted[name] = [{"id": str(file.pk), "name": file.name}]
    save_filling(who=who, hall=hall, filled_id=filled.pk, posted=posted, revision=filled.revision)


@pytest.fixture
def citizen(north: Hall) -> Citizen:
    assert north.pk
    return make_proved(1)


@pytest.fixture
def owed(at_north: Hall, setup: CaseSetup, citizen: Citizen) -> Case:
    """Applied for on the site without what may come later, and accepted so."""
    return accept_but(at_north, apply_online(at_north, setup, citizen, **{HEALTH: [], PHOTO: []}))


class TestAcceptance:
    def test_takes_what_the_guide_lets_come_later_and_nothing_else(self, at_north: Hall, setup: CaseSetup) -> None:
        case = apply_at_window(at_north, setup)
        main, health, photo = case.materials.order_by("position")
        given: dict[str, Any] = {"by": person("cao"), "hall": at_north, "case_id": case.pk}
        good: dict[str, Any] = {"materials": [health.pk, photo.pk], "workdays": 5, "promise": "签了承诺书"}
        assert [one.material.pk for one in later_materials(case)] == [health.pk, photo.pk]
        wrong: list[dict[str, Any]] = [
            *({"materials": []}, {"materials": [main.pk, health.pk]}, {"promise": " "}),
            *({"workdays": 0}, {"workdays": 6}, {"materials": [health.pk]}),
            # a needed one that may not come later is missing as well
            {},
        ]
        assert [one for one in wrong if not is_refused(**given, **good | one)] == []
        for state in (MaterialState.OWED, MaterialState.GIVEN):
            made = {"states": {main.pk: state}}
            if state is MaterialState.OWED:
                # nobody promises by a list
                with pytest.raises(Invalid, match="容缺受理"):
                    note_materials(**given, **made)
            else:
                note_materials(**given, **made)
        with pytest.raises(Invalid):
            accept_case(**given)

        accepted = accept_lacking(**given, **good)
        assert (accepted.state, accepted.lacking) == (CaseState.ACCEPTED, LackingState.PROMISED)
        assert accept_lacking(**given, **good).revision == accepted.revision
        clocks = dict(Clock.objects.filter(owner_id=case.pk).values_list("kind", "state"))
        assert clocks == {"acceptance": "met", "statutory": "running", "promised": "running", "lapse": "running"}
        promise = accepted.lacking_promise
        assert (promise.asked, promise.fields) == (["健康证明", "照片"], [HEALTH, PHOTO])
        assert promise.due_on == lapse_clock(case).due_on
        assert list(case.materials.order_by("position").values_list("state", flat=True)) == ["given", "owed", "owed"]
        assert "健康证明、照片" in case.acts.get(act="accept_lacking").said
        # 受理通知书 would say that all is in
        assert [one.kind for one in documents_of_case(accepted)] == ["lacking_acceptance"]
        assert CaseReport.objects.get(pk=case.pk).owes_materials
        with pytest.raises(Invalid):
            note_materials(**given, states={health.pk: MaterialState.NOT_NEEDED})

    def test_gives_no_more_time_than_the_item_itself_has(self, north: Hall, setup: CaseSetup) -> None:
        with inside(north):
            case = apply_at_window(north, setup)
            given: dict[str, Any] = {"by": person("cao"), "hall": north, "case_id": case.pk}
            main, health, photo = case.materials.order_by("position")
            note_materials(**given, states={main.pk: "given", health.pk: "given"})
            accept_lacking(**given, materials=[photo.pk], workdays=60, promise="签了承诺书")
            assert lapse_clock(case).due_on == Clock.objects.get(owner_id=case.pk, kind="promised").due_on

    def test_needs_no_later_file_of_a_citizen_but_every_other(
        self, at_north: Hall, setup: CaseSetup, citizen: Citizen
    ) -> None:
        with pytest.raises(Invalid) as refused:
            apply_online(at_north, setup, citizen, material_1=[], **{HEALTH: [], PHOTO: []})
        assert [one.where for one in refused.value.faults] == ["material_1"]


class TestDecision:
    def test_is_not_made_before_all_is_in_by_whatever_way(self, at_north: Hall, setup: CaseSetup) -> None:
        case = accept_but(at_north, apply_at_window(at_north, setup))
        given: dict[str, Any] = {"by": person("tao"), "hall": at_north, "case_id": case.pk}
        with pytest.raises(Conflict, match="还没有补齐"):
            decide_case(**given, outcome="granted", reasons="")
        with pytest.raises(IntegrityError), transaction.atomic():
            Case.objects.filter(pk=case.pk).update(outcome="refused")
        Case.objects.filter(pk=case.pk).update(case_type=CaseType.INSTANT)
        with pytest.raises(Conflict, match="还没有补齐"):
            finish_at_once(**given, outcome="granted", reasons="", proof="本人签收")
        for _ in range(2):
            confirm_lacking(by=person("cao"), hall=at_north, case_id=case.pk)
        assert case.acts.filter(act="confirm_lacking").count() == 1
        assert set(case.materials.values_list("state", flat=True)) == {"given"}
        assert lapse_clock(case).state == "met"
        assert not CaseReport.objects.get(pk=case.pk).owes_materials
        assert decide_case(**given, outcome="granted", reasons="").outcome == CaseOutcome.GRANTED

    def test_of_a_flow_that_has_ended_waits_for_it(self, at_north: Hall, setup: CaseSetup) -> None:
        setup.flow = row_of(at_north, free_step("look", HANDLERS), code="examine")
        setup.save()
        case = accept_but(at_north, apply_at_window(at_north, setup))
        do(at_north, case.run, "look", "cao", opinion="同意。")
        drain_events()
        assert (again(case).state, again(case).outcome) == (CaseState.ACCEPTED, "")
        confirm_lacking(by=person("cao"), hall=at_north, case_id=case.pk)
        assert (again(case).state, again(case).decisions.get().reasons) == (CaseState.DECIDED, "同意。")


class TestBringing:
    def test_opens_the_promised_fields_alone_and_waits_for_a_look(
        self, at_north: Hall, owed: Case, citizen: Citizen
    ) -> None:
        who = citizen_filler(citizen)
        view = own_case_view(again(owed))
        assert (view.asked, view.is_promised, view.may_change) == (("健康证明", "照片"), True, True)
        assert view.until == lapse_clock(owed).due_on
        # something new has to be there for each
        upload(at_north, owed, citizen, HEALTH)
        with pytest.raises(Invalid) as refused:
            hand_in_rest(who=who, hall=at_north, case_id=owed.pk)
        assert [one.where for one in refused.value.faults] == [PHOTO]
        assert again(owed).lacking == LackingState.PROMISED
        upload(at_north, owed, citizen, PHOTO)
        for _ in range(2):
            hand_in_rest(who=who, hall=at_north, case_id=owed.pk, said="都补了")
        case = again(owed)
        assert (case.lacking, lapse_clock(case).state) == (LackingState.BROUGHT, "paused")
        assert [one.said for one in case.acts.filter(act="bring_lacking")] == ["都补了"]
        assert [one.moment.label for one in moments_of(at_north, case.filled)] == ["提交", "容缺补交"]
        drain_events()
        assert Notice.objects.filter(account_id=person("cao").id, title__contains="待核对").exists()
        with pytest.raises(Conflict):
            upload(at_north, owed, citizen, PHOTO)
        # nothing lapses while the hall looks at it
        Clock.objects.filter(pk=lapse_clock(case).pk).update(wake_on=timezone.localdate())
        lapse_case(hall=at_north, case_id=case.pk, cause_id=draw_id())
        assert again(case).state == CaseState.ACCEPTED

        given: dict[str, Any] = {"by": person("cao"), "hall": at_north, "case_id": case.pk}
        return_lacking(**given, said="照片太小")
        assert (again(case).lacking, lapse_clock(case).state) == (LackingState.PROMISED, "running")
        # the same once more is nothing new
        with pytest.raises(Invalid):
            hand_in_rest(who=who, hall=at_north, case_id=owed.pk)
        upload(at_north, owed, citizen, HEALTH, PHOTO)
        hand_in_rest(who=who, hall=at_north, case_id=owed.pk)
        confirm_lacking(**given)
        assert (again(case).lacking, lapse_clock(case).state) == (LackingState.COMPLETE, "met")
        assert own_case_view(again(case)).asked == ()
        with pytest.raises(Conflict):
            return_lacking(**given, said="照片太小")

    def test_leaves_nothing_of_what_was_killed_in_between(
        self, at_north: Hall, owed: Case, citizen: Citizen, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def killed(*_: object, **__: object) -> None:
            raise SystemExit

        upload(at_north, owed, citizen, HEALTH, PHOTO)
        with monkeypatch.context() as patched:
            patched.setattr(own, "take_brought", killed)
            with pytest.raises(SystemExit):
                hand_in_rest(who=citizen_filler(citizen), hall=at_north, case_id=owed.pk)
        case = again(owed)
        assert (case.lacking, len(moments_of(at_north, case.filled))) == (LackingState.PROMISED, 1)
        assert set(case.materials.exclude(position=1).values_list("state", flat=True)) == {"owed"}
        let_pass(owed, ClockKind.LAPSE)
        with monkeypatch.context() as patched:
            patched.setattr(lacking, "stop_case", killed)
            with pytest.raises(SystemExit):
                lapse_case(hall=at_north, case_id=owed.pk, cause_id=draw_id())
        assert (again(owed).state, lapse_clock(owed).state) == (CaseState.ACCEPTED, "running")


class TestPages:
    def test_do_all_of_it_and_so_does_the_interface(self, north: Hall, setup: CaseSetup, citizen: Citizen) -> None:
        make_columns(north)
        with inside(north):
            first, second = (apply_online(north, setup, citizen, **{HEALTH: [], PHOTO: []}) for _ in range(2))
            later = [str(one.material.pk) for one in later_materials(first)]
            others = [str(one.material.pk) for one in later_materials(second)]
        cao, client, site = desk("cao"), program("he"), signed_in(citizen)
        page = cao.get(f"/desk/cases/{first.pk}/").text
        for words in ("容缺受理", "健康证明（5 个工作日内）", *later):
            assert words in page, words
        given = {"materials": later, "workdays": "5", "promise": "签了承诺书"}
        assert act(cao, first, "accept-lacking", **given | {"materials": []}).status_code == 422
        assert act(cao, first, "accept-lacking", **given | {"materials": others}).status_code == 422
        assert act(cao, first, "accept-lacking", **given).status_code == 302
        page = cao.get(f"/desk/cases/{first.pk}/").text
        for words in ("待补交", "签了承诺书", "补交材料已收齐", "容缺补齐时限"):
            assert words in page, words
        assert "作出决定</summary>" not in desk("tao").get(f"/desk/cases/{first.pk}/").text
        assert first.number in cao.get("/desk/cases/?state=promised").text
        assert second.number not in cao.get("/desk/cases/?state=promised").text
        own_page = site.get(f"/cases/{first.pk}/").text
        for words in ("您现在要做的：补交承诺的材料", "健康证明", "逾期没有补齐的", "上传、修改", "补齐了，提交"):
            assert words in own_page, words
        assert "等您补材料" in site.get("/cases/").text
        assert "现在没有的" in site.get(f"/cases/apply/{setup.item_id}/").text

        base = f"/api/hall/v1/casework/cases/{second.pk}"

        def send(name: str, **data: Any) -> Any:
            return client.post(f"{base}/{name}", data, content_type="application/json")

        assert send("accept-lacking", materials=later, workdays=5, promise="签了").status_code == 422
        taken = send("accept-lacking", materials=others, workdays=5, promise="签了").json()
        assert (taken["state"], taken["lacking"]) == ("accepted", "promised")
        assert [bool(one["owed_until"]) for one in taken["materials"]] == [False, True, True]
        assert send("decide", outcome="granted").status_code == 409
        assert send("return-lacking", said="不清楚").status_code == 409
        own_api = f"/api/hall/v1/casework/own/{second.pk}"
        assert site.get(own_api).json()["open_fields"] == [HEALTH, PHOTO]
        with inside(north):
            upload(north, second, citizen, HEALTH, PHOTO)
        brought = site.post(f"{own_api}/brought", {"said": ""}, content_type="application/json")
        assert (brought.status_code, brought.json()["is_promised"]) == (200, False)
        assert second.number in cao.get("/desk/cases/?state=brought").text
        assert "补交待核对" in cao.get("/desk/").text
        assert send("return-lacking", said="不清楚").json()["lacking"] == "promised"
        assert send("confirm-lacking").json()["lacking"] == "complete"
        assert send("decide", outcome="granted").json()["outcome"] == "granted"
        assert act(cao, first, "confirm-lacking").status_code == 302


class TestTime:
    def test_that_is_near_is_told_once_and_that_is_over_ends_the_case(
        self, at_north: Hall, owed: Case, citizen: Citizen
    ) -> None:
        today = timezone.localdate()
        Clock.objects.filter(pk=lapse_clock(owed).pk).update(near_on=today, wake_on=today)
        sweep_clocks()
        drain_events()
        reminded = owed.acts.filter(act="remind_of_lacking")
        assert ["健康证明" in one.said for one in reminded] == [True]
        lacking.remind_of_lacking(hall=at_north, case_id=owed.pk)
        assert reminded.count() == 1
        drain_events()
        assert PhoneNotice.objects.filter(subject_id=owed.pk).count() == 2
        # told too early: the day may have moved
        lapse_case(hall=at_north, case_id=owed.pk, cause_id=draw_id())
        assert again(owed).state == CaseState.ACCEPTED

        let_pass(owed, ClockKind.LAPSE)
        with pytest.raises(Conflict, match="已经过了"):
            confirm_lacking(by=person("cao"), hall=at_north, case_id=owed.pk)
        sweep_clocks()
        drain_events()
        lapse_case(hall=at_north, case_id=owed.pk, cause_id=draw_id())
        case = again(owed)
        assert (case.state, case.lacking, case.outcome) == (CaseState.TERMINATED, LackingState.LAPSED, "")
        assert not case.was_late
        assert case.acts.filter(act="lapse", said__contains="视为放弃申请").count() == 1
        assert set(Clock.objects.filter(owner_id=case.pk, ended_on=None)) == set()
        drain_events()
        assert PhoneNotice.objects.filter(subject_id=case.pk).count() == 3
        told = Notice.objects.filter(kind="casework.late", title__startswith="逾期未补齐").values_list(
            "account__username", flat=True
        )
        assert list(told) == ["cao"]
        assert not CaseReport.objects.get(pk=case.pk).owes_materials
        with pytest.raises(Conflict):
            upload(at_north, case, citizen, PHOTO)
        with pytest.raises(Conflict):
            confirm_lacking(by=person("cao"), hall=at_north, case_id=case.pk)

    def test_stands_while_the_examination_is_suspended_and_falls_with_the_case(
        self, at_north: Hall, owed: Case, citizen: Citizen
    ) -> None:
        given: dict[str, Any] = {"by": person("tao"), "hall": at_north, "case_id": owed.pk}
        states = []
        suspend_case(**given, reason="等待另案")
        states.append(lapse_clock(owed).state)
        # it can be brought meanwhile, and its time does not begin again before the hall has looked
        upload(at_north, owed, citizen, HEALTH, PHOTO)
        hand_in_rest(who=citizen_filler(citizen), hall=at_north, case_id=owed.pk)
        resume_case(**given)
        states.append(lapse_clock(owed).state)
        suspend_case(**given, reason="等待另案")
        return_lacking(**given, said="不清楚")
        states.append(lapse_clock(owed).state)
        resume_case(**given)
        states.append(lapse_clock(owed).state)
        withdraw_case(**given, reason="书面撤回")
        states.append(lapse_clock(owed).state)
        assert states == ["paused", "paused", "paused", "running", "dropped"]
        assert lapse_clock(owed).due_on >= timezone.localdate() + timedelta(days=1)
