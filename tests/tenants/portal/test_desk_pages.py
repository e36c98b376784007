"""The desk's pages: who may open them, what they say, and that they change nothing of another hall."""

from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from foundation import schemas
from foundation.errors import Invalid
from province.content.models import HallPushDecision, LibraryOffer, MediaAccount
from province.content.states import PushMode
from province.halls.models import Hall
from province.people.models import Account
from province.people.operations.people import admit_person
from province.rights.roles import Reach, Role
from tenants.portal.models import Article, Column, HallAsset
from tenants.portal.operations.articles import create_article, lock_article
from tenants.portal.operations.columns import change_column
from tenants.portal.operations.reviews import pass_article_review, submit_article
from tenants.portal.operations.settings import set_review_steps
from tenants.portal.queries.settings import review_steps
from tenants.portal.queries.waiting import waiting_texts
from tenants.portal.states import ArticleState, DraftState
from tenants.portal.urls import desk_urls
from tenants.shell.slots import Desk, WaitingThing
from tests.conftest import person
from tests.factories.files import picture
from tests.factories.pushes import make_push, withdraw
from tests.factories.sites import BODY, inside, make_article, make_columns, make_file
from tests.races import at_once


class _Editor:
    """Somebody signed in on a hall's host."""

    def __init__(self, username: str, host: str = "north.yizhan.localhost") -> None:
        self.client = Client(headers={"host": host})
        self.client.force_login(Account.objects.get(username=username))

    def get(self, name: str, /, *args: Any, **query: str) -> Any:
        return self.client.get(_address(name, *args), query)

    def post(self, name: str, /, *args: Any, follow: bool = True, **data: Any) -> Any:
        return self.client.post(_address(name, *args), data, follow=follow)


def _address(name: str, *args: Any) -> str:
    return reverse(name, "config.urls_hall.county", args)


@pytest.fixture
def hall(north: Hall) -> Hall:
    make_columns(north)
    return north


@pytest.fixture
def sun(hall: Hall) -> _Editor:
    return _Editor("sun")


@pytest.fixture
def li(hall: Hall) -> _Editor:
    return _Editor("li")


def _draft(hall: Hall, title: str = "便民服务进村", by: str = "sun") -> Article:
    with inside(hall):
        return create_article(by=person(by), hall=hall, column="news", title=title, body=BODY)


def _only(hall: Hall) -> Article:
    with schemas.enter(hall.schema_name):
        return Article.objects.select_related("published").get()


FORM = {"title": "河溶镇延时服务", "column": "news", "body": BODY, "keywords": "便民、延时 便民"}
PLAIN_PAGES = [route.name for route in desk_urls if "<" not in str(route.pattern)]


@pytest.mark.django_db
class TestDoor:
    def test_sends_strangers_to_sign_in_and_back(self, hall: Hall) -> None:
        answer = Client(headers={"host": "north.yizhan.localhost"}).get("/desk/articles/")
        assert answer.status_code == 302
        assert answer["Location"] == "/sign-in/?next=%2Fdesk%2Farticles%2F"

    @pytest.mark.parametrize("who", ["zhou", "wu", "zhao"])
    @pytest.mark.parametrize("name", PLAIN_PAGES)
    def test_is_closed_to_everybody_else(self, hall: Hall, who: str, name: str) -> None:
        stranger = _Editor(who)
        assert {stranger.get(name).status_code, stranger.post(name, follow=False).status_code} <= {403, 405}

    def test_keeps_no_page_in_any_cache(self, sun: _Editor) -> None:
        assert "no-store" in sun.get("desk")["Cache-Control"]


