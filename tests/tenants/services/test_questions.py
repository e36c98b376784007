"""我有问题: asked on an item's page, kept for the hall; who asked stays masked wherever it is shown."""

from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client

from foundation.errors import Invalid, NotFound, TooMany
from foundation.proof_of_work import make_challenge
from province.audit.models import AuditEntry
from province.catalogue.models import Item
from province.catalogue.operations import suspend_item
from province.citizens.models import GuestContact
from province.citizens.operations.guest_contacts import QUESTIONS_A_DAY, QUESTIONS_WITHOUT_PROOF, reveal_guest_contact
from province.halls.models import Hall
from province.rights.queries import system_actor
from tenants.services.models import Adoption, Question
from tenants.services.queries.questions import asked_questions, with_guest_contacts
from tests.conftest import person
from tests.factories.adoptions import make_shown
from tests.factories.citizens import phone_of
from tests.factories.people import client_of
from tests.factories.proofs import proof_for
from tests.factories.services import TEXT, make_question
from tests.factories.sites import inside, make_columns
from tests.tenants.services.test_site_pages import UNSAFE, address_of

pytestmark = pytest.mark.django_db
NORTH = "north.yizhan.localhost"


@pytest.fixture
def site(north: Hall) -> Client:
    make_columns(north)
    return Client(headers={"host": "north.yizhan.localhost"})


@pytest.fixture
def shown(north: Hall) -> Adoption:
    return make_shown(north)


def questions(hall: Hall) -> list[Question]:
    with inside(hall):
        return list(Question.objects.order_by("-pk"))


def post(site: Client, shown: Adoption, **fields: str) -> Any:
    return site.post(f"{address_of(shown)}ask/", {"text": TEXT, "phone": phone_of(), "name": ""} | fields)


class TestAskQuestion:
    def test_keeps_it_with_the_version_that_was_read(self, north: Hall, shown: Adoption) -> None:
        question = make_question(north, shown.item_id, name="王大妈", text=f"  {TEXT} ")
        assert (question.text, question.item_id) == (TEXT, shown.item_id)
        assert question.item_version_id == Item.objects.get(pk=shown.item_id).versions.get().pk
        assert 10_000_000 <= question.number < 100_000_000

    def test_seals_who_asked(self, north: Hall, shown: Adoption) -> None:
        question = make_question(north, shown.item_id, name="王大妈")
        guest_contact = GuestContact.objects.get(pk=question.guest_contact_id)
        assert (guest_contact.hall_id, guest_contact.phone.plain, guest_contact.name.plain) == (
            north.pk,
            phone_of(),
            "王大妈",
        )
        assert str(guest_contact.phone) != phone_of()
        with connection.cursor() as cursor:
            cursor.execute("SELECT guest_contact::text FROM citizens_guestcontact AS guest_contact")
            [row] = cursor.fetchone()
        assert phone_of() not in row
        assert "王大妈" not in row

    def test_leaves_an_entry_without_what_was_asked_and_by_whom(self, north: Hall, shown: Adoption) -> None:
        question = make_question(north, shown.item_id, name="王大妈")
        entry = AuditEntry.objects.get(act="services.ask_question")
        assert (entry.hall_id, entry.object_id) == (north.pk, question.pk)
        assert entry.changes["number"] == [None, question.number]
        for secret in (TEXT, phone_of(), "王大妈"):
            assert secret not in str(entry.changes) + entry.actor_name

    @pytest.mark.parametrize(
        ("facts", "where"),
        [
            ({"text": " \n "}, "text"),
            ({"text": "问" * 501}, "text"),
            ({"phone": "12345"}, "phone"),
            ({"proof": "x"}, "altcha"),
        ],
    )
    def test_is_refused_where_something_is_missing(
        self, north: Hall, shown: Adoption, facts: dict[str, str], where: str
    ) -> None:
        with pytest.raises(Invalid) as refusal:
            make_question(north, shown.item_id, **facts)
        assert [fault.where for fault in refusal.value.faults] == [where]
        assert not GuestContact.objects.exists()

    def test_is_refused_for_what_the_hall_does_not_show(self, north: Hall, south: Hall, shown: Adoption) -> None:
        for hall, item_id in ((south, shown.item_id), (north, uuid4())):
            with pytest.raises(NotFound):
                make_question(hall, item_id)
        suspend_item(by=person("zhao"), item=Item.objects.get(pk=shown.item_id), reason="核对")
        with pytest.raises(NotFound):
            make_question(north, shown.item_id)

    def test_is_limited_by_phone(self, north: Hall, shown: Adoption) -> None:
        for _ in range(QUESTIONS_A_DAY):
            make_question(north, shown.item_id)
        with pytest.raises(TooMany):
            make_question(north, shown.item_id, phone=f"+86 {phone_of()}")
        make_question(north, shown.item_id, phone=phone_of(2))

    def test_is_limited_by_address_where_no_work_was_done(self, north: Hall, shown: Adoption) -> None:
        for serial in range(QUESTIONS_WITHOUT_PROOF):
            make_question(north, shown.item_id, phone=phone_of(serial), address="192.0.2.1")
        with pytest.raises(TooMany, match="启用脚本"):
            make_question(north, shown.item_id, phone=phone_of(8), address="192.0.2.1")
        make_question(north, shown.item_id, phone=phone_of(8), address="192.0.2.1", proof=proof_for(make_challenge()))
        make_question(north, shown.item_id, phone=phone_of(9), address="192.0.2.2")


