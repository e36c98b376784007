"""The further tabs of the place of items: proposals, offices, departments, shared materials."""

import io
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from python_calamine import CalamineWorkbook

from province.catalogue.models import Department, Item, Material, Office, Proposal
from province.catalogue.operations.offices import add_office, retire_office
from province.catalogue.states import ProposalState
from province.halls.models import Hall
from province.people.operations.positions import give_position
from province.rights.roles import Reach
from tests.conftest import person
from tests.factories.catalogue import (
    DEPARTMENT,
    change_draft,
    make_department,
    make_item,
    make_proposal,
    make_published,
    submit,
    values_with,
)
from tests.factories.files import picture
from tests.factories.halls import make_person
from tests.factories.people import account, client_of, make_role, make_unit

pytestmark = pytest.mark.django_db

ITEMS = "/console/items/"
PROPOSALS, OFFICES, DEPARTMENTS, MATERIALS = (
    f"{ITEMS}{name}/" for name in ("proposals", "offices", "departments", "materials")
)


@pytest.fixture
def zhao() -> Client:
    return client_of("zhao")


@pytest.fixture
def sun() -> Client:
    return client_of("sun")


def text_of(client: Client, address: str, **data: Any) -> str:
    answer = client.get(address, data)
    assert answer.status_code == 200
    return answer.content.decode()


def refused(answer: Any, words: str, status: int = 422) -> None:
    assert answer.status_code == status
    assert words in answer.content.decode()


def lines_of(client: Client, address: str) -> list[str]:
    return client.get(address, {"format": "csv"}).content.decode("utf-8-sig").splitlines()


class TestPage:
    def test_is_closed_to_somebody_without_a_position(self) -> None:
        for address in (PROPOSALS, OFFICES, DEPARTMENTS, MATERIALS):
            assert client_of("wu").get(address).status_code == 403
            assert client_of().get(address)["Location"].startswith("/sign-in/?next=")

    def test_of_a_wrong_id_is_not_found(self, zhao: Client) -> None:
        for address in (PROPOSALS, OFFICES, DEPARTMENTS, MATERIALS):
            assert zhao.get(f"{address}{uuid4()}/").status_code == 404
        assert zhao.post(f"{OFFICES}{uuid4()}/retire/").status_code == 404

    def test_offers_a_hall_nothing_to_arrange(self, sun: Client) -> None:
        make_published()
        assert "增加审核部门" not in text_of(sun, OFFICES)
        assert "停用</button>" not in text_of(sun, OFFICES)
        assert "新建主管部门" not in text_of(sun, DEPARTMENTS)
        material = Material.objects.get()
        assert "<form method=" not in text_of(sun, f"{MATERIALS}{material.pk}/").partition("<main")[2]
        for address in (f"{OFFICES}new/", f"{DEPARTMENTS}new/"):
            assert sun.get(address).status_code == 403
        office, department = Office.objects.get(code="legal"), Department.objects.get()
        for address in (
            f"{OFFICES}{office.pk}/",
            f"{OFFICES}{office.pk}/retire/",
            f"{DEPARTMENTS}{department.pk}/",
            f"{MATERIALS}{material.pk}/",
        ):
            assert sun.post(address, {"name": "改名", "step": "1", "act": "rename"}).status_code == 403

    def test_has_its_tabs_side_by_side(self, zhao: Client, sun: Client, north: Hall) -> None:
        make_proposal(north)
        page = text_of(zhao, ITEMS)
        for name in ("全部事项", "待我审核", "退回待修改", "事项建议", "审核部门", "主管部门", "共用材料"):
            assert name in page
        assert '事项建议 <span class="quiet">1</span>' in page
        assert "退回待修改" not in text_of(sun, ITEMS)


class TestProposals:
    def test_say_what_there_is_and_narrow_by_state(self, zhao: Client, north: Hall, south: Hall) -> None:
        assert "还没有事项建议" in text_of(zhao, PROPOSALS)
        make_proposal(north)
        make_proposal(south, by="zhou", item=make_published().item, values={"conditions": "有场所和设备。"})
        page = text_of(zhao, PROPOSALS)
        assert "新增事项" in page
        assert "修改事项" in page
        assert north.name in page
        assert "老年人优待证办理" in text_of(zhao, PROPOSALS, state="proposed")
        assert "没有这样的建议" in text_of(zhao, PROPOSALS, state="declined")
        assert "老年人优待证办理" in text_of(zhao, PROPOSALS, state="nonsense")
        lines = lines_of(zhao, PROPOSALS)
        assert lines[0].startswith("事项名称,建议,服务厅")
        assert len(lines) == 3

    def test_are_the_halls_own(self, sun: Client, north: Hall, south: Hall) -> None:
        make_proposal(north)
        other = make_proposal(south, by="zhou", values={"name": "别厅的建议"})
        page = text_of(sun, PROPOSALS)
        assert "老年人优待证办理" in page
        assert "别厅的建议" not in page
        assert sun.get(f"{PROPOSALS}{other.pk}/").status_code == 404
        assert sun.post(f"{PROPOSALS}{other.pk}/", {"act": "decline", "answer": "不"}).status_code == 404