@pytest.mark.django_db
class TestTable:
    def test_says_what_to_do_first(self, sun: _Editor) -> None:
        assert "还没有文章" in sun.get("desk-articles").text

    def test_filters_by_its_address(self, sun: _Editor, hall: Hall) -> None:
        _draft(hall, "关于医保缴费的通知")
        make_article(hall, "延时服务受欢迎")
        assert "延时服务受欢迎" not in sun.get("desk-articles", state="editing").text
        assert "关于医保缴费的通知" not in sun.get("desk-articles", search="延时").text
        assert "没有符合条件的文章" in sun.get("desk-articles", column_code="notices").text

    def test_goes_out_to_excel(self, sun: _Editor, hall: Hall) -> None:
        _draft(hall, "=1+1 的标题")
        assert sun.get("desk-articles", export="xlsx").content[:2] == b"PK"

    def test_shows_the_columns_that_one_chose_in_the_order_that_one_chose(self, sun: _Editor, hall: Hall) -> None:
        make_article(hall, "延时服务受欢迎")
        page = sun.get("desk-articles", column="published", order="title").text
        assert 'aria-sort="ascending"' in page
        assert ">责任人</th>" not in page
        assert "只显示部分列" in page


@pytest.mark.django_db
class TestWriting:
    def test_saves_a_new_article(self, sun: _Editor, hall: Hall) -> None:
        answer = sun.post("desk-article-new", **FORM)
        assert "已保存" in answer.text
        article = _only(hall)
        assert (article.title, article.keywords) == ("河溶镇延时服务", ["便民", "延时"])

    def test_takes_plain_lines_as_paragraphs(self, sun: _Editor, hall: Hall) -> None:
        sun.post("desk-article-new", **FORM | {"body": "第一段\n\n第二段 1 > 0"})
        assert _only(hall).body == "<p>第一段</p><p>第二段 1 &gt; 0</p>"

    def test_shows_what_is_wrong_beside_the_field_and_loses_nothing(self, sun: _Editor) -> None:
        answer = sun.post("desk-article-new", **FORM | {"title": "", "author": "孙北"})
        assert answer.status_code == 422
        assert "请先改正这些地方" in answer.text
        assert "照常开门" in answer.text

    def test_submits_with_one_button(self, sun: _Editor, hall: Hall) -> None:
        answer = sun.post("desk-article-new", **FORM | {"then": "submit"})
        assert "已提交，等待审核" in answer.text
        assert _only(hall).draft_state == DraftState.FIRST

    def test_autosaves(self, sun: _Editor, hall: Hall) -> None:
        article = _draft(hall)
        answer = sun.post("desk-article-save", article.pk, **FORM | {"revision": "0"})
        assert answer.json()["revision"] == 1
        assert _only(hall).title == "河溶镇延时服务"

    def test_tells_an_autosave_why_it_is_refused(self, sun: _Editor, hall: Hall) -> None:
        article = _draft(hall)
        with inside(hall):
            lock_article(by=person("li"), hall=hall, article_id=article.pk)
        address = _address("desk-article-save", article.pk)
        answer = sun.client.post(address, FORM | {"revision": "0"}, headers={"accept": "application/json"})
        assert answer.status_code == 409
        assert "李北正在编辑" in answer.json()["detail"]

    def test_locks_on_opening_and_names_the_owner(self, sun: _Editor, li: _Editor, hall: Hall) -> None:
        article = _draft(hall)
        assert sun.get("desk-article-edit", article.pk).status_code == 200
        answer = li.client.get(_address("desk-article-edit", article.pk), follow=True)
        assert "孙北正在编辑这篇文章" in answer.text
        assert "已解除锁定" in li.post("desk-article-unlock", article.pk).text

    def test_keeps_a_cover_with_its_words(self, sun: _Editor, hall: Hall, object_store: None) -> None:
        cover = SimpleUploadedFile("现场.jpg", picture().read(), "image/jpeg")
        assert sun.post("desk-article-new", **FORM | {"cover": cover}).status_code == 422
        cover.seek(0)
        sun.post("desk-article-new", **FORM | {"cover": cover, "cover_alt": "群众在窗口办事"})
        with schemas.enter(hall.schema_name):
            asset = HallAsset.objects.get()
        assert asset.alt == "群众在窗口办事"
        assert _only(hall).cover_id == asset.pk


