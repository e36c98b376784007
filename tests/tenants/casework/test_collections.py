"""代收: an application for a hall above is taken in below, handed over once, done there."""

import pytest

from foundation.errors import Conflict, Invalid, NotFound
from foundation.events.operations import drain_events
from province.cases.models import CaseApplicant, CaseOffer, Referral
from province.cases.states import CaseChannel, CaseState, ReceiptState
from province.citizens.models import PhoneNotice
from province.halls.models import Hall
from province.halls.states import HallState
from province.messaging.models import Notice
from tenants.casework.models import Case, CaseSetup, CollectedForm, Collection
from tenants.casework.operations.acceptance import accept_case, note_materials
from tenants.casework.operations.collecting import begin_collecting
from tenants.casework.operations.deciding import decide_case
from tenants.casework.queries.collections import collection_lines
from tenants.casework.queries.referrals import referrals_of_case
from tenants.workflow.models import Form, FormVersion
from tenants.workflow.operations.filling import save_filling, send_filling
from tenants.workflow.operations.forms import open_form, publish_form, save_form_draft
from tenants.workflow.queries.designs import designs_at_desk
from tests.conftest import person
from tests.factories.casework import ANNA
from tests.factories.forms import filler
from tests.factories.people import client_of
from tests.factories.referrals import make_ladder
from tests.factories.sites import inside

pytestmark = pytest.mark.django_db


def collect(north: Hall, south: Hall, **values: object) -> Collection:
    """Filled in in the north and sent."""
    who = filler("hua")
    offer = CaseOffer.objects.get(hall=south)
    with inside(north):
        made = begin_collecting(
            by=person("hua"), hall=north, offer_id=offer.pk, consent="signed", note="委托书在村委会。"
        )
        filled = made.filled
        saved = save_filling(who=who, hall=north, filled_id=filled.pk, posted=ANNA | values, revision=filled.revision)
        for _ in range(2):
            send_filling(who=who, hall=north, filled_id=filled.pk, revision=saved.filled.revision)
    return made


class TestCollection:
    def test_becomes_a_case_of_the_hall_above_and_its_result_is_told_to_who_took_it_in(
        self, north: Hall, south: Hall
    ) -> None:
        make_ladder(north, south, case_type="promised", upper_body="")
        made = collect(north, south)
        drain_events()
        assert Referral.objects.count() == 1
        with inside(south):
            case = Case.objects.select_related("setup").get()
            came = referrals_of_case(south, case).came
        assert (case.channel, case.state) == (CaseChannel.VILLAGE, CaseState.RECEIVED)
        assert CaseApplicant.objects.get(pk=case.applicant_id).name.plain == "安娜"
        assert came is not None
        assert came.words.opinion == f"{north.name}华窗代收，书面委托。委托书在村委会。"
        assert came.words.rest == []
        with inside(south):
            states = {one.pk: "given" for one in case.materials.all()}
            note_materials(by=person("nan"), hall=south, case_id=case.pk, states=states)
            accept_case(by=person("nan"), hall=south, case_id=case.pk)
            decide_case(by=person("nan"), hall=south, case_id=case.pk, outcome="granted", reasons="")
        drain_events()
        with inside(north):
            (line,) = collection_lines([Collection.objects.get(pk=made.pk)])
        assert line.last is not None
        assert (line.last.receipt.state, line.last.receipt.case_number) == (ReceiptState.DONE, case.number)
        assert {one.clock.kind for one in line.last.clocks} >= {"statutory", "delivery"}
        assert Notice.objects.filter(hall_id=north.pk, title__startswith="代收的申请准予").count() == 1
        # the applicant hears of it from the hall that does it
        assert set(PhoneNotice.objects.values_list("subject_id", flat=True)) == {case.pk}

        page = client_of("hua", "north.yizhan.localhost").get(f"/desk/cases/collections/{made.pk}/").text
        assert case.number in page
        assert "已办结：准予" in page
        assert "书面委托" in page
        assert "华*" in page
        assert client_of("nan", "south.yizhan.localhost").get(f"/desk/cases/collections/{made.pk}/").status_code == 404

    def test_follows_the_form_of_the_hall_above_which_nobody_here_designs(self, north: Hall, south: Hall) -> None:
        make_ladder(north, south)
        collect(north, south)
        with inside(south):
            form = Form.objects.get()
            definition = form.definition | {"title": "新的申请表"}
            form = save_form_draft(
                by=person("nan"), hall=south, form_id=form.pk, definition=definition, revision=form.revision
            )
            publish_form(by=person("nan"), hall=south, form_id=form.pk, revision=form.revision)
        collect(north, south)
        with inside(north):
            foreign = Form.objects.get(is_foreign=True)
            versions = list(FormVersion.objects.filter(form=foreign).order_by("number"))
            assert [one.definition["title"] == "新的申请表" for one in versions] == [False, True]
            assert CollectedForm.objects.get().form_id == foreign.pk
            assert foreign not in list(designs_at_desk(Form))
            with pytest.raises(NotFound):
                open_form(by=person("he"), hall=north, form_id=foreign.pk, is_open=True)

    def test_is_refused_where_the_hall_above_cannot_take_it_or_nobody_agreed(self, north: Hall, south: Hall) -> None:
        make_ladder(north, south)
        offer = CaseOffer.objects.get(hall=south)
        given = {"by": person("hua"), "hall": north}
        with inside(north):
            with pytest.raises(Invalid):
                begin_collecting(**given, offer_id=offer.pk, consent="")
            with pytest.raises(NotFound):
                begin_collecting(**given, offer_id=CaseOffer.objects.get(hall=north).pk, consent="present")
            made = begin_collecting(**given, offer_id=offer.pk, consent="present")
            Hall.objects.filter(pk=south.pk).update(state=HallState.SUSPENDED)
            saved = save_filling(
                who=filler("hua"), hall=north, filled_id=made.filled_id, posted=ANNA, revision=made.filled.revision
            )
            with pytest.raises(Conflict, match="暂停服务"):
                send_filling(who=filler("hua"), hall=north, filled_id=made.filled_id, revision=saved.filled.revision)
            made.refresh_from_db()
        assert made.sent_at is None
        assert not Referral.objects.exists()

    def test_is_begun_at_the_desk_and_by_programs(self, north: Hall, south: Hall) -> None:
        make_ladder(north, south)
        offer = CaseOffer.objects.get(hall=south)
        hua = client_of("hua", "north.yizhan.localhost")
        assert "代收" in hua.get("/desk/cases/").text
        assert hua.post("/desk/cases/collections/new/", {"offer_id": ""}).status_code == 422
        begun = hua.post("/desk/cases/collections/new/", {"offer_id": str(offer.pk), "consent": "present", "note": ""})
        assert begun.status_code == 302
        assert "食品经营许可申请表" in hua.get(begun.headers["Location"]).text
        assert "没有送出" in hua.get("/desk/cases/collections/").text
        api = "/api/hall/v1/casework/collections"
        assert [one["id"] for one in hua.get(f"{api}/offers").json()["items"]] == [str(offer.pk)]
        made = hua.post(api, {"offer_id": str(offer.pk), "consent": "phone"}, content_type="application/json")
        assert made.status_code == 201
        assert hua.get(f"{api}/{made.json()['id']}").json()["went"] == []
        assert len(hua.get(api).json()["items"]) == 2
        with inside(north):
            assert CaseSetup.objects.exists()