class TestProposalPage:
    @pytest.fixture
    def changing(self, north: Hall) -> Proposal:
        item = make_published(conditions="有场所。").item
        return make_proposal(north, item=item, values={"conditions": "有场所和设备。"})

    def test_says_in_plain_words_what_would_change(self, zhao: Client, changing: Proposal) -> None:
        page = text_of(zhao, f"{PROPOSALS}{changing.pk}/")
        assert "由“有场所。”改为“有场所和设备。”" in page
        assert "群众常来问" in page
        assert 'name="department"' not in page

    def test_compares_with_the_draft_only_for_whom_it_is(self, zhao: Client, sun: Client, changing: Proposal) -> None:
        assert changing.item
        change_draft(changing.item, conditions="只在草稿里。")
        assert "只在草稿里。" in text_of(zhao, f"{PROPOSALS}{changing.pk}/")
        page = text_of(sun, f"{PROPOSALS}{changing.pk}/")
        assert "由“有场所。”改为" in page
        assert "只在草稿里。" not in page
        assert 'name="act"' not in page

    def test_accepted_goes_into_the_draft(self, zhao: Client, changing: Proposal) -> None:
        answer = zhao.post(f"{PROPOSALS}{changing.pk}/", {"act": "accept", "answer": "很好"})
        assert answer["Location"] == f"{ITEMS}{changing.item_id}/edit/"
        changing.refresh_from_db()
        assert (changing.state, changing.answer) == (ProposalState.ACCEPTED, "很好")
        assert Item.objects.get().values["conditions"] == "有场所和设备。"
        page = text_of(zhao, f"{PROPOSALS}{changing.pk}/")
        assert "没有不同" in page
        assert 'name="act"' not in page
        refused(zhao.post(f"{PROPOSALS}{changing.pk}/", {"act": "accept"}), "已采纳")

    def test_of_a_new_item_becomes_a_draft(self, zhao: Client, north: Hall) -> None:
        make_department("民政局")
        proposal = make_proposal(north)
        page = text_of(zhao, f"{PROPOSALS}{proposal.pk}/")
        assert "老年人优待证办理" in page
        assert "建议新增这个事项" in page
        filled = {"act": "accept", "department": "民政局", "basic_code": "42"}
        refused(zhao.post(f"{PROPOSALS}{proposal.pk}/", filled | {"department": ""}), "必填")
        refused(zhao.post(f"{PROPOSALS}{proposal.pk}/", filled), "基本编码")
        zhao.post(f"{PROPOSALS}{proposal.pk}/", filled | {"basic_code": "422001001000"})
        assert Item.objects.get().proposed_by_hall_id == north.pk

    def test_declined_needs_a_reason_and_may_be_accepted_after_all(self, zhao: Client, changing: Proposal) -> None:
        address = f"{PROPOSALS}{changing.pk}/"
        refused(zhao.post(address, {"act": "decline", "answer": " "}), "未采纳的理由")
        assert zhao.post(address, {"act": "decline", "answer": "法律没有这样说"})["Location"] == PROPOSALS
        page = text_of(zhao, address)
        assert "法律没有这样说" in page
        assert 'value="decline"' not in page
        assert zhao.post(address, {"act": "accept"}).status_code == 302

    def test_is_answered_by_no_hall(self, sun: Client, changing: Proposal) -> None:
        for act in ("accept", "decline"):
            answer = sun.post(f"{PROPOSALS}{changing.pk}/", {"act": act, "answer": "好"})
            assert answer.status_code == 422
            assert "没有“编写事项”的权限" in answer.content.decode()
        changing.refresh_from_db()
        assert changing.state == ProposalState.PROPOSED

    def test_offers_a_department_its_own_alone(self, north: Hall, changing: Proposal) -> None:
        make_person("xi", "席统")
        unit = make_unit("食品处")
        role = make_role("业务处室", ["catalogue.read", "catalogue.write"])
        give_position(by=person("zhao"), account=account("xi"), role=role, unit=unit, reach=Reach.UNIT)
        make_department("食品局", unit_id=unit.pk)
        xi = client_of("xi")
        assert 'name="act"' not in text_of(xi, f"{PROPOSALS}{changing.pk}/")
        page = text_of(xi, f"{PROPOSALS}{make_proposal(north).pk}/")
        assert '<option value="食品局">' in page
        assert DEPARTMENT not in page
        assert 'value="decline"' not in page


