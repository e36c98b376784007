"""What a flow says and what follows from the kind of case and of item: the chart's stages in their order."""

import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from standards.items.codelists import (
    ACTED,
    CaseType,
    DayUnit,
    ExcludedStep,
    ItemType,
    LimitUnit,
    StatutoryUnit,
)
from standards.items.flowchart.measure import plain
from standards.items.rules import ANSWER_DAYS, limit_words

APPLICANT: Final = "申请人"
PARTY: Final = "当事人"
AWARDED: Final = "受奖人"
# a drawing, and the text beside it, show so many and count the rest
MOST_STEPS: Final = 40
MOST_EXCLUDED: Final = 4
_NAME: Final = 50
_TEXT: Final = 400
# a note that can stand as a heading
_SHORT: Final = 12

_APPLICANTS: Final = frozenset({APPLICANT, PARTY, AWARDED, "申请单位", "申请企业", "办事群众", "群众", "企业"})
_ACCEPTING: Final = ("受理", "收件", "接件")
_DECIDING: Final = ("决定", "审批", "批准", "核准", "确认", "认定", "审定", "核定", "登簿")
_REVIEWING: Final = (
    "审查",
    "审核",
    "核实",
    "评审",
    "调查",
    "初审",
    "复审",
    "评定",
    "联审",
    "核查",
    "勘验",
    "评议",
    "查验",
)
_DELIVERING: Final = ("送达", "发证", "颁证", "告知", "发放", "制证", "领取", "公告", "归档")
_REPORTING: Final = ("上报", "报送", "转报", "呈报", "报上级", "报省", "报市")
_JOINING: Final = ("联审", "联办", "会审", "并联", "会签", "征求意见", "联合", "汇总", "同步")


class Shape(enum.Enum):
    """The signs of GB/T 1526 that a flowchart here needs."""

    TERMINATOR = "端点符"
    PROCESS = "处理"
    PREDEFINED = "既定处理"
    DECISION = "判断"
    DOCUMENT = "文件"


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """One sign of a flowchart with its words: who does it (``position``), in what time (``limit``), and further
    ``facts``."""

    shape: Shape
    title: str
    position: str = ""
    limit: str = ""
    # heading (may be empty) and text
    facts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """One step on the main way of a flowchart.

    ``otherwise`` is where a decision leads when the answer is no; with ``comes_back`` the first of them leads back to
    the stage before. ``excluded`` are special procedures that hang on the stage, whose time is not counted (行政许可法
    Art. 45).
    """

    node: Node
    otherwise: tuple[Node, ...] = ()
    comes_back: bool = False
    excluded: tuple[Node, ...] = ()


@dataclass(frozen=True, slots=True)
class _Words:
    asked: str
    refused: str
    refusal: str = "书面说明理由，告知救济途径"


_WORDS: Final[Mapping[str, _Words]] = {
    ItemType.LICENCE: _Words("是否准予", "不予许可", "书面说明理由，告知复议、诉讼权利"),
    ItemType.PAYMENT: _Words("是否给付", "不予给付"),
    ItemType.CONFIRMATION: _Words("是否确认", "不予确认"),
    ItemType.REWARD: _Words("是否奖励", "不予奖励"),
    ItemType.PUBLIC_SERVICE: _Words("能否办理", "不予办理", "说明理由"),
}
_OTHER_WORDS: Final = _Words("是否准予", "不予办理")


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartCase:
    """What is known of an item beside its flow. Codes are those of ``codelists``; an unknown one says nothing."""

    case_type: str = ""
    item_type: str = ""
    limits: Mapping[str, Any] = field(default_factory=dict)
    excluded: Sequence[Any] = ()

    @property
    def is_licence(self) -> bool:
        """Whether the item is a licence (行政许可)."""
        return self.item_type == ItemType.LICENCE

    @property
    def is_acted(self) -> bool:
        """Whether the authority acts of its own motion, and nobody applies."""
        return self.item_type in ACTED

    @property
    def person(self) -> str:
        """What the chart calls the person whom it is about: an applicant, or the party to what the authority does."""
        return AWARDED if self.item_type == ItemType.HONOUR else PARTY if self.is_acted else APPLICANT


def chain_of(flow: Sequence[Any], case: ChartCase) -> list[Stage]:
    """The stages from the beginning to the file; none for a flow without steps."""
    rows = [row for row in flow if isinstance(row, Mapping)]
    if not rows:
        return []
    nodes = _nodes(rows, case)
    shown = nodes[:MOST_STEPS]
    if len(nodes) > MOST_STEPS:
        shown[-1] = Node(
            shape=Shape.PROCESS, title=f"另有 {len(nodes) - MOST_STEPS + 1} 个环节", position=shown[-2].position
        )
    stages = [Stage(node=node) for node in shown]
    if not case.is_acted:
        stages = _with_acceptance(_with_decision(stages, case), case)
    stages = _with_excluded(stages, case)
    return [_beginning(stages[0], case), *stages, *_ending(stages[-1], case)]


