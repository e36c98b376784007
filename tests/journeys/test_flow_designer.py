"""The drawing of a flow in a browser: drawn, saved, and the same flow in the table of steps."""

from playwright.sync_api import ConsoleMessage, expect

from province.halls.models import Hall
from standards.flows.changes import first_flow
from standards.flows.people import ByRole
from standards.flows.reading import read_flow
from tenants.workflow.models import Flow
from tenants.workflow.operations.flows import create_flow
from tests.browsing import PageAt
from tests.conftest import person
from tests.factories.sites import inside
from tests.journeys.looks import is_sound
from tests.servers import wait_until

HOST = "north.yizhan.localhost"


def _drawn(hall: Hall) -> Flow:
    with inside(hall):
        return Flow.objects.get()


class TestFlowDesigner:
    def test_draws_the_flow_that_the_table_shows(self, live_site: str, page_at: PageAt) -> None:
        north = Hall.objects.get(slug="north")
        with inside(north):
            flow = create_flow(
                by=person("sun"),
                hall=north,
                code="leave",
                title="请假",
                definition=first_flow("请假", ByRole(role="hall_administrator")),
            )
        page = page_at(HOST, f"/desk/flows/{flow.pk}/draw/", who="sun")
        said: list[ConsoleMessage] = []
        page.on("console", lambda one: said.append(one))  # noqa: PLW0108 - Playwright writes on what it is given
        page.reload()
        expect(page.locator(".bjs-powered-by")).to_be_visible()
        page.locator('.fl-canvas [data-element-id="approval"] .djs-hit').first.click()
        panel = page.get_by_role("form", name="环节的属性")
        panel.get_by_label("名称", exact=True).fill("科长审批")
        panel.get_by_label("名称", exact=True).press("Tab")
        panel.get_by_label("办理人", exact=True).select_option("role")
        panel.get_by_label("岗位", exact=True).select_option("approving_leader")
        page.get_by_title("后面接环节").click()
        wait_until(lambda: len(_drawn(north).definition["nodes"]) == 4, what="the drawing is saved")
        expect(page.locator(".fl-saving")).to_contain_text("已自动保存")
        definition = read_flow(_drawn(north).definition)
        approval = next(step for step in definition.steps if step.name == "approval")
        assert (approval.label, approval.who.model_dump()["role"]) == ("科长审批", "approving_leader")
        is_sound(page)
        assert [one.text for one in said if one.type in {"error", "warning"}] == []
        # what is drawn goes along to the page on which all of it is chosen from lists
        page.locator('.fl-canvas [data-element-id="approval"] .djs-hit').first.click()
        panel.get_by_label("名称", exact=True).fill("科室负责人审批")
        panel.get_by_label("名称", exact=True).press("Tab")
        panel.get_by_role("button", name="在环节表里改这一处").click()
        page.wait_for_url("**/nodes/approval/")
        expect(page.get_by_label("名称", exact=True)).to_have_value("科室负责人审批")
        page.get_by_label("名称", exact=True).fill("科长审批")
        page.get_by_role("button", name="保存").click()
        page.get_by_role("link", name="画图").click()
        page.get_by_role("button", name="完成，去检查和发布").click()
        expect(page.get_by_role("row", name="科长审批")).to_be_visible()
        expect(page.get_by_text("几条路，要先连到一个分支")).to_be_visible()
        is_sound(page, 1280, 360)
        # the table is swapped in place: the menu stays open and the keyboard where it was
        page.locator("#acts-approval summary").click()
        page.locator("#wait-approval").focus()
        page.keyboard.press("Enter")
        expect(page.get_by_text("已改好，可以撤销。")).to_be_visible()
        expect(page.locator("#wait-approval")).to_be_focused()
        page.get_by_role("link", name="科长审批").click()
        is_sound(page, 1280, 360)
        # of a rule of people only what its kind asks for
        copied = page.get_by_role("group", name="到这一步时抄送（第 1 个）")
        expect(copied.get_by_label("岗位")).to_be_hidden()
        copied.get_by_label("抄送给").select_option(label="岗位")
        expect(copied.get_by_label("岗位")).to_be_visible()
        page.get_by_role("link", name="不改了").click()
        page.get_by_role("link", name="改名称和负责人").click()
        expect(page.get_by_label("流程负责人")).to_be_visible()
        is_sound(page, 1280, 360)
