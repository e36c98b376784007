"""A 请假单 that an office worker makes in the designer, from nothing."""

import re

from playwright.sync_api import Locator, Page, expect

from tests.journeys.saving import save_now


def design_leave(page: Page) -> None:
    """On the page of all forms: time, working days that follow from it, reason and proof; published."""
    page.get_by_role("link", name="新建表单").first.click()
    page.get_by_label("表单名称").fill("请假单")
    page.get_by_role("button", name="开始设计").click()
    expect(page.get_by_role("tree", name="表单里的字段")).to_be_visible()
    _add(page, "起止日期", "请假时间").get_by_label("必填", exact=True).check()
    days = _add(page, "计算", "请假天数")
    days.get_by_label(re.compile("^小数位数")).fill("0")
    days.get_by_label("单位", exact=True).fill("个工作日")
    days.get_by_role("button", name="设置算式").click()
    formula = page.get_by_role("dialog", name="“请假天数”的算式")
    formula.get_by_label("常用算式").select_option(label="取一个数（例如起止日期的天数）")
    formula.get_by_label("哪个数").select_option(label="请假时间：工作日天数")
    formula.get_by_role("button", name="确定").click()
    _add(page, "多行文字", "请假事由").get_by_label("必填", exact=True).check()
    _add(page, "申请材料", "证明材料")
    expect(page.get_by_role("button", name="检查", exact=True)).to_be_visible()
    save_now(page)
    expect(page.locator("[data-saving]")).to_contain_text("已自动保存", timeout=10_000)
    page.get_by_role("button", name="完成，去发布").click()
    page.get_by_role("button", name="发布", exact=True).click()
    expect(page.get_by_text("已发布，现在就能填写。")).to_be_visible()


def _add(page: Page, kind: str, label: str) -> Locator:
    """A field behind the others, under this label; what the designer says of it."""
    page.get_by_role("region", name="可以添加的字段").get_by_role("button", name=kind, exact=True).click()
    panel = page.get_by_role("region", name="属性")
    panel.get_by_label("名称", exact=True).fill(label)
    panel.get_by_label("名称", exact=True).blur()
    return panel
