"""一件事 over two halls: what a hall above does is asked for in the same one form, sent there and done there; one
progress shows both; what waits for it goes on when it is granted there, and all of it is withdrawn at once."""

from datetime import timedelta
from html import unescape
from typing import Any
from uuid import UUID

import pytest
from django.utils import timezone

from foundation.errors import Conflict, Invalid
from foundation.events.models import EventDelivery
from foundation.events.operations import drain_events
from foundation.files.store import read_file
from province.cases.models import CaseOffer, CaseReport, Referral, ReferralParcel, ReferralReceipt
from province.cases.states import CaseChannel, CaseState, ReferralKind, ReferralState
from province.catalogue.models import Package
from province.citizens.models import Citizen
from province.halls.models import Hall
from province.halls.states import HallState
from province.workdays.models import Clock
from province.workdays.states import ClockState
from tenants.casework.models import Case, CaseSetup, PackageApplication, SentPart
from tenants.casework.operations import package_parts, packages, referrals_in
from tenants.casework.operations.acceptance import accept_case, decline_case
from tenants.casework.operations.deciding import correct_decision, decide_case
from tenants.casework.operations.packages import begin_package, withdraw_package
from tenants.casework.operations.referrals_in import send_back_case, take_up_again
from tenants.casework.operations.restored import report_cases_again
from tenants.casework.operations.serving import ServiceWish
from tenants.casework.operations.setups import SetupWish, change_setup, close_setup
from tenants.casework.queries.own_packages import package_view
from tenants.casework.queries.serving import CONSENT_VERSION, why_not_electronic
from tenants.workflow.models import FilledForm, FormUpload
from tenants.workflow.operations.filling import save_filling, send_filling
from tenants.workflow.operations.uploads import add_upload
from tests.conftest import person
from tests.factories.casework import ANNA, give_all
from tests.factories.citizens import make_proved, phone_of
from tests.factories.files import picture
from tests.factories.forms import citizen_filler
from tests.factories.packages import SHARED, make_package, make_parts_of_two_halls
from tests.factories.people import client_of
from tests.factories.sites import inside, make_columns
from tests.forked import killed
from tests.races import at_once
from tests.tenants.citizen_pages.test_pages import browser, signed_in

# documents and files of the cases go there
pytestmark = pytest.mark.usefixtures("object_store", "no_papers")

NORTH, SOUTH = "north.yizhan.localhost", "south.yizhan.localhost"
OWN = "/api/hall/v1/casework/own-packages"
REASONS = "不符合规定的条件。"


@pytest.fixture(scope="class")
def _setups(class_rows: None) -> tuple[UUID, ...]:
    """甲 and 丙 are done in the north, 乙 in the south, which lies above; 丙 waits for 乙."""
    north, south = Hall.objects.get(slug="north"), Hall.objects.get(slug="south")
    make_columns(north)
    make_columns(south)
    setups = make_parts_of_two_halls(north, south)
    make_package(setups, in_order=True, waits_for=2)
    make_proved(1)
    return tuple(one.pk for one in setups)


@pytest.fixture
def setups(_setups: tuple[UUID, ...], north: Hall, south: Hall) -> list[CaseSetup]:
    made = []
    for hall, pk in zip((north, south, north), _setups, strict=True):
        with inside(hall):
            made.append(CaseSetup.objects.get(pk=pk))
    return made


@pytest.fixture
def package(_setups: tuple[UUID, ...]) -> Package:
    return Package.objects.get()


@pytest.fixture
def citizen(_setups: tuple[UUID, ...]) -> Citizen:
    return Citizen.objects.get()


def begin(north: Hall, package: Package, citizen: Citizen) -> PackageApplication:
    with inside(north):
        return begin_package(who=citizen_filler(citizen), hall=north, package_id=package.pk, answers={})


def send(north: Hall, begun: PackageApplication, citizen: Citizen, **files: Any) -> PackageApplication:
    """Filled in and sent; ``files``: by the fields of the one form."""
    with inside(north):
        who, filled = citizen_filler(citizen), FilledForm.objects.get(pk=begun.filled_id)
        given: dict[str, Any] = {"who": who, "hall": north, "filled_id": filled.pk}
        person_of = {"applicant_name": citizen.name.plain, "applicant_number": citizen.number.plain}
        posted = ANNA | person_of | {"applicant_mobile": citizen.phone.plain} | files
        saved = save_filling(**given, posted=posted, revision=filled.revision)
        send_filling(**given, revision=saved.filled.revision)
        return PackageApplication.objects.get(pk=begun.pk)


def applied(north: Hall, package: Package, citizen: Citizen) -> PackageApplication:
    return send(north, begin(north, package, citizen), citizen)


