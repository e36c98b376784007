"""What a guide says against itself, and what the province settles for every hall."""

from typing import Any

import pytest

from province.catalogue.base_list.reading import read_base_list
from province.catalogue.queries.guide import guide_of
from province.catalogue.queries.linked_facts import linked_facts_of
from standards.items import ELEMENTS, check, effective, fitting, prefilled_values
from standards.items.contradictions import CODES, contradictions_of, label_of_code
from standards.items.guide_elements import GuideElement, lacking_elements
from standards.items.layers import layer_contradictions
from tests.factories.items import whole_hall_guide, whole_item
from tests.standards import powers

LAW = [{"law": "某条例"}]
FEE = {"name": "工本费", "standard": "10 元", "laws": LAW, "is_reducible": False}
# the one material of a whole item
ONLY = "食品经营许可申请书"
NAMES = {element.name for element in ELEMENTS}


def situations(one: dict[str, Any], other: dict[str, Any]) -> list[dict[str, Any]]:
    """A question of whose two answers both may be given."""
    answers = [{"code": code, "label": code, **row} for code, row in (("a", one), ("b", other))]
    return [{"code": "1", "question": "是哪一种？", "is_multiple": True, "answers": answers}]


COPY = {"name": "户口簿", "need": "1", "kind": "2"}
LOOKED_UP = {"exemption": "data", "exempt_source": "公安部门的户籍数据"}
# what one changes in a guide that is at one with itself, and what is then said of it
MADE: list[tuple[str, dict[str, Any]]] = [
    ("promise-over-law", {"promised_days": 21}),
    ("steps-over-promise", {"promised_days": 4}),
    ("stages-over-promise", {"accept_days": 5, "review_days": 6, "decide_days": 5}),
    ("instant-takes-days", {"case_type": "instant"}),
    ("instant-takes-days", {"case_type": "promised", "promised_days": 0, "promised_unit": "0", "flow": []}),
    (
        "instant-with-special-steps",
        {
            "case_type": "instant",
            "promised_days": 0,
            "promised_unit": "0",
            "flow": [],
            "excluded_steps": [{"step": "hearing"}],
        },
    ),
    ("free-with-fees", {"fees": [FEE]}),
    ("no-visit-not-online", {"visits": 0, "is_online": False, "channels": ["1"]}),
    ("channels-against-online", {"channels": ["1"]}),
    ("whole-online-with-visits", {"online_depth": "4"}),
    ("in-person-without-visit", {"restrictions": ["in-person"], "visits": 0}),
    ("in-person-whole-online", {"restrictions": ["in-person"], "online_depth": "4", "visits": 1}),
    ("in-person-with-agency", {"restrictions": ["in-person"], "has_agency": True}),
    ("agency-against-limit", {"restrictions": ["no-agency"], "has_agency": True}),
    ("window-only-elsewhere", {"restrictions": ["window-only"]}),
    ("free-with-payment", {"is_paid_online": True}),
    (
        "upload-not-online",
        {"materials": [{"name": "申请书", "submission": ["upload"]}], "is_online": False, "channels": ["1"]},
    ),
    ("exempt-without-source", {"materials": [COPY | {"exemption": "data"}]}),
    ("exempt-with-original", {"materials": [COPY | LOOKED_UP | {"kind": "1"}]}),
    ("exempt-with-original", {"local_materials": [COPY | LOOKED_UP | {"kind": "3"}]}),
    ("source-without-exemption", {"materials": [COPY | {"exempt_source": "公安部门的户籍数据"}]}),
    ("later-days-of-nothing", {"materials": [COPY | {"later_days": 5}]}),
    ("answers-against-each-other", {"situations": situations({"adds": [ONLY]}, {"removes": [ONLY]})}),
    ("no-materials-left", {"situations": situations({"removes": [ONLY]}, {})}),
    ("question-chooses-nothing", {"situations": situations({}, {})}),
]


def together(**changes: Any) -> dict[str, Any]:
    return {"item_type": "01", **whole_item(), **whole_hall_guide(), **changes}


def found(**changes: Any) -> Any:
    """By the check itself, the province's changes and the hall's each in their part."""
    own = {element.name for element in ELEMENTS if element.by == "hall"}
    province = whole_item() | {name: value for name, value in changes.items() if name not in own}
    hall = whole_hall_guide() | {name: value for name, value in changes.items() if name in own}
    return check(family="power", item_type="01", values=province, hall_values=hall)


