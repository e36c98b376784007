"""Closed lists of values of what authorities do of their own motion (依职权), as the laws about it name them."""

from collections.abc import Mapping
from typing import Final

from django.db.models import TextChoices

from standards.items.codelists import ItemType


class PenaltyKind(TextChoices):
    """Kinds of punishment (行政处罚法 Art. 9)."""

    WARNING = "1", "警告、通报批评"
    FINE = "2", "罚款"
    CONFISCATION = "3", "没收违法所得、没收非法财物"
    LICENCE = "4", "暂扣许可证件、降低资质等级、吊销许可证件"
    BUSINESS = "5", "限制开展生产经营活动、责令停产停业、责令关闭、限制从业"
    DETENTION = "6", "行政拘留"
    OTHER = "9", "法律、行政法规规定的其他行政处罚"


class CoercionKind(TextChoices):
    """Coercive measures (行政强制法 Art. 9), and ways of enforcing a decision (Art. 12)."""

    PERSON = "11", "限制公民人身自由"
    SEALING = "12", "查封场所、设施或者财物"
    SEIZURE = "13", "扣押财物"
    FREEZING = "14", "冻结存款、汇款"
    OTHER_MEASURE = "19", "其他行政强制措施"
    SURCHARGE = "21", "加处罚款或者滞纳金"
    TRANSFER = "22", "划拨存款、汇款"
    SALE = "23", "拍卖或者依法处理查封、扣押的场所、设施或者财物"
    RESTORATION = "24", "排除妨碍、恢复原状"
    SUBSTITUTE = "25", "代履行"
    OTHER_ENFORCEMENT = "29", "其他强制执行方式"

    @property
    def is_measure(self) -> bool:
        """Whether it is a measure on the way to a decision; otherwise it enforces one."""
        return self.value < "20"

    @property
    def has_term(self) -> bool:
        """Whether the law limits how long it lasts (行政强制法 Art. 25, 32)."""
        return self in {CoercionKind.SEALING, CoercionKind.SEIZURE, CoercionKind.FREEZING}


class InspectionManner(TextChoices):
    """How somebody is inspected."""

    SITE = "1", "现场检查"
    WRITTEN = "2", "书面检查"
    REMOTE = "3", "非现场检查（远程、在线监测、数据比对）"
    SAMPLING = "4", "抽样检测、检验"


class AwardKind(TextChoices):
    """What is given as an award."""

    TITLE = "1", "授予荣誉称号"
    MERIT = "2", "记功、嘉奖"
    CERTIFICATE = "3", "颁发证书、奖章、奖牌"
    MONEY = "4", "发给奖金、奖品"
    PRAISE = "5", "通报表扬"
    OTHER = "9", "法律、法规规定的其他奖励"


class Grade(TextChoices):
    """档次 of a discretion standard, from none to most (国办发〔2022〕27号; 行政处罚法 Art. 32, 33)."""

    EXEMPT = "0", "不予处罚"
    MITIGATED = "1", "减轻"
    LIGHT = "2", "从轻"
    NORMAL = "3", "一般"
    HEAVY = "4", "从重"


class RangeUnit(TextChoices):
    """What a range of punishment counts; no code of it is one of ``LimitUnit``, beside which it is read."""

    YUAN = "yuan", "元"
    TIMES = "times", "倍"
    PERCENT = "percent", "%"
    DAYS = "days", "日"
    MONTHS = "months", "个月"
    YUAN_PER_SQUARE_METRE = "yuan-per-m2", "元/平方米"
    PER_MILLE = "per-mille", "‰（千分之）"


class ProceedingStage(TextChoices):
    """What is done in a step of a proceeding; one step may do several."""

    CASE = "case", "立案"
    PLAN = "plan", "制定计划、抽取对象"
    APPROVAL = "approval", "报批"
    URGING = "urging", "催告"
    INVESTIGATION = "investigation", "调查取证"
    VISIT = "visit", "检查"
    ASSESSMENT = "assessment", "核定"
    REVIEW = "review", "审查"
    NOTICE = "notice", "告知、听取陈述申辩"
    HEARING = "hearing", "听证"
    DECISION = "decision", "决定"
    MEASURE = "measure", "实施强制措施"
    SERVICE = "service", "送达"
    RESULT = "result", "告知检查结果"
    PAYMENT = "payment", "缴纳"
    EXECUTION = "execution", "执行"
    RELEASE = "release", "解除或者处理"
    FOLLOW_UP = "follow-up", "整改复查、后续处理"
    NOMINATION = "nomination", "推荐提名"
    PUBLICITY = "publicity", "公示名单"
    CONFERRAL = "conferral", "授奖"
    PUBLICATION = "publication", "公开、归档"


