"""Handling items and situations: what counts for one of them, on every path, and what is wrong with them."""

from itertools import product
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from foundation.errors import Fault
from standards.items import check, effective, fitting
from standards.items.elements.handling import LAYERS, OVERRIDES
from standards.items.handling import handled, with_codes
from standards.items.layers import ways_of
from standards.items.situations import MOST_PATHS, Situations
from tests.factories.items import whole_hall_guide, whole_item

MATERIAL = whole_item()["materials"][0]
NAMES = ("甲", "乙", "丙", "丁")


def whole(**changes: Any) -> dict[str, Any]:
    return {**whole_item(), "materials": [{**MATERIAL, "name": name} for name in NAMES], **changes}


def question(code: str, *answers: dict[str, Any], **facts: Any) -> dict[str, Any]:
    numbered = [{"code": str(at), "label": f"{code}{at}", **row} for at, row in enumerate(answers, start=1)]
    return {"code": code, "question": f"问题{code}？", "answers": numbered, **facts}


def row(code: str = "01", **facts: Any) -> dict[str, Any]:
    return {"code": code, "name": f"办理项{code}", "kind": "change", **facts}


def found(**changes: Any) -> Any:
    return check(family="power", item_type="01", values=whole(**changes))


def places(**changes: Any) -> list[str]:
    return [fault.where for fault in found(**changes).province.faults]


def names(values: Any) -> list[str]:
    return [one["name"] for one in values.get("materials", [])]


class TestHandlingItem:
    def test_says_what_the_item_says_where_it_is_silent_and_its_own_where_it_is_not(self) -> None:
        item = whole()
        silent = handled(item, row())
        assert {name: silent.get(name) for name in OVERRIDES} == {name: item.get(name) for name in OVERRIDES}

        own = {
            "promised_days": 3,
            "conditions": "已有许可证。",
            "visits": 0,
            "materials": [{"name": "乙", "copies": 9}],
        }
        said = handled(item, row(**own))
        assert (said["promised_days"], said["conditions"], said["visits"]) == (3, "已有许可证。", 0)
        assert said["materials"] == [{**MATERIAL, "name": "乙", "copies": 9}]
        # an override that is taken away again leaves nothing behind
        assert handled(item, row(**dict.fromkeys(own))) == silent

    @settings(max_examples=60, database=None)
    @given(
        own=st.dictionaries(st.sampled_from(["promised_days", "visits", "conditions"]), st.integers(1, 4), min_size=1)
    )
    def test_overridden_with_the_items_own_words_is_the_same(self, own: dict[str, Any]) -> None:
        item = whole(**own)
        assert handled(item, row(**own)) == handled(item, row())

    def test_that_is_free_has_none_of_the_items_fees(self) -> None:
        fee = {"name": "工本费", "standard": "10 元", "laws": [{"law": "某法"}], "is_reducible": False}
        item = whole(has_fee=True, fees=[fee], fee_basis=[{"law": "某法"}])
        assert not {"fees", "fee_basis"} & handled(item, row(has_fee=False)).keys()
        assert handled(item, row())["fees"] == [fee]

    def test_has_what_the_hall_says_of_it_above_all(self) -> None:
        hall = {"promised_days": 4, "hall_handling": [{"code": "02", "is_handled": True, "promised_days": 2}]}
        together = effective(whole(), whole_hall_guide() | hall)
        assert handled(together, row("01"))["promised_days"] == 4
        assert handled(together, row("01", promised_days=3))["promised_days"] == 3
        assert handled(together, row("02", promised_days=3))["promised_days"] == 2

    def test_gets_a_code_that_nobody_had_before(self) -> None:
        rows = [{"name": "甲"}, {"name": "乙", "code": "03"}, {"name": "丙"}]
        assert [one["code"] for one in with_codes({"handling_items": rows}, ["05"])["handling_items"]] == [
            "06",
            "03",
            "07",
        ]

    @pytest.mark.parametrize(
        ("changes", "place"),
        [
            ({"handling_items": [row(), row()]}, "handling_items.2.code"),
            ({"handling_items": [row("00")]}, "handling_items.1.code"),
            ({"handling_items": [row(promised_days=30)]}, "handling_items.1.promised_days"),
            (
                {"handling_items": [row(situations=[question("1", {"adds": ["没有"]})])]},
                "handling_items.1.situations.1.answers.1.adds",
            ),
        ],
    )
    def test_is_refused_at_its_place(self, changes: dict[str, Any], place: str) -> None:
        assert place in places(**changes)

    def test_misses_what_a_material_of_its_own_lacks_and_is_not_complete_then(self) -> None:
        one = found(handling_items=[row(materials=[{"name": "甲"}, {"name": "戊"}])])
        assert {fault.where for fault in one.province.missing} >= {"handling_items.1.materials.2.copies"}
        assert not any(fault.where.startswith("handling_items.1.materials.1") for fault in one.province.missing)
        assert not one.province.is_complete
        assert found(handling_items=[row(materials=[{"name": "甲"}])]).province.is_complete

    def test_of_a_hall_is_one_that_there_is_and_promises_no_more(self) -> None:
        province = whole(handling_items=[row("01"), row("02", promised_days=3)])
        rows = [
            {"code": "01", "is_handled": False, "elsewhere": "市政务服务中心"},
            {"code": "02", "is_handled": True, "promised_days": 4, "promised_unit": "1"},
            {"code": "09", "is_handled": True},
        ]
        hall = whole_hall_guide() | {"hall_handling": rows}
        of_item: dict[str, Any] = {"family": "power", "item_type": "01", "values": province}
        wrong = [fault.where for fault in check(**of_item, hall_values=hall).hall.faults]
        assert wrong == ["hall_handling.2.promised_days", "hall_handling.3.code"]
        # of what a newer version has overruled, the rest stays
        assert fitting(**of_item, hall_values=hall)["hall_handling"] == rows[:1]


