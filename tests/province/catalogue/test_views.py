"""The console's pages about items: each page, each refusal, and what stays closed to whom."""

import io
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone
from python_calamine import CalamineWorkbook

from foundation.events.models import Event, EventDelivery
from foundation.events.operations import drain_events, handle_next_delivery
from province.catalogue.base_list.reading import read_base_list
from province.catalogue.models import Item, ItemVersion, Office
from province.catalogue.operations import load_base_list, return_version, save_draft
from province.catalogue.states import ItemLife, VersionState
from province.people.operations.positions import give_position
from province.rights.roles import Reach, Role
from tests.conftest import person
from tests.factories.catalogue import (
    DEPARTMENT,
    approve,
    change_draft,
    make_approved,
    make_department,
    make_item,
    make_published,
    submit,
)
from tests.factories.halls import make_person
from tests.factories.people import account, client_of, make_role, make_unit

pytestmark = pytest.mark.django_db

ITEMS = "/console/items/"
DEPARTMENTS = len({one.department for one in read_base_list()})


@pytest.fixture
def zhao() -> Client:
    return client_of("zhao")


@pytest.fixture
def qian() -> Client:
    return client_of("qian")


@pytest.fixture
def sun() -> Client:
    return client_of("sun")


def page_of(item: Item, page: str = "") -> str:
    return f"{ITEMS}{item.pk}/{page}"


def version_page(version: ItemVersion, page: str = "") -> str:
    return f"{ITEMS}versions/{version.pk}/{page}"


def text_of(client: Client, address: str, **data: Any) -> str:
    answer = client.get(address, data)
    assert answer.status_code == 200
    return answer.content.decode()


def refused(answer: Any, words: str, status: int = 422) -> None:
    assert answer.status_code == status
    assert words in answer.content.decode()


def office(code: str) -> Office:
    return Office.objects.get(code=code)


class TestPlaces:
    def test_of_an_operator_are_at_most_eight_with_items_among_them(self, zhao: Client) -> None:
        side = text_of(zhao, ITEMS).partition('id="places"')[2].partition("</nav>")[0]
        assert '<a href="/console/items/" aria-current="page">' in side
        assert side.count("<li>") <= 8

    def test_hold_no_items_for_who_may_not_read_them(self) -> None:
        make_person("xi", "席统", Role.SYSTEM_ADMINISTRATOR)
        assert ITEMS not in text_of(client_of("xi"), "/console/halls/")

    def test_begin_with_items_for_who_works_on_nothing_else(self) -> None:
        make_person("xi", "席统")
        role = make_role("业务处室", ["catalogue.read", "catalogue.write"])
        give_position(by=person("zhao"), account=account("xi"), role=role, unit=make_unit("食品处"), reach=Reach.UNIT)
        assert client_of("xi").get("/console/")["Location"] == ITEMS

    def test_have_the_library_inside_the_manuscripts(self, zhao: Client) -> None:
        assert 'href="/console/library/"' in text_of(zhao, "/console/manuscripts/")
        page = text_of(zhao, "/console/library/")
        assert '<a href="/console/manuscripts/" aria-current="page">' in page


class TestPage:
    PAGES = ("", "edit/", "abolish/", "compare/")

    def test_sends_strangers_to_sign_in(self) -> None:
        item = make_item()
        for address in (ITEMS, f"{ITEMS}new/", *(page_of(item, page) for page in self.PAGES)):
            assert client_of().get(address)["Location"].startswith("/sign-in/?next=")

    def test_is_closed_to_somebody_without_a_position(self) -> None:
        item = make_item()
        for address in (ITEMS, f"{ITEMS}new/", *(page_of(item, page) for page in self.PAGES)):
            assert client_of("wu").get(address).status_code == 403

    def test_of_a_wrong_id_is_not_found(self, zhao: Client) -> None:
        wrong = uuid4()
        for page in self.PAGES:
            assert zhao.get(f"{ITEMS}{wrong}/{page}").status_code == 404
        for page in ("", "publish/"):
            assert zhao.get(f"{ITEMS}versions/{wrong}/{page}").status_code == 404
        assert zhao.get(f"{ITEMS}files/{wrong}/").status_code == 404
        assert zhao.post(f"{ITEMS}{wrong}/act/").status_code == 404
        assert zhao.post(f"{ITEMS}versions/{wrong}/withdraw/").status_code == 404

    def test_is_not_found_by_a_hall_before_it_is_published(self, sun: Client) -> None:
        version = submit(make_item())
        assert sun.get(page_of(version.item)).status_code == 404
        assert sun.get(version_page(version)).status_code == 404

    def test_takes_no_act_without_a_csrf_token(self) -> None:
        item = make_published().item
        client = Client(enforce_csrf_checks=True, HTTP_HOST="yizhan.localhost")
        client.cookies = client_of("zhao").cookies
        for address in (f"{ITEMS}base-list/", f"{ITEMS}new/", page_of(item, "act/"), page_of(item, "edit/")):
            assert client.post(address, {"act": "suspend", "reason": "停办"}).status_code == 403
        item.refresh_from_db()
        assert item.state == ItemLife.ACTIVE


