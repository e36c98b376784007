import io
from uuid import uuid4

import pytest
from django.test import Client
from PIL import Image

from province.content.models import Asset, Manuscript, ManuscriptVersion, Push
from province.content.operations.manuscripts import lock_manuscript
from province.content.states import PushMode, PushState, ReviewState
from tests.conftest import person
from tests.factories.manuscripts import (
    COUNTY,
    make_approved_version,
    make_manuscript,
    make_version,
    make_version_in_review,
)
from tests.factories.people import client_of

pytestmark = pytest.mark.django_db

LISTS = (
    "/console/",
    "/console/search/?q=当阳",
    "/console/manuscripts/",
    "/console/manuscripts/?view=reviews",
    "/console/manuscripts/new/",
    "/console/pushes/",
    "/console/library/",
)


@pytest.fixture
def zhao() -> Client:
    return client_of("zhao")


@pytest.fixture
def sun() -> Client:
    return client_of("sun")


@pytest.mark.parametrize("path", LISTS)
class TestList:
    def test_sends_strangers_to_sign_in(self, path: str) -> None:
        assert client_of().get(path)["Location"].startswith("/sign-in/?next=")

    def test_is_closed_to_somebody_without_a_post(self, path: str) -> None:
        assert client_of("wu").get(path).status_code == 403

    @pytest.mark.parametrize("username", ["zhao", "sun"])
    def test_opens_for_the_province_and_a_county_desk(self, path: str, username: str) -> None:
        assert client_of(username).get(path).status_code == 200


class TestOverview:
    def test_shows_what_waits_for_me_and_not_what_i_wrote(self, zhao: Client) -> None:
        make_version_in_review(title="孙北写的", by="sun")
        assert "孙北写的" in zhao.get("/console/").content.decode()

    def test_tells_a_county_desk_nothing_of_the_provinces_halls(self, sun: Client) -> None:
        assert "/console/halls/" not in sun.get("/console/").content.decode()


class TestSearch:
    def test_finds_halls_divisions_manuscripts(self, zhao: Client) -> None:
        make_manuscript(title="当阳市的稿件")
        page = zhao.get("/console/search/?q=当阳").content.decode()
        assert "当阳市的稿件" in page
        assert "/console/halls/420582000000/" in page
        assert "/console/divisions/?q=420582000000" in page

    def test_finds_for_a_county_desk_only_its_own(self, sun: Client) -> None:
        make_manuscript(title="省里的秘密")
        page = sun.get("/console/search/?q=秘密").content.decode()
        assert "省里的秘密" not in page


class TestManuscriptPage:
    def test_is_hidden_from_another_desk(self) -> None:
        text = make_manuscript(desk_prefix=COUNTY, by="sun")
        assert client_of("zhou").get(f"/console/manuscripts/{text.pk}/").status_code == 404
        assert client_of("sun").get(f"/console/manuscripts/{text.pk}/").status_code == 200

    def test_begins_with_a_title(self, zhao: Client) -> None:
        answer = zhao.post("/console/manuscripts/new/", {"title": "新稿", "desk_prefix": "42"})
        assert answer["Location"] == f"/console/manuscripts/{Manuscript.objects.get().pk}/"
        assert zhao.post("/console/manuscripts/new/", {"title": "", "desk_prefix": "42"}).status_code == 422

    def test_begins_at_no_desk_of_others(self, sun: Client) -> None:
        assert sun.post("/console/manuscripts/new/", {"title": "新稿", "desk_prefix": "42"}).status_code == 422

    def test_saves_by_itself_and_counts_revisions(self, zhao: Client) -> None:
        text = make_manuscript()
        address = f"/console/manuscripts/{text.pk}/save/"
        answer = zhao.post(address, {"title": "改过", "body": "<p>新</p>", "revision": 0})
        assert answer.json()["revision"] == 1
        text.refresh_from_db()
        assert text.title == "改过"
        stale = zhao.post(address, {"title": "迟到", "revision": 0}, headers={"Accept": "application/json"})
        assert stale.status_code == 409
        assert "较新的内容" in stale.json()["detail"]

    def test_tells_the_editor_that_the_session_is_lost(self) -> None:
        text = make_manuscript()
        answer = client_of().post(
            f"/console/manuscripts/{text.pk}/save/", {"revision": 0}, headers={"Accept": "application/json"}
        )
        assert answer.status_code == 401

    def test_names_the_other_editor(self, zhao: Client) -> None:
        text = make_manuscript()
        lock_manuscript(by=person("qian"), manuscript=text)
        page = zhao.get(f"/console/manuscripts/{text.pk}/").content.decode()
        assert "钱宁正在编辑" in page
        assert "<textarea" not in page

    def test_is_free_for_others_when_i_leave(self, zhao: Client) -> None:
        text = make_manuscript()
        zhao.get(f"/console/manuscripts/{text.pk}/")
        zhao.post(f"/console/manuscripts/{text.pk}/lock/", {"act": "release"})
        assert "<textarea" in client_of("qian").get(f"/console/manuscripts/{text.pk}/").content.decode()

    def test_is_submitted_for_review(self, zhao: Client) -> None:
        text = make_manuscript()
        filled = {"title": text.title, "body": text.body, "revision": 0, "act": "submit", "is_urgent": "on"}
        zhao.post(f"/console/manuscripts/{text.pk}/", filled)
        version = ManuscriptVersion.objects.get()
        assert (version.state, version.is_urgent) == (ReviewState.FIRST, True)

    def test_keeps_what_was_written_where_something_lacks(self, zhao: Client) -> None:
        text = make_manuscript()
        filled = {"title": "", "body": "<p>没有标题的正文</p>", "revision": 0, "act": "submit"}
        answer = zhao.post(f"/console/manuscripts/{text.pk}/", filled)
        assert answer.status_code == 422
        assert "没有标题的正文" in answer.content.decode()
        # the draft itself was saved: the form carries on from there
        assert 'name="revision" value="1"' in answer.content.decode()

    def test_shows_what_changed_between_versions(self, zhao: Client) -> None:
        first = make_version(state=ReviewState.RETURNED, body="<p>旧的一段</p>")
        Manuscript.objects.filter(pk=first.manuscript_id).update(body="<p>新的一段</p>")
        make_version(state=ReviewState.FIRST, manuscript=Manuscript.objects.get())
        page = zhao.get(f"/console/manuscripts/{first.manuscript_id}/versions/").content.decode()
        assert "<ins>" in page
        assert "<del>" in page


