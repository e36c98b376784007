"""Pages on which forms are filled in, at the desk and on the hall's site."""

import json
import re
from collections.abc import Iterator
from html import unescape
from io import BytesIO
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from foundation import schemas
from province.citizens.models import Citizen
from province.halls.models import Hall
from province.people.models import Account
from standards.forms.blocks import block_fields
from standards.forms.fields import FIELD_TYPES
from standards.forms.posted import FilledResult, read_posted
from standards.forms.rights import FieldRight
from tenants.workflow.models import FilledForm, Form
from tenants.workflow.operations import filling
from tenants.workflow.operations.designs import retire_design
from tenants.workflow.operations.filling import send_filling
from tenants.workflow.queries import reading
from tenants.workflow.queries.filled import values_of
from tenants.workflow.states import FilledState
from tests.conftest import person
from tests.factories.citizens import make_proved
from tests.factories.files import picture
from tests.factories.forms import LEAVE, begin, citizen_filler, filler, make_published_form
from tests.standards.form_samples import SAMPLES, field_of
from tests.standards.test_form_posted import AGENT, TRIPS
from tests.tenants.citizen_pages.test_pages import clerk, signed_in
from tests.tenants.workflow.test_filling import ALL, NUMBER, save

pytestmark = pytest.mark.django_db

DAYS = {"days.begins_on": "2026-12-01", "days.ends_on": "2026-12-03"}
WHO = {"name": "孙北", "number": NUMBER}
LINES: dict[str, Any] = {
    "format": 1,
    "title": "采购",
    "parts": [
        {
            "name": "all",
            "label": "全部",
            "fields": [{"type": "group", "name": "lines", "label": "明细", **SAMPLES["group"][0]}],
        }
    ],
}


@pytest.fixture
def _in_north(north: Hall) -> Iterator[None]:
    with schemas.enter(north.schema_name):
        yield


def boxes(html: str) -> set[str]:
    """Names of everything that a page posts."""
    return set(re.findall(r'<(?:input|select|textarea|button)[^>]* name="([^"]+)"', html))