class TestList:
    def test_offers_the_base_list_where_it_is_empty(self, zhao: Client, sun: Client) -> None:
        assert "载入基础清单" in text_of(zhao, ITEMS)
        assert "载入基础清单" not in text_of(sun, ITEMS)

    def test_loads_it_department_by_department_while_one_watches(self, zhao: Client) -> None:
        assert "还没有载入过" in text_of(zhao, f"{ITEMS}base-list/")
        page = zhao.post(f"{ITEMS}base-list/", {"publishes": "1"}, follow=True).content.decode()
        assert f"0 / {DEPARTMENTS} 个部门" in page
        assert 'hx-trigger="every 1s"' in page
        handle_next_delivery()
        assert f"1 / {DEPARTMENTS} 个部门" in text_of(zhao, f"{ITEMS}base-list/")
        assert f"正在载入基础清单：1 / {DEPARTMENTS} 个部门" in text_of(zhao, ITEMS)
        drain_events()
        page = text_of(zhao, f"{ITEMS}base-list/")
        assert "已全部载入" in page
        assert f"目录中现有 {len(read_base_list())} 项" in page
        assert 'hx-trigger="every' not in page
        items = text_of(zhao, ITEMS)
        assert "正在载入基础清单" not in items
        assert "样例</span>" in items

    def test_names_the_departments_that_were_given_up(self, zhao: Client) -> None:
        zhao.post(f"{ITEMS}base-list/")
        delivery = EventDelivery.objects.get(event__payload__department="民政局")
        EventDelivery.objects.filter(pk=delivery.pk).update(state=EventDelivery.State.DEAD)
        drain_events()
        page = text_of(zhao, f"{ITEMS}base-list/")
        assert "没有载入的部门：民政局" in page
        assert "有 1 个部门没有载入" in text_of(zhao, ITEMS)
        zhao.post(f"{ITEMS}base-list/")
        drain_events()
        assert "已全部载入" in text_of(zhao, f"{ITEMS}base-list/")
        assert Item.objects.count() == len(read_base_list())

    def test_says_when_nothing_moves(self, zhao: Client) -> None:
        zhao.post(f"{ITEMS}base-list/")
        EventDelivery.objects.update(created_at=timezone.now() - timedelta(minutes=2))
        assert "一分钟没有进展" in text_of(zhao, f"{ITEMS}base-list/")

    def test_lets_nobody_load_who_may_not_write(self, sun: Client) -> None:
        for ask in (sun.get, sun.post):
            assert ask(f"{ITEMS}base-list/").status_code == 403
        assert not Event.objects.filter(kind="catalogue.load_department").exists()
        assert not Item.objects.exists()

    def test_finds_by_words_and_by_first_letters(self, zhao: Client) -> None:
        make_item(1, name="食品经营许可")
        make_item(2, name="老年人优待证办理")
        for words in ("食品", "spjyxk", "420131001"):
            page = text_of(zhao, ITEMS, words=words)
            assert "食品经营许可" in page
            assert "老年人优待证办理" not in page

    def test_narrows_by_what_is_chosen(self, zhao: Client) -> None:
        make_published(make_item(1, name="公布了的许可"))
        make_item(2, name="还是草稿的许可", department=make_department("民政局"))
        for chosen in ({"step": "draft"}, {"department": "民政局"}):
            page = text_of(zhao, ITEMS, **chosen)
            assert "还是草稿的许可" in page
            assert "公布了的许可" not in page
        assert "没有符合条件的事项" in text_of(zhao, ITEMS, family="service")
        assert "没有符合条件的事项" in text_of(zhao, ITEMS, state="abolished")

    def test_goes_out_as_csv_and_excel(self, zhao: Client) -> None:
        make_published(make_item(1, name="食品经营许可"))
        lines = zhao.get(ITEMS, {"format": "csv"}).content.decode("utf-8-sig").splitlines()
        assert lines[0].startswith("基本编码,事项名称")
        assert "420131001000,食品经营许可,行政职权,行政许可" in lines[1]
        book = CalamineWorkbook.from_filelike(io.BytesIO(zhao.get(ITEMS, {"format": "xlsx"}).content))
        assert book.get_sheet_by_index(0).to_python()[1][1] == "食品经营许可"

    def test_shows_what_waits_for_my_offices_and_not_what_i_wrote(self, zhao: Client, qian: Client) -> None:
        version = submit(make_item(name="食品经营许可"))
        assert version_page(version) in text_of(qian, ITEMS, view="reviews")
        assert "没有等您审核的事项" in text_of(zhao, ITEMS, view="reviews")

    def test_shows_what_came_back_and_why(self, zhao: Client, sun: Client) -> None:
        assert "没有退回待修改的事项" in text_of(zhao, ITEMS, view="returned")
        version = submit(make_item(name="食品经营许可"))
        return_version(by=person("qian"), version=version, office=office("legal"), reason="第三条已经修改")
        page = text_of(zhao, ITEMS, view="returned")
        assert "法制：第三条已经修改" in page
        assert page_of(version.item, "edit/") in page
        assert "已退回，待修改" in text_of(zhao, ITEMS)
        assert "没有退回待修改的事项" in text_of(sun, ITEMS, view="returned")
        submit(change_draft(version.item, conditions="改好了"))
        assert "没有退回待修改的事项" in text_of(zhao, ITEMS, view="returned")