class TestUpload:
    def _picture(self) -> io.BytesIO:
        file = io.BytesIO()
        Image.new("RGB", (40, 30), "white").save(file, "PNG")
        file.seek(0)
        file.name = "图.png"
        return file

    def test_answers_the_link_that_the_text_carries(self, zhao: Client) -> None:
        answer = zhao.post("/console/assets/?desk=42", {"file": self._picture(), "alt": "白图"})
        asset = Asset.objects.get()
        assert answer.json()["url"] == f"/media/{asset.pk}"
        assert zhao.get(answer.json()["url"]).status_code == 302
        assert client_of("zhou").get(answer.json()["url"]).status_code == 404

    def test_refuses_a_forged_picture_and_another_desk(self, sun: Client) -> None:
        forged = io.BytesIO(b"<script>alert(1)</script>")
        forged.name = "图.png"
        headers = {"Accept": "application/json"}
        assert sun.post(f"/console/assets/?desk={COUNTY}", {"file": forged}, headers=headers).status_code == 422
        assert sun.post("/console/assets/?desk=42", {"file": self._picture()}, headers=headers).status_code == 404
        assert sun.post(f"/console/assets/?desk={COUNTY}", {}, headers=headers).status_code == 422


class TestReviewPage:
    def test_passes_a_version_and_keeps_ones_own_second_review_back(self, zhao: Client) -> None:
        version = make_version_in_review(by="sun")
        address = f"/console/versions/{version.pk}/"
        zhao.post(address, {"decision": "pass", "step": "first", "reason": "同意"})
        version.refresh_from_db()
        assert version.state == ReviewState.SECOND
        assert "三次审核应由三个人分别进行" in zhao.get(address).content.decode()

    def test_returns_a_version_with_a_ready_reason(self, zhao: Client) -> None:
        version = make_version_in_review(by="sun")
        address = f"/console/versions/{version.pk}/"
        assert zhao.post(address, {"decision": "return", "step": "first"}).status_code == 422
        zhao.post(
            address, {"decision": "return", "step": "first", "usual": "有错别字或病句，请校对。", "reason": "第二段。"}
        )
        version.refresh_from_db()
        assert version.state == ReviewState.RETURNED
        assert version.reviews.get().reason == "有错别字或病句，请校对。第二段。"

    def test_notices_that_somebody_was_quicker(self, zhao: Client) -> None:
        version = make_version_in_review(by="sun")
        address = f"/console/versions/{version.pk}/"
        client_of("qian").post(address, {"decision": "pass", "step": "first"})
        answer = zhao.post(address, {"decision": "pass", "step": "first"})
        assert answer.status_code == 422
        assert "刚刚审核过" in answer.content.decode()

    def test_is_hidden_from_another_desk(self) -> None:
        version = make_version_in_review(by="sun", desk_prefix=COUNTY)
        assert client_of("zhou").get(f"/console/versions/{version.pk}/").status_code == 404
        assert client_of().get(f"/console/versions/{uuid4()}/").status_code == 302


