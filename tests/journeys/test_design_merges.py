"""合并 in the browser: what a hall has changed and what the province brings, chosen between, drafted, taken back."""

from playwright.sync_api import expect

from province.halls.models import Hall
from tenants.casework.operations.setups import SetupWish, change_setup, open_setup, set_up_cases
from tenants.casework.queries.setups import setup_with_id
from tenants.workflow.models import Form
from tenants.workflow.operations.forms import publish_form, save_form_draft
from tests.browsing import PageAt
from tests.conftest import person
from tests.factories.adoptions import make_shown
from tests.factories.casework import apply_at_window, give_all
from tests.factories.catalogue import make_item, make_published
from tests.factories.designs import design, shared_flow, shared_form, text_field
from tests.factories.runs import HANDLERS, free_step, row_of
from tests.factories.sites import inside, make_columns
from tests.journeys.looks import is_sound_on_phone_and_desk

NORTH = "north.yizhan.localhost"


class TestMerging:
    def test_is_looked_at_done_and_taken_back(self, page_at: PageAt, live_site: str, north: Hall) -> None:
        make_columns(north)
        item = make_item()
        design(item, shared_form(item, text_field("area", "面积")), shared_flow())
        make_shown(north, make_published(item))
        north.refresh_from_db()
        he = {"by": person("he"), "hall": north}
        with inside(north):
            setup = set_up_cases(**he, item_id=item.pk)
            wish = SetupWish(flow_id=setup.flow_id, review_body="当阳市人民政府", court="当阳市人民法院")
            setup = change_setup(**he, setup_id=setup.pk, revision=setup.revision, wish=wish)
            open_setup(**he, setup_id=setup.pk, revision=setup.revision)
            give_all(north, apply_at_window(north, setup))
            definition = setup.form.definition
            definition["parts"][2]["fields"][0]["hint"] = "复印件也可以"
            definition["parts"][-1]["fields"] = [text_field("area", "面积（平方米）"), text_field("own", "本厅要问的")]
            form = Form.objects.get(pk=setup.form_id)
            form = save_form_draft(**he, form_id=form.pk, definition=definition, revision=form.revision)
            publish_form(**he, form_id=form.pk, revision=form.revision)
            form.refresh_from_db()
            other = row_of(north, free_step("only", HANDLERS), form=form, code="other")
        new = shared_form(item, text_field("area", "经营面积"), text_field("kind", "业态"))
        new["parts"][2]["fields"][0]["hint"] = "交原件"
        design(item, new, shared_flow(title="统一审查（新）"))
        make_published(item)
        page = page_at(NORTH, f"/desk/cases/setups/{setup.pk}/", who="he")
        page.on("dialog", lambda dialog: dialog.accept())
        is_sound_on_phone_and_desk(page)
        page.locator("#id_flow_id").select_option(str(other.pk))
        page.get_by_role("button", name="保存").click()
        expect(page.get_by_text("换流程以前请看一看")).to_be_visible()
        is_sound_on_phone_and_desk(page)
        page.goto(page.url)
        page.get_by_role("link", name="合并：留下本厅的改动").click()
        is_sound_on_phone_and_desk(page)
        clash = page.get_by_role("group", name="“面积（平方米）”的名称")
        expect(clash.get_by_label("用本厅的")).to_be_checked()
        fixed = page.get_by_role("group", name="按省里的")
        expect(fixed.get_by_label("用省里的：交原件")).to_be_checked()
        clash.get_by_label("用省里的：经营面积").check()
        page.get_by_role("button", name="再看一遍").click()
        expect(page.get_by_text("由“面积（平方米）”改为“经营面积”")).to_be_visible()
        page.get_by_role("button", name="合并成草稿").click()
        expect(page.get_by_text("合并的结果是草稿，还没有发布")).to_be_visible()
        is_sound_on_phone_and_desk(page)
        page.get_by_role("button", name="撤销合并").click()
        expect(page.get_by_text("草稿回到合并以前的样子").first).to_be_visible()
        with inside(north):
            assert setup_with_id(setup.pk).form.definition == definition