class TestContradiction:
    def test_is_none_in_a_guide_that_is_whole(self) -> None:
        assert contradictions_of(together()) == ()
        assert found().is_ready

    @pytest.mark.parametrize(("code", "changes"), MADE)
    def test_is_found_where_it_was_made(self, code: str, changes: dict[str, Any]) -> None:
        values = together(**changes)
        said = {one.code: one for one in (*contradictions_of(values), *layer_contradictions(values))}
        assert code in said
        assert said[code].message.endswith("。")
        assert said[code].remedy.endswith("。")
        assert set(said[code].elements) <= NAMES

    @pytest.mark.parametrize("row", [COPY | LOOKED_UP, COPY | {"need": "3", "later_days": 5}])
    def test_is_none_in_a_material_that_need_not_be_brought_now(self, row: dict[str, Any]) -> None:
        assert contradictions_of(together(materials=[row])) == ()

    def test_has_a_fault_made_for_each_code(self) -> None:
        assert {code for code, _ in MADE} | {code for code, _, _ in powers.MADE} == set(CODES)
        assert all(label_of_code(code) != code for code in CODES)

    def test_keeps_a_guide_from_being_ready_and_not_from_being_complete(self) -> None:
        findings = found(online_depth="4")
        assert [one.code for one in findings.contradictions] == ["whole-online-with-visits"]
        assert findings.is_complete
        assert not findings.is_ready
        assert findings.hall.faults == ()

    def test_stands_nowhere_in_the_base_list(self) -> None:
        for item in read_base_list():
            of_item = {"family": item.family, "item_type": item.item_type, "values": item.values}
            assert check(**of_item, hall_values=item.hall_values).contradictions == (), item.name


class TestLimits:
    """办理限制: what the province settles."""

    @pytest.mark.parametrize(
        ("limit", "name", "value"),
        [
            ("no-agency", "has_agency", True),
            ("in-person", "has_agency", True),
            ("in-person", "online_depth", "4"),
            ("window-only", "channels", ["1", "2"]),
            ("window-only", "is_online", True),
            ("window-only", "has_kiosk", True),
        ],
    )
    def test_refuse_what_a_hall_says_against_them(self, limit: str, name: str, value: Any) -> None:
        hall = whole_hall_guide() | {name: value}
        free = check(family="power", item_type="01", values=whole_item(), hall_values=hall)
        assert name not in {fault.where for fault in free.hall.faults}
        bound = check(family="power", item_type="01", values=whole_item() | {"restrictions": [limit]}, hall_values=hall)
        [fault] = [fault for fault in bound.hall.faults if fault.where == name]
        assert "省里规定" in fault.message

    def test_count_for_every_hall_and_need_not_be_filled_in(self) -> None:
        province = whole_item() | {"restrictions": ["window-only", "no-agency"]}
        stored = whole_hall_guide() | {"has_agency": True, "agency_note": "找村里"}
        assert effective(province, stored)["has_agency"] is False
        assert effective(province, stored)["channels"] == ["1"]
        of_item: dict[str, Any] = {"family": "power", "item_type": "01", "values": province}
        kept = fitting(**of_item, hall_values=stored)
        assert not {"has_agency", "channels", "is_online"} & kept.keys()
        assert check(**of_item, hall_values=kept).is_ready
        text = str(guide_of("01", province, stored))
        assert "找村里" not in text
        assert "只能到窗口办" in text


class TestHallDefaults:
    """What a hall says once, as far as it can be true of an item."""

    DEFAULTS: dict[str, Any] = whole_hall_guide() | {
        "is_paid_online": True,
        "has_agency": True,
        "agency_note": "找村里",
    }

    def test_say_nothing_of_what_a_type_does_not_have(self) -> None:
        guide = prefilled_values("02", {"basic_code": "420231001000", "levels": ["4"]}, self.DEFAULTS, level="4")
        for name in (
            "has_booking",
            "has_agency",
            "agency_note",
            "is_mailed",
            "channels",
            "is_online",
            "is_paid_online",
        ):
            assert name not in guide
        assert guide["consult"] == "0700-1234567"

    def test_say_nothing_of_payment_where_nothing_is_paid(self) -> None:
        assert "is_paid_online" not in prefilled_values("01", whole_item(), self.DEFAULTS, level="4")
        charged = whole_item() | {"has_fee": True, "fees": [FEE], "fee_basis": LAW}
        assert prefilled_values("01", charged, self.DEFAULTS, level="4")["is_paid_online"] is True

    def test_yield_to_what_the_province_has_settled(self) -> None:
        province = whole_item() | {"restrictions": ["in-person"]}
        guide = prefilled_values("01", province, self.DEFAULTS | {"online_depth": "4"}, level="4")
        assert not {"has_agency", "agency_note", "online_depth"} & guide.keys()


class TestPages:
    def test_show_nothing_whose_condition_does_not_hold(self) -> None:
        stored = whole_hall_guide() | {
            "is_online": False,
            "channels": ["1"],
            "online_link": "https://old.example.gov.cn/",
            "is_paid_online": True,
            "agency_note": "找村里",
        }
        text = str(guide_of("01", whole_item(), stored))
        for words in ("old.example", "网上付款", "找村里", "网上能办到哪一步"):
            assert words not in text
        assert "old.example" not in str(linked_facts_of("01", whole_item(), stored))
        shown = guide_of("01", whole_item(), whole_hall_guide() | {"online_link": "https://new.example.gov.cn/"})
        assert "new.example" in str(shown)


class TestGuideElements:
    def test_are_missed_by_name(self) -> None:
        assert lacking_elements(together()) == []
        assert lacking_elements(together(conditions="", materials=[], flow=[])) == ["conditions", "materials", "flow"]
        assert lacking_elements({}) == list(GuideElement)