class TestPushDialog:
    def test_tells_who_would_show_it(self, zhao: Client) -> None:
        version = make_approved_version()
        filled = {"to": "420500000000", "excluded": "420583000000", "mode": "direct"}
        page = zhao.post(f"/console/versions/{version.pk}/audience/", filled).content.decode()
        assert "将在 2 个服务厅显示" in page
        assert "红联村村便民服务室" in page
        assert 'data-drop="420583000000"' in page

    @pytest.mark.parametrize(
        ("filled", "message"),
        [
            ({"to": ""}, "还没有选择范围"),
            ({"to": "123"}, "推送范围有误"),
            ({"to": "429999000000"}, "推送范围有误"),
            ({"to": "420582000000", "kinds": "castle"}, "还没有选择范围"),
        ],
    )
    def test_says_what_is_wrong_with_an_audience(self, zhao: Client, filled: dict[str, str], message: str) -> None:
        version = make_approved_version()
        page = zhao.post(f"/console/versions/{version.pk}/audience/", filled | {"mode": "direct"}).content.decode()
        assert message in page

    def test_pushes_by_codes_without_a_script(self, zhao: Client) -> None:
        version = make_approved_version()
        filled = {"to": "420582000000\n420583000000", "excluded": "", "mode": "offered", "column": "notices"}
        address = f"/console/versions/{version.pk}/push/"
        preview = zhao.post(address, filled | {"act": "preview"})
        assert "推荐给 3 个服务厅" in preview.content.decode()
        assert not Push.objects.exists()
        assert zhao.post(address, filled).status_code == 302
        push = Push.objects.get()
        assert (push.state, push.mode, push.column) == (PushState.LIVE, PushMode.OFFERED, "notices")

    @pytest.mark.parametrize(
        ("column", "code"), [("通知公告", "notices"), ("notices", "notices"), ("dangjian", "dangjian")]
    )
    def test_takes_a_column_by_its_name_or_its_code(self, zhao: Client, column: str, code: str) -> None:
        version = make_approved_version()
        filled = {"to": "420582000000", "mode": "direct", "column": column}
        zhao.post(f"/console/versions/{version.pk}/push/", filled)
        assert Push.objects.get().column == code

    def test_says_which_halls_have_no_such_column(self, zhao: Client) -> None:
        version = make_approved_version()
        filled = {"to": "420582000000", "mode": "direct", "column": "dangjian"}
        page = zhao.post(f"/console/versions/{version.pk}/audience/", filled).content.decode()
        assert "将在 0 个服务厅显示（共 2 个：2 个没有这个栏目）" in page

    def test_refuses_what_is_no_column(self, zhao: Client) -> None:
        version = make_approved_version()
        filled = {"to": "420582000000", "mode": "direct", "column": "党建专栏"}
        answer = zhao.post(f"/console/versions/{version.pk}/push/", filled)
        assert answer.status_code == 422
        assert "栏目代码由小写字母、数字和连字符组成" in answer.content.decode()

    def test_pushes_once_however_often_the_button_is_pressed(self, zhao: Client) -> None:
        version = make_approved_version()
        filled = {"to": "420582000000", "mode": "direct", "column": "news"}
        zhao.post(f"/console/versions/{version.pk}/push/", filled)
        again = zhao.post(f"/console/versions/{version.pk}/push/", filled)
        assert again.status_code == 422
        assert "不必重复推送" in again.content.decode()
        assert Push.objects.count() == 1

    def test_keeps_a_county_desk_to_its_own_county(self, sun: Client) -> None:
        version = make_approved_version(by="sun", desk_prefix=COUNTY)
        filled = {"to": "420583000000", "mode": "direct", "column": "news"}
        assert "超出了您的岗位" in sun.post(f"/console/versions/{version.pk}/audience/", filled).content.decode()
        assert sun.post(f"/console/versions/{version.pk}/push/", filled).status_code == 422
        page = sun.get(f"/console/versions/{version.pk}/push/").content.decode()
        assert "420582000000" in page
        assert "枝江市" not in page

    def test_pushes_nothing_that_is_not_approved(self, zhao: Client) -> None:
        version = make_version_in_review(by="sun")
        filled = {"to": "420582000000", "mode": "direct", "column": "news"}
        answer = zhao.post(f"/console/versions/{version.pk}/push/", filled)
        assert answer.status_code == 422
        assert "只有通过三审的版本" in answer.content.decode()

    def test_shows_the_page_in_a_frame_of_our_own(self, zhao: Client) -> None:
        version = make_approved_version()
        answer = zhao.get(f"/console/versions/{version.pk}/preview/?hall=420582000000")
        assert answer["X-Frame-Options"] == "SAMEORIGIN"
        assert version.title in answer.content.decode()