class TestItemPage:
    def test_shows_what_citizens_read_the_flow_and_the_versions(self, sun: Client) -> None:
        version = make_published()
        assert 'class="sheet guide"' in text_of(sun, page_of(version.item))
        assert "flowchart-wide" in text_of(sun, page_of(version.item), tab="flow")
        versions = text_of(sun, page_of(version.item), tab="versions")
        assert version_page(version) in versions
        assert "编办" in versions
        assert "还没有服务厅使用" in text_of(sun, page_of(version.item), tab="uses")

    def test_shows_a_hall_the_published_version_and_the_province_its_draft(self, zhao: Client, sun: Client) -> None:
        item = make_published().item
        change_draft(item, conditions="只在草稿里的条件")
        assert "只在草稿里的条件" in text_of(zhao, page_of(item), of="draft")
        assert "只在草稿里的条件" not in text_of(zhao, page_of(item))
        assert "只在草稿里的条件" not in text_of(sun, page_of(item), of="draft")

    def test_says_what_to_do_next(self, zhao: Client, qian: Client) -> None:
        item = make_item(name="食品经营许可")
        assert "内容已齐，可以报送审核" in text_of(zhao, page_of(item))
        version = submit(item)
        assert "正在等政务公开、编办、法制审核。您参与了这一版的编写" in text_of(zhao, page_of(item))
        assert "等您代表政务公开、编办、法制审核" in text_of(qian, page_of(item))
        approve(version)
        page = text_of(zhao, page_of(item))
        assert "审核已全部通过，请确定公布的时间" in page
        assert version_page(version, "publish/") in page

    def test_says_that_a_sample_wants_checking(self, zhao: Client) -> None:
        items = [one for one in read_base_list() if "个体工商户设立" in one.name]
        load_base_list(by=person("zhao"), items=items, publishes=True)
        page = text_of(zhao, page_of(Item.objects.get()))
        assert "现行版是基础清单的样例" in page

    def test_says_how_much_a_draft_lacks(self, zhao: Client) -> None:
        item = make_item(materials=[])
        assert "处要补充，补齐后才能报送" in text_of(zhao, page_of(item))

    def test_names_who_returned_it_and_why(self, zhao: Client) -> None:
        version = submit(make_item())
        return_version(by=person("qian"), version=version, office=office("legal"), reason="第三条已经修改")
        page = text_of(zhao, page_of(version.item))
        assert "法制退回：第三条已经修改" in page

    def test_offers_a_hall_nothing_to_change(self, sun: Client) -> None:
        page = text_of(sun, page_of(make_published().item))
        for act in ("edit/", "act/", "abolish/"):
            assert f'{act}"' not in page

    def test_submits(self, zhao: Client) -> None:
        item = make_item()
        page = zhao.post(page_of(item, "act/"), {"act": "submit"}, follow=True).content.decode()
        assert "第 1 次报送已完成" in page
        assert item.versions.get().state == VersionState.SUBMITTED

    def test_says_why_it_does_not_submit(self, zhao: Client) -> None:
        item = submit(make_item()).item
        refused(zhao.post(page_of(item, "act/"), {"act": "submit"}), "第 1 次报送正在审核", 409)
        lacking = make_item(1, materials=[], conditions="")
        answer = zhao.post(page_of(lacking, "act/"), {"act": "submit"})
        refused(answer, "请按提示处理后再报送")
        assert "申请材料" in answer.content.decode()
        assert not lacking.versions.exists()

    def test_refuses_an_act_that_it_does_not_know(self, zhao: Client) -> None:
        refused(zhao.post(page_of(make_item(), "act/"), {"act": "explode"}), "请选择要做的操作")

    def test_lets_no_hall_act(self, sun: Client) -> None:
        item = make_published().item
        for act in ("submit", "resume"):
            assert sun.post(page_of(item, "act/"), {"act": act, "reason": "停办"}).status_code == 403
        item.refresh_from_db()
        assert item.state == ItemLife.ACTIVE