# by type, which stages there are, in the order of the law: those with one number may change places
STAGES: Final[Mapping[str, Mapping[ProceedingStage, int]]] = {
    ItemType.PENALTY: {
        ProceedingStage.CASE: 0,
        ProceedingStage.INVESTIGATION: 1,
        ProceedingStage.REVIEW: 2,
        ProceedingStage.NOTICE: 2,
        ProceedingStage.HEARING: 2,
        ProceedingStage.DECISION: 3,
        ProceedingStage.SERVICE: 4,
        ProceedingStage.EXECUTION: 5,
        ProceedingStage.PUBLICATION: 5,
    },
    ItemType.COERCION: {
        ProceedingStage.INVESTIGATION: 0,
        ProceedingStage.APPROVAL: 1,
        ProceedingStage.URGING: 1,
        ProceedingStage.REVIEW: 1,
        ProceedingStage.NOTICE: 2,
        ProceedingStage.DECISION: 3,
        ProceedingStage.SERVICE: 3,
        ProceedingStage.MEASURE: 3,
        ProceedingStage.EXECUTION: 4,
        ProceedingStage.RELEASE: 5,
        ProceedingStage.PUBLICATION: 5,
    },
    ItemType.LEVY: {
        ProceedingStage.ASSESSMENT: 0,
        ProceedingStage.NOTICE: 1,
        ProceedingStage.DECISION: 1,
        ProceedingStage.SERVICE: 1,
        ProceedingStage.PAYMENT: 2,
        ProceedingStage.EXECUTION: 3,
        ProceedingStage.PUBLICATION: 3,
    },
    ItemType.INSPECTION: {
        ProceedingStage.PLAN: 0,
        ProceedingStage.APPROVAL: 0,
        ProceedingStage.VISIT: 1,
        ProceedingStage.RESULT: 2,
        ProceedingStage.FOLLOW_UP: 3,
        ProceedingStage.PUBLICATION: 3,
    },
    ItemType.HONOUR: {
        ProceedingStage.PLAN: 0,
        ProceedingStage.APPROVAL: 0,
        ProceedingStage.NOMINATION: 1,
        ProceedingStage.INVESTIGATION: 2,
        ProceedingStage.REVIEW: 2,
        ProceedingStage.PUBLICITY: 3,
        ProceedingStage.DECISION: 4,
        ProceedingStage.SERVICE: 5,
        ProceedingStage.CONFERRAL: 5,
        ProceedingStage.PUBLICATION: 5,
    },
}
_ENFORCING: Final = (
    ProceedingStage.URGING,
    ProceedingStage.NOTICE,
    ProceedingStage.DECISION,
    ProceedingStage.SERVICE,
    ProceedingStage.EXECUTION,
)
_MEASURING: Final = (ProceedingStage.APPROVAL, ProceedingStage.NOTICE, ProceedingStage.MEASURE, ProceedingStage.RELEASE)
_NEEDED: Final[Mapping[str, tuple[ProceedingStage, ...]]] = {
    ItemType.PENALTY: (
        ProceedingStage.CASE,
        ProceedingStage.INVESTIGATION,
        ProceedingStage.REVIEW,
        ProceedingStage.NOTICE,
        ProceedingStage.DECISION,
        ProceedingStage.SERVICE,
        ProceedingStage.EXECUTION,
    ),
    ItemType.LEVY: (ProceedingStage.ASSESSMENT, ProceedingStage.NOTICE, ProceedingStage.PAYMENT),
    ItemType.INSPECTION: (
        ProceedingStage.PLAN,
        ProceedingStage.VISIT,
        ProceedingStage.RESULT,
        ProceedingStage.FOLLOW_UP,
    ),
    # whether the names are made known first, the days of it say
    ItemType.HONOUR: (
        ProceedingStage.NOMINATION,
        ProceedingStage.REVIEW,
        ProceedingStage.DECISION,
        ProceedingStage.CONFERRAL,
    ),
}


def needed_stages(item_type: str, coercion_kinds: list[str]) -> tuple[ProceedingStage, ...]:
    """Return the stages that the law asks for in a proceeding of this type: of measures other ones than of enforcing
    (行政强制法 Art. 18, 35–38)."""
    if item_type != ItemType.COERCION:
        return _NEEDED.get(item_type, ())
    kinds = [CoercionKind(one) for one in coercion_kinds if one in CoercionKind.values]
    needed = [*(_MEASURING if any(one.is_measure for one in kinds) else ())]
    needed += [one for one in _ENFORCING if any(not kind.is_measure for kind in kinds) and one not in needed]
    return tuple(needed)
