"""统一表单和流程 in the browser: brought in at the province, gone with a version, looked at and taken in a hall."""

import json
from typing import Any

from playwright.sync_api import expect

from province.catalogue.models import Item
from province.halls.models import Hall
from tenants.casework.models import CaseSetup
from tests.browsing import PROVINCE, PageAt
from tests.factories.adoptions import make_shown
from tests.factories.casework import make_setup
from tests.factories.catalogue import make_item, make_published
from tests.factories.designs import shared_flow
from tests.factories.runs import free_step
from tests.factories.sites import inside, make_columns
from tests.journeys.looks import is_sound_on_phone_and_desk

NORTH = "north.yizhan.localhost"
_OF_ONE_HALL = free_step("leader", {"kind": "role", "role": "own-role"})


def _flow(**given: Any) -> dict[str, Any]:
    return {"name": "flow.json", "mimeType": "application/json", "buffer": json.dumps(shared_flow(**given)).encode()}


class TestSharedDesign:
    def test_goes_from_the_province_into_a_hall_that_looks_at_it_first(
        self, page_at: PageAt, live_site: str, north: Hall
    ) -> None:
        make_columns(north)
        item = make_item()
        adoption = make_shown(north, make_published(item))
        north.refresh_from_db()
        with inside(north):
            setup = make_setup(north, adoption)
        self._drawn(page_at, item)
        make_published(item)
        self._taken(page_at, north, setup)

    def _drawn(self, page_at: PageAt, item: Item) -> None:
        page = page_at(PROVINCE, f"/console/items/{item.pk}/?tab=design", who="zhao")
        page.get_by_role("link", name="改草稿里的表单和流程").click()
        page.get_by_role("button", name="按事项的申请材料生成").click()
        expect(page.get_by_text("每个服务厅都能用")).to_be_visible()
        bad = {**_flow(), "buffer": json.dumps(shared_flow(_OF_ONE_HALL)).encode()}
        page.get_by_text("从文件开始").click()
        page.locator("#flow input[type=file]").set_input_files(bad)
        page.get_by_role("button", name="用这个文件").last.click()
        expect(page.get_by_text("自设的岗位（own-role）").first).to_be_visible()
        page.get_by_text("换成一个文件").last.click()
        page.locator("#flow input[type=file]").set_input_files(_flow(title="统一审查"))
        page.get_by_role("button", name="换成这个文件").last.click()
        expect(page.get_by_role("cell", name="岗位“审批领导”")).to_be_visible()
        is_sound_on_phone_and_desk(page)

    def _taken(self, page_at: PageAt, north: Hall, setup: CaseSetup) -> None:
        page = page_at(NORTH, f"/desk/cases/setups/{setup.pk}/", who="he")
        is_sound_on_phone_and_desk(page)
        page.get_by_role("link", name="看与省里的不同").click()
        expect(page.get_by_text("增加了流程“统一审查”")).to_be_visible()
        is_sound_on_phone_and_desk(page)
        page.on("dialog", lambda dialog: dialog.accept())
        page.get_by_role("button", name="采用省里的表单和流程").click()
        expect(page.get_by_text("已采用省里的表单和流程").first).to_be_visible()
        with inside(north):
            assert CaseSetup.objects.get(pk=setup.pk).flow_id is not None
        is_sound_on_phone_and_desk(page)
