"""What is done while somebody stands at the window: papers that lie on the counter are noted with the act that needs
them, and who receives a decision signs for it (送达回证)."""

import json
from typing import Any

import pytest

from foundation.errors import Conflict, Invalid
from province.cases.states import CaseState
from province.halls.models import Hall
from standards.items.codelists import CaseType
from tenants.casework.models import Case, CaseMaterial, CaseSetup
from tenants.casework.operations.acceptance import accept_case
from tenants.casework.operations.closing import finish_at_once, make_receipt, serve_decision
from tenants.casework.operations.deciding import correct_decision, decide_case
from tenants.casework.queries.own_cases import own_case_view
from tenants.casework.queries.papers import documents_of_case
from tenants.casework.states import MaterialState
from tests.conftest import person
from tests.factories.casework import accepted, apply_at_window, give_all
from tests.tenants.casework.test_desk_pages import act, desk, program

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("opened")]

PAPERS = "还没有登记的必要材料都在手上，已核对"


@pytest.fixture
def setup(at_north: Hall) -> CaseSetup:
    return CaseSetup.objects.get()


def again(case: Case) -> Case:
    return Case.objects.select_related("setup").get(pk=case.pk)


def states(case: Case) -> set[str]:
    return set(CaseMaterial.objects.filter(case=case, is_needed=True).values_list("state", flat=True))


class TestPapersOnTheCounter:
    def test_are_noted_with_acceptance_and_with_what_is_done_at_once(self, at_north: Hall, setup: CaseSetup) -> None:
        case, instant = apply_at_window(at_north, setup), apply_at_window(at_north, setup)
        Case.objects.filter(pk=instant.pk).update(case_type=CaseType.INSTANT)
        with pytest.raises(Invalid, match="还缺"):
            accept_case(by=person("cao"), hall=at_north, case_id=case.pk)
        accept_case(by=person("cao"), hall=at_north, case_id=case.pk, takes_papers=True)
        assert (again(case).state, states(case)) == (CaseState.ACCEPTED, {MaterialState.GIVEN})
        acts = list(case.acts.order_by("pk").values_list("act", flat=True))
        assert acts == ["receive", "note_materials", "accept"]
        given: dict[str, Any] = {"by": person("cao"), "hall": at_north, "case_id": instant.pk}
        at_once = {"outcome": "granted", "reasons": "", "proof": "本人当场领取"}
        with pytest.raises(Invalid, match="还缺"):
            finish_at_once(**given, **at_once)
        finish_at_once(**given, **at_once, takes_papers=True)
        assert (again(instant).state, states(instant)) == (CaseState.FINISHED, {MaterialState.GIVEN})

    def test_are_asked_for_on_the_page_only_where_something_is_missing(self, at_north: Hall, setup: CaseSetup) -> None:
        lacks, whole = apply_at_window(at_north, setup), give_all(at_north, apply_at_window(at_north, setup))
        cao = desk("cao")
        assert PAPERS in cao.get(f"/desk/cases/{lacks.pk}/").text
        assert PAPERS not in cao.get(f"/desk/cases/{whole.pk}/").text
        assert act(cao, lacks, "accept").status_code == 422
        assert act(cao, lacks, "accept", takes_papers="on").status_code == 302
        other = apply_at_window(at_north, setup)
        done = program("he").post(
            f"/api/hall/v1/casework/cases/{other.pk}/accept",
            json.dumps({"takes_papers": True}),
            content_type="application/json",
        )
        assert done.json()["state"] == "accepted"


class TestReceipt:
    def test_names_what_is_handed_over_once_for_each_decision(self, at_north: Hall, setup: CaseSetup) -> None:
        case = accepted(at_north, setup)
        given: dict[str, Any] = {"hall": at_north, "case_id": case.pk}
        place = {"way": "window", "address": "政务服务中心 3 号窗口"}
        with pytest.raises(Conflict, match="没有等待送达的决定"):
            make_receipt(by=person("cao"), **given, **place)
        decide_case(by=person("he"), outcome="granted", reasons="", **given)
        with pytest.raises(Invalid, match="送达地点"):
            make_receipt(by=person("cao"), **given, way="window", address=" ")
        make_receipt(by=person("cao"), **given, **place)
        with pytest.raises(Conflict, match="已经制发"):
            make_receipt(by=person("cao"), **given, **place)
        paper = documents_of_case(again(case))[-1]
        values = paper.values.opened(at_north.pk)
        served = {one.number for one in documents_of_case(again(case)) if one.kind in {"permit", "licence"}}
        assert (paper.kind, values["recipient"], values["address"]) == ("service_receipt", "安娜", place["address"])
        assert {one["number"] for one in values["documents"]} == served
        assert len(served) == 2
        # the applicant is told what happens, and not who prints what
        assert "make_receipt" not in {one.label for one in own_case_view(again(case)).told}
        assert "制发送达回证" not in {one.label for one in own_case_view(again(case)).told}
        serve_decision(by=person("cao"), way="window", proof="本人签收", **given)
        correct_decision(by=person("he"), outcome="refused", reasons="不符合条件", corrects="误判", **given)
        make_receipt(by=person("cao"), **given, **place)
        latest = documents_of_case(again(case))[-1].values.opened(at_north.pk)
        assert [one["title"] for one in latest["documents"]] == ["不予行政许可决定书"]

    def test_is_made_at_the_desk_and_by_programs(self, at_north: Hall, setup: CaseSetup) -> None:
        cases = [accepted(at_north, setup) for _ in range(2)]
        for case in cases:
            decide_case(by=person("he"), hall=at_north, case_id=case.pk, outcome="granted", reasons="")
        cao, place = desk("cao"), {"way": "post", "address": "当阳市玉泉街道 1 号"}
        assert "制发送达回证" in cao.get(f"/desk/cases/{cases[0].pk}/").text
        assert act(cao, cases[0], "receipt", **place).status_code == 302
        assert "送达回证" in cao.get(f"/desk/cases/{cases[0].pk}/").text
        done = program("he").post(
            f"/api/hall/v1/casework/cases/{cases[1].pk}/receipt", json.dumps(place), content_type="application/json"
        )
        assert done.status_code == 200, done.text
        assert documents_of_case(again(cases[1]))[-1].kind == "service_receipt"
