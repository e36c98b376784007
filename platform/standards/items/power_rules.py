"""What the elements of a power of own motion (依职权) must say of each other: discretion within the law's range, stages
in the law's order and time, remedies with the law's limits."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from foundation.errors import Fault
from standards.items.codelists import ACTED, ItemType, LimitUnit
from standards.items.power_codes import STAGES, CoercionKind, Grade, ProceedingStage, RangeUnit, needed_stages

type Values = Mapping[str, Any]
type Row = Mapping[str, Any]

# 行政处罚法 Art. 60: from the case's opening to the decision, in calendar days
CASE_DAYS: Final = 90
# 行政强制法 Art. 25 and 32: thirty days, and once thirty more for a complicated case
HOLD_DAYS: Final = 30
# 行政复议法 Art. 20, 行政诉讼法 Art. 46
RECONSIDERATION_DAYS: Final = 60
LITIGATION_MONTHS: Final = 6
# 评比达标表彰活动管理办法: how long the names of those to be awarded are made known
AWARD_NOTICE_DAYS: Final = 5

# days of two kinds compare as working days of five to a week of seven
_SIZES: Final = {LimitUnit.WORKING_DAYS.value: 7, LimitUnit.CALENDAR_DAYS.value: 5}
_DAYS: Final = re.compile(r"(\d+) ?(?:日|天)")
_MONTHS: Final = re.compile(r"(\d+) ?个月")
_ELSEWHERE: Final = "另有规定"
_GRADED: Final = (Grade.MITIGATED, Grade.LIGHT, Grade.NORMAL, Grade.HEAVY)


def ranges_are_ranges(values: Values) -> Iterator[Fault]:
    """Yield each range of a punishment whose lower end is above its upper one, and each name that two ranges share."""
    for name, label in (("penalty_ranges", "法定处罚幅度"), ("discretion", "裁量基准")):
        for number, row in enumerate(values.get(name) or (), start=1):
            least, most = row.get("least"), row.get("most")
            if least is not None and most is not None and least > most:
                words = f"「{label}」第 {number} 项的下限（{least:,}）高于上限（{most:,}）。"
                yield Fault(f"{name}.{number}.least", words)
    seen: set[str] = set()
    for number, row in enumerate(values.get("penalty_ranges") or (), start=1):
        if (word := row.get("name")) and word in seen:
            yield Fault(f"penalty_ranges.{number}.name", f"「法定处罚幅度」第 {number} 项“{word}”重复。")
        seen.add(word or "")


def oppositions_of(values: Values) -> Iterator[tuple[str, str]]:
    """Yield what these values, with ``item_type``, say against each other or the law: the name of the kind of
    contradiction, and a sentence."""
    if values["item_type"] not in ACTED:
        return
    yield from _discretion(values)
    yield from _proceeding(values)
    yield from _holding(values)
    yield from _award_notice(values)
    yield from _remedies(values)


def range_words(row: Row) -> str:
    """Write a range as people say it: 50,000–100,000 元; "" for a row without one."""
    least, most = row.get("least"), row.get("most")
    unit = str(RangeUnit(row["unit"]).label) if row.get("unit") in RangeUnit.values else ""
    known = [f"{one:,}" for one in dict.fromkeys((least, most)) if isinstance(one, int) and not isinstance(one, bool)]
    return f"{'–'.join(known)} {unit}".rstrip() if known else ""


def _discretion(values: Values) -> Iterator[tuple[str, str]]:
    ranges = {row.get("name"): row for row in values.get("penalty_ranges") or ()}
    rows = values.get("discretion") or ()
    for number, row in enumerate(rows, start=1):
        grade, of = row.get("grade"), row.get("of")
        least, most = row.get("least"), row.get("most")
        nth = f"「裁量基准」第 {number} 项"
        if grade == Grade.EXEMPT and (least or most):
            yield "exempt-with-range", f"{nth}是不予处罚，却有处罚幅度。"
        if of and of not in ranges:
            yield "discretion-of-nothing", f"{nth}对应的罚则“{of}”不在「法定处罚幅度」中。"
        if not of or of not in ranges or grade not in _GRADED:
            if grade in _GRADED and not of and not (least is None and most is None):
                yield "discretion-of-nothing", f"{nth}有幅度，却没有写对应哪一条罚则。"
            continue
        yield from ((code, f"{nth}{words}") for code, words in _against_law(row, ranges[of]))
    for name in ranges:
        yield from _overlaps(name, [row for row in rows if row.get("of") == name])


def _against_law(row: Row, law: Row) -> Iterator[tuple[str, str]]:
    least, most, grade = row.get("least"), row.get("most"), row.get("grade")
    lowest, highest = law.get("least"), law.get("most")
    if lowest is None or highest is None:
        return
    words = f"法定幅度（{range_words(law)}）"
    if grade == Grade.MITIGATED:
        # 减轻 means below the law's least; where that is nothing, there is nothing below it
        if (most is not None and most > lowest) or (least is not None and least >= lowest):
            yield "mitigated-within-law", f"是减轻处罚，应当低于{words}的下限。"
        return
    if (least is not None and least < lowest) or (most is not None and most > highest):
        yield "discretion-outside-law", f"（{range_words({**row, 'unit': law.get('unit')})}）超出{words}。"


def _overlaps(name: Any, rows: Sequence[Row]) -> Iterator[tuple[str, str]]:
    highest: dict[Grade, int] = {}
    lowest: dict[Grade, int] = {}
    for row in rows:
        if (grade := row.get("grade")) in _GRADED:
            if (most := row.get("most")) is not None:
                highest[Grade(grade)] = max(most, highest.get(Grade(grade), most))
            if (least := row.get("least")) is not None:
                lowest[Grade(grade)] = min(least, lowest.get(Grade(grade), least))
    for at, grade in enumerate(_GRADED):
        for graver in _GRADED[at + 1 :]:
            if grade in highest and graver in lowest and highest[grade] > lowest[graver]:
                ends = f"{grade.label}档最高 {highest[grade]:,}，高于{graver.label}档最低 {lowest[graver]:,}"
                yield "grades-overlap", f"「{name}」的{ends}。"


def _proceeding(values: Values) -> Iterator[tuple[str, str]]:
    item_type, steps = values["item_type"], values.get("proceeding")
    if not steps:
        return
    known = STAGES[item_type]
    told = [
        [ProceedingStage(one) for one in step.get("stages") or () if one in ProceedingStage.values] for step in steps
    ]
    gone = {stage for stages in told for stage in stages}
    if foreign := [stage.label for stage in ProceedingStage if stage in gone and stage not in known]:
        yield "stages-foreign", f"{ItemType(item_type).label}的程序没有这些环节：{'、'.join(foreign)}。"
    kinds = values.get("coercion_kinds") or []
    if lacking := [stage.label for stage in needed_stages(item_type, kinds) if stage not in gone]:
        yield "stages-missing", f"「行使程序」缺少法律要求的环节：{'、'.join(lacking)}。"
    reached = 0
    for number, stages in enumerate(told, start=1):
        places = [known[stage] for stage in stages if stage in known]
        if places and min(places) < reached:
            yield "stages-out-of-order", f"「行使程序」第 {number} 步（{stages[0].label}）排在了它后面的环节之后。"
            break
        reached = max([reached, *places])
    yield from _case_time(values, told)


def _case_time(values: Values, told: Sequence[Sequence[ProceedingStage]]) -> Iterator[tuple[str, str]]:
    if values["item_type"] != ItemType.PENALTY or values.get("proceeding_note"):
        return
    until = max((at for at, stages in enumerate(told) if ProceedingStage.DECISION in stages), default=-1)
    counted = 0
    for step, stages in zip(values["proceeding"][: until + 1], told, strict=False):
        # the time runs from the day on which the case was opened
        if list(stages) != [ProceedingStage.CASE]:
            counted += (step.get("days") or 0) * _SIZES.get(step.get("unit") or "", 0)
    if counted > CASE_DAYS * _SIZES[LimitUnit.CALENDAR_DAYS]:
        days = -(-counted // _SIZES[LimitUnit.CALENDAR_DAYS])
        yield (
            "case-over-limit",
            f"从立案到决定各步骤加起来约 {days} 日，超过行政处罚法第六十条规定的 {CASE_DAYS} 日，也没有写明另有规定。",
        )


def _holding(values: Values) -> Iterator[tuple[str, str]]:
    kinds = [CoercionKind(one) for one in values.get("coercion_kinds") or () if one in CoercionKind.values]
    days = values.get("hold_days")
    if any(kind.has_term for kind in kinds) and days is None:
        yield "hold-without-term", "「强制种类」有查封、扣押或者冻结，却没有写期限。"
    if days is not None and days > HOLD_DAYS and not values.get("hold_laws"):
        words = f"「查封、扣押、冻结期限」是 {days} 日，超过行政强制法规定的 {HOLD_DAYS} 日，也没有写另有规定的法律。"
        yield "hold-over-law", words


def _award_notice(values: Values) -> Iterator[tuple[str, str]]:
    if values["item_type"] != ItemType.HONOUR or values.get("award_notice_note"):
        return
    stages = {stage for step in values.get("proceeding") or () for stage in step.get("stages") or ()}
    days = values.get("award_notice_days") or 0
    if stages and ProceedingStage.PUBLICITY not in stages:
        yield "award-without-notice", "「行使程序」没有公示名单这一环节，也没有写明不公示的理由。"
    elif days < AWARD_NOTICE_DAYS:
        words = f"「拟奖励名单公示期限」是 {days} 个工作日，少于 {AWARD_NOTICE_DAYS} 个工作日，也没有写明理由。"
        yield "award-without-notice", words


def _remedies(values: Values) -> Iterator[tuple[str, str]]:
    told = values.get("reconsideration") or ""
    days = [int(one) for one in _DAYS.findall(told)]
    if told and _ELSEWHERE not in told and (not days or max(days) < RECONSIDERATION_DAYS):
        yield "remedy-limit", f"「行政复议」没有写明 {RECONSIDERATION_DAYS} 日的申请期限（行政复议法第二十条）。"
    told = values.get("litigation") or ""
    months = [int(one) for one in _MONTHS.findall(told)]
    if told and _ELSEWHERE not in told and LITIGATION_MONTHS not in months:
        yield "remedy-limit", f"「行政诉讼」没有写明 {LITIGATION_MONTHS} 个月的起诉期限（行政诉讼法第四十六条）。"


def steps_of(values: Values) -> Sequence[Any]:
    """Return the steps of an item as a flow chart draws them: of a power of own motion its proceeding, else its
    flow. Rows that are none are left out."""
    rows = values.get("proceeding")
    if not isinstance(rows, list) or not rows:
        flow: Sequence[Any] = values.get("flow") or ()
        return flow
    return [{name: row[name] for name in row if name != "stages"} for row in rows if isinstance(row, Mapping)]
