"""Items as plain data: values of every element drawn from the definition itself, and one item that is whole."""

from typing import Any

from hypothesis import strategies as st
from stdnum.cn import uscc

from province.catalogue.base_list.reading import read_base_list
from standards.items import ELEMENTS, Bound, Element, Filler, Kind
from standards.items.codelists import ALL_TYPES, NATIONAL_TYPES, ItemType
from standards.items.elements.grounds import LAW_CELLS
from standards.items.exchange import ExchangeItem
from standards.items.exchange.items import is_hall_element
from standards.items.values import is_blank

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
# what would break columns that join values, if they were not escaped
_CHARACTERS = "县级办理1a ^|\\《》：:，、\u3000n"

BODY = "12441500196720244T"
BASIC = "420131001000"
TASK = f"{BODY}4{BASIC}"


def lines(least: int = 1, *, most: int = 12) -> st.SearchStrategy[str]:
    return st.text(_CHARACTERS, min_size=least, max_size=most).filter(lambda text: bool(text.strip()))


def texts() -> st.SearchStrategy[str]:
    return st.text(_CHARACTERS + "\n", min_size=1, max_size=20).filter(lambda text: bool(text.strip()))


def _without(*characters: str) -> st.SearchStrategy[str]:
    return lines().map(lambda text: "某" + "".join(one for one in text if one not in characters))


# what stands around the parts of a citation cannot stand in them
_LAW_PARTS = {"law": _without("《", "》"), "article": _without("：", ":"), "text": texts()}


def _laws() -> st.SearchStrategy[dict[str, str]]:
    law, *others = _LAW_PARTS
    return st.fixed_dictionaries({law: _LAW_PARTS[law]}, optional={name: _LAW_PARTS[name] for name in others})


def values_of(element: Element, *, is_national: bool = False) -> st.SearchStrategy[Any]:
    """``is_national``: only such cells as the national tables have a column for."""
    if element in LAW_CELLS:
        return _LAW_PARTS[element.name]
    if element.kind is Kind.ROWS:
        rows = _laws() if element.cells is LAW_CELLS else _rows(element, is_national=is_national)
        return st.lists(rows, min_size=1, max_size=3)
    if element.kind is Kind.NUMBER:
        return st.integers(element.least, element.most)
    if element.codes:
        code = st.sampled_from(list(element.codes.values))
        return code if element.kind is Kind.CHOICE else st.lists(code, min_size=1, max_size=4, unique=True)
    return {
        Kind.LINE: lines(most=min(element.most or 12, 12)),
        Kind.TEXT: texts(),
        Kind.FLAG: st.booleans(),
        Kind.DAY: st.dates().map(lambda day: day.isoformat()),
        Kind.LINK: st.sampled_from(["https://a.example/b?c=1^2", "http://例子.example/|"]),
        Kind.FILE: st.uuids().map(str),
        # names that differ by the blanks around them are one
        Kind.NAMES: st.lists(lines().map(str.strip), min_size=1, max_size=3, unique=True),
    }[element.kind]


def _rows(element: Element, *, is_national: bool) -> st.SearchStrategy[dict[str, Any]]:
    cells = [cell for cell in element.cells if cell.column or element.column or not is_national]
    strategies = {cell.name: values_of(cell) for cell in cells}
    needed = {cell.name for cell in cells if cell.needed and not cell.when}
    return st.fixed_dictionaries(
        {name: strategy for name, strategy in strategies.items() if name in needed},
        optional={name: strategy for name, strategy in strategies.items() if name not in needed},
    )


def national_values() -> st.SearchStrategy[dict[str, Any]]:
    """Values of any elements that have a place in the national tables."""
    elements = [
        element for element in ELEMENTS if element.column or any(cell.column is not None for cell in element.cells)
    ]
    return st.fixed_dictionaries(
        {}, optional={element.name: values_of(element, is_national=True) for element in elements}
    )


def body_codes() -> st.SearchStrategy[str]:
    """Right 统一社会信用代码."""
    front = st.tuples(
        st.sampled_from(["11", "12", "13", "54", "91", "N2"]),
        st.text("0123456789", min_size=6, max_size=6),
        st.text(ALPHABET, min_size=9, max_size=9),
    ).map("".join)
    return front.map(lambda code: code + uscc.calc_check_digit(code))


def whole_item() -> dict[str, Any]:
    """The province's part of a licence that lacks nothing."""
    return {
        "basic_code": BASIC,
        "name": "食品经营许可",
        "levels": ["4"],
        "department": "市场监督管理局",
        "laws": [{"law": "中华人民共和国食品安全法", "article": "第三十五条"}],
        "audiences": ["1", "2"],
        "conditions": "有与经营的食品相适应的场所。",
        "rights": "依法取得许可；如实提交材料。",
        "reconsideration": "收到决定之日起 60 日内申请行政复议。",
        "litigation": "收到决定之日起 6 个月内提起行政诉讼。",
        "case_type": "promised",
        "statutory_days": 20,
        "statutory_unit": "1",
        "promised_days": 10,
        "promised_unit": "1",
        "materials": [
            {
                "name": "食品经营许可申请书",
                "need": "1",
                "kind": "1",
                "carrier": "3",
                "copies": 1,
                "submission": ["window", "upload"],
                "source": "1",
                "checked": "填写完整，有申请人签字。",
            }
        ],
        "has_fee": False,
        "visits": 1,
        "area": "5",
        "results": [{"name": "食品经营许可证", "kind": "1"}],
        "flow": [
            {"act": "受理", "position": "窗口", "days": 2, "unit": "1"},
            {"act": "决定", "position": "分管负责人", "days": 3, "unit": "1"},
        ],
        "questions": [{"question": "要多久？", "answer": "10 个工作日。"}],
    }