@pytest.mark.django_db
class TestUpload:
    def test_gives_the_address_of_a_picture(self, sun: _Editor, hall: Hall, object_store: None) -> None:
        file = SimpleUploadedFile("现场.jpg", picture().read(), "image/jpeg")
        answer = sun.post("desk-upload", file=file, alt="窗口")
        assert answer.status_code == 201
        with schemas.enter(hall.schema_name):
            asset = HallAsset.objects.get()
        assert answer.json() == {"url": f"/media/{asset.pk}", "id": str(asset.pk), "name": "现场.jpg"}
        assert asset.key.startswith(f"halls/{hall.pk}/")

    def test_refuses_what_is_not_what_it_says(self, sun: _Editor) -> None:
        file = SimpleUploadedFile("现场.jpg", b"MZ\x90\x00" * 100, "image/jpeg")
        answer = sun.client.post(
            _address("desk-upload"), {"file": file, "alt": "窗口"}, headers={"accept": "application/json"}
        )
        assert answer.status_code == 422


@pytest.mark.django_db
class TestReviewPages:
    def test_pass_and_publish(self, sun: _Editor, li: _Editor, hall: Hall) -> None:
        article = _draft(hall)
        assert "已提交" in sun.post("desk-article-submit", article.pk).text
        for step in ("first", "second", "final"):
            page = li.post("desk-article-review", article.pk, version="1", step=step, decision="pass")
            assert "审核已通过" in page.text
        assert _only(hall).state == ArticleState.PUBLISHED

    def test_of_ones_own_text_wait_for_others_who_are_counted_before_one_writes(
        self, sun: _Editor, li: _Editor, hall: Hall
    ) -> None:
        article = _draft(hall)
        sun.post("desk-article-save", article.pk, **FORM | {"revision": "0"})
        sun.post("desk-article-submit", article.pk)
        title = _only(hall).title
        desk = {who: [one.title for one in self._waiting(who, hall)] for who in ("sun", "li")}
        assert desk == {"sun": [], "li": [title]}
        new, settings = (_address(name) for name in ("desk-article-new", "desk-settings"))
        assert "没有人可审" not in sun.client.get(new).text
        Account.objects.exclude(username="sun").update(is_active=False)
        assert "本厅除您以外没有人可审" in sun.client.get(new).text
        assert "除您以外，有 0 人可以审核本厅文章" in sun.client.get(settings).text

    @pytest.mark.parametrize(("role", "is_told"), [(Role.EDITOR, False), (Role.HALL_EDITOR, True)])
    def test_wait_for_those_alone_whose_role_reviews(
        self, sun: _Editor, hall: Hall, role: Role, *, is_told: bool
    ) -> None:
        admit_person(
            by=person("zhao"),
            username="newcomer",
            name="新人",
            role=role,
            hall_id=hall.pk,
            reach=Reach.HALL if role is Role.EDITOR else None,
            prefix=hall.division.prefix,
        )
        with inside(hall):
            set_review_steps(by=person("li"), hall=hall, steps=["first"])
        article = _draft(hall)
        sun.post("desk-article-save", article.pk, **FORM | {"revision": "0"})
        sun.post("desk-article-submit", article.pk)
        title = _only(hall).title
        assert [one.title for one in self._waiting("newcomer", hall)] == [title] * is_told
        newcomer = _Editor("newcomer")
        assert ("篇待审核" in newcomer.client.get(_address("desk")).text) is is_told
        # who writes reads it in the list all the same
        assert title in newcomer.get("desk-articles", state="review").text

    @staticmethod
    def _waiting(who: str, hall: Hall) -> list[WaitingThing]:
        with inside(hall):
            return list(waiting_texts(Desk(person(who), hall)))

    def test_say_when_somebody_was_quicker(self, sun: _Editor, li: _Editor, hall: Hall) -> None:
        article = _draft(hall)
        sun.post("desk-article-submit", article.pk)
        li.post("desk-article-review", article.pk, version="1", step="first", decision="pass")
        page = sun.post("desk-article-review", article.pk, version="1", step="first", decision="pass")
        assert "已由他人处理" in page.text
        assert _only(hall).draft_state == DraftState.SECOND

    def test_return_with_the_reason_shown(self, sun: _Editor, li: _Editor, hall: Hall) -> None:
        article = _draft(hall)
        sun.post("desk-article-submit", article.pk)
        assert "请填写原因" in li.post("desk-article-review", article.pk, version="1", decision="return").text
        page = li.post("desk-article-review", article.pk, version="1", decision="return", reason="有错别字")
        assert "已退回修改" in page.text
        assert "有错别字" in sun.get("desk-article", article.pk).text

    def test_show_what_changed(self, sun: _Editor, hall: Hall) -> None:
        article = _draft(hall)
        with inside(hall):
            version = submit_article(by=person("sun"), hall=hall, article_id=article.pk)
            for _ in range(3):
                pass_article_review(by=person("li"), hall=hall, version_id=version.pk)
        sun.post("desk-article-save", article.pk, **FORM | {"revision": "0"})
        text = sun.client.get(_address("desk-article-compare", article.pk), {"from": "1", "to": "0"}).text
        assert "<ins>" in text
        assert "<del>" in text
        assert sun.client.get(_address("desk-article-compare", article.pk), {"from": "9"}).status_code == 404

    def test_withdraw_and_restore(self, sun: _Editor, hall: Hall) -> None:
        article = make_article(hall, "已发布的文章")
        assert "请填写原因" in sun.post("desk-article-withdraw", article.pk).text
        assert "已撤下" in sun.post("desk-article-withdraw", article.pk, reason="数据有误").text
        assert "已恢复发布" in sun.post("desk-article-restore", article.pk).text