class TestOffices:
    def test_stand_by_their_steps(self, zhao: Client) -> None:
        add_office(by=person("zhao"), name="财政", step=2, sections=["fees"])
        page = text_of(zhao, OFFICES)
        steps = page[page.index("第 1 步") :]
        assert steps.index("法制") < steps.index("第 2 步") < steps.index("财政")
        assert "已在审核的版本仍由报送时的部门审完" in page
        assert "没有部门审核" not in page
        assert lines_of(zhao, OFFICES)[-1].startswith("2,财政,要花多少钱")

    def test_warn_of_what_nobody_reviews(self, zhao: Client) -> None:
        retire_office(by=person("zhao"), office=Office.objects.get(code="legal"))
        page = text_of(zhao, OFFICES)
        assert "个要素没有部门审核" in page
        assert "已停用的审核部门（1 个）" in page

    def test_are_added(self, zhao: Client) -> None:
        unit = make_unit("财务处")
        filled = {"name": "财政", "step": "2", "sections": ["fees"], "elements": ["local_code"], "unit_id": unit.pk}
        page = zhao.post(f"{OFFICES}new/", filled, follow=True).content.decode()
        assert "已增加财政" in page
        made = Office.objects.get(name="财政")
        assert (made.step, made.sections, made.elements, made.unit_id) == (2, ["fees"], ["local_code"], unit.pk)

    @pytest.mark.parametrize("wrong", [{"name": ""}, {"step": "0"}, {"sections": ["nonsense"]}, {"unit_id": "x"}])
    def test_say_what_is_wrong(self, zhao: Client, wrong: dict[str, Any]) -> None:
        answer = zhao.post(f"{OFFICES}new/", {"name": "财政", "step": "1"} | wrong)
        refused(answer, "请先改正这些地方")
        assert Office.objects.count() == 3

    def test_are_changed_retired_and_taken_back(self, zhao: Client) -> None:
        office = Office.objects.get(code="legal")
        submit(make_item())
        page = text_of(zhao, f"{OFFICES}{office.pk}/")
        assert "有 1 个版本正在由法制参加审核" in page
        changed = {"name": "司法行政", "step": "1", "sections": office.sections, "elements": office.elements}
        zhao.post(f"{OFFICES}{office.pk}/", changed)
        office.refresh_from_db()
        assert (office.code, office.name) == ("legal", "司法行政")
        zhao.post(f"{OFFICES}{office.pk}/retire/")
        office.refresh_from_db()
        assert office.retired_at
        assert "保存后恢复" in text_of(zhao, f"{OFFICES}{office.pk}/")
        zhao.post(f"{OFFICES}{office.pk}/", changed)
        office.refresh_from_db()
        assert office.retired_at is None

    def test_never_all_retire(self, zhao: Client) -> None:
        for office in Office.objects.all():
            page = zhao.post(f"{OFFICES}{office.pk}/retire/", follow=True).content.decode()
        assert "至少要有一个审核部门" in page


class TestDepartments:
    def test_stand_with_their_items(self, zhao: Client) -> None:
        assert "还没有主管部门" in text_of(zhao, DEPARTMENTS)
        unit = make_unit("食品处")
        make_item(department=make_department(unit_id=unit.pk))
        page = text_of(zhao, DEPARTMENTS)
        assert "食品处" in page
        assert f"{DEPARTMENT}的 1 项" in page
        assert lines_of(zhao, DEPARTMENTS)[1] == f"{DEPARTMENT},1,食品处"
        book = CalamineWorkbook.from_filelike(io.BytesIO(zhao.get(DEPARTMENTS, {"format": "xlsx"}).content))
        assert book.get_sheet_by_index(0).to_python()[1][0] == DEPARTMENT

    def test_are_created(self, zhao: Client) -> None:
        page = zhao.post(f"{DEPARTMENTS}new/", {"name": "水务局"}, follow=True).content.decode()
        assert "已新建主管部门“水务局”" in page
        refused(zhao.post(f"{DEPARTMENTS}new/", {"name": "水务局"}), "已有“水务局”")
        refused(zhao.post(f"{DEPARTMENTS}new/", {"name": ""}), "必填")

    def test_are_renamed_and_assigned(self, zhao: Client) -> None:
        department, unit = make_item().department, make_unit("食品处")
        address = f"{DEPARTMENTS}{department.pk}/"
        assert "1 个事项的草稿立即改用新名称" in text_of(zhao, address)
        zhao.post(address, {"act": "rename", "name": "市场监管局"})
        zhao.post(address, {"act": "assign", "unit_id": unit.pk})
        department.refresh_from_db()
        assert (department.name, department.unit_id) == ("市场监管局", unit.pk)
        assert Item.objects.get().values["department"] == "市场监管局"
        make_department("民政局")
        refused(zhao.post(address, {"act": "rename", "name": "民政局"}), "已有“民政局”")
        refused(zhao.post(address, {"act": "assign", "unit_id": "x"}), "请先改正这些地方")
        zhao.post(address, {"act": "assign", "unit_id": ""})
        department.refresh_from_db()
        assert department.unit_id is None


