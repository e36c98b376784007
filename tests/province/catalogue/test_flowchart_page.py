"""The drawings as a browser shows and prints them."""

import re
from typing import Any

import pytest
from django.template.loader import render_to_string
from playwright.sync_api import Browser, Page

from province.catalogue.base_list.reading import BaseItem, read_base_list
from standards.items.flowchart import chart_of
from tests.servers import ROOT

ITEMS = {item.name: item for item in read_base_list() if item.values.get("flow")}
# of every case type and length, those that stand highest
SHOWN = (
    "个体工商户设立登记",
    "食品经营许可",
    "取水许可",
    "最低生活保障金给付",
    "娱乐场所经营许可",
    "民办非企业单位登记",
)
SHEETS = "".join(
    (ROOT / "platform" / path).read_text(encoding="utf-8")
    for path in (
        "foundation/design/static/design/tokens.css",
        "foundation/design/static/design/components.css",
        "province/catalogue/static/catalogue/flowchart.css",
    )
)
# letters that stand outside their sign, whatever face the browser took
OUTSIDE = """() => [...document.querySelectorAll('.flow-sign')].flatMap(sign => {
  const shape = sign.firstElementChild.getBBox();
  return [...sign.querySelectorAll('text')].filter(text => {
    const box = text.getBBox();
    return box.width && (box.x < shape.x || box.x + box.width > shape.x + shape.width);
  }).map(text => text.textContent);
})"""
SHOWN_AT = """() => [...document.querySelectorAll('figure')].filter(one => one.offsetWidth).map(one => one.className)"""
# of the smallest letters in the drawing that is shown, in pixels of the screen
SMALLEST = """() => {
  const svg = [...document.querySelectorAll('.flow')].find(one => one.clientWidth);
  const sizes = [...svg.querySelectorAll('text')].map(one => parseFloat(getComputedStyle(one).fontSize));
  return Math.min(...sizes) * svg.clientWidth / svg.viewBox.baseVal.width;
}"""


def page_of(item: BaseItem, *, mode: str = "", paper: str = "", **changed: Any) -> str:
    values = {**item.values, **changed}
    chart = chart_of(
        values["flow"],
        case_type=values["case_type"],
        excluded_steps=values.get("excluded_steps", ()),
        limits=values,
        title=item.name,
        item_type=item.item_type,
    )
    part = render_to_string("catalogue/flowchart.html", {"chart": chart, "paper": paper})
    return (
        f'<!doctype html><html lang="zh-Hans" data-mode="{mode}"><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><style>{SHEETS}</style>{part}</html>'
    )


@pytest.fixture
def page(browser: Browser) -> Any:
    page = browser.new_page()
    yield page
    page.close()


class TestOnScreen:
    @pytest.mark.parametrize(
        ("width", "mode", "shown", "least"),
        [
            (1280, "", "flowchart-wide", 12.9),
            (360, "", "flowchart-narrow", 13.9),
            (700, "", "flowchart-narrow", 13.9),
            (360, "elder", "flowchart-slim", 22),
            (1280, "elder", "flowchart-narrow", 21),
        ],
    )
    def test_shows_the_drawing_that_can_be_read_there(
        self, page: Page, width: int, mode: str, shown: str, least: float
    ) -> None:
        page.set_viewport_size({"width": width, "height": 800})
        page.set_content(page_of(ITEMS["食品经营许可"], mode=mode))
        assert page.evaluate(SHOWN_AT) == [shown]
        assert page.evaluate(SMALLEST) >= least
        assert page.evaluate("document.documentElement.scrollWidth") <= width

    @pytest.mark.parametrize("name", SHOWN)
    @pytest.mark.parametrize(("width", "mode"), [(1280, ""), (360, ""), (360, "elder")])
    def test_holds_all_letters(self, page: Page, name: str, width: int, mode: str) -> None:
        page.set_viewport_size({"width": width, "height": 800})
        page.set_content(page_of(ITEMS[name], mode=mode))
        assert page.evaluate(OUTSIDE) == []

    def test_holds_letters_that_fonts_draw_at_will(self, page: Page) -> None:
        signs = "﷽﷽﷽ 👨‍👩‍👧👨‍👩‍👧 ⸻⸻ Жщ ΩΩ ﾊﾝｶｸ ꧅꧅ WWWWMMMM@@ wwwmmm"
        step = {"act": signs, "position": "窗口", "days": 1, "unit": "1", "material": signs, "standard": signs}
        page.set_viewport_size({"width": 1280, "height": 800})
        page.set_content(page_of(ITEMS["食品经营许可"], flow=[step]))
        assert page.evaluate(OUTSIDE) == []


class TestOnPaper:
    @pytest.mark.parametrize("paper", ["", "portrait", "text"])
    @pytest.mark.parametrize("name", SHOWN)
    def test_is_one_sheet_whose_words_can_be_selected(self, page: Page, name: str, paper: str) -> None:
        page.set_content(page_of(ITEMS[name], paper=paper))
        printed = page.pdf(prefer_css_page_size=True)
        assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 1
        (box,) = set(re.findall(rb"/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]", printed))
        assert (float(box[0]) > float(box[1])) == (paper == "")
        # letters, not pictures: their characters are known
        assert b"/ToUnicode" in printed
        assert b"/Subtype /Image" not in printed