class TestNewItem:
    FILLED = {
        "name": "食品经营许可",
        "item_type": "01",
        "basic_code": "420131001000",
        "department": DEPARTMENT,
    }

    def test_begins_a_draft_of_the_types_family(self, zhao: Client) -> None:
        make_department()
        answer = zhao.post(f"{ITEMS}new/", self.FILLED)
        item = Item.objects.get()
        assert answer["Location"] == page_of(item, "edit/")
        assert (item.family, item.item_type, item.name) == ("power", "01", "食品经营许可")

    def test_says_what_is_wrong_at_its_place(self, zhao: Client) -> None:
        make_department()
        refused(zhao.post(f"{ITEMS}new/", self.FILLED | {"basic_code": "42"}), "基本编码")
        refused(zhao.post(f"{ITEMS}new/", self.FILLED | {"item_type": ""}), "这个字段是必填项")
        make_item(1)
        refused(zhao.post(f"{ITEMS}new/", self.FILLED | {"basic_code": "420131001000"}), "已属于")
        refused(zhao.post(f"{ITEMS}new/", self.FILLED | {"department": "没有的局"}), "department")

    def test_says_where_there_is_no_department_yet(self, zhao: Client) -> None:
        assert "还没有可选的主管部门" in text_of(zhao, f"{ITEMS}new/")

    def test_is_closed_to_halls(self, sun: Client) -> None:
        assert sun.get(f"{ITEMS}new/").status_code == 403


def filled(item: Item, **changes: str) -> dict[str, str]:
    """What a browser posts of a short draft."""
    return {"name": item.name, "basic_code": item.basic_code, "revision": str(item.revision)} | changes


