"""What elements must say of each other. A rule reads the values whose own checks found nothing wrong."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from foundation.errors import Fault
from standards.items import codes
from standards.items.codelists import CaseType, Channel, HandleArea, ItemType, Level, LimitUnit, StatutoryUnit
from standards.items.codes import CodeScheme
from standards.items.elements import ELEMENTS
from standards.items.elements.grounds import LAW_CELLS
from standards.items.kinds import Element
from standards.items.power_rules import ranges_are_ranges
from standards.numbers.credit_codes import faults_of_credit_code
from standards.numbers.licences import faults_of_licence_code

type Values = Mapping[str, Any]
type Rule = Callable[[Values], Iterator[Fault]]

# 行政许可法 Art. 32: within five working days one is told once what is lacking; else it is accepted
ANSWER_DAYS: Final = 5
_ACROSS: Final = frozenset({HandleArea.NATION.value, HandleArea.REGION.value})


def calendar_size(days: int, unit: str) -> int:
    """Return a number by which times of different units compare: five working days are as long as seven calendar days.
    It is no number of days; what is done at once, or has no limit, is 0."""
    sizes = {LimitUnit.WORKING_DAYS.value: 7, LimitUnit.CALENDAR_DAYS.value: 5}
    return days * sizes.get(unit, 0)


def limit_words(days: int, unit: str) -> str:
    """Write a time as people say it: 20 个工作日, or 当场办结 where no days are counted."""
    label = StatutoryUnit(unit).label
    return f"{days} {label}" if unit in {LimitUnit.WORKING_DAYS, LimitUnit.CALENDAR_DAYS} else label


def _limit(values: Values, word: str) -> tuple[int, str] | None:
    days, unit = values.get(f"{word}_days"), values.get(f"{word}_unit")
    return None if days is None or unit is None else (days, unit)


def _days_fit_unit(values: Values) -> Iterator[Fault]:
    for word, label in (("statutory", "法定办结时限"), ("promised", "承诺办结时限")):
        if limit := _limit(values, word):
            days, unit = limit
            is_counted = unit in {LimitUnit.WORKING_DAYS, LimitUnit.CALENDAR_DAYS}
            if is_counted and days == 0:
                yield Fault(f"{word}_days", f"「{label}」按天计算时至少 1 天；马上办好的，单位请选“当场办结”。")
            elif not is_counted and days:
                yield Fault(f"{word}_days", f"「{label}」的单位是“{StatutoryUnit(unit).label}”，天数应填 0。")


def promise_keeps_to_law(values: Values) -> Iterator[Fault]:
    """Yield where more time is promised than the law allows."""
    promised, statutory = _limit(values, "promised"), _limit(values, "statutory")
    if promised and statutory and statutory[1] != StatutoryUnit.NONE and is_longer(promised, statutory):
        yield Fault(
            "promised_days",
            f"「承诺办结时限」（{limit_words(*promised)}）比「法定办结时限」（{limit_words(*statutory)}）长，不能承诺。",
        )


def is_longer(one: tuple[int, str], other: tuple[int, str]) -> bool:
    """Say whether one time (days, unit) is longer than the other, whatever their units."""
    return calendar_size(*one) > calendar_size(*other)


def instant_is_at_once(values: Values) -> Iterator[Fault]:
    """Yield where what is done at once takes days, or the other way round."""
    if (promised := _limit(values, "promised")) is None or (case_type := values.get("case_type")) is None:
        return
    is_at_once = promised[1] == LimitUnit.AT_ONCE
    if case_type == CaseType.INSTANT and not is_at_once:
        yield Fault("promised_days", "「办件类型」是即办件，「承诺办结时限」应为当场办结。")
    elif case_type != CaseType.INSTANT and is_at_once:
        yield Fault("case_type", "「承诺办结时限」是当场办结，「办件类型」应为即办件。")


def _answer_comes_in_time(values: Values) -> Iterator[Fault]:
    if values["item_type"] != ItemType.LICENCE:
        return
    for name, label in (("accept_days", "受理时限"), ("correct_days", "补正告知时限")):
        if (days := values.get(name)) is not None and days > ANSWER_DAYS:
            yield Fault(name, f"「{label}」（{days} 个工作日）超过行政许可法规定的 {ANSWER_DAYS} 个工作日。")


def steps_keep_promise(values: Values) -> Iterator[Fault]:
    """Yield where the steps take longer than the whole."""
    promised, flow = _limit(values, "promised"), values.get("flow")
    if not promised or not flow:
        return
    # a step without a limit takes no time off the others
    told = [step for step in flow if step.get("days") is not None and step.get("unit")]
    total = sum(calendar_size(step["days"], step["unit"]) for step in told)
    if total > calendar_size(*promised):
        yield Fault(
            "flow", f"「办理流程」各环节的时限加起来超过「承诺办结时限」（{limit_words(*promised)}），请调整环节时限。"
        )


def fees_are_known(values: Values) -> Iterator[Fault]:
    """Yield where what is free has fees."""
    if values.get("has_fee") is False and (values.get("fees") or values.get("fee_basis")):
        yield Fault("has_fee", "「是否收费」填的是“否”，但填写了收费项目或收费依据。")


def _names_are_unique(values: Values) -> Iterator[Fault]:
    for name, key, label in (
        ("materials", "name", "申请材料"),
        ("fees", "name", "收费项目"),
        ("questions", "question", "常见问题"),
    ):
        seen: set[str] = set()
        for number, row in enumerate(values.get(name) or (), start=1):
            word = row.get(key)
            if word and word in seen:
                yield Fault(f"{name}.{number}.{key}", f"「{label}」第 {number} 项“{word}”重复。")
            seen.add(word)


def _laws_can_be_cited(values: Values) -> Iterator[Fault]:
    for element in ELEMENTS:
        yield from _citations(element, values.get(element.name) or (), element.name, f"「{element.label}」")


def _citations(element: Element, rows: Any, where: str, words: str) -> Iterator[Fault]:
    for number, row in enumerate(rows if element.cells else (), start=1):
        place, nth = f"{where}.{number}", f"{words}第 {number} 项"
        if element.cells is LAW_CELLS:
            if set(row.get("law") or "") & set("《》"):
                yield Fault(f"{place}.law", f"{nth}的「法规名称」不用写书名号，里面的书名用〈〉。")
            if set(row.get("article") or "") & set(":：\n"):
                yield Fault(f"{place}.article", f"{nth}的「条款」不能有冒号，条文请写在「条文」里。")
            continue
        for cell in element.cells:
            if cell.cells:
                yield from _citations(
                    cell, row.get(cell.name) or (), f"{place}.{cell.name}", f"{nth}的「{cell.label}」"
                )


def _licence_codes_are_right(values: Values) -> Iterator[Fault]:
    for name, label in (("materials", "申请材料"), ("local_materials", "本地增加的材料"), ("results", "审批结果")):
        for number, row in enumerate(values.get(name) or (), start=1):
            for fault in faults_of_licence_code(row["licence_code"]) if row.get("licence_code") else ():
                yield Fault(f"{name}.{number}.licence_code", f"「{label}」第 {number} 项的{fault.message}")


def _ways_go_with_area(values: Values) -> Iterator[Fault]:
    if values.get("cross_province_ways") and (area := values.get("area")) is not None and area not in _ACROSS:
        words = f"填了「跨省通办方式」，「通办范围」却是“{HandleArea(area).label}”，应为全国通办或跨省通办。"
        yield Fault("cross_province_ways", words)


def _days_follow(values: Values) -> Iterator[Fault]:
    begins, ends = values.get("effective_on"), values.get("cancelled_on")
    if begins and ends and ends < begins:
        yield Fault("cancelled_on", "「计划取消日期」早于「计划生效日期」。")


def province_codes_are_right(values: Values, scheme: CodeScheme) -> Iterator[Fault]:
    """Yield what is wrong with the codes that the province gives, by its own scheme (``faults_of_basic_code``)."""
    if code := values.get("basic_code"):
        for fault in codes.faults_of_basic_code(code, item_type=values["item_type"], scheme=scheme):
            yield Fault("basic_code", fault.message)
    if code := values.get("local_code"):
        own = codes.faults_of_own_code(code, label="地方基本编码", national=values.get("basic_code", ""))
        for fault in own or (scheme.local.faults_of(code) if scheme.local else []):
            yield Fault("local_code", fault.message)


def hall_codes_are_right(values: Values, scheme: CodeScheme) -> Iterator[Fault]:
    """Yield what is wrong with the codes that a hall gives: its body's 统一社会信用代码, the 实施编码, and the
    业务办理项编码 of what is handled below it."""
    body_code, task_code, handle_code = (values.get(name, "") for name in ("body_code", "task_code", "handle_code"))
    if body_code:
        for fault in faults_of_credit_code(body_code):
            yield Fault("body_code", fault.message)
    if task_code:
        faults = codes.faults_of_task_code(
            task_code,
            body_code=body_code,
            level=values.get("level", ""),
            basic_code=values.get("basic_code", ""),
            rule=scheme.basic,
        )
        for fault in faults:
            yield Fault("task_code", fault.message)
    if local := values.get("local_task_code"):
        for fault in codes.faults_of_own_code(local, label="地方实施编码", national=task_code):
            yield Fault("local_task_code", fault.message)
    if task_code and handle_code:
        for fault in codes.faults_of_handle_code(handle_code, task_code=task_code, rule=scheme.basic):
            yield Fault("handle_code", fault.message)


def _level_is_allowed(values: Values) -> Iterator[Fault]:
    level, levels = values.get("level"), values.get("levels")
    if level and levels and level not in levels and Level.SHARED not in levels:
        words = "、".join(Level(one).label for one in levels)
        yield Fault("level", f"「行使层级」是{Level(level).label}，但这个事项只能由{words}行使。")


def _local_materials_are_allowed(values: Values) -> Iterator[Fault]:
    """行政许可法 Art. 31: nothing is asked for that has no bearing on the matter; only the province says where a place
    may ask for more, and then on a legal basis."""
    local = values.get("local_materials") or ()
    if local and not values.get("has_local_materials"):
        yield Fault("local_materials", "省里没有允许这个事项「增加本地材料」。确有依据的，请向省里提建议。")
        return
    known = {row.get("name") for row in values.get("materials") or ()}
    for number, row in enumerate(local, start=1):
        nth, name = f"「本地增加的材料」第 {number} 项", row.get("name")
        if name in known:
            yield Fault(f"local_materials.{number}.name", f"{nth}“{name}”与已有的材料重复。")
        known.add(name)
        if not row.get("laws"):
            yield Fault(f"local_materials.{number}.laws", f"{nth}缺少「要求提供材料的依据」，没有依据的不能要。")


def channels_fit(values: Values) -> Iterator[Fault]:
    """Yield where the ways of applying do not go with what can be done online, and with how often one comes."""
    channels, is_online = values.get("channels"), values.get("is_online")
    if channels is None or is_online is None:
        return
    has_channel = bool({Channel.COMPUTER.value, Channel.PHONE.value} & set(channels))
    if is_online and not has_channel:
        yield Fault("channels", "「是否网办」填的是“是”，「办理形式」应选电脑端办理或移动端办理。")
    elif has_channel and not is_online:
        yield Fault("is_online", "「办理形式」选了电脑端或移动端办理，「是否网办」应为“是”。")
    if values.get("visits") == 0 and not is_online and Channel.POST not in channels:
        yield Fault("visits", "「到办事现场次数」是 0，但既不能网上办也不能邮寄申请。")


PROVINCE_RULES: Final[tuple[Rule, ...]] = (
    _days_fit_unit,
    promise_keeps_to_law,
    instant_is_at_once,
    _answer_comes_in_time,
    steps_keep_promise,
    fees_are_known,
    _names_are_unique,
    _laws_can_be_cited,
    _days_follow,
    ranges_are_ranges,
    _licence_codes_are_right,
    _ways_go_with_area,
)
HALL_RULES: Final[tuple[Rule, ...]] = (
    _level_is_allowed,
    _local_materials_are_allowed,
    channels_fit,
)
# asked again of what the hall's own words make of the province's
SHARED_RULES: Final[tuple[Rule, ...]] = (
    _days_fit_unit,
    promise_keeps_to_law,
    _answer_comes_in_time,
    _names_are_unique,
    _laws_can_be_cited,
    _licence_codes_are_right,
)