@pytest.mark.django_db
class TestAnotherHall:
    def test_has_none_of_this_halls_articles(self, hall: Hall, south: Hall) -> None:
        article = _draft(hall)
        make_columns(south)
        zhou = _Editor("zhou", "south.yizhan.localhost")
        for route in desk_urls:
            if "article_id" in str(route.pattern):
                asked = _address(route.name, article.pk)
                assert zhou.client.post(asked, FORM | {"reason": "字"}).status_code in {404, 405}, route.name
                assert zhou.client.get(asked).status_code in {404, 405}, route.name

    def test_does_not_serve_this_halls_pictures(self, hall: Hall, south: Hall) -> None:
        asset = make_file(hall)
        assert Client(headers={"host": "south.yizhan.localhost"}).get(f"/media/{asset.pk}").status_code == 404

    def test_cannot_take_this_halls_picture_as_its_cover(self, hall: Hall, south: Hall) -> None:
        asset = make_file(hall, width=800)
        make_columns(south)
        with schemas.enter(south.schema_name), pytest.raises(Invalid):
            create_article(by=person("zhou"), hall=south, column="news", title="字", cover_id=asset.pk)


@pytest.mark.django_db
class TestColumns:
    def test_are_added_hidden_shown_and_removed(self, sun: _Editor, hall: Hall) -> None:
        new = {"name": "党建引领", "code": "party", "kind": "list"}
        assert "已新建栏目" in sun.post("desk-column-new", **new).text
        assert "已被另一个栏目使用" in sun.post("desk-column-new", **new).text
        assert "已从网站隐藏" in sun.post("desk-column-hide", "party").text
        assert "已显示在网站上" in sun.post("desk-column-show", "party").text
        assert "已删除空栏目" in sun.post("desk-column-remove", "party").text

    def test_that_pushes_aim_at_stay(self, sun: _Editor) -> None:
        assert "不能删除" in sun.post("desk-column-remove", "news").text

    def test_move_by_buttons(self, sun: _Editor, hall: Hall) -> None:
        answer = sun.post("desk-column-move", "policies", to="up")
        assert answer.request["QUERY_STRING"] == "moved=policies-up"
        with schemas.enter(hall.schema_name):
            codes = list(Column.objects.order_by("order").values_list("code", flat=True))
        assert codes[:4] == ["news", "policies", "notices", "disclosure"]

    def test_of_a_link_need_an_address(self, sun: _Editor) -> None:
        link = {"name": "一网通办", "code": "online", "kind": "link", "link_url": "javascript:alert(1)"}
        assert sun.post("desk-column-new", **link).status_code == 422
        assert sun.post("desk-column-new", **link | {"link_url": "https://zwfw.example.cn/"}).status_code == 200

    def test_hold_two_levels(self, sun: _Editor) -> None:
        sun.post("desk-column-new", name="党建", code="party", kind="list")
        sun.post("desk-column-new", name="学习", code="study", kind="list", parent="party")
        answer = sun.post("desk-column-new", name="三级", code="third", kind="list", parent="study")
        assert answer.status_code == 422

    def test_with_articles_do_not_become_links(self, sun: _Editor, hall: Hall) -> None:
        make_article(hall, "文章")
        changed = {"name": "要闻", "kind": "link", "link_url": "/"}
        assert "里还有文章" in sun.post("desk-column", "news", **changed).text


