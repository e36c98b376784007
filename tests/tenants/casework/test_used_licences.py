"""用我名下的证照: a licence of the hall in place of a paper, with its holder's consent, as desk and programs see it."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from foundation import schemas
from foundation.errors import Conflict, Invalid, NotAllowed, NotFound, Unavailable
from province.audit.models import AuditEntry
from province.cases.states import CaseChannel
from province.citizens.models import Citizen
from province.halls.models import Hall
from province.people.models import Account
from province.sign_in.operations.tokens import issue_token
from tenants.casework.models import Case, CaseSetup, UsedLicence
from tenants.casework.operations import licences
from tenants.casework.operations.intake import begin_application
from tenants.casework.operations.licences import use_licence
from tenants.casework.queries.licences import offers_for, used_in
from tenants.licences.models import Licence
from tenants.licences.operations.ending import end_licence
from tenants.workflow.models import FilledForm, FormUpload
from tenants.workflow.operations.filling import save_filling, send_filling
from tenants.workflow.queries.filled import FormFiller, values_of
from tests.conftest import person
from tests.factories.casework import ANNA
from tests.factories.citizens import company_code, make_proved
from tests.factories.forms import citizen_filler, filler
from tests.factories.licences import NAME, granted, make_licensing, with_paper
from tests.factories.people import client_of
from tests.factories.sites import inside, make_columns
from tests.races import at_once
from tests.tenants.citizen_pages.test_pages import NORTH, SOUTH, signed_in

FIELD = "material_1"
BODY: dict[str, Any] = {
    "applicant_nature": "body",
    "applicant_body": "当阳市某某餐饮店",
    "applicant_credit_code": company_code(1),
}
BASIS = "《中华人民共和国行政许可法》第七十条第（一）项"


@pytest.fixture(scope="class")
def _site(object_store: None, licensed: dict[str, UUID]) -> None:
    make_columns(Hall.objects.get(slug="north"))


@pytest.fixture
def setups(_site: None, north: Hall, licensed: dict[str, UUID]) -> Iterator[dict[str, CaseSetup]]:
    with inside(north):
        yield {way: CaseSetup.objects.get(pk=pk) for way, pk in licensed.items()}


@pytest.fixture
def anna() -> Citizen:
    return make_proved(1, number=ANNA["applicant_number"], name="安娜")


def begun(hall: Hall, setup: CaseSetup, who: FormFiller) -> FilledForm:
    channel = CaseChannel.SITE if who.citizen else CaseChannel.WINDOW
    return begin_application(who=who, hall=hall, setup_id=setup.pk, channel=channel, is_another=True)


def again(filled: FilledForm) -> FilledForm:
    return FilledForm.objects.select_related("version", "form").get(pk=filled.pk)


def ended(hall: Hall, licence: Licence) -> None:
    end_licence(by=person("tao"), hall=hall, licence_id=licence.pk, how="revoked", basis=BASIS, reason="骗取许可")


def sent(hall: Hall, who: FormFiller, filled: FilledForm, **values: Any) -> Case:
    revision = again(filled).revision
    saved = save_filling(who=who, hall=hall, filled_id=filled.pk, posted=ANNA | values, revision=revision)
    send_filling(who=who, hall=hall, filled_id=filled.pk, revision=saved.filled.revision)
    return Case.objects.get(filled=filled)


@pytest.mark.django_db
class TestUsingALicence:
    def test_counts_as_given_and_is_seen_as_it_stands_at_every_moment(
        self, north: Hall, setups: dict[str, CaseSetup], anna: Citizen
    ) -> None:
        licence = granted(north, setups)
        who = citizen_filler(anna)
        filled = begun(north, setups["extend"], who)
        wish: dict[str, Any] = {"who": who, "hall": north, "filled_id": filled.pk, "field": FIELD}
        wish |= {"licence_id": licence.pk, "consent": "own"}
        with pytest.raises(Unavailable):
            use_licence(**wish)
        licence = with_paper(north, licence)
        for wrong in ("", "present"):
            with pytest.raises(Invalid):
                use_licence(**wish | {"consent": wrong})
        for wrong in ({"field": "material_2"}, {"field": "applicant_name"}, {"licence_id": filled.pk}):
            with pytest.raises(NotFound):
                use_licence(**wish | wrong)
        assert not UsedLicence.objects.exists()
        used = [use_licence(**wish) for _ in range(2)]
        assert used[0] == used[1]
        (offer,) = offers_for(north, who, again(filled), {FIELD})
        assert (offer.licence, offer.material, offer.is_used) == (licence, "原许可证", True)
        audit = AuditEntry.objects.get(act="casework.agree_to_licence", object_id=filled.pk)
        assert audit.changes == {"licence": [None, licence.number], "agreed": [None, "本人在网上同意"]}
        case = sent(north, who, filled)
        material = case.materials.get(field=FIELD)
        assert material.state == "given"
        assert licence.number in case.acts.get(act="use_licence").said
        page = f"/desk/cases/{case.pk}/"
        hua = client_of("hua", NORTH)
        shown = hua.get(page).text
        assert all(words in shown for words in ("使用的证照", licence.number, "本人在网上同意", "使用时有效"))
        assert "作出决定前请核对" not in shown
        ended(north, licence)
        shown = hua.get(page).text
        assert all(words in shown for words in ("作出决定前请核对", "已撤销", "使用时有效"))
        (line,) = used_in(north, case)
        assert (line.has_lapsed, line.used.standing, line.used.licence.standing) == (True, "issued", "revoked")

    def test_is_not_used_once_it_holds_no_more_or_is_taken_out_again(
        self, north: Hall, setups: dict[str, CaseSetup], anna: Citizen, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        licence = with_paper(north, granted(north, setups))
        who = citizen_filler(anna)
        filled = begun(north, setups["extend"], who)
        wish: dict[str, Any] = {"who": who, "hall": north, "filled_id": filled.pk, "field": FIELD}
        wish |= {"licence_id": licence.pk, "consent": "own"}

        def killed(**_: object) -> None:
            raise SystemExit

        # killed behind the store: a file that stands in no field, and nothing else
        with monkeypatch.context() as broken:
            broken.setattr(licences, "save_filling", killed)
            with pytest.raises(SystemExit):
                use_licence(**wish)
        assert (UsedLicence.objects.exists(), FormUpload.objects.filter(filled=filled).count()) == (False, 1)
        assert FIELD not in values_of(north, FilledForm.objects.get(pk=filled.pk))
        use_licence(**wish)
        revision = again(filled).revision
        save_filling(who=who, hall=north, filled_id=filled.pk, posted={FIELD: []}, revision=revision)
        (offer,) = offers_for(north, who, again(filled), {FIELD})
        assert not offer.is_used
        other = begun(north, setups["change"], who)
        # between the page and the button somebody ends it
        ended(north, licence)
        assert offers_for(north, who, other, {FIELD}) == []
        with pytest.raises(NotFound):
            use_licence(**wish | {"filled_id": other.pk})
        monkeypatch.setattr(licences, "_offer", lambda *_: offer)
        with pytest.raises(Conflict):
            use_licence(**wish | {"filled_id": other.pk})

    def test_is_nobody_elses_and_no_other_halls(self, north: Hall, setups: dict[str, CaseSetup], anna: Citizen) -> None:
        licence = with_paper(north, granted(north, setups))
        stranger = citizen_filler(make_proved(2))
        filled = begun(north, setups["extend"], stranger)
        # an application that names Anna does not bring her licence
        save_filling(who=stranger, hall=north, filled_id=filled.pk, posted=ANNA, revision=filled.revision)
        assert offers_for(north, stranger, again(filled), {FIELD}) == []
        wish: dict[str, Any] = {"hall": north, "field": FIELD, "licence_id": licence.pk}
        with pytest.raises(NotFound):
            use_licence(who=stranger, filled_id=filled.pk, consent="own", **wish)
        with pytest.raises(NotFound):
            use_licence(who=citizen_filler(anna), filled_id=filled.pk, consent="own", **wish)
        south = Hall.objects.get(slug="south")
        with schemas.enter(south.schema_name), pytest.raises(NotFound):
            use_licence(who=citizen_filler(anna), filled_id=filled.pk, consent="own", **wish | {"hall": south})
        other = make_proved(3)
        for path in (f"/licences/{licence.pk}/", f"/licences/{licence.pk}/paper/"):
            assert signed_in(anna).get(path).status_code in {200, 302}, path
            assert signed_in(other).get(path).status_code == 404, path
            assert signed_in(anna, SOUTH).get(path).status_code == 404, path
        assert client_of("cao", SOUTH).get(f"/desk/licences/{licence.pk}/").status_code in {403, 404}


@pytest.mark.django_db
class TestAtTheDesk:
    def test_is_offered_by_the_applicants_number_and_fills_in_what_it_says(
        self, north: Hall, setups: dict[str, CaseSetup]
    ) -> None:
        licence = with_paper(north, granted(north, setups, **BODY))
        who = filler("hua")
        filled = begun(north, setups["extend"], who)
        page = f"/desk/forms/filled/{filled.pk}/"
        hua = client_of("hua", NORTH)
        assert "用申请人名下的证照" not in hua.get(page).text
        posted = {"applicant_nature": "body", "applicant_credit_code": BODY["applicant_credit_code"]}
        save_filling(who=who, hall=north, filled_id=filled.pk, posted=posted, revision=filled.revision)
        shown = hua.get(page).text
        assert [one for one in ("用申请人名下的证照", licence.number, "书面同意") if one not in shown] == []
        action = f"/desk/cases/licences/{filled.pk}/"
        wish = {"licence": str(licence.pk), "field": FIELD, "back": page}
        assert "请选择持有人怎样同意的" in hua.post(action, wish, follow=True).text
        assert hua.post(action, wish | {"consent": "signed"})["Location"] == page
        values = values_of(north, again(filled))
        assert values["applicant_body"] == BODY["applicant_body"]
        assert [one["name"] for one in values[FIELD]] == [f"{NAME} {licence.number}.pdf"]
        assert "已用作“原许可证”" in hua.get(page).text
        assert UsedLicence.objects.get().by_name == person("hua").shown_name
        assert hua.post(action, wish | {"licence": "x"}).status_code == 404
        with pytest.raises(NotAllowed):
            use_licence(
                who=FormFiller(person("zhou")),
                hall=north,
                filled_id=filled.pk,
                field=FIELD,
                licence_id=licence.pk,
                consent="signed",
            )

    def test_does_the_same_for_programs(self, north: Hall, setups: dict[str, CaseSetup], anna: Citizen) -> None:
        licence = with_paper(north, granted(north, setups))
        account = Account.objects.get(username="tao")
        scopes = ("casework.handle", "casework.decide", "licences.read", "licences.end")
        key = issue_token(by=person("tao"), account=account, name="测试", scopes=scopes)
        program = Client(headers={"host": NORTH, "authorization": f"Bearer {key}"})
        api = "/api/hall/v1"
        listed = program.get(f"{api}/licences?words={ANNA['applicant_number']}")
        assert listed.status_code == 200, listed.text
        (line,) = listed.json()["items"]
        assert (line["number"], line["holder"]["name"], line["standing"]) == (licence.number, "安*", "issued")
        assert ANNA["applicant_number"] not in str(line)
        own, who = signed_in(anna), citizen_filler(anna)
        filled = begun(north, setups["extend"], who)
        path = f"{api}/casework/own-licences/{filled.pk}"
        assert [one["is_used"] for one in own.get(path).json()] == [False]
        wish = {"field": FIELD, "licence_id": str(licence.pk), "consent": "own"}
        for _ in range(2):
            answer = own.post(path, wish, content_type="application/json")
            assert [one["is_used"] for one in answer.json()] == [True], answer.text
        assert own.get(f"{api}/licences/own").json()["items"][0]["number"] == licence.number
        assert own.get(f"{api}/licences/own/{licence.pk}").json()["standing"] == "issued"
        assert signed_in(make_proved(4)).get(f"{api}/licences/own/{licence.pk}").status_code == 404
        case = sent(north, who, filled)
        end = {"how": "cancelled", "basis": BASIS, "reason": "歇业"}
        ended_path = f"{api}/licences/{licence.pk}/end"
        assert program.post(ended_path, end, content_type="application/json").json()["standing"] == "cancelled"
        assert program.post(ended_path, end, content_type="application/json").status_code == 409
        shown = program.get(f"{api}/casework/cases/{case.pk}").json()
        (used,) = shown["used_licences"]
        assert (used["standing_then"], used["standing"], used["consent"]) == ("issued", "cancelled", "own")
        assert shown["licence_ids"] == []

    def test_lists_exports_and_ends_them_on_pages(self, north: Hall, setups: dict[str, CaseSetup]) -> None:
        licence, other = granted(north, setups), granted(north, setups, **BODY)
        tao, hua = client_of("tao", NORTH), client_of("hua", NORTH)
        listed = hua.get("/desk/licences/").text
        assert all(words in listed for words in (licence.number, other.number, "安*", BODY["applicant_body"]))
        assert ANNA["applicant_number"] not in listed
        found = hua.get(f"/desk/licences/?words={ANNA['applicant_number']}").text
        assert licence.number in found
        assert other.number not in found
        exported = hua.get("/desk/licences/?standing=issued&export=csv").text
        assert all(words in exported for words in (licence.number, "安*", BODY["applicant_credit_code"]))
        assert ANNA["applicant_number"] not in exported
        page = f"/desk/licences/{licence.pk}/"
        assert "终止这本证照的效力" not in hua.get(page).text
        assert tao.post(page, {"how": "cancelled", "basis": "", "reason": ""}).status_code == 422
        done = tao.post(page, {"how": "cancelled", "basis": BASIS, "reason": "歇业"}, follow=True).text
        assert all(words in done for words in ("已注销", BASIS, "歇业"))
        assert licence.number not in hua.get("/desk/licences/?standing=issued").text
        told = Client(headers={"host": NORTH}).get(f"/verify/{licence.document.code}/").text
        assert "已注销" in told
        assert all(words not in told for words in ("安娜", "安*", "歇业"))
        assert NAME in Client(headers={"host": NORTH}).get(f"/verify/{other.document.code}/").text

    def test_shows_their_own_to_citizens(self, north: Hall, setups: dict[str, CaseSetup], anna: Citizen) -> None:
        licence = with_paper(north, granted(north, setups))
        client = signed_in(anna)
        for path in ("/me/", "/licences/", f"/licences/{licence.pk}/"):
            assert licence.number in client.get(path).text, path
        assert client.get(f"/licences/{licence.pk}/paper/").status_code == 302
        filled = begun(north, setups["extend"], citizen_filler(anna))
        part = f"/forms/filled/{filled.pk}/pages/{FIELD}/"
        shown = client.get(part)
        assert shown.status_code == 200, part
        assert all(words in shown.text for words in ("用我名下的证照", licence.number, "我同意本厅"))
        wish = {"licence": str(licence.pk), "field": FIELD, "back": part, "consent": "own"}
        done = client.post(f"/cases/licences/{filled.pk}/", wish, follow=True)
        assert "已用作“原许可证”" in done.text
        assert "实名核验" in signed_in(Citizen.objects.create(name="某人", level=1)).get("/licences/").text


@pytest.mark.usefixtures("fresh_database", "object_store")
class TestTwoAtOnce:
    def test_use_a_licence_once_or_find_that_it_was_ended(self) -> None:
        north = Hall.objects.get(slug="north")
        setups = make_licensing(north)
        north.refresh_from_db()
        anna = make_proved(1, number=ANNA["applicant_number"], name="安娜")
        who = citizen_filler(anna)
        with inside(north):
            licence = with_paper(north, granted(north, setups))
            filled = begun(north, setups["extend"], who)

        def use() -> UsedLicence:
            with schemas.enter(north.schema_name):
                return use_licence(
                    who=who, hall=north, filled_id=filled.pk, field=FIELD, licence_id=licence.pk, consent="own"
                )

        def end() -> None:
            with schemas.enter(north.schema_name):
                ended(north, licence)

        first, second = at_once(use, use)
        assert first == second
        with inside(north):
            assert UsedLicence.objects.count() == 1
            assert AuditEntry.objects.filter(act="casework.agree_to_licence").count() == 1
            filled = begun(north, setups["change"], who)
        answer, _ = at_once(use, end)
        with inside(north):
            kept = UsedLicence.objects.filter(upload__filled=filled).exists()
        # used while it held, or not at all
        assert kept == isinstance(answer, UsedLicence), answer