def summary_of(flow: Sequence[Any], case: ChartCase) -> list[str]:
    """Say a flow in a few short texts: the kind of case, the promised time, the legal one, and what the steps come to
    together."""
    words = [CaseType(case.case_type).label] if case.case_type in CaseType else []
    for name, said in (("promised", "承诺"), ("statutory", "法定")):
        limit = _limit(case.limits.get(f"{name}_days"), case.limits.get(f"{name}_unit"), units=StatutoryUnit)
        if limit and case.limits.get(f"{name}_unit") != StatutoryUnit.NONE:
            words.append(f"{said}时限 {limit}" if limit[0].isdigit() else limit)
    if total := total_of(flow):
        words.append(f"各环节合计 {total}")
    return list(dict.fromkeys(words))


def total_of(flow: Sequence[Any]) -> str:
    """Return what the limits of all steps come to, in words; "" where a step says none, or all are done at once."""
    sums: dict[str, int] = {}
    for row in flow:
        if not isinstance(row, Mapping) or not _limit(row.get("days"), row.get("unit")):
            return ""
        sums[row["unit"]] = sums.get(row["unit"], 0) + row["days"]
    counted = [limit_words(days, unit) for unit, days in sorted(sums.items()) if days]
    return " + ".join(counted)


def _nodes(rows: Sequence[Mapping[str, Any]], case: ChartCase) -> list[Node]:
    nodes: list[Node] = []
    for row in rows:
        position = plain(row.get("position"), most=_NAME) or (nodes[-1].position if nodes else "承办机构")
        limit = _limit(row.get("days"), row.get("unit"))
        facts = (("材料", plain(row.get("material"), most=_TEXT)), ("标准", plain(row.get("standard"), most=_TEXT)))
        nodes.append(
            Node(
                shape=Shape.PROCESS,
                title=plain(row.get("act"), most=_NAME) or "（未填环节）",
                position=case.person if position in _APPLICANTS else position,
                # what the whole case is called would be said of one step
                limit="当场" if limit == LimitUnit.AT_ONCE.label else limit,
                facts=tuple((name, text) for name, text in facts if text),
            )
        )
    return nodes


def _limit(days: Any, unit: Any, *, units: type[LimitUnit | StatutoryUnit | DayUnit] = LimitUnit) -> str:
    if isinstance(days, bool) or not isinstance(days, int) or not isinstance(unit, str) or unit not in units:
        return ""
    # far beyond what the definition takes: somebody's mistake, not to be drawn at any length
    return limit_words(days, unit) if 0 <= days < 10**6 else ""


def _does(stage: Stage, words: Sequence[str]) -> bool:
    return any(word in stage.node.title for word in words)


def _last(stages: Sequence[Stage], words: Sequence[str]) -> int | None:
    return max((number for number, stage in enumerate(stages) if _does(stage, words)), default=None)


def _accepted_at(stages: Sequence[Stage], case: ChartCase) -> int | None:
    return next(
        (n for n, one in enumerate(stages) if _does(one, _ACCEPTING) and one.node.position != case.person), None
    )


def _office(stages: Sequence[Stage], at: int, case: ChartCase) -> str:
    """Who gives the answer after the stage: the position of that stage, unless it is the applicant's."""
    around = [*stages[at::-1], *stages[at + 1 :]]
    return next((one.node.position for one in around if one.node.position != case.person), "承办机构")


def _with_decision(stages: list[Stage], case: ChartCase) -> list[Stage]:
    """Who reports upward and who decides, after the steps that review."""
    accepted = _accepted_at(stages, case)
    at = _last(stages, _DECIDING)
    if at is None:
        at = _last(stages, _REVIEWING)
    is_instant = case.case_type == CaseType.INSTANT
    is_reported = case.case_type == CaseType.REPORTED and _last(stages, _REPORTING) is None
    if at is None and (is_reported or case.excluded):
        # nothing is said of a review, but there is one
        delivered = next((n for n, one in enumerate(stages) if _does(one, _DELIVERING)), len(stages))
        at = max(delivered, 0 if accepted is None else accepted + 1)
        review = Node(shape=Shape.PROCESS, title="审查", position=_office(stages, max(at - 1, 0), case))
        stages = [*stages[:at], Stage(node=review), *stages[at:]]
    if at is None or (is_instant and not case.excluded):
        return stages
    added = [Stage(node=_reported(case))] if is_reported else []
    position = added[-1].node.position if added else _office(stages, at, case)
    if case.item_type != ItemType.RULING:
        words = _WORDS.get(case.item_type, _OTHER_WORDS)
        refused = Node(shape=Shape.TERMINATOR, title=words.refused, facts=(("", words.refusal),))
        asked = Node(shape=Shape.DECISION, title=words.asked, position=position)
        added.append(Stage(node=asked, otherwise=(refused,)))
    return [*stages[: at + 1], *added, *stages[at + 1 :]]


def _reported(case: ChartCase) -> Node:
    law = (("依据", "行政许可法第四十三条"),) if case.is_licence else ()
    facts = (("材料", "初审意见和全部申请材料"), *law)
    return Node(shape=Shape.PROCESS, title="报上级机关审批", position="上级机关", facts=facts)