class TestAskedQuestions:
    def test_are_the_halls_own_the_newest_first_and_masked(self, north: Hall, south: Hall, shown: Adoption) -> None:
        first, second = make_question(north, shown.item_id, name="王大妈"), make_question(north, shown.item_id)
        with inside(north):
            found = with_guest_contacts(asked_questions())
        assert [one.question.pk for one in found] == [second.pk, first.pk]
        assert found[1].version.name == "食品经营许可"
        assert str(found[1].guest_contact.name) == "王*妈"
        with inside(south):
            assert not asked_questions().exists()

    def test_are_read_and_called_back_at_the_desk(self, north: Hall, shown: Adoption) -> None:
        question = make_question(north, shown.item_id, name="王大妈")
        he = client_of("he", NORTH)
        page = he.get("/desk/items/questions/").content.decode()
        assert TEXT[:20] in page
        assert "王*妈" in page
        assert phone_of() not in page
        address = f"/desk/items/questions/{question.pk}/"
        assert "查看手机号" in he.get(address).content.decode()
        assert "至少 4 个字" in he.post(address, {"reason": "看"}).content.decode()
        assert phone_of() in he.post(address, {"reason": "电话答复提问"}).content.decode()
        assert phone_of() not in he.get(address).content.decode()
        entry = AuditEntry.objects.get(act="citizens.reveal_guest_contact")
        assert (entry.reason, entry.hall_id) == ("电话答复提问", north.pk)

    def test_show_no_number_to_who_may_not_see_any(self, north: Hall, shown: Adoption) -> None:
        question = make_question(north, shown.item_id)
        sun = client_of("sun", NORTH)
        address = f"/desk/items/questions/{question.pk}/"
        assert "查看手机号" not in sun.get(address).content.decode()
        assert sun.post(address, {"reason": "电话答复提问"}).status_code == 403

    def test_are_not_for_another_hall(self, north: Hall, south: Hall, shown: Adoption) -> None:
        question = make_question(north, shown.item_id)
        zhou = client_of("zhou", "south.yizhan.localhost")
        assert zhou.get(f"/desk/items/questions/{question.pk}/").status_code == 404
        assert client_of("zhou", NORTH).get("/desk/items/questions/").status_code == 403
        with pytest.raises(NotFound):
            reveal_guest_contact(
                by=system_actor(), hall_id=south.pk, guest_contact_id=question.guest_contact_id, reason="电话答复提问"
            )


class TestPages:
    def test_lead_from_the_question_to_its_number(self, site: Client, north: Hall, shown: Adoption) -> None:
        form = site.get(f"{address_of(shown)}ask/")
        assert form.status_code == 200
        assert "no-store" in form["Cache-Control"]
        assert "altcha-widget" in form.text
        answer = post(site, shown, name="王大妈")
        [question] = questions(north)
        assert answer.status_code == 302
        assert answer["Location"] == f"/services/questions/{question.pk}/"
        page = site.get(answer["Location"])
        assert str(question.number) in page.text
        assert "no-store" in page["Cache-Control"]
        for secret in (TEXT, phone_of(), "王大妈"):
            assert secret not in page.text

    def test_say_what_is_wrong_and_keep_what_was_written(self, site: Client, north: Hall, shown: Adoption) -> None:
        answer = post(site, shown, phone="123")
        assert answer.status_code == 422
        assert "请填写 11 位手机号" in answer.text
        assert TEXT in answer.text
        assert post(site, shown, text="").status_code == 422
        assert post(site, shown, text="问" * 501).status_code == 422
        assert post(site, shown, altcha="x").status_code == 422
        assert questions(north) == []

    def test_take_a_proof_once(self, site: Client, north: Hall, shown: Adoption) -> None:
        proof = proof_for(make_challenge())
        assert post(site, shown, altcha=proof).status_code == 302
        again = post(site, shown, altcha=proof)
        assert again.status_code == 422
        assert "已经用过" in again.text
        assert len(questions(north)) == 1

    def test_show_what_was_written_as_words(self, site: Client, shown: Adoption) -> None:
        answer = post(site, shown, text=UNSAFE, name=UNSAFE[:40], phone="x")
        assert "<script>alert" not in answer.text
        assert "<img src=x" not in answer.text

    def test_ask_for_their_own_token(self, site: Client, north: Hall, shown: Adoption) -> None:
        strict = Client(enforce_csrf_checks=True, headers={"host": "north.yizhan.localhost"})
        assert post(strict, shown).status_code == 403
        assert questions(north) == []

    def test_of_one_hall_are_not_found_at_another(self, north: Hall, south: Hall, shown: Adoption) -> None:
        make_columns(south)
        question = make_question(north, shown.item_id)
        other = Client(headers={"host": "south.yizhan.localhost"})
        assert other.get(f"/services/questions/{question.pk}/").status_code == 404
        assert other.get(f"{address_of(shown)}ask/").status_code == 404
