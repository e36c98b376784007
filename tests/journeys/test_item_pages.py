"""An item's form and its guide in a browser, with and without JavaScript, on a desk and on a phone, and on paper."""

import re
from collections.abc import Callable, Iterator
from itertools import product
from typing import Any

import pytest
from django.conf import settings
from django.http import QueryDict
from django.template import engines
from playwright.sync_api import Browser, Page, Route, expect

from province.catalogue.base_list.reading import read_base_list
from province.catalogue.forms import ItemForm
from province.catalogue.queries.guide import guide_of
from standards.items.codelists import ACTED
from standards.items.live import with_additions
from tests.browsing import AXE
from tests.definition import AS_BEGUN
from tests.factories.items import whole_hall_guide, whole_item
from tests.journeys.looks import faults_of, has_no, is_sound

# the live server has the styles and scripts; the page itself is the test's
HOST = f"http://form.yizhan.localhost:{settings.WEB_PORT}"
PAGE = re.compile(rf"^{re.escape(HOST)}/(\?.*)?$")
pytestmark = pytest.mark.usefixtures("_web_server")
CSP = "default-src 'self'; script-src 'self'; style-src 'self'; form-action 'self'"
ITEMS = read_base_list()
WIDTHS = (360, 1280)
_CONSOLE = """{% extends "design/office.html" %}{% load static %}{% block title %}事项{% endblock %}
{% block office_head %}
  <link rel="stylesheet" href="{% static 'console/console.css' %}">{% include "catalogue/form/head.html" %}
{% endblock %}
{% block heading %}食品经营许可{% endblock %}
{% block content %}<form method="post" enctype="application/x-www-form-urlencoded" novalidate data-guard>
  {% include "catalogue/form/item.html" %}<div class="bulk"><button class="button primary">保存</button></div></form>
{% endblock %}"""
_SITE = """{% extends "design/page.html" %}{% load static %}{% block title %}{{ guide.name }}{% endblock %}
{% block head %}
  <link rel="stylesheet" href="{% static 'shell/site.css' %}">
  <link rel="stylesheet" href="{% static 'catalogue/guide.css' %}">
{% endblock %}
{% block body_attributes %} class="site"{% endblock %}
{% block main %}<div class="wide">{% include "catalogue/guide.html" %}</div>{% endblock %}"""


def drawn(source: str, **context: Any) -> str:
    return engines["django"].from_string(source).render(context)


class Desk:
    """Serves one form to a page as a view would, and keeps what was saved."""

    def __init__(self, **options: Any) -> None:
        self.options: dict[str, Any] = {
            "family": "power",
            "item_type": "01",
            "part": "province",
            "values": whole_item(),
        }
        self.options |= options
        self.saved: dict[str, Any] | None = None

    def answer(self, route: Route) -> None:
        is_post = route.request.method == "POST"
        data = QueryDict(route.request.post_data or "") if is_post else None
        # the browser's own context knows none, and there is no database
        with with_additions(AS_BEGUN):
            form = ItemForm(**self.options, data=data)
            if form.is_valid():
                self.saved = form.values()
            body = drawn(_CONSOLE, form=form)
        route.fulfill(body=body, content_type="text/html; charset=utf-8", headers={"Content-Security-Policy": CSP})


OpenForm = Callable[..., tuple[Page, Desk]]


@pytest.fixture
def open_form(browser: Browser) -> Iterator[OpenForm]:
    contexts = []

    def opened(*, width: int = 1280, javascript: bool = True, **options: Any) -> tuple[Page, Desk]:
        context = browser.new_context(viewport={"width": width, "height": 900}, java_script_enabled=javascript)
        contexts.append(context)
        page, desk = context.new_page(), Desk(**options)
        page.set_default_timeout(8_000)
        page.add_init_script(AXE)
        page.route(PAGE, desk.answer)
        page.goto(f"{HOST}/")
        return page, desk

    yield opened
    for context in contexts:
        context.close()


