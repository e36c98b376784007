"""Colleagues: whom one sees, what of them, and one's own card."""

from io import BytesIO
from typing import Any

import pytest
from django.db import connection
from python_calamine import CalamineWorkbook

from foundation.errors import Invalid, NotAllowed, NotFound
from province.audit.models import AuditEntry
from province.console.addresses import province_address
from province.halls.models import Hall
from province.people.models import Position, Unit
from province.people.operations.accounts import close_account
from province.people.operations.contacts import write_card
from province.people.queries.actors import actor_of
from province.people.queries.contacts import Colleague, colleague, colleagues_at
from tests.conftest import person
from tests.factories.people import account, client_of, make_unit, position_of

pytestmark = pytest.mark.django_db
MOBILE = "13812345678"
CARD: dict[str, Any] = {
    "office_phone": "0717-3251234",
    "room": "301 室",
    "mobile": "138 1234 5678",
    "shows_mobile": False,
}
PATH = "/account/contacts/"


@pytest.fixture
def office(north: Hall) -> Unit:
    """Hua is its clerk, in a group below it."""
    office = make_unit("政务科", hall=north)
    group = make_unit("受理组", hall=north, parent=office)
    Position.objects.filter(pk=position_of("hua").pk).update(unit=group, title="科员")
    write_card(by=person("hua"), account=account("hua"), **CARD)
    return office


def names(found: list[Colleague]) -> set[str]:
    return {one.name for one in found}


class TestColleagues:
    def test_are_those_of_ones_own_hall(self, north: Hall, south: Hall) -> None:
        found = names(colleagues_at(person("cao"), north.pk))
        assert found == {"孙北", "李北", "何北", "华窗", "曹办", "陶批"}
        for hall_id in (south.pk, None):
            with pytest.raises(NotFound):
                colleagues_at(person("cao"), hall_id)
        with pytest.raises(NotFound):
            colleague(person("cao"), account("zhou").pk)
        assert names(colleagues_at(person("lu"), None)) >= {"赵敏", "方终"}

    def test_are_also_those_over_whom_one_reads(self, north: Hall) -> None:
        village = Hall.objects.get(slug="village")
        assert names(colleagues_at(person("he"), village.pk)) == {"江代"}
        assert names(colleagues_at(person("zhao"), north.pk)) >= {"孙北"}

    def test_who_have_gone_are_not_there(self, north: Hall) -> None:
        close_account(by=person("zhao"), account=account("li"))
        assert "李北" not in names(colleagues_at(person("cao"), north.pk))

    @pytest.mark.parametrize(
        "words", ["华窗", "huachuang", "hc", "HuaC", "科员", "受理", "窗口", "3251234", "hc 政务科"]
    )
    def test_are_found_as_people_type(self, north: Hall, office: Unit, words: str) -> None:
        assert names(colleagues_at(person("cao"), north.pk, search=words)) == {"华窗"}

    def test_of_a_department_are_those_below_it_too(self, north: Hall, office: Unit) -> None:
        (found,) = colleagues_at(person("cao"), north.pk, unit_id=office.pk)
        (duty,) = found.duties
        assert (duty.unit, duty.title, duty.role, duty.place) == ("政务科/受理组", "科员", "窗口", "当阳市")

    def test_cost_the_same_however_many(self, north: Hall, office: Unit, django_assert_num_queries: Any) -> None:
        by = actor_of(account("cao"))
        with django_assert_num_queries(3):
            assert len(colleagues_at(by, north.pk)) == 6

    def test_are_nobody_for_who_has_no_position(self) -> None:
        page = client_of("wu").get(PATH)
        assert page.status_code == 200
        assert "还没有同事" in page.content.decode()
        assert colleague(person("wu"), account("wu").pk).duties == []