class TestMaterials:
    def test_stand_with_how_many_items_ask_for_them(self, zhao: Client) -> None:
        assert "还没有共用材料" in text_of(zhao, MATERIALS)
        for number in (1, 2):
            make_published(make_item(number))
        other = values_with()["materials"][0] | {"name": "居民户口簿"}
        submit(make_item(3, materials=[other]))
        first = Material.objects.exclude(name="居民户口簿").get()
        lines = lines_of(zhao, MATERIALS)
        assert f"{first.name},2,," in lines
        # nobody has published it yet
        assert "居民户口簿,0,," in lines
        page = text_of(zhao, MATERIALS, words="户口")
        assert "居民户口簿" in page
        assert first.name not in page
        assert "没有这样的材料" in text_of(zhao, MATERIALS, words="没有的")

    def test_name_the_items(self, sun: Client) -> None:
        version = make_published()
        page = text_of(sun, f"{MATERIALS}{Material.objects.get().pk}/")
        assert f"{ITEMS}{version.item_id}/" in page

    def test_are_changed_for_all(self, zhao: Client) -> None:
        make_published()
        material = Material.objects.get()
        address = f"{MATERIALS}{material.pk}/"
        assert 'name="checked"' in text_of(zhao, address)
        assert 'name="need"' not in text_of(zhao, address)
        filled = {
            "checked": "签字清楚",
            "submission": ["window"],
            "laws.1.law": "行政许可法",
            "laws.1.article": "第三十一条",
        }
        page = zhao.post(address, filled, follow=True).content.decode()
        assert "已保存" in page
        material.refresh_from_db()
        assert material.values["checked"] == "签字清楚"
        assert material.values["laws"] == [{"law": "行政许可法", "article": "第三十一条"}]

    def test_say_what_is_wrong_at_its_place(self, zhao: Client) -> None:
        make_published()
        material = Material.objects.get()
        answer = zhao.post(f"{MATERIALS}{material.pk}/", {"page_format": "长" * 51, "checked": "改到一半"})
        refused(answer, 'href="#id_page_format"')
        assert "改到一半" in answer.content.decode()
        refused(zhao.post(f"{MATERIALS}{material.pk}/", {"kind": "nonsense"}), 'href="#id_kind"')

    def test_get_a_row_without_being_saved(self, zhao: Client) -> None:
        make_published()
        material = Material.objects.get()
        before = material.values
        page = zhao.post(f"{MATERIALS}{material.pk}/", {"checked": "未保存", "rows": "add laws"}).content.decode()
        assert 'name="laws.1.law"' in page
        material.refresh_from_db()
        assert material.values == before

    @pytest.mark.usefixtures("object_store")
    def test_take_keep_and_lose_a_file(self, zhao: Client) -> None:
        make_published()
        material = Material.objects.get()
        address = f"{MATERIALS}{material.pk}/"
        file = SimpleUploadedFile("申请书.png", picture("PNG").read())
        zhao.post(address, {"checked": "签字清楚", "blank_form": file})
        material.refresh_from_db()
        assert material.blank_form
        page = text_of(zhao, address)
        assert f"{ITEMS}files/{material.blank_form_id}/" in page
        assert "申请书.png" in text_of(zhao, MATERIALS)
        zhao.post(address, {"checked": "签字清楚", "blank_form": str(material.blank_form_id)})
        material.refresh_from_db()
        assert material.blank_form
        zhao.post(address, {"checked": "签字清楚"})
        material.refresh_from_db()
        assert material.blank_form is None
        refused(zhao.post(address, {"blank_form": SimpleUploadedFile("坏.exe", b"MZ")}), "#id_blank_form")

    @pytest.mark.parametrize("nonsense", ["x", "01a20fa1-f4e6-7703-abaa-adaa61ddee5c"])
    def test_take_no_file_that_is_not_there(self, zhao: Client, nonsense: str) -> None:
        make_published()
        material = Material.objects.get()
        zhao.post(f"{MATERIALS}{material.pk}/", {"blank_form": nonsense})
        material.refresh_from_db()
        assert material.blank_form is None