def titles(page: Page, name: str) -> list[str]:
    rows = page.locator(f"[data-rows='{name}'] > [data-rows-list] > [data-row]")
    return [rows.nth(number).locator("input").first.input_value() for number in range(rows.count())]


def save(page: Page) -> None:
    page.locator(".bulk button").click()


class TestForm:
    def test_is_sound_in_both_parts(self, open_form: OpenForm) -> None:
        faults: list[str] = []
        for options in ({}, {"part": "hall", "hall_values": whole_hall_guide()}, {"values": {"name": "新事项"}}):
            page, _ = open_form(**options)
            faults += [f"{[*options]} {fault}" for fault in faults_of(page, *WIDTHS)]
            page.context.close()
        has_no(faults)

    def test_says_what_is_wrong_and_leads_there(self, open_form: OpenForm) -> None:
        page, desk = open_form(width=360)
        page.get_by_label("份数").fill("两份")
        save(page)
        page.get_by_role("alert").get_by_role("link", name="「申请材料」第 1 项的「份数」应为整数。").click()
        expect(page.get_by_label("份数")).to_be_focused()
        expect(page.get_by_label("份数")).to_have_attribute("aria-invalid", "true")
        is_sound(page)
        page.keyboard.press("Control+A")
        page.keyboard.type("2")
        page.keyboard.press("Enter")
        expect(page.get_by_role("alert")).to_have_count(0)
        assert desk.saved
        assert desk.saved["materials"][0]["copies"] == 2

    def test_saves_when_somebody_presses_enter(self, open_form: OpenForm) -> None:
        page, desk = open_form(javascript=False)
        page.get_by_label("事项名称").press("Enter")
        page.wait_for_load_state()
        assert desk.saved == whole_item()