class TestCard:
    def test_shows_the_mobile_masked_unless_its_owner_says_so(self, office: Unit) -> None:
        hua = account("hua").pk
        found = colleague(person("cao"), hua)
        assert (found.mobile, found.is_mobile_whole, found.office_phone) == ("138****5678", False, "0717-3251234")
        assert colleague(person("hua"), hua).mobile == MOBILE
        write_card(by=person("hua"), account=account("hua"), **CARD | {"shows_mobile": True})
        assert colleague(person("cao"), hua).mobile == MOBILE

    def test_keeps_the_mobile_encrypted_and_out_of_the_audit(self, office: Unit) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT mobile FROM people_contactcard")
            assert MOBILE not in str(cursor.fetchall())
        entry = AuditEntry.objects.get(act="people.write_card")
        assert entry.changes["mobile"] == ["", "138****5678"]
        assert MOBILE not in str(entry.changes)

    def test_is_ones_own_and_written_once(self, office: Unit) -> None:
        with pytest.raises(NotAllowed):
            write_card(by=person("cao"), account=account("hua"), **CARD)
        write_card(by=person("hua"), account=account("hua"), **CARD)
        assert AuditEntry.objects.filter(act="people.write_card").count() == 1

    @pytest.mark.parametrize(
        ("field", "value"), [("mobile", "12345"), ("office_phone", "电话"), ("room", "三楼\n301"), ("room", "室" * 61)]
    )
    def test_refuses_what_nobody_could_use(self, field: str, value: str) -> None:
        with pytest.raises(Invalid) as refusal:
            write_card(by=person("hua"), account=account("hua"), **CARD | {field: value})
        assert [fault.where for fault in refusal.value.faults] == [field]


class TestPages:
    def test_lead_from_the_list_to_the_card(self, office: Unit) -> None:
        browser = client_of("cao")
        page = browser.get(PATH, {"search": "hc"}).content.decode()
        assert f"{PATH}{account('hua').pk}/" in page
        assert "李北" not in page
        card = browser.get(f"{PATH}{account('hua').pk}/").content.decode()
        assert "138****5678" in card
        assert MOBILE not in card
        assert 'href="tel:0717-3251234"' in card
        assert browser.get(f"{PATH}{account('zhou').pk}/").status_code == 404
        assert browser.get(PATH, {"hall": "nonsense"}).status_code == 404

    def test_are_found_from_a_halls_desk(self, north: Hall) -> None:
        """They stand at the province's host: what is shown at a hall's is that hall's alone."""
        desk = client_of("sun", "north.yizhan.localhost")
        assert f'href="{province_address()}{PATH}"' in desk.get("/account/").content.decode()
        assert desk.get(PATH).status_code == 404

    def test_go_out_to_excel_and_to_the_phone(self, office: Unit) -> None:
        browser = client_of("cao")
        table = CalamineWorkbook.from_filelike(BytesIO(browser.get(PATH, {"format": "xlsx"}).content))
        rows = table.get_sheet_by_index(0).to_python()
        assert rows[0] == ["姓名", "部门", "职务", "岗位", "办公电话", "办公地点", "手机号"]
        assert ["华窗", "政务科/受理组", "科员", "窗口", "0717-3251234", "301 室", "138****5678"] in rows
        answer = browser.get(f"{PATH}{account('hua').pk}/", {"format": "vcf"})
        card = answer.content.decode()
        assert answer["Content-Type"] == "text/vcard; charset=utf-8"
        assert card.startswith("BEGIN:VCARD\r\nVERSION:3.0\r\nN:华窗;;;;\r\nFN:华窗\r\nORG:当阳市;政务科/受理组\r\n")
        assert "TEL;TYPE=WORK,VOICE:0717-3251234\r\n" in card
        # a masked number would be dialled
        assert "CELL" not in card

    def test_save_ones_own_card(self) -> None:
        browser = client_of("cao")
        sent = {"office_phone": "3251234", "room": "", "mobile": "1", "shows_mobile": "on"}
        refused = browser.post("/account/card/", sent)
        assert refused.status_code == 422
        assert "请填写 11 位手机号" in refused.content.decode()
        page = browser.post("/account/card/", sent | {"mobile": MOBILE}, follow=True).content.decode()
        assert "名片已保存" in page
        assert MOBILE in page