@pytest.mark.django_db
class TestPushes:
    def test_are_adopted_into_a_column_and_undone(self, sun: _Editor, hall: Hall) -> None:
        push = make_push(title="推荐的稿件", mode=PushMode.OFFERED)
        reader = Client(headers={"host": "north.yizhan.localhost"})
        assert "推荐的稿件" in sun.get("desk-pushes").text
        assert "已采用" in sun.post("desk-push-adopt", push.pk, column="notices").text
        assert "推荐的稿件" in reader.get("/c/notices/").text
        assert "已撤销" in sun.post("desk-push-undo", push.pk).text
        assert "推荐的稿件" not in reader.get("/c/notices/").text

    def test_are_declined_with_a_reason(self, sun: _Editor, hall: Hall) -> None:
        push = make_push(title="推荐的稿件", mode=PushMode.OFFERED)
        assert "请填写" in sun.post("desk-push-decline", push.pk).text
        sun.post("desk-push-decline", push.pk, reason="与本地情况不符")
        assert HallPushDecision.objects.get().reason == "与本地情况不符"
        assert "与本地情况不符" in sun.get("desk-pushes-decided").text

    def test_go_only_into_columns_that_readers_see(self, sun: _Editor) -> None:
        push = make_push(title="推荐的稿件", mode=PushMode.OFFERED)
        sun.post("desk-column-hide", "notices")
        for column in ("notices", "about", "nowhere"):
            sun.client.post(_address("desk-push-adopt", push.pk), {"column": column})
        assert not HallPushDecision.objects.exists()

    def test_that_are_direct_move_and_are_neither_altered_nor_declined(self, sun: _Editor) -> None:
        push = make_push(title="省级消息")
        assert "不能采用或拒绝" in sun.post("desk-push-decline", push.pk, reason="不要").text
        assert "已移到" in sun.post("desk-push-move", push.pk, column="notices").text
        assert "省级消息" in Client(headers={"host": "north.yizhan.localhost"}).get("/c/notices/").text

    def test_that_are_withdrawn_show_no_text(self, sun: _Editor) -> None:
        push = make_push(title="省级消息")
        withdraw(push)
        page = sun.get("desk-push", push.pk)
        assert "已被" in page.text
        assert "照常开门" not in page.text

    def test_to_others_are_not_found(self, sun: _Editor) -> None:
        assert sun.get("desk-push", uuid4()).status_code == 404