ANSWERS = st.fixed_dictionaries(
    {},
    optional={
        "adds": st.lists(st.sampled_from(NAMES), min_size=1, max_size=2, unique=True),
        "removes": st.lists(st.sampled_from(NAMES), min_size=1, max_size=2, unique=True),
        "has_fee": st.just(value=False),
    },
)


@st.composite
def question_rows(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Questions that lead only to later ones, so that they go in no circle."""
    count = draw(st.integers(1, 3))
    rows = []
    for number in range(1, count + 1):
        answers = draw(st.lists(ANSWERS, min_size=1, max_size=3))
        for answer in answers:
            if later := draw(st.sets(st.sampled_from(range(number + 1, count + 2)), max_size=1)) - {count + 1}:
                answer["leads_to"] = [str(one) for one in later]
        rows.append(question(str(number), *answers, is_multiple=draw(st.booleans())))
    return rows


class TestSituations:
    @settings(max_examples=150, database=None)
    @given(rows=question_rows())
    def test_lead_every_combination_of_answers_to_exactly_one_guide(self, rows: list[dict[str, Any]]) -> None:
        situations = Situations(rows)
        assume(not situations.has_too_many_paths())
        paths = situations.paths()
        assert paths
        assert situations.cycle == ()
        ways = {tuple(sorted(path.answers.items())) for path in paths}
        assert len(ways) == len(paths)
        # whatever somebody ticks on the page, for any question, asked or not
        for ticked in product(*(tuple(one.options()) for one in situations.questions)):
            sent = {one.code: list(codes) or ["0"] for one, codes in zip(situations.questions, ticked, strict=True)}
            known = situations.known(sent)
            assert tuple(sorted(known.items())) in ways
            assert situations.apply(whole(), known).open_questions == ()
        # every answer is one that somebody can come to
        given_somewhere = {(code, one) for path in paths for code, chosen in path.answers.items() for one in chosen}
        every = {(one.code, answer.code) for one in situations.questions for answer in one.answers}
        assert given_somewhere == every

    @settings(max_examples=100, database=None)
    @given(rows=question_rows())
    def test_show_no_less_before_a_question_is_answered_than_after(self, rows: list[dict[str, Any]]) -> None:
        situations = Situations(rows)
        for path in situations.paths():
            after = set(names(situations.apply(whole(), path.answers).values))
            for code in path.answers:
                before = {one: chosen for one, chosen in path.answers.items() if one != code}
                shown = situations.apply(whole(), situations.known({k: list(v) or ["0"] for k, v in before.items()}))
                removed = {
                    one for asked in situations.questions for answer in asked.answers for one in answer.names("removes")
                }
                assert after - removed <= set(names(shown.values))

    def test_choose_what_their_answers_say(self) -> None:
        rows = [
            question("1", {"adds": ["乙"], "promised_days": 3, "promised_unit": "1"}, {"leads_to": ["2"]}),
            question(
                "2", {"removes": ["甲"]}, {"refusal": "请到省里办。", "form_parts": ["附表一"], "note": "要公证。"}
            ),
        ]
        situations = Situations(rows)
        first, second, third = situations.paths()
        assert [one.words for one in (first, second, third)] == ["11", "12 · 21", "12 · 22"]
        said = situations.apply(whole(), first.answers)
        assert (names(said.values), said.values["promised_days"]) == (["甲", "乙", "丙", "丁"], 3)
        assert names(situations.apply(whole(), second.answers).values) == ["丙", "丁"]
        refused = situations.apply(whole(), third.answers)
        assert (refused.refusals, refused.form_parts, refused.notes) == (("请到省里办。",), ("附表一",), ("要公证。",))
        # what is not answered may still be needed
        assert names(situations.apply(whole(), {}).values) == list(NAMES)

    @pytest.mark.parametrize(
        ("rows", "place", "words"),
        [
            ([question("1", {"leads_to": ["1"]})], "situations", "1 → 1"),
            (
                [
                    question("1", {}, {"leads_to": ["2"]}),
                    question("2", {"leads_to": ["3"]}),
                    question("3", {"leads_to": ["2"]}),
                ],
                "situations",
                "绕成了圈",
            ),
            ([question(str(at), *[{"adds": ["甲"]}] * 9) for at in range(1, 4)], "situations", f"超过 {MOST_PATHS} 种"),
            ([question("1", *[{}] * 12, is_multiple=True)], "situations", f"超过 {MOST_PATHS} 种"),
            ([question("1", {"leads_to": ["7"]})], "situations.1.answers.1.leads_to", "“7”不存在"),
            ([question("1", {"steps_added": ["盖章"]})], "situations.1.answers.1.steps_added", "不在「办理流程」里"),
            ([question("1", {}), question("1", {})], "situations.1.code", "不能重复"),
        ],
    )
    def test_are_refused_where_nobody_can_go_through_them(self, rows: Any, place: str, words: str) -> None:
        faults = found(situations=rows).province.faults
        assert any(fault.where == place and words in fault.message for fault in faults), faults

    def test_of_all_handling_items_together_are_bounded(self) -> None:
        rows = [question(str(at), {}, {}) for at in range(1, 9)]
        faults = found(handling_items=[row(f"{at:02}", situations=rows) for at in range(1, 9)]).province.faults
        assert [fault for fault in faults if fault.where == "handling_items"] == [
            Fault("handling_items", "各业务办理项的「情形」走法加起来超过 2,000 种，没有人看得过来。请减少问题。")
        ]

    def test_name_the_path_on_which_the_guide_contradicts_itself(self) -> None:
        short = {"promised_days": 1, "promised_unit": "1"}
        rows = [question("1", short, {"note": "照常。"})]
        one = found(handling_items=[row("01", situations=rows), row("02")])
        assert not one.is_ready
        assert {(one.code, "办理项01 · 11" in one.message) for one in one.contradictions} >= {
            ("steps-over-promise", True)
        }
        assert found(handling_items=[row("02")]).contradictions == ()

    def test_give_every_way_through_an_item_once(self) -> None:
        rows = [question("1", {"removes": ["甲"]}, {})]
        values = whole(handling_items=[row("01", situations=rows), row("02")])
        ways = list(ways_of(values))
        assert [(way.code, way.words, len(names(way.values))) for way in ways] == [
            ("01", "办理项01 · 11", 3),
            ("01", "办理项01 · 12", 4),
            ("02", "办理项02", 4),
        ]
        assert not any(set(LAYERS) & way.values.keys() for way in ways)