class TestPushPage:
    def _push(self, client: Client, **more: str) -> Push:
        version = make_approved_version()
        filled = {"to": "420500000000", "mode": "direct", "column": "news"} | more
        client.post(f"/console/versions/{version.pk}/push/", filled)
        return Push.objects.get()

    def test_is_hidden_from_another_desk(self, zhao: Client) -> None:
        push = self._push(zhao)
        for part in ("", "proof/", "receipt/", "withdraw/"):
            assert client_of("sun").get(f"/console/pushes/{push.pk}/{part}").status_code == 404
        assert client_of("sun").post(f"/console/pushes/{push.pk}/act/", {"act": "restore"}).status_code == 404

    def test_withdraws_with_a_reason_and_undoes_it(self, zhao: Client) -> None:
        push = self._push(zhao)
        address = f"/console/pushes/{push.pk}/withdraw/"
        assert "将从 3 个服务厅的网站撤下" in zhao.get(address).content.decode()
        refused = zhao.post(address, {"kind": "gone", "reason": ""})
        assert refused.status_code == 422
        assert "请填写撤稿原因" in refused.content.decode()
        zhao.post(address, {"kind": "notice", "reason": "数据有误"})
        push.refresh_from_db()
        assert (push.state, push.withdrawal_kind) == (PushState.WITHDRAWN, "notice")
        zhao.post(f"/console/pushes/{push.pk}/act/", {"act": "restore"})
        push.refresh_from_db()
        assert push.state == PushState.LIVE
        assert "撤销撤稿" in zhao.get(f"/console/pushes/{push.pk}/").content.decode()

    @pytest.mark.parametrize(
        ("filled", "message"),
        [
            ({"kind": "redirect", "redirect_url": "http://evil"}, "请填写要转到的地址"),
            ({"kind": "substitute"}, "请选择替换用的版本"),
            ({"kind": "burn"}, "burn"),
        ],
    )
    def test_asks_for_what_a_kind_needs(self, zhao: Client, filled: dict[str, str], message: str) -> None:
        push = self._push(zhao)
        answer = zhao.post(f"/console/pushes/{push.pk}/withdraw/", filled | {"reason": "有误"})
        assert answer.status_code == 422
        assert message in answer.content.decode()

    def test_stops_and_resumes_a_scheduled_push(self, zhao: Client) -> None:
        push = self._push(zhao, starts_at="2099-01-01T08:00")
        assert push.state == PushState.SCHEDULED
        for act, state in (("stop", PushState.STOPPED), ("resume", PushState.SCHEDULED)):
            zhao.post(f"/console/pushes/{push.pk}/act/", {"act": act})
            push.refresh_from_db()
            assert push.state == state

    def test_puts_a_new_version_in_place(self, zhao: Client) -> None:
        push = self._push(zhao)
        newer = make_approved_version(manuscript=push.version.manuscript)
        zhao.post(f"/console/pushes/{push.pk}/act/", {"act": "replace", "version": str(newer.pk)})
        push.refresh_from_db()
        assert push.version_id == newer.pk

    @pytest.mark.parametrize("filled", [{"act": "replace", "version": "x"}, {"act": "explode"}, {"act": "stop"}])
    def test_refuses_nonsense_in_words(self, zhao: Client, filled: dict[str, str]) -> None:
        push = self._push(zhao)
        page = zhao.post(f"/console/pushes/{push.pk}/act/", filled, follow=True).content.decode()
        assert 'role="alert"' in page

    def test_hands_out_a_receipt(self, zhao: Client) -> None:
        push = self._push(zhao)
        assert zhao.get(f"/console/pushes/{push.pk}/receipt/").status_code == 404
        zhao.post(f"/console/pushes/{push.pk}/proof/")
        assert "红联村" in zhao.get(f"/console/pushes/{push.pk}/receipt/").content.decode()
        assert "待核验" in zhao.get(f"/console/pushes/{push.pk}/receipt/?format=csv").content.decode()
        assert zhao.get(f"/console/pushes/{push.pk}/receipt/?format=xlsx").content.startswith(b"PK")