class TestEditPage:
    def test_saves(self, zhao: Client) -> None:
        item = make_item()
        answer = zhao.post(page_of(item, "edit/"), filled(item, name="食品销售许可"))
        assert answer["Location"] == page_of(item, "edit/")
        item.refresh_from_db()
        assert item.name == "食品销售许可"
        # what was emptied is gone
        assert "conditions" not in item.values

    def test_keeps_what_was_typed_where_something_is_wrong(self, zhao: Client) -> None:
        item = make_item()
        answer = zhao.post(page_of(item, "edit/"), filled(item, basic_code="42", name="改到一半"))
        refused(answer, "改到一半")
        item.refresh_from_db()
        assert item.basic_code != "42"

    def test_loses_nothing_where_somebody_else_saved(self, zhao: Client) -> None:
        item = make_item()
        typed = filled(item, name="我改的名称")
        save_draft(by=person("qian"), item=item, revision=item.revision, values={"name": "别人改的名称"})
        answer = zhao.post(page_of(item, "edit/"), typed)
        refused(answer, "钱*", 409)
        page = answer.content.decode()
        assert 'value="我改的名称"' in page
        assert "由“别人改的名称”改为“我改的名称”" in page
        item.refresh_from_db()
        assert item.name == "别人改的名称"
        # pressing save once more does not write over it
        assert zhao.post(page_of(item, "edit/"), typed).status_code == 409
        over = zhao.post(page_of(item, "edit/"), typed | {"over": str(item.revision)})
        assert over.status_code == 302
        item.refresh_from_db()
        assert item.name == "我改的名称"

    def test_takes_a_revision_that_is_no_number_for_an_old_one(self, zhao: Client) -> None:
        item = make_item()
        for revision in ("", "abc", "９", "9" * 40):
            assert zhao.post(page_of(item, "edit/"), filled(item, revision=revision, name="新名")).status_code == 409

    def test_saves_but_does_not_submit_what_has_gaps(self, zhao: Client) -> None:
        item = make_item()
        answer = zhao.post(page_of(item, "edit/"), filled(item, name="食品销售许可", act="submit"))
        refused(answer, "食品销售许可")
        item.refresh_from_db()
        assert item.name == "食品销售许可"
        assert f'name="revision" value="{item.revision}"' in answer.content.decode()
        assert not item.versions.exists()

    def test_adds_a_row_without_saving(self, zhao: Client) -> None:
        item = make_item()
        answer = zhao.post(page_of(item, "edit/"), filled(item, name="未保存", rows="add materials"))
        assert answer.status_code == 200
        assert 'name="materials.1.name"' in answer.content.decode()
        item.refresh_from_db()
        assert item.name != "未保存"

    def test_is_closed_to_halls(self, sun: Client) -> None:
        assert sun.get(page_of(make_published().item, "edit/")).status_code == 403


class TestVersionPage:
    def test_puts_an_offices_own_part_first_with_its_form(self, qian: Client, zhao: Client) -> None:
        version = submit(make_item())
        page = text_of(qian, version_page(version))
        assert page.count("等您审核") == 3
        assert 'value="legal"' in page
        other = text_of(zhao, version_page(version))
        assert "等您审核" not in other
        assert "您参与了这一版的编写" in other

    def test_says_what_changed_against_the_version_in_force(self, qian: Client) -> None:
        item = make_published().item
        version = submit(change_draft(item, conditions="有固定的经营场所"))
        page = text_of(qian, version_page(version))
        assert "与第 1 版相比" in page
        assert "改为“有固定的经营场所”" in page

    def test_passes_office_by_office(self, qian: Client) -> None:
        version = submit(make_item())
        page = qian.post(version_page(version), {"office": "legal", "decision": "pass"}, follow=True)
        assert "已代表法制通过，现在是“审核中”" in page.content.decode()
        refused(qian.post(version_page(version), {"office": "disclosure", "decision": "pass"}), "您已代表法制审核过")

    def test_returns_with_a_reason_alone(self, qian: Client) -> None:
        version = submit(make_item())
        returned = {"office": "legal", "decision": "return"}
        refused(qian.post(version_page(version), returned), "请写明退回的原因")
        page = qian.post(version_page(version), returned | {"reason": "依据有误"}, follow=True).content.decode()
        assert "依据有误" in page
        version.refresh_from_db()
        assert version.state == VersionState.RETURNED

    def test_lets_nobody_review_their_own(self, zhao: Client) -> None:
        version = submit(make_item())
        refused(zhao.post(version_page(version), {"office": "legal", "decision": "pass"}), "您参与了这一版的编写")

    def test_knows_no_other_office(self, qian: Client) -> None:
        version = submit(make_item())
        assert qian.post(version_page(version), {"office": "nowhere", "decision": "pass"}).status_code == 404

    def test_is_closed_to_a_halls_decision(self, sun: Client) -> None:
        version = make_published()
        assert "通过</button>" not in text_of(sun, version_page(version))
        answer = sun.post(version_page(version), {"office": "legal", "decision": "pass"})
        assert answer.status_code == 422
        assert version.reviews.count() == 3