@pytest.mark.django_db
class TestLibrary:
    def test_takes_a_published_article_once(self, sun: _Editor, hall: Hall) -> None:
        draft = _draft(hall)
        assert "还没有发布" in sun.post("desk-article-offer", draft.pk).text
        article = make_article(hall, "值得推荐的文章")
        assert "已报送云稿库" in sun.post("desk-article-offer", article.pk).text
        assert "请勿重复报送" in sun.post("desk-article-offer", article.pk).text
        assert "值得推荐的文章" in sun.get("desk-library", whose="own").text

    def test_is_picked_into_another_hall_once_with_its_origin(self, sun: _Editor, hall: Hall, south: Hall) -> None:
        article = make_article(hall, "值得推荐的文章")
        sun.post("desk-article-offer", article.pk)
        offer = LibraryOffer.objects.get()
        make_columns(south)
        zhou = _Editor("zhou", "south.yizhan.localhost")
        assert "已选用为本厅草稿" in zhou.post("desk-offer-pick", offer.pk, column="news").text
        assert "已选用过" in zhou.post("desk-offer-pick", offer.pk, column="news").text
        picked = _only(south)
        assert (picked.library_offer_id, picked.source, picked.state) == (offer.pk, hall.name, ArticleState.DRAFT)
        assert south.name in sun.get("desk-offer", offer.pk).text

    def test_brings_copies_of_the_pictures(self, sun: _Editor, hall: Hall, south: Hall, object_store: None) -> None:
        file = SimpleUploadedFile("现场.jpg", picture().read(), "image/jpeg")
        url = sun.post("desk-upload", file=file, alt="窗口").json()["url"]
        body = f'<p>字</p><img src="{url}" alt="窗口">'
        sun.post("desk-article-new", **FORM | {"body": body})
        with inside(hall):
            set_review_steps(by=person("sun"), hall=hall, steps=[])
        sun.post("desk-article-submit", _only(hall).pk)
        sun.post("desk-article-offer", _only(hall).pk)
        make_columns(south)
        zhou = _Editor("zhou", "south.yizhan.localhost")
        zhou.post("desk-offer-pick", LibraryOffer.objects.get().pk, column="news")
        with schemas.enter(south.schema_name):
            copy = HallAsset.objects.get()
        assert copy.key.startswith(f"halls/{south.pk}/")
        assert f"/media/{copy.pk}" in _only(south).body
        assert url not in _only(south).body


@pytest.mark.django_db
class TestSettings:
    def test_change_what_the_site_says(self, sun: _Editor, hall: Hall) -> None:
        facts = {"short_name": "当阳", "accent_colour": "#1257a8", "phone": "0717-3222222", "address": "长坂路 1 号"}
        assert "已保存" in sun.post("desk-settings-facts", **facts).text
        assert "0717-3222222" in Client(headers={"host": "north.yizhan.localhost"}).get("/").text

    def test_refuse_a_colour_that_cannot_be_read(self, sun: _Editor) -> None:
        answer = sun.post("desk-settings-facts", short_name="当阳", accent_colour="#ffff00")
        assert answer.status_code == 422
        assert "对比度" in answer.text

    def test_keep_the_hours_of_a_week(self, sun: _Editor, hall: Hall) -> None:
        week = {f"am_from_{day}": "08:30" for day in range(1, 6)} | {f"am_to_{day}": "12:00" for day in range(1, 6)}
        sun.post("desk-settings-hours", **week | {"pm_from_1": "14:30", "pm_to_1": "17:30"})
        assert Hall.objects.get(pk=hall.pk).opening_hours == [
            {"days": [1, 2, 3, 4, 5], "from": "08:30", "to": "12:00"},
            {"days": [1], "from": "14:30", "to": "17:30"},
        ]
        assert 'value="14:30"' in sun.get("desk-settings").text

    def test_refuse_half_a_span(self, sun: _Editor) -> None:
        answer = sun.post("desk-settings-hours", am_from_1="08:30", pm_from_2="半夜")
        assert "开始和结束" in answer.text
        assert "时间应写成" in answer.text

    def test_choose_the_reviews(self, sun: _Editor, hall: Hall) -> None:
        sun.post("desk-settings-reviews", steps=["first"])
        with schemas.enter(hall.schema_name):
            assert review_steps(hall) == (DraftState.FIRST,)

    def test_take_an_emblem(self, sun: _Editor, hall: Hall, object_store: None) -> None:
        small = SimpleUploadedFile("小.png", picture("PNG", size=(64, 64)).read(), "image/png")
        assert sun.post("desk-settings-emblem", emblem=small).status_code == 422
        good = SimpleUploadedFile("徽标.png", picture("PNG", size=(256, 256)).read(), "image/png")
        sun.post("desk-settings-emblem", emblem=good)
        assert Hall.objects.get(pk=hall.pk).emblem_key.startswith(f"halls/{hall.pk}/")