def _with_acceptance(stages: list[Stage], case: ChartCase) -> list[Stage]:
    accepted = _accepted_at(stages, case)
    at = -1 if accepted is None else accepted
    position = _office(stages, max(at, 0), case)
    wrong = "不属于本机关职权的，出具书面凭证" if case.is_licence else "不属于受理范围的，说明理由"
    missing = Node(shape=Shape.PROCESS, title="一次告知补正", facts=(("", _correction(case)),))
    refused = Node(shape=Shape.TERMINATOR, title="不予受理", facts=(("", wrong),))
    asked = Node(shape=Shape.DECISION, title="是否受理", position=position)
    added = [Stage(node=asked, otherwise=(missing, refused), comes_back=True)]
    if case.case_type == CaseType.COMPLETED:
        added += _completed(position, case)
    if case.case_type == CaseType.JOINT and _last(stages, _JOINING) is None:
        facts = (("", "牵头部门分送，各部门同步审查，汇总意见"),)
        added.append(Stage(node=Node(shape=Shape.PREDEFINED, title="联合审查", position="联办部门", facts=facts)))
    return [*stages[: at + 1], *added, *stages[at + 1 :]]


def _correction(case: ChartCase) -> str:
    if case.case_type == CaseType.INSTANT:
        return "材料不全的，当场一次告知"
    days = case.limits.get("correct_days")
    if isinstance(days, bool) or not isinstance(days, int) or days < 0:
        days = ANSWER_DAYS if case.is_licence else None
    if days is None:
        return "材料不全的，一次告知要补的全部内容"
    return f"材料不全的，{f'当场或 {limit_words(days, LimitUnit.WORKING_DAYS)}内' if days else '当场'}一次告知"


def _completed(position: str, case: ChartCase) -> list[Stage]:
    """补办件: taken in though something is lacking, which is brought in time."""
    bring = Node(shape=Shape.PROCESS, title="补齐材料", position=case.person, facts=(("", "按补办通知书限期补齐"),))
    back = Node(shape=Shape.TERMINATOR, title="退回申请", facts=(("", "逾期没有补齐的"),))
    asked = Node(shape=Shape.DECISION, title="是否补齐", position=position)
    return [Stage(node=bring), Stage(node=asked, otherwise=(back,))]


def _with_excluded(stages: list[Stage], case: ChartCase) -> list[Stage]:
    nodes = [node for row in case.excluded if isinstance(row, Mapping) and (node := _excluded(row))]
    if not nodes:
        return stages
    if len(nodes) > MOST_EXCLUDED:
        rest = nodes[MOST_EXCLUDED - 1 :]
        names = "、".join(dict.fromkeys(node.title for node in rest))
        folded = Node(shape=Shape.PROCESS, title=f"另有 {len(rest)} 项", facts=(("", names),))
        nodes = [*nodes[: MOST_EXCLUDED - 1], folded]
    steps = [n for n, one in enumerate(stages) if one.node.shape is not Shape.DECISION]
    # not where the next question sends back to: its way would cross them
    free = [n for n in steps if not (n + 1 < len(stages) and stages[n + 1].comes_back)] or steps
    at = next((n for n in free if _does(stages[n], _REVIEWING) and stages[n].node.shape is Shape.PROCESS), None)
    if at is None:
        at = next((n for n in reversed(free) if not _does(stages[n], _DELIVERING)), free[-1])
    stages[at] = replace(stages[at], excluded=tuple(nodes))
    return stages


def _excluded(row: Mapping[str, Any]) -> Node | None:
    step = row.get("step")
    if not isinstance(step, str) or step not in ExcludedStep:
        return None
    title = ExcludedStep(step).label
    note, basis = plain(row.get("note"), most=_TEXT), plain(row.get("basis"), most=_TEXT)
    if step == ExcludedStep.OTHER:
        title, note = (note, "") if 0 < len(note) <= _SHORT else ("其他程序", note)
    facts = (
        ("说明", "" if note in title else note),
        ("依据", basis),
        ("收费", "要收费" if row.get("is_charged") is True else ""),
    )
    return Node(
        shape=Shape.PROCESS,
        title=title,
        limit=_limit(row.get("days"), row.get("unit"), units=DayUnit),
        facts=tuple((name, text) for name, text in facts if text),
    )


def _beginning(first: Stage, case: ChartCase) -> Stage:
    if case.is_acted:
        return Stage(node=Node(shape=Shape.TERMINATOR, title="依职权启动", position=first.node.position))
    return Stage(node=Node(shape=Shape.TERMINATOR, title="申请", position=case.person))


def _ending(last: Stage, case: ChartCase) -> list[Stage]:
    title = "收到结果" if _does(last, ("送达", "发证", "颁证", "告知", "发放", "领取")) else "送达"
    position = _office([last], 0, case)
    return [
        Stage(node=Node(shape=Shape.DOCUMENT, title=title, position=case.person, facts=(("", "结果文书"),))),
        Stage(node=Node(shape=Shape.TERMINATOR, title="归档", position=position)),
    ]