class TestPublication:
    def test_holds_from_now(self, zhao: Client) -> None:
        version = make_approved()
        assert "影响到谁" in text_of(zhao, version_page(version, "publish/"))
        page = zhao.post(version_page(version, "publish/"), {"when": "now"}, follow=True).content.decode()
        assert "第 1 版已公布，现在起施行" in page
        version.refresh_from_db()
        assert version.state == VersionState.PUBLISHED

    def test_holds_from_a_day_on_and_is_withdrawn_before_it(self, zhao: Client) -> None:
        version = make_approved()
        day = timezone.localdate() + timedelta(days=3)
        later = {"when": "day", "valid_from": day.isoformat()}
        page = zhao.post(version_page(version, "publish/"), later, follow=True).content.decode()
        assert "撤回第 1 版的公布" in page
        version.refresh_from_db()
        assert version.valid_from is not None
        assert timezone.localtime(version.valid_from).isoformat().startswith(f"{day}T00:00")
        zhao.post(version_page(version, "withdraw/"))
        version.refresh_from_db()
        assert version.state == VersionState.APPROVED

    def test_may_be_put_off_by_halls_for_some_days(self, zhao: Client) -> None:
        item = make_published().item
        version = make_approved(item, promised_days=5)
        assert 'value="30"' in text_of(zhao, version_page(version, "publish/"))
        refused(zhao.post(version_page(version, "publish/"), {"when": "now", "grace_days": "400"}), "365")
        zhao.post(version_page(version, "publish/"), {"when": "now", "grace_days": "20"})
        version.refresh_from_db()
        assert version.required_from is not None
        assert timezone.localdate(version.required_from) == timezone.localdate() + timedelta(days=20)

    @pytest.mark.parametrize(("day", "words"), [("", "请选择施行日期"), ("2020-01-01", "应在今天以后")])
    def test_refuses_a_wrong_day(self, zhao: Client, day: str, words: str) -> None:
        version = make_approved()
        refused(zhao.post(version_page(version, "publish/"), {"when": "day", "valid_from": day}), words)

    def test_refuses_what_is_not_approved_or_holds_already(self, zhao: Client) -> None:
        version = submit(make_item())
        refused(zhao.post(version_page(version, "publish/"), {"when": "now"}), "已报送")
        published = make_published(make_item(1))
        refused(zhao.post(version_page(published, "publish/"), {"when": "now"}), "已经公布")
        answer = zhao.post(version_page(published, "withdraw/"), follow=True)
        assert "已经生效，不能撤回公布" in answer.content.decode()

    def test_is_closed_to_halls(self, sun: Client) -> None:
        version = make_published()
        assert sun.get(version_page(version, "publish/")).status_code == 403
        assert sun.post(version_page(version, "withdraw/")).status_code == 403


class TestComparison:
    def test_says_what_changed_in_plain_words(self, zhao: Client) -> None:
        item = make_published(conditions="有营业执照").item
        make_published(item, conditions="有营业执照和场所")
        page = text_of(zhao, page_of(item, "compare/"))
        assert "第 1 版 → 第 2 版" in page
        assert "由“有营业执照”改为“有营业执照和场所”" in page
        assert "第 2 版 → 第 1 版" in text_of(zhao, page_of(item, "compare/"), **{"from": "2", "to": "1"})

    def test_takes_the_draft_for_whom_it_is(self, zhao: Client, sun: Client) -> None:
        item = make_published().item
        change_draft(item, conditions="只在草稿里")
        assert "只在草稿里" in text_of(zhao, page_of(item, "compare/"))
        assert "还没有可以比较的版本" in text_of(sun, page_of(item, "compare/"))
        assert sun.get(page_of(item, "compare/"), {"from": "1", "to": "0"}).status_code == 404

    @pytest.mark.parametrize("number", ["7", "999999"])
    def test_knows_no_other_version(self, zhao: Client, number: str) -> None:
        item = make_published().item
        assert zhao.get(page_of(item, "compare/"), {"from": "1", "to": number}).status_code == 404

    def test_shows_the_latest_change_for_what_is_no_number(self, zhao: Client) -> None:
        item = make_published().item
        assert zhao.get(page_of(item, "compare/"), {"from": "x", "to": "-1"}).status_code == 200