class TestRows:
    @pytest.mark.parametrize("javascript", [True, False])
    def test_are_added_moved_and_removed(self, open_form: OpenForm, *, javascript: bool) -> None:
        page, desk = open_form(javascript=javascript)
        page.get_by_role("button", name="添加申请材料").click()
        expect(page.locator("[id='id_materials.2.name']")).to_be_focused()
        page.keyboard.type("营业执照")
        page.get_by_role("button", name="申请材料第 2 项上移").click()
        expect(page.get_by_role("button", name="申请材料第 1 项上移")).to_be_focused()
        assert titles(page, "materials") == ["营业执照", "食品经营许可申请书"]
        page.get_by_role("button", name="删除办理流程第 1 项").click()
        expect(page.get_by_role("button", name="删除办理流程第 1 项")).to_be_focused()
        save(page)
        page.wait_for_load_state()
        assert desk.saved
        assert [one["name"] for one in desk.saved["materials"]] == ["营业执照", "食品经营许可申请书"]
        assert desk.saved["materials"][1] == whole_item()["materials"][0]
        assert [one["act"] for one in desk.saved["flow"]] == ["决定"]

    @pytest.mark.parametrize("javascript", [True, False])
    def test_stand_in_rows(self, open_form: OpenForm, *, javascript: bool) -> None:
        page, desk = open_form(javascript=javascript)
        page.get_by_role("button", name="添加申请材料").click()
        page.locator("[id='id_materials.2.name']").fill("甲")
        page.locator("[data-rows='materials.2.laws'] [data-rows-add]").click()
        page.locator("[id='id_materials.2.laws.1.law']").fill("宪法")
        page.locator("[data-rows='materials.2.laws'] [data-rows-add]").click()
        page.locator("[id='id_materials.2.laws.2.law']").fill("民法典")
        page.get_by_role("button", name="申请材料第 2 项上移").click()
        expect(page.locator("[id='id_materials.1.laws.2.law']")).to_have_value("民法典")
        page.locator("button[value='remove materials.1.laws.1']").click()
        save(page)
        page.wait_for_load_state()
        assert desk.saved
        assert desk.saved["materials"][0] == {"name": "甲", "laws": [{"law": "民法典"}]}
        assert desk.saved["materials"][1] == whole_item()["materials"][0]

    def test_keep_what_was_chosen_while_they_move(self, open_form: OpenForm) -> None:
        charged = {"fees": [{"name": name, "is_reducible": name == "甲"} for name in "甲乙丙"], "has_fee": True}
        page, desk = open_form(values=whole_item() | charged)
        page.locator("button[value='down fees.1']").click()
        page.locator("button[value='remove fees.3']").click()
        page.get_by_role("button", name="撤销").click()
        page.locator("button[value='up fees.3']").click()
        save(page)
        page.wait_for_load_state()
        assert desk.saved
        assert [(one["name"], one["is_reducible"]) for one in desk.saved["fees"]] == [
            *(("乙", False), ("丙", False), ("甲", True)),
        ]

    def test_are_worked_with_the_keyboard_alone(self, open_form: OpenForm) -> None:
        page, _ = open_form()
        page.locator("[data-rows='flow'] > .rows-foot [data-rows-add]").focus()
        page.keyboard.press("Enter")
        page.keyboard.type("送达")
        page.locator("button[value='up flow.3']").focus()
        page.keyboard.press("Enter")
        page.keyboard.press("Space")
        assert titles(page, "flow") == ["送达", "受理", "决定"]
        page.keyboard.press("Enter")
        expect(page.locator("[data-rows='flow'] > .rows-foot [data-rows-said]")).to_have_text("已经是第一项。")

    def test_end_where_the_definition_says(self, open_form: OpenForm) -> None:
        page, _ = open_form(
            values=whole_item() | {"results": [{"name": f"证 {number}", "kind": "1"} for number in range(9)]}
        )
        button = page.locator("[data-rows='results'] > .rows-foot [data-rows-add]")
        button.click()
        expect(button).to_be_disabled()
        page.locator("button[value='remove results.10']").click()
        expect(button).to_be_enabled()

    def test_keep_their_page_sound(self, open_form: OpenForm) -> None:
        page, _ = open_form(width=360)
        page.get_by_role("button", name="添加申请材料").click()
        page.locator("[data-rows='materials.2.laws'] [data-rows-add]").click()
        page.get_by_role("button", name="申请材料第 2 项上移").click()
        ids = page.evaluate("[...document.querySelectorAll('[id]')].map((one) => one.id)")
        assert len(ids) == len(set(ids))
        labels = page.evaluate("[...document.querySelectorAll('label[for]')].map((one) => one.htmlFor)")
        assert set(labels) <= set(ids)
        is_sound(page)


class TestGuide:
    def test_is_sound(self, browser: Browser) -> None:
        page, faults = browser.new_page(viewport={"width": 360, "height": 900}), []
        page.add_init_script(AXE)
        for name, mode in product(("食品经营许可", "不动产抵押权登记", "政府信息公开指南"), ("", "elder")):
            show(page, name, mode)
            faults += [f"{name} {fault}" for fault in faults_of(page, *WIDTHS, elder=mode == "elder")]
        page.close()
        has_no(faults)

    def test_prints_on_one_page(self, browser: Browser) -> None:
        page = browser.new_page()
        applied = (one for one in ITEMS if one.is_complete and one.item_type not in ACTED)
        longest = sorted(applied, key=lambda one: len(str(one.values)))[-6:]
        for item in longest:
            show(page, item.name, "elder")
            pages = re.findall(rb"/Type /Page\b", page.pdf(prefer_css_page_size=True))
            assert len(pages) == 1, (item.name, len(pages))
        page.close()


def show(page: Page, name: str, mode: str) -> None:
    item = next(one for one in ITEMS if one.name == name)
    text = drawn(_SITE, guide=guide_of(item.item_type, item.values, item.hall_values), mode=mode)

    def answer(route: Route) -> None:
        route.fulfill(body=text, content_type="text/html; charset=utf-8")

    page.unroute_all()
    page.route(PAGE, answer)
    page.goto(f"{HOST}/")