@pytest.mark.django_db
class TestOverview:
    def test_shows_what_waits_and_the_checks(self, sun: _Editor, hall: Hall) -> None:
        assert "现在没有要处理的事" in sun.get("desk").text
        article = _draft(hall, by="li")
        sun.post("desk-article-submit", article.pk)
        make_push(title="推荐的稿件", mode=PushMode.OFFERED)
        text = sun.get("desk").text
        assert "便民服务进村" in text
        assert "推荐的稿件" in text
        assert "首页更新" in text


class TestColumnsAtOnce:
    def test_do_not_stand_below_each_other(self, fresh_database: None) -> None:
        hall = Hall.objects.get(slug="north")
        make_columns(hall)

        def put(code: str, parent: str) -> Column:
            with schemas.enter(hall.schema_name):
                return change_column(by=person("sun"), hall=hall, code=code, parent=parent)

        at_once(lambda: put("news", "notices"), lambda: put("notices", "news"))
        with schemas.enter(hall.schema_name):
            assert Column.objects.exclude(parent=None).count() == 1


@pytest.mark.django_db
class TestAccounts:
    NEW = {"platform": "wechat", "name": "当阳发布", "external_id": "dangyang-fabu", "owner": "当阳市政数局"}

    def test_are_filed_changed_and_closed(self, sun: _Editor) -> None:
        assert "还没有登记" in sun.get("desk-accounts").text
        assert "已登记“当阳发布”" in sun.post("desk-account-new", **self.NEW).text
        assert "已经备案" in sun.post("desk-account-new", **self.NEW).text
        account = MediaAccount.objects.get()
        changed = {"name": "当阳政务", "owner": "当阳市政数局"}
        assert "等待上级确认" in sun.post("desk-account", account.pk, **changed).text
        assert "当阳政务" in sun.get("desk-accounts", search="政务").text
        assert "注销" in sun.post("desk-account-close", account.pk, reason="停止运营").text
        assert MediaAccount.objects.get().state == "closed"
        assert sun.get("desk-accounts", export="xlsx").content[:2] == b"PK"

    def test_of_another_hall_are_not_found(self, sun: _Editor, south: Hall) -> None:
        sun.post("desk-account-new", **self.NEW)
        account = MediaAccount.objects.get()
        zhou = _Editor("zhou", "south.yizhan.localhost")
        assert zhou.get("desk-account", account.pk).status_code == 404
        assert zhou.post("desk-account-close", account.pk, reason="x").status_code == 404


@pytest.mark.django_db
class TestRelease:
    def test_gives_ones_own_lock_back(self, sun: _Editor, hall: Hall) -> None:
        article = _draft(hall)
        sun.get("desk-article-edit", article.pk)
        assert sun.post("desk-article-release", article.pk).status_code == 204
        assert _only(hall).locked_by_name == ""
