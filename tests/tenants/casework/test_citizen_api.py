"""A citizen's own cases over HTTP, and what two at once or a kill leave of a correction."""

from typing import Any

import pytest
from django.test import Client

from foundation.errors import Conflict
from province.cases.states import CaseState
from province.citizens.models import Citizen
from province.halls.models import Hall
from tenants.casework.models import Case, CaseSetup
from tenants.casework.operations import own
from tenants.casework.operations.acceptance import ask_for_correction, bring_the_rest
from tenants.casework.operations.own import hand_in_rest
from tenants.workflow.models import FilledForm
from tenants.workflow.operations.filling import save_filling
from tenants.workflow.queries.filled import moments_of
from tests.conftest import person
from tests.factories.casework import apply_online
from tests.factories.citizens import make_proved, phone_of
from tests.factories.files import picture
from tests.factories.forms import citizen_filler
from tests.tenants.citizen_pages.test_pages import NORTH, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("opened")]

OWN = "/api/hall/v1/casework/own"


@pytest.fixture
def citizen(at_north: Hall) -> Citizen:
    return make_proved(1)


@pytest.fixture
def case(at_north: Hall, citizen: Citizen) -> Case:
    """Asked for a clearer file and another phone."""
    made = apply_online(at_north, CaseSetup.objects.get(), citizen)
    return ask_for_correction(
        by=person("cao"),
        hall=at_north,
        case_id=made.pk,
        asked=["手机号打不通。"],
        fields=["applicant_mobile", "material_1"],
        workdays=10,
    )


def sent(client: Client, method: str, path: str, **data: Any) -> Any:
    return getattr(client, method)(path, data, content_type="application/json")


class TestOwnCases:
    @pytest.mark.usefixtures("object_store")
    def test_are_listed_shown_put_right_and_withdrawn(self, case: Case, citizen: Citizen) -> None:
        client, path = signed_in(citizen), f"{OWN}/{case.pk}"
        (line,) = client.get(OWN).json()["items"]
        assert (line["number"], line["state"]) == (case.number, "correcting")
        shown = client.get(path).json()
        assert (shown["asked"], shown["open_fields"]) == (["手机号打不通。"], ["applicant_mobile", "material_1"])
        photo = picture("PNG", size=(20, 20))
        photo.name = "照片.png"
        upload = client.post(f"{path}/uploads", {"file": photo})
        assert upload.status_code == 201
        values = {"applicant_mobile": "1", "material_1": [{"id": upload.json()["id"]}], "applicant_name": "别人"}
        changed = sent(client, "patch", f"{path}/form", values=values, revision=shown["filled_revision"])
        assert changed.status_code == 200
        assert sent(client, "patch", f"{path}/form", values={"applicant_mobile": "2"}, revision=0).status_code == 409
        # what is wrong is not handed in
        wrong = sent(client, "post", f"{path}/brought", said="")
        assert (wrong.status_code, [one["where"] for one in wrong.json()["errors"]]) == (422, ["applicant_mobile"])
        right = {"values": {"applicant_mobile": phone_of(7)}, "revision": changed.json()["filled_revision"]}
        assert sent(client, "patch", f"{path}/form", **right).status_code == 200
        for _ in range(2):
            brought = sent(client, "post", f"{path}/brought", said="换了号码")
            assert (brought.status_code, brought.json()["state"]) == (200, "received")
        assert case.acts.filter(act="bring_the_rest").count() == 1
        refused = sent(client, "patch", f"{path}/form", values={"applicant_mobile": phone_of(8)}, revision=9)
        assert refused.status_code == 409
        for _ in range(2):
            withdrawn = sent(client, "post", f"{path}/withdraw", reason="不办了")
            assert (withdrawn.status_code, withdrawn.json()["state"]) == (200, "withdrawn")

    def test_are_closed_to_who_is_not_signed_in_and_to_other_sites(self, case: Case, citizen: Citizen) -> None:
        for path in (OWN, f"{OWN}/{case.pk}"):
            assert Client(headers={"host": NORTH}).get(path).status_code == 401
        strict = Client(enforce_csrf_checks=True, headers={"host": NORTH})
        strict.cookies = signed_in(citizen).cookies
        assert strict.get(f"{OWN}/{case.pk}").status_code == 200
        assert sent(strict, "post", f"{OWN}/{case.pk}/withdraw").status_code == 403
        assert Case.objects.get().state == CaseState.CORRECTING


class TestCorrection:
    def test_leaves_nothing_of_what_was_killed_in_between(
        self, at_north: Hall, case: Case, citizen: Citizen, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def killed(**_: object) -> None:
            raise SystemExit

        monkeypatch.setattr(own, "bring_the_rest", killed)
        with pytest.raises(SystemExit):
            hand_in_rest(who=citizen_filler(citizen), hall=at_north, case_id=case.pk)
        found = Case.objects.select_related("filled").get(pk=case.pk)
        assert (found.state, len(moments_of(at_north, found.filled))) == (CaseState.CORRECTING, 1)

    def test_is_closed_by_the_clerk_to_whom_the_papers_were_brought(
        self, at_north: Hall, case: Case, citizen: Citizen
    ) -> None:
        who = citizen_filler(citizen)
        bring_the_rest(by=person("cao"), hall=at_north, case_id=case.pk)
        filled = FilledForm.objects.get(pk=case.filled_id)
        given: dict[str, Any] = {"who": who, "hall": at_north, "filled_id": filled.pk, "revision": filled.revision}
        with pytest.raises(Conflict):
            save_filling(**given, posted={"applicant_mobile": phone_of(9)})
        assert hand_in_rest(who=who, hall=at_north, case_id=case.pk).state == CaseState.RECEIVED
        assert case.acts.filter(act="bring_the_rest").count() == 1