def page_of(client: Client, path: str, *, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, path
    return unescape(answer.content.decode())


def begun_at_site(north: Hall, citizen: Citizen) -> str:
    """The address of a draft of the citizen's."""
    with schemas.enter(north.schema_name):
        filled = begin(north, make_published_form(north, is_open=True).pk, citizen_filler(citizen))
    return f"/forms/filled/{filled.pk}/"


class TestDesk:
    def test_takes_a_form_from_the_list_to_the_paper(self, north: Hall) -> None:
        with schemas.enter(north.schema_name):
            form = make_published_form(north)
        client = clerk("cao")
        assert "请假申请" in page_of(client, "/desk/forms/fill/")
        assert "申请人、请假" in page_of(client, f"/desk/forms/{form.pk}/fill/")
        path = client.post(f"/desk/forms/{form.pk}/fill/").headers["Location"]
        first = page_of(client, path)
        assert "已按您的工作账号填好" in first
        assert 'value="曹办"' in first
        assert 'name="doctor"' not in first
        # a condition, without JavaScript and with it
        looked = client.post(path, {"_act": "look", "kind": "ill", "_revision": "0"})
        assert 'name="doctor"' in looked.content.decode()
        seen = re.search(r'name="_seen" value="(\w+)"', looked.content.decode())
        assert seen
        assert client.post(path, {"_act": "look", "kind": "ill", "_seen": seen[1]}).status_code == 204
        refused = client.post(path, {**WHO, "name": "张三3", "_act": "send", "_revision": "0"})
        text = unescape(refused.content.decode())
        assert refused.status_code == 422
        assert '<a href="#f-name">“姓名”只能写文字' in text
        assert '<a href="#f-kind">请选择“请假类型”。</a>' in text
        # what was typed is kept, and another device goes on with it
        assert 'value="张三3"' in page_of(clerk("cao"), path)
        other = client.post(path, {**WHO, "_act": "keep", "_revision": "0"})
        assert other.status_code == 409
        conflicting = unescape(other.content.decode())
        assert "没有保存" in conflicting
        assert 'value="孙北"' in conflicting
        replaced = client.post(path, {**WHO, "_act": "overwrite", "_revision": "-1", "_newer": "1"})
        assert replaced.status_code == 302
        assert 'value="孙北"' in page_of(client, path)
        sent = client.post(path, {**WHO, "kind": "year", **DAYS, "_act": "send", "_revision": "2"}, follow=True)
        assert "已提交。" in sent.content.decode()
        assert boxes(page_of(client, path)) <= {"csrfmiddlewaretoken", "q"}
        assert client.get(f"{path}paper/").content.startswith(b"%PDF")
        again = client.post(path, {**WHO, "name": "改", "_act": "send", "_revision": "3"})
        assert (again.status_code, again.headers["Location"]) == (302, path)
        assert "孙北" in page_of(client, path)

    def test_shows_every_type_with_every_right(self, north: Hall) -> None:
        """Hidden is not in the page at all, what is read has no box, what is written has one."""
        strays = []
        for number, right in enumerate(FieldRight):
            rules = [{"otherwise": "write", "rights": {f"f_{kind}": right.value for kind in SAMPLES}}]
            with schemas.enter(north.schema_name):
                form = make_published_form(north, {**ALL, "rights": rules}, code=f"all_{number}")
                filled = begin(north, form.pk)
            for html in (page_of(clerk("cao"), f"/desk/forms/filled/{filled.pk}/"),):
                found = boxes(html)
                for kind in SAMPLES:
                    has_box = any(re.match(rf"(_file\.)?f_{kind}(\.|\Z)", name) for name in found) or (
                        f'value="add f_{kind}"' in html
                    )
                    is_there = f"字段 {kind}" in html
                    wanted = (right != FieldRight.HIDDEN, right.is_writable and FIELD_TYPES[kind].is_filled)
                    if (is_there, has_box) != wanted:
                        strays.append(f"{right} {kind}: {is_there, has_box}")
        assert strays == []

    def test_shows_cells_where_the_line_lets_them_appear(self, north: Hall) -> None:
        definition = {**LINES, "parts": [{"name": "all", "label": "全部", "fields": [AGENT, TRIPS]}]}
        with schemas.enter(north.schema_name):
            form = make_published_form(north, definition)
        client = clerk("cao")
        path = client.post(f"/desk/forms/{form.pk}/fill/").headers["Location"]
        assert "trips.0.plate" not in boxes(page_of(client, path))
        typed = {"trips.0.means": "car", "trips.1.means": "train", "trips.1.plate": "鄂E1", "agent": "true"}
        looked = client.post(path, {**typed, "_act": "look", "_revision": "0"}).content.decode()
        assert boxes(looked) >= {"trips.0.plate", "trips.0.price", "trips.1.price"}
        assert "trips.1.plate" not in boxes(looked)
        refused = client.post(path, {**typed, "_act": "send", "_revision": "0"})
        assert refused.status_code == 422
        assert '<a href="#f-trips-0-plate">“行程”第 1 行：请填写“车牌”。</a>' in unescape(refused.content.decode())
        with schemas.enter(north.schema_name):
            kept = values_of(north, FilledForm.objects.get())["trips"]
        assert kept == [{"means": "car"}, {"means": "train"}]

    def test_adds_and_drops_lines_by_buttons(self, north: Hall) -> None:
        with schemas.enter(north.schema_name):
            filled = begin(north, make_published_form(north, LINES).pk)
        client, path = clerk("cao"), f"/desk/forms/filled/{filled.pk}/"
        # also while nothing is filled in yet
        blank = {"lines.0.g_name": "", "lines.0.g_many": "", "_revision": "0", "_line": "add lines"}
        assert {"lines.0.g_name", "lines.1.g_name"} <= boxes(client.post(path, blank).content.decode())
        more = blank | {"lines.1.g_name": ""}
        assert "lines.2.g_name" in boxes(client.post(path, more).content.decode())
        typed = {"lines.0.g_name": "管材", "lines.0.g_many": "3", "lines.0.g_price": "19.99", "_revision": "0"}
        added = unescape(client.post(path, {**typed, "_line": "add lines"}).content.decode())
        assert {"lines.0.g_name", "lines.1.g_name"} <= boxes(added)
        assert "59.97 元" in added
        assert 'name="lines.0.g_amount"' not in added
        typed |= {"lines.1.g_name": "阀门", "_revision": "1", "_line": "drop lines 0"}
        dropped = unescape(client.post(path, typed).content.decode())
        assert 'value="阀门"' in dropped
        assert 'value="管材"' not in dropped
        with schemas.enter(north.schema_name):
            assert values_of(north, FilledForm.objects.get())["lines"] == [{"g_name": "阀门"}]

    def test_is_closed_to_strangers_other_people_and_other_halls(self, north: Hall) -> None:
        with schemas.enter(north.schema_name):
            form = make_published_form(north)
            filled = begin(north, form.pk)
        paths = [f"/desk/forms/filled/{filled.pk}/{rest}" for rest in ("", "paper/", f"files/{form.pk}/")]
        for path in paths:
            page_of(clerk("hua"), path, status=404)
            assert clerk("zhou", "north.yizhan.localhost").get(path).status_code == 403
            page_of(clerk("zhou", "south.yizhan.localhost"), path, status=404)
            assert Client(headers={"host": "north.yizhan.localhost"}).get(path).status_code == 302
        assert clerk("hua").post(f"/desk/forms/filled/{filled.pk}/drop/").status_code == 404
        assert clerk("hua").get(f"/desk/forms/{form.pk}/sent/").status_code == 403

    def test_gives_out_what_was_sent_without_what_is_hidden_and_masked(self, north: Hall) -> None:
        rules = [
            {"otherwise": "write", "rights": {}},
            {"role": "hall_administrator", "rights": {"kind": "hidden"}, "otherwise": "read"},
        ]
        with schemas.enter(north.schema_name):
            form = make_published_form(north, {**LEAVE, "rights": rules})
            filled = save(
                north,
                begin(north, form.pk),
                {**WHO, "kind": "year", "days": {"begins_on": "20261201", "ends_on": "20261203"}},
            )
            send_filling(who=filler(), hall=north, filled_id=filled.pk, revision=filled.revision)
        assert "曹*" in page_of(clerk("he"), f"/desk/forms/{form.pk}/sent/")
        answer = clerk("he").post(f"/desk/forms/{form.pk}/sent/export/")
        rows = CalamineWorkbook.from_filelike(BytesIO(answer.content)).get_sheet_by_index(0).to_python()
        assert rows[0] == ["编号", "姓名", "身份证号", "医院", "起止日期"]
        assert rows[1][1:3] == ["孙*", "110***********002X"]
        assert NUMBER.encode() not in answer.content

    def test_previews_a_draft_as_everybody_and_keeps_nothing(self, north: Hall) -> None:

        with schemas.enter(north.schema_name):
            form = make_published_form(north)
        path, client = f"/desk/forms/{form.pk}/preview/", clerk("sun")
        for given in ({}, {"as": "citizen"}, {"as": "citizen", "mode": "elder"}, {"look": "print"}):
            answer = client.post(path, {"definition": json.dumps(ALL), **given})
            assert answer.status_code == 200
            assert "sandbox allow-same-origin" in answer.headers["Content-Security-Policy"]
            assert "script-src 'none'" in answer.headers["Content-Security-Policy"]
            text = unescape(answer.content.decode())
            assert [kind for kind in SAMPLES if f"字段 {kind}" not in text] == []
            assert "<script" not in text
        # a citizen does not choose among colleagues
        fields = [{"type": "listed", "name": "person", "label": "随行", "source": "person"}]
        listed = json.dumps({**LEAVE, "parts": [{"name": "all", "label": "全部", "fields": fields}], "rights": []})
        seen = {
            kind: unescape(client.post(path, {"definition": listed, "as": kind}).text) for kind in ("staff", "citizen")
        }
        assert {kind: (">孙北<" in text, "群众没有可以选的" in text) for kind, text in seen.items()} == {
            "staff": (True, False),
            "citizen": (False, True),
        }
        wrong = client.post(path, {"definition": '{"title": "<script>alert(1)</script>"}'})
        assert (wrong.status_code, "现在还不能预览" in wrong.content.decode()) == (422, True)
        assert clerk("cao").post(path, {"definition": json.dumps(ALL)}).status_code == 403
        with schemas.enter(north.schema_name):
            assert not FilledForm.objects.exists()


@pytest.mark.usefixtures("object_store")
class TestUploads:
    def test_are_checked_kept_and_opened_by_their_owner(self, north: Hall) -> None:
        fields = [{"type": "picture", "name": "photo", "label": "照片", "required": True}]
        definition = {**LEAVE, "parts": [{"name": "all", "label": "全部", "fields": fields}]}
        with schemas.enter(north.schema_name):
            filled = begin(north, make_published_form(north, definition).pk)
        client, path = clerk("cao"), f"/desk/forms/filled/{filled.pk}/"
        photo = picture("PNG", size=(20, 20))
        photo.name = "门头.png"
        bad = BytesIO(b"MZ not a picture")
        bad.name = "程序.png"
        refused = client.post(path, {"photo": "", "_file.photo": [photo, bad], "_act": "send", "_revision": "0"})
        text = unescape(refused.content.decode())
        assert refused.status_code == 422
        assert "“程序.png”没有传上来" in text
        assert "门头.png" in text
        [upload] = re.findall(r'name="photo" value="([0-9a-f-]{36})"', text)
        assert client.get(f"{path}files/{upload}/").status_code == 302
        assert clerk("hua").get(f"{path}files/{upload}/").status_code == 404
        # somebody else's upload is none of this form's
        with schemas.enter(north.schema_name):
            other = begin(north, FilledForm.objects.get().form_id, filler("hua"))
        taken = clerk("hua").post(
            f"/desk/forms/filled/{other.pk}/", {"photo": upload, "_act": "send", "_revision": "0"}
        )
        assert "没有传完或者已经删除" in unescape(taken.content.decode())
        kept = client.post(path, {"photo": ["", upload], "_act": "send", "_revision": "1"})
        assert kept.status_code == 302
        with schemas.enter(north.schema_name):
            assert FilledForm.objects.get(pk=filled.pk).state == FilledState.SENT


class TestSite:
    def test_shows_what_is_known_instead_of_asking_for_it(self, north: Hall) -> None:
        with schemas.enter(north.schema_name):
            form = make_published_form(north, is_open=True)
        client = signed_in(make_proved())
        assert "/forms/" in page_of(client, "/me/")
        assert "请假申请" in page_of(client, "/forms/")
        begun = client.post(f"/forms/{form.pk}/").headers["Location"]
        known = client.get(begun).headers["Location"]
        assert known == f"{begun}known/"
        first = page_of(client, known)
        assert "我们已有的信息" in first
        assert "张小三" in first
        assert boxes(first) <= {"csrfmiddlewaretoken", "q"}
        changing = f"{begun}pages/name/?back=known"
        assert f'href="{changing}#f-number">修改' in first
        assert "已按您的实名信息填好" in page_of(client, changing)
        onward = client.post(changing, {"name": "张小三", "number": "1", "_act": "next", "_revision": "0"})
        assert (onward.status_code, '<a href="#f-number">' in onward.content.decode()) == (422, True)
        onward = client.post(changing, {"name": "张小四", "number": NUMBER, "_act": "next", "_revision": "1"})
        assert onward.headers["Location"] == known
        assert "张小四" in page_of(client, known)
        assert client.post(known).headers["Location"] == f"{begun}pages/kind/"

    def test_asks_one_thing_a_page_and_goes_on_with_it_on_another_phone(self, north: Hall) -> None:
        citizen = make_proved()
        begun = begun_at_site(north, citizen)
        client, other, asked = signed_in(citizen), signed_in(citizen), f"{begun}pages/kind/"
        client.post(f"{begun}known/")
        assert "我的草稿" in page_of(other, "/forms/")
        assert other.get(begun).headers["Location"] == asked
        shown = page_of(other, asked)
        assert boxes(shown) & {"name", "number", "kind", "days.begins_on"} == {"kind"}
        assert "第 1 题，共 2 题" in shown
        assert "<h1>请假类型</h1>" in shown
        # an answer brings one more page, and takes it away
        ill = other.post(asked, {"kind": "ill", "_act": "next", "_revision": "0"}).headers["Location"]
        assert ill == f"{begun}pages/doctor/"
        assert "第 2 题，共 3 题" in page_of(other, ill)
        later = other.post(ill, {"doctor": "人民", "_act": "keep", "_revision": "1"})
        assert later.headers["Location"] == "/forms/"
        assert client.get(begun).headers["Location"] == ill
        assert f'href="{asked}">上一步' in page_of(client, ill)
        last = client.post(asked, {"kind": "year", "_act": "next", "_revision": "2"}).headers["Location"]
        assert last == f"{begun}pages/days/"
        assert client.get(ill).headers["Location"] == begun
        wrong = client.post(last, {"days.begins_on": "明天", "_act": "next", "_revision": "3"})
        assert wrong.status_code == 422
        assert other.get(begun).headers["Location"] == last
        check = client.post(last, {**DAYS, "_act": "next", "_revision": "4"}).headers["Location"]
        assert check == f"{begun}check/"
        assert other.get(begun).headers["Location"] == check

    def test_reads_the_form_once_where_a_page_of_it_is_saved(
        self, north: Hall, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        reads: list[object] = []

        def counted(*given: Any, **more: Any) -> FilledResult:
            reads.append(given)
            return read_posted(*given, **more)

        with schemas.enter(north.schema_name):
            who = citizen_filler(make_proved())
            filled = begin(north, make_published_form(north, is_open=True).pk, who)
            for module in (filling, reading):
                monkeypatch.setattr(module, "read_posted", counted)
            given: dict[str, Any] = {"who": who, "hall": north, "filled_id": filled.pk, "page": "kind"}
            saved = filling.save_filling(**given, posted={"kind": "ill", "name": "别人"}, revision=0)
            # what is wrong elsewhere stops nobody here; what was not on the page is not taken
            assert (len(reads), saved.result.faults, saved.filled.page) == (1, (), "doctor")
            assert saved.result.ignored == ("name",)
            assert values_of(north, saved.filled)["name"] != "别人"

    def test_looks_through_all_answers_and_sends_them(self, north: Hall) -> None:
        citizen = make_proved()
        begun = begun_at_site(north, citizen)
        client, check = signed_in(citizen), f"{begun}check/"
        client.post(f"{begun}pages/kind/", {"kind": "year", "_act": "next", "_revision": "0"})
        changing = f"{begun}pages/days/?back=check"
        assert f'href="{changing}#f-days">修改' in page_of(client, check)
        assert client.post(changing, {**DAYS, "_act": "next", "_revision": "1"}).headers["Location"] == check
        assert "2026年12月1日 至 2026年12月3日" in page_of(client, check)
        for stranger in (signed_in(make_proved(2)), signed_in(citizen, "south.yizhan.localhost")):
            for path in (begun, check, changing, f"{begun}known/"):
                page_of(stranger, path, status=404)
        with schemas.enter(north.schema_name):
            retire_design(by=person("sun"), hall=north, kind=Form, design_id=FilledForm.objects.get().form_id)
        assert client.post(check).status_code == 302
        assert "已提交" in page_of(client, begun)
        for path in (f"{begun}known/", changing):
            assert client.get(path).headers["Location"] == begun
        assert client.post(f"{begun}known/").headers["Location"] == begun

    def test_fills_in_what_is_known_of_the_person_once_an_answer_lets_it_be_asked(self, north: Hall) -> None:
        citizen = make_proved()
        fields = block_fields("applicant")
        definition = {**LEAVE, "parts": [{"name": "all", "label": "全部", "fields": fields}]}
        with schemas.enter(north.schema_name):
            filled = begin(north, make_published_form(north, definition, is_open=True).pk, citizen_filler(citizen))
        client, path = signed_in(citizen), f"/forms/filled/{filled.pk}/"
        asked = client.get(path).headers["Location"]
        assert asked == f"{path}pages/applicant_nature/"
        known = client.post(asked, {"applicant_nature": "person", "_act": "next", "_revision": "0"}).headers["Location"]
        assert known == f"{path}known/"
        shown = page_of(client, known)
        assert all(f"修改：{label}" in re.sub("<[^>]+>", "", shown) for label in ("姓名", "身份证号", "联系手机"))
        assert client.post(known).headers["Location"] == f"{path}pages/applicant_address/"
        # what somebody has emptied stays empty, and is asked
        emptied = client.post(
            f"{path}pages/applicant_mobile/?back=known", {"applicant_mobile": "", "_act": "keep", "_revision": "1"}
        )
        assert emptied.status_code == 302
        client.post(f"{path}pages/applicant_address/", {"_act": "next", "_revision": "2"})
        with schemas.enter(north.schema_name):
            kept = FilledForm.objects.get()
            assert set(values_of(north, kept)) == {"applicant_nature", "applicant_name", "applicant_number"}
        assert client.post(known).headers["Location"] == f"{path}pages/applicant_mobile/"

    def test_asks_no_more_queries_of_a_longer_form(self, north: Hall) -> None:
        citizen = make_proved()
        client, counts = signed_in(citizen), []
        for many in (3, 60):
            fields = [
                field_of(kind, name=f"{kind}_{place}") for place in range(many) for kind in ("listed", "division")
            ]
            definition = {**LEAVE, "parts": [{"name": "all", "label": "全部", "fields": fields}]}
            with schemas.enter(north.schema_name):
                form = make_published_form(north, definition, code=f"long_{many}", is_open=True)
                filled = begin(north, form.pk, citizen_filler(citizen))
            path = f"/forms/filled/{filled.pk}/pages/listed_2/"
            page_of(client, path)
            for ask in (lambda path=path: client.get(path), lambda path=path: client.post(path, {"_act": "keep"})):
                with CaptureQueriesContext(connection) as queries:
                    ask()
                counts.append(len(queries))
        assert counts[:2] == counts[2:]

    def test_hands_in_nothing_that_is_incomplete(self, north: Hall) -> None:
        citizen = make_proved()
        with schemas.enter(north.schema_name):
            filled = begin(north, make_published_form(north, is_open=True).pk, citizen_filler(citizen))
        answer = signed_in(citizen).post(f"/forms/filled/{filled.pk}/check/")
        text = unescape(answer.content.decode())
        assert answer.status_code == 422
        assert f'<a href="/forms/filled/{filled.pk}/pages/kind/?back=check#f-kind">请选择“请假类型”。</a>' in text

    def test_is_not_offered_what_is_the_staffs_alone(self, north: Hall) -> None:
        fields = [
            {"type": "listed", "name": source, "label": source, "source": source} for source in ("person", "position")
        ]
        definition = {**LEAVE, "parts": [{"name": "all", "label": "全部", "fields": fields}]}
        citizen = make_proved()
        with schemas.enter(north.schema_name):
            filled = begin(north, make_published_form(north, definition, is_open=True).pk, citizen_filler(citizen))
        client, path = signed_in(citizen), f"/forms/filled/{filled.pk}/pages/person/"
        assert "曹办" not in page_of(client, path)
        colleague = Account.objects.get(username="cao")
        answer = client.post(path, {"person": str(colleague.pk), "_act": "next", "_revision": "0"})
        assert (answer.status_code, "曹办" in answer.content.decode()) == (422, False)
