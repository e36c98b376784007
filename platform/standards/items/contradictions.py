"""What a guide says against itself. Each has a name, which stays as it is: it stands in rows and in the interface."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from standards.items import power_rules, rules
from standards.items.binding import limits_of
from standards.items.codelists import (
    CaseType,
    Channel,
    Exemption,
    HandlingLimit,
    LimitUnit,
    MaterialKind,
    MaterialNeed,
    OnlineDepth,
    Submission,
)
from standards.items.hall_steps import without_overlong_steps
from standards.items.handling import rows_of

type Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Contradiction:
    """``code``: its name; ``message``: what does not go together; ``elements``: of which it is said; ``remedy``: how to
    mend it."""

    code: str
    message: str
    elements: tuple[str, ...]
    remedy: str


@dataclass(frozen=True, slots=True)
class _Kind:
    label: str
    elements: tuple[str, ...]
    remedy: str


_KINDS: Final[Mapping[str, _Kind]] = {
    "promise-over-law": _Kind(
        "承诺时限长于法定时限", ("promised_days", "statutory_days"), "把承诺办结时限改到法定时限以内。"
    ),
    "steps-over-promise": _Kind(
        "各环节加起来长于承诺时限", ("flow", "promised_days"), "缩短环节时限，或者放宽承诺办结时限。"
    ),
    "stages-over-promise": _Kind(
        "审查和决定加起来长于承诺时限",
        ("review_days", "decide_days", "promised_days"),
        "缩短审查或决定时限，或者放宽承诺办结时限。",
    ),
    "instant-takes-days": _Kind(
        "即办件不是当场办结", ("case_type", "promised_days"), "办件类型改为承诺件，或者承诺办结时限改为当场办结。"
    ),
    "instant-with-special-steps": _Kind(
        "即办件有特别程序", ("case_type", "excluded_steps"), "办件类型改为承诺件，或者删去特别程序。"
    ),
    "free-with-fees": _Kind("不收费却列有收费", ("has_fee", "fees", "fee_basis"), "改为收费，或者删去收费项目和依据。"),
    "no-visit-not-online": _Kind(
        "一次不用跑却不能网上办", ("visits", "is_online", "channels"), "开通网上办理或快递申请，或者改到现场次数。"
    ),
    "channels-against-online": _Kind(
        "办理形式与能否网办不一致", ("channels", "is_online"), "按实际情况改「办理形式」或「是否网办」。"
    ),
    "whole-online-with-visits": _Kind(
        "全程网办却要到现场", ("online_depth", "visits"), "到现场次数改为 0，或者改网上办理深度。"
    ),
    "in-person-without-visit": _Kind(
        "须本人到场却一次不用跑", ("restrictions", "visits"), "到现场次数至少填 1，或者取消“须本人到场”。"
    ),
    "in-person-whole-online": _Kind(
        "须本人到场却全程网办", ("restrictions", "online_depth"), "改网上办理深度，或者取消“须本人到场”。"
    ),
    "in-person-with-agency": _Kind(
        "须本人到场却可以代办", ("restrictions", "has_agency"), "不提供代办，或者取消“须本人到场”。"
    ),
    "agency-against-limit": _Kind(
        "不得代办却可以代办", ("restrictions", "has_agency"), "不提供代办，或者取消“不得代办”。"
    ),
    "window-only-elsewhere": _Kind(
        "只能到窗口办却能在别处办",
        ("restrictions", "channels", "is_online", "has_kiosk"),
        "只保留窗口办理，或者取消“只能到窗口办”。",
    ),
    "free-with-payment": _Kind("不收费却支持网上支付", ("has_fee", "is_paid_online"), "删去网上支付，或者改为收费。"),
    "upload-not-online": _Kind(
        "材料只能网上传却不能网上办", ("materials", "is_online"), "材料增加窗口提交，或者开通网上办理。"
    ),
    "exempt-without-source": _Kind(
        "免提交却没有来源", ("materials",), "写明窗口查询哪个部门的什么数据或者证照，或者删去“免提交”。"
    ),
    "exempt-with-original": _Kind("免提交却要交原件", ("materials",), "材料类型改为复印件，或者删去“免提交”。"),
    "source-without-exemption": _Kind(
        "写了免提交的来源却不是免提交", ("materials",), "选“免提交”的一种，或者删去来源。"
    ),
    "later-days-of-nothing": _Kind(
        "不能后补却有补交期限", ("materials",), "材料必要性改为容缺后补，或者删去补交期限。"
    ),
    "answers-against-each-other": _Kind(
        "几个回答互相矛盾", ("situations",), "改其中一个回答所选的材料、时限或收费，或者不让它们一起被选。"
    ),
    "no-materials-left": _Kind(
        "选出来的材料是空的", ("situations", "materials"), "留下必须核对的材料，或者写明不能办。"
    ),
    "question-chooses-nothing": _Kind("情形问了没有用", ("situations",), "删去这个问题，或者写明各个回答的不同。"),
    "discretion-outside-law": _Kind(
        "裁量超出法定幅度", ("discretion", "penalty_ranges"), "把裁量幅度改到法定幅度以内。"
    ),
    "mitigated-within-law": _Kind(
        "减轻处罚不低于法定下限", ("discretion", "penalty_ranges"), "改为从轻，或者把幅度改到法定下限以下。"
    ),
    "grades-overlap": _Kind("裁量档次互相重叠", ("discretion",), "让轻的档次不高于重的档次。"),
    "exempt-with-range": _Kind("不予处罚却有幅度", ("discretion",), "删去幅度，或者改为别的档次。"),
    "discretion-of-nothing": _Kind(
        "裁量没有对应的罚则", ("discretion", "penalty_ranges"), "写明对应「法定处罚幅度」中的哪一条。"
    ),
    "stages-missing": _Kind("程序缺少法定环节", ("proceeding",), "补上缺少的环节。"),
    "stages-foreign": _Kind("程序有不属于这个类型的环节", ("proceeding", "item_type"), "删去它们，或者改事项类型。"),
    "stages-out-of-order": _Kind("程序环节次序不对", ("proceeding",), "按法定的先后次序排列。"),
    "case-over-limit": _Kind(
        "办案期限超过 90 日", ("proceeding", "proceeding_note"), "缩短步骤时限，或者写明法律、法规、规章的另行规定。"
    ),
    "hold-without-term": _Kind("查封扣押没有期限", ("hold_days", "coercion_kinds"), "写明期限，一般不超过 30 日。"),
    "hold-over-law": _Kind(
        "查封扣押期限超过 30 日", ("hold_days", "hold_laws"), "缩短期限，或者写明另有规定的法律、行政法规。"
    ),
    "award-without-notice": _Kind(
        "奖励名单没有公示够",
        ("award_notice_days", "proceeding", "award_notice_note"),
        "公示不少于 5 个工作日，或者写明不公示、缩短公示的理由。",
    ),
    "remedy-limit": _Kind(
        "救济期限写得不对", ("reconsideration", "litigation"), "写明复议 60 日、诉讼 6 个月，或者写明法律另有规定。"
    ),
}
# what cannot be seen from the values alone: it is found by who knows the hall's place
_OF_HALLS: Final[Mapping[str, _Kind]] = {
    "window-only-place": _Kind("窗口只写了地名", ("windows",), "改为窗口或者服务厅的名称，例如综合窗口。"),
}
CODES: Final = tuple(_KINDS)
_NAMED: Final = {**_KINDS, **_OF_HALLS}


def label_of_code(code: str) -> str:
    """Say in a few words what the contradiction is; what is no code of ours is said as it is."""
    return _NAMED[code].label if code in _NAMED else code


def contradictions_of(values: Values) -> tuple[Contradiction, ...]:
    """What these values say against each other: the province's and the hall's together, as citizens read them
    (``effective``), each of the kind that its element asks for; with ``item_type``."""
    return tuple(named_contradiction(code, message) for code, message in _found(without_overlong_steps(values)))


def named_contradiction(code: str, message: str) -> Contradiction:
    """Return the contradiction of that name, with the words of what was found."""
    kind = _NAMED[code]
    return Contradiction(code, message, kind.elements, kind.remedy)


def _found(values: Values) -> Iterator[tuple[str, str]]:
    for code, rule in (
        ("promise-over-law", rules.promise_keeps_to_law),
        ("steps-over-promise", rules.steps_keep_promise),
        ("instant-takes-days", rules.instant_is_at_once),
        ("free-with-fees", rules.fees_are_known),
    ):
        for fault in rule(values):
            yield code, fault.message
    for fault in rules.channels_fit(values):
        yield "no-visit-not-online" if fault.where == "visits" else "channels-against-online", fault.message
    yield from power_rules.oppositions_of(values)
    yield from _times(values)
    yield from _ways(values)
    yield from _limits(values)
    yield from _materials(values)


def _times(values: Values) -> Iterator[tuple[str, str]]:
    days, unit = values.get("promised_days"), values.get("promised_unit")
    # the promise counts from the day of acceptance
    stages = [values.get(name) or 0 for name in ("review_days", "decide_days")]
    if days is not None and unit is not None:
        promised = rules.calendar_size(days, unit)
        if rules.calendar_size(sum(stages), LimitUnit.WORKING_DAYS) > promised:
            words = rules.limit_words(days, unit)
            yield (
                "stages-over-promise",
                f"审查和决定时限加起来 {sum(stages)} 个工作日，比「承诺办结时限」（{words}）长。",
            )
    if values.get("case_type") == CaseType.INSTANT and values.get("excluded_steps"):
        yield "instant-with-special-steps", "「办件类型」是即办件，当场就办好，却有「不计入时限的特别程序」。"


def _ways(values: Values) -> Iterator[tuple[str, str]]:
    is_online, visits = values.get("is_online"), values.get("visits")
    if is_online and values.get("online_depth") == OnlineDepth.WHOLE and visits:
        yield "whole-online-with-visits", f"「网上办理深度」是全程网办，「到办事现场次数」却是 {visits} 次。"
    if values.get("has_fee") is False and values.get("is_paid_online"):
        yield "free-with-payment", "「是否收费」是“否”，却「支持网上支付」。"
    if is_online is False:
        names = [
            str(row.get("name"))
            for row in values.get("materials") or ()
            if row.get("submission") == [Submission.UPLOAD.value]
        ]
        if names:
            yield "upload-not-online", f"材料“{names[0]}”只能网上上传，「是否网办」却是“否”。"


def _limits(values: Values) -> Iterator[tuple[str, str]]:
    limits = limits_of(values)
    is_online = values.get("is_online")
    if HandlingLimit.IN_PERSON in limits:
        if values.get("visits") == 0:
            yield "in-person-without-visit", "「办理限制」是须本人到场，「到办事现场次数」却是 0。"
        if is_online and values.get("online_depth") == OnlineDepth.WHOLE:
            yield "in-person-whole-online", "「办理限制」是须本人到场，「网上办理深度」却是全程网办。"
        if values.get("has_agency"):
            yield "in-person-with-agency", "「办理限制」是须本人到场，「是否代收代办」却是“是”。"
    if HandlingLimit.NO_AGENCY in limits and values.get("has_agency"):
        yield "agency-against-limit", "「办理限制」是不得代办，「是否代收代办」却是“是”。"
    others = set(values.get("channels") or ()) - {Channel.WINDOW.value}
    if HandlingLimit.WINDOW_ONLY in limits and (others or is_online or values.get("has_kiosk")):
        yield "window-only-elsewhere", "「办理限制」是只能到窗口办，却还有其他办理形式、网上办理或自助终端。"


def _materials(values: Values) -> Iterator[tuple[str, str]]:
    for row in (*rows_of(values, "materials"), *rows_of(values, "local_materials")):
        name, is_exempt = row.get("name"), row.get("exemption") in Exemption.values
        has_source = bool(row.get("exempt_source"))
        if is_exempt and not has_source:
            yield "exempt-without-source", f"材料“{name}”免提交，却没有写窗口从哪里查。"
        if is_exempt and row.get("kind") in {MaterialKind.ORIGINAL, MaterialKind.BOTH}:
            yield "exempt-with-original", f"材料“{name}”免提交，「材料类型」却要原件。"
        if has_source and not is_exempt:
            yield "source-without-exemption", f"材料“{name}”写了从哪里查，却没有说免提交。"
        if row.get("later_days") and row.get("need") != MaterialNeed.LATER:
            yield "later-days-of-nothing", f"材料“{name}”有补交期限，「材料必要性」却不是容缺后补。"