def whole_power() -> dict[str, Any]:
    """The province's part of what an authority does of its own motion, whatever its type: what only some types have
    is taken out by who makes an item of another one."""
    step = {"position": "执法人员", "days": 10, "unit": "1"}
    return {
        "subjects": ["1", "2"],
        "trigger": "没有取得许可从事经营。",
        "penalty_kinds": ["2", "3"],
        "penalty_ranges": [
            {"name": "罚款", "least": 10_000, "most": 50_000, "unit": "yuan", "basis": "某条例第十条"},
        ],
        "discretion": [
            {
                "situation": f"{label}的情节",
                "grade": grade,
                "of": "罚款",
                "least": least,
                "most": most,
                "measure": "罚款",
                "source": "省的裁量基准",
            }
            for grade, label, least, most in (
                ("2", "较轻", 10_000, 20_000),
                ("3", "一般", 20_000, 30_000),
                ("4", "较重", 30_000, 50_000),
            )
        ],
        "coercion_kinds": ["12"],
        "hold_days": 30,
        "inspection_manners": ["1"],
        "inspected": "检查许可证和场所。",
        "collection": "收到通知后 15 日内缴清。",
        "proceeding": [{"stages": ["case"], "act": "立案", **step}],
        "duties": [{"title": "立案责任", "text": "发现线索及时核查。"}],
        "accountability": "没有依据实施的。",
        "accountability_laws": [{"law": "中华人民共和国行政处罚法", "article": "第七十六条"}],
        "party_rights": "有权陈述和申辩。",
        "award_kinds": ["1", "4"],
        "award_conditions": "成绩突出，没有违法违纪。",
        "award_cycle": "每两年一次，十名",
        "nomination": "由所在单位民主推荐。",
        "award_notice_days": 5,
        "award_withdrawal": "事迹虚假的撤销奖励。",
    }


PROCEEDINGS = {
    "02": [["case"], ["investigation"], ["review", "notice"], ["decision", "service"], ["execution"]],
    "03": [["approval"], ["notice", "measure"], ["release"]],
    "04": [["assessment"], ["notice"], ["payment"]],
    "06": [["plan"], ["visit"], ["result"], ["follow-up"]],
    "18": [["nomination"], ["review"], ["publicity"], ["decision"], ["conferral"]],
}


def whole_proceeding(item_type: str) -> list[dict[str, Any]]:
    """Steps through all that the law asks for in a proceeding of this type."""
    return [
        {"stages": stages, "act": f"第 {number} 步", "position": "执法人员", "days": 10, "unit": "1"}
        for number, stages in enumerate(PROCEEDINGS[item_type], start=1)
    ]


def whole_hall_guide() -> dict[str, Any]:
    """What a hall adds to it."""
    return {
        "task_code": TASK,
        "level": "4",
        "body_code": BODY,
        "body_name": "北安县市场监督管理局",
        "body_kind": "1",
        "channels": ["1", "2"],
        "is_online": True,
        "online_depth": "3",
        "has_booking": True,
        "is_in_centre": True,
        "has_agency": False,
        "is_mailed": True,
        "windows": [{"window": "12 号", "address": "人民路 1 号", "hours": "工作日 9:00–17:00"}],
        "consult": "0700-1234567",
        "complaints": "12345",
    }


def exchange_items() -> st.SearchStrategy[ExchangeItem]:
    """Items with values of any elements that their type has, as people could have typed them: no blanks around them.
    What elements say of each other may be wrong."""
    return st.sampled_from(sorted(ALL_TYPES)).flatmap(_item_of_type)


def _item_of_type(item_type: ItemType) -> st.SearchStrategy[ExchangeItem]:
    named = {"item_type", "basic_code", "name"}
    parts = []
    for element in ELEMENTS:
        if item_type not in element.applies or element.name in named:
            continue
        is_hall = is_hall_element(element.name)
        parts.append((element, is_hall))
        # a hall adds to lists, or says another value; it does not change rows
        if element.by is Filler.BOTH and (element.bound is Bound.MAY_ADD or element.kind is not Kind.ROWS):
            parts.append((element, True))
    # twelve at a time: more is slow, and finds no more
    return st.lists(st.sampled_from(parts), max_size=12, unique_by=lambda part: (part[0].name, part[1])).flatmap(
        lambda chosen: st.builds(
            lambda code, name, values, hall: ExchangeItem(
                item_type.value, {"basic_code": code, "name": name, **_full(values)}, _full(hall)
            ),
            code=st.integers(0, 999_999).map(lambda number: f"42{NATIONAL_TYPES[item_type]}31{number:06d}"),
            name=lines().map(_typed).filter(bool),
            values=_part(chosen, is_hall=False),
            hall=_part(chosen, is_hall=True),
        )
    )


def _part(chosen: list[tuple[Element, bool]], *, is_hall: bool) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {element.name: values_of(element).map(_typed) for element, by_hall in chosen if by_hall == is_hall}
    )


def _typed(value: Any) -> Any:
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, list):
        return [one for one in map(_typed, value) if one != ""]
    if isinstance(value, dict):
        return _full({name: _typed(one) for name, one in value.items()})
    return value


def _full(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if not is_blank(value)}


def base_items() -> list[ExchangeItem]:
    """The base list as files carry it."""
    return [ExchangeItem(item.item_type.value, item.values, item.hall_values) for item in read_base_list()]