def there(south: Hall) -> Case:
    drain_events()
    with inside(south):
        return Case.objects.latest("pk")


def decide(hall: Hall, case: Case, outcome: str = "granted", *, by: str = "nan") -> None:
    with inside(hall):
        give_all(hall, case, by=by)
        accept_case(by=person(by), hall=hall, case_id=case.pk)
        decide_case(by=person(by), hall=hall, case_id=case.pk, outcome=outcome, reasons=REASONS)
    drain_events()


def steps(north: Hall, application: PackageApplication, *, is_looked_up: bool = False) -> dict[str, str]:
    """Item → how it stands."""
    with inside(north):
        again = PackageApplication.objects.get(pk=application.pk)
        return {one.name: one.sentence for one in package_view(again, is_looked_up=is_looked_up).steps}


def places(north: Hall, application: PackageApplication) -> list[int | None]:
    with inside(north):
        return list(application.cases.order_by("package_place").values_list("package_place", flat=True))


def text_of(client: Any, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return unescape(answer.content.decode())


@pytest.mark.django_db
class TestService:
    def test_goes_along_to_the_hall_that_does_an_item(
        self, north: Hall, south: Hall, package: Package, citizen: Citizen
    ) -> None:
        with inside(north):
            begun = begin_package(
                who=citizen_filler(citizen),
                hall=north,
                package_id=package.pk,
                answers={},
                channel=CaseChannel.APP,
                service=ServiceWish(way="electronic", consent=CONSENT_VERSION),
            )
        send(north, begun, citizen)
        case = there(south)
        said = case.serving.choice
        assert said is not None
        assert (said.way, said.text, said.channel, said.by_name) == ("electronic", CONSENT_VERSION, "app", "")
        assert why_not_electronic(case) == ""


@pytest.mark.django_db
class TestPackageOverTwoHalls:
    def test_is_one_guide_one_form_and_one_set_of_materials_for_both(
        self, north: Hall, south: Hall, package: Package, citizen: Citizen
    ) -> None:
        path = f"/packages/{package.pk}/"
        page = text_of(browser(), path)
        said = (f"{south.name}</a>办理，在这里一起申请", "乙补贴申请书", "“丙证明”要等“乙补贴”准予", "一次申请")
        assert [one for one in said if one not in page] == []
        assert page.count(SHARED) == 1
        assert "一次申请" in text_of(browser(), "/services/")
        guide = signed_in(citizen).get(f"{OWN}/guides/{package.pk}").json()
        assert [(one["is_here"], one["is_sent"]) for one in guide["items"]] == [
            (True, False),
            (False, True),
            (True, False),
        ]
        assert guide["is_whole"]
        begun = begin(north, package, citizen)
        with inside(north):
            filled = FilledForm.objects.select_related("version").get(pk=begun.filled_id)
            fields = {
                one["label"]: one["name"] for part in filled.version.definition["parts"] for one in part["fields"]
            }
            file = add_upload(
                who=citizen_filler(citizen), hall=north, filled_id=filled.pk, name="户口簿.jpg", content=picture()
            )
        given = [{"id": str(file.pk), "name": file.name}]
        application = send(north, begun, citizen, **{fields[SHARED]: given, "applicant_name": "安娜"})
        mine, theirs = there(north), there(south)
        assert (mine.item_name, theirs.item_name) == ("甲登记", "乙补贴")
        assert (theirs.channel, theirs.citizen_id, theirs.state) == (CaseChannel.PASSED, citizen.pk, CaseState.RECEIVED)
        # the one file is a file of each, in its own hall
        for hall, case in ((north, mine), (south, theirs)):
            with inside(hall):
                states = dict(case.materials.values_list("name", "state"))
                upload = FormUpload.objects.get(filled=case.filled_id)
            assert (states[SHARED], upload.key.startswith(f"{hall.folder}/")) == ("given", True)
            assert read_file(upload.key)
        page = text_of(client_of("nan", SOUTH), f"/desk/cases/{theirs.pk}/")
        assert application.number in page
        assert "开店一件事" in page
        # sent again, it is the same
        with inside(north):
            filled = FilledForm.objects.get(pk=application.filled_id)
            send_filling(who=citizen_filler(citizen), hall=north, filled_id=filled.pk, revision=filled.revision)
        assert Referral.objects.filter(kind=ReferralKind.PACKAGED).count() == 1

    def test_has_one_progress_in_which_a_late_item_is_seen_and_what_waits_goes_on(
        self, north: Hall, south: Hall, package: Package, citizen: Citizen
    ) -> None:
        application = applied(north, package, citizen)
        assert steps(north, application)["乙补贴"] == f"由{south.name}办理：还没签收。"
        theirs = there(south)
        client, path = signed_in(citizen), f"/cases/packages/{application.pk}/"
        page = text_of(client, path)
        assert f"http://{SOUTH}" in page.replace("https", "http")
        assert [one for one in (theirs.number[-12:], f"/cases/{theirs.pk}/", "等“乙补贴”准予") if one not in page] == []
        yesterday = timezone.localdate() - timedelta(days=1)
        clocks = Clock.objects.filter(owner_id=theirs.pk, state=ClockState.RUNNING)
        clocks.update(began_on=yesterday - timedelta(days=30), due_on=yesterday, near_on=yesterday, wake_on=yesterday)
        assert "抱歉，已经超过期限" in steps(north, application)["乙补贴"]
        assert "已超期" in text_of(client, path)
        shown = client.get(f"{OWN}/{application.pk}").json()["steps"][1]
        assert (shown["hall"], shown["is_late"], shown["case_id"]) == (south.name, True, str(theirs.pk))
        # the desk of the north sees it beside its own case
        with inside(north):
            mine = application.cases.get()
        assert f"{south.short_name}：待受理" in text_of(client_of("cao", NORTH), f"/desk/cases/{mine.pk}/")
        decide(south, theirs)
        assert places(north, application) == [1, 3]
        assert (Referral.objects.get().state, ReferralParcel.objects.count()) == (ReferralState.ENDED, 0)
        assert "准予" in steps(north, application)["乙补贴"]
        # by number and phone nothing of the decision
        looked = browser()
        looked.post("/progress/", {"number": application.number, "tail": phone_of(1)[-4:]})
        page = text_of(looked, path)
        assert ("准予" in page.replace("准予以后", ""), south.name in page) == (False, True)
        # delivered once more, it is the same
        EventDelivery.objects.filter(subscriber="casework.bring_result").update(state="waiting")
        drain_events()
        assert places(north, application) == [1, 3]

    def test_ends_what_waits_for_an_item_that_was_refused_sent_back_or_declined_there(
        self, north: Hall, south: Hall, package: Package, citizen: Citizen
    ) -> None:
        refused, back, declined = (applied(north, package, citizen) for _ in range(3))
        drain_events()
        with inside(south):
            cases = list(Case.objects.order_by("pk"))
        decide(south, cases[0], "refused")
        with inside(south):
            send_back_case(by=person("nan"), hall=south, case_id=cases[1].pk, reason="不归本厅管。")
            decline_case(by=person("nan"), hall=south, case_id=cases[2].pk, said=REASONS)
        drain_events()
        said = [steps(north, one) for one in (refused, back, declined)]
        assert [one["丙证明"] for one in said] == [
            "“乙补贴”没有准予，这一项不再收件。",
            "“乙补贴”已退回，这一项不再收件。",
            "“乙补贴”不予受理，这一项不再收件。",
        ]
        assert "不归本厅管" in said[1]["乙补贴"]
        assert "不归本厅管" not in steps(north, back, is_looked_up=True)["乙补贴"]
        # put right to 准予 there, it goes on here
        with inside(south):
            given: dict[str, Any] = {"outcome": "granted", "reasons": "", "corrects": "认定的事实有误。"}
            correct_decision(by=person("nan"), hall=south, case_id=cases[0].pk, **given)
        drain_events()
        assert places(north, refused) == [1, 3]

    def test_is_withdrawn_in_both_halls_but_for_what_was_decided(
        self, north: Hall, south: Hall, package: Package, citizen: Citizen
    ) -> None:
        taken, untaken, decided = (applied(north, package, citizen) for _ in range(3))
        Referral.objects.filter(case_number=untaken.number).update(to_hall=north)
        drain_events()
        Referral.objects.filter(case_number=untaken.number).update(to_hall=south)
        by_number = {
            one.referral.case_number: one.case_id for one in ReferralReceipt.objects.select_related("referral")
        }
        with inside(south):
            decide(south, Case.objects.get(pk=by_number[decided.number]))
        for one in (taken, untaken, decided):
            with inside(north):
                withdraw_package(who=citizen_filler(citizen), hall=north, application_id=one.pk)
        drain_events()
        states = dict(CaseReport.objects.filter(hall=south).values_list("pk", "state"))
        assert states == {by_number[taken.number]: "withdrawn", by_number[decided.number]: "decided"}
        assert {one: steps(north, one)["乙补贴"] for one in (taken, untaken)} == dict.fromkeys(
            (taken, untaken), f"由{south.name}办理：已撤回。"
        )
        assert "准予" in steps(north, decided)["乙补贴"]
        assert ReferralParcel.objects.count() == 0

    def test_is_refused_where_the_hall_above_takes_it_no_more(
        self, north: Hall, south: Hall, package: Package, citizen: Citizen, setups: list[CaseSetup]
    ) -> None:
        begun = begin(north, package, citizen)
        Hall.objects.filter(pk=south.pk).update(state=HallState.SUSPENDED)
        with pytest.raises(Conflict, match=f"“乙补贴”：{south.name}现在暂停服务"):
            send(north, begun, citizen)
        Hall.objects.filter(pk=south.pk).update(state=HallState.LIVE)
        # needed for it, and not given
        offer = CaseOffer.objects.get(hall=south)
        offer.guide = {"promised": "", "materials": [one | {"is_needed": True} for one in offer.guide["materials"]]}
        offer.save()
        with pytest.raises(Invalid, match="2 份材料没有上传"):
            send(north, begun, citizen)
        with inside(south):
            setup = CaseSetup.objects.get()
            setup = change_setup(
                by=person("nan"),
                hall=south,
                setup_id=setup.pk,
                revision=setup.revision,
                wish=SetupWish(review_body="宜昌市人民政府", court="西陵区人民法院"),
            )
        assert CaseOffer.objects.get(hall=south).guide is None
        assert "本厅不能一次办完" in text_of(browser(), f"/packages/{package.pk}/")
        with inside(south):
            close_setup(by=person("nan"), hall=south, setup_id=setup.pk, revision=setup.revision)
        with pytest.raises(Conflict, match="乙补贴"):
            send(north, begun, citizen)
        with inside(north):
            assert (Case.objects.count(), SentPart.objects.count()) == (0, 0)
        # a hall that does none of it sends nothing on
        assert "本厅不能一次办完" in text_of(browser(SOUTH), f"/packages/{package.pk}/")

    def test_agrees_with_the_other_hall_after_a_restore(
        self, north: Hall, south: Hall, package: Package, citizen: Citizen
    ) -> None:
        application, unknown = (applied(north, package, citizen) for _ in range(2))
        drain_events()
        with inside(south):
            cases = list(Case.objects.order_by("pk"))
            Case.objects.filter(pk=cases[0].pk).delete()
            take_up_again(hall=south)
        theirs = there(south)
        # the north's archive is from before the second one was sent
        with inside(north):
            SentPart.objects.filter(application=unknown).delete()
            report_cases_again(hall=north)
        drain_events()
        assert Referral.objects.get(case_number=unknown.number).state == ReferralState.RECALLED
        assert CaseReport.objects.get(pk=cases[1].pk).state == CaseState.WITHDRAWN
        decide(south, theirs)
        with inside(north):
            application.cases.filter(package_place=3).delete()
            report_cases_again(hall=north)
        drain_events()
        assert places(north, application) == [1, 3]


@pytest.mark.usefixtures("fresh_database")
class TestCutShort:
    def test_loses_and_doubles_nothing_when_killed_and_of_two_at_once_one_wins(self) -> None:
        north, south, citizen = Hall.objects.get(slug="north"), Hall.objects.get(slug="south"), make_proved(1)
        package = make_package(make_parts_of_two_halls(north, south), in_order=True, waits_for=2)
        begun = begin(north, package, citizen)
        # each time after all that the act writes but its last
        killed(send, north, begun, citizen, dying_at=(package_parts.__name__, "_record"))
        with inside(north):
            assert (Case.objects.count(), Referral.objects.count(), SentPart.objects.count()) == (0, 0, 0)
        at_once(*[lambda: send(north, begun, citizen)] * 2)
        assert Referral.objects.count() == 1
        killed(drain_events, dying_at=(referrals_in.__name__, "give_receipt"))
        assert ReferralReceipt.objects.count() == 0
        at_once(drain_events, drain_events)
        theirs = there(south)
        with inside(south):
            give_all(south, theirs, by="nan")
            accept_case(by=person("nan"), hall=south, case_id=theirs.pk)
            decide_case(by=person("nan"), hall=south, case_id=theirs.pk, outcome="granted", reasons="")
        killed(drain_events, dying_at=(package_parts.__name__, "end_referral"))
        killed(drain_events, dying_at=(packages.__name__, "receive_case"))
        assert places(north, begun) == [1]
        at_once(drain_events, drain_events, lambda: withdraw(north, citizen, begun.pk))
        drain_events()
        with inside(north):
            last = Case.objects.filter(package=begun, package_place=3).first()
            ended = [one["place"] for one in PackageApplication.objects.get().ended]
        # received before the withdrawal, which then took it back; or never
        assert last.state == CaseState.WITHDRAWN if last else ended == [3]
        assert set(EventDelivery.objects.values_list("state", flat=True)) == {"done"}


def withdraw(north: Hall, citizen: Citizen, application_id: UUID) -> None:
    with inside(north):
        withdraw_package(who=citizen_filler(citizen), hall=north, application_id=application_id)
