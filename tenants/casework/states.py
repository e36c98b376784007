from collections.abc import Mapping
from typing import Final

from django.db import models

from foundation.states import Transitions
from province.cases.states import CaseState

# what clocks of what a department says of a 联办件 say that they are of
JOINT_KIND: Final = "joint"


class SetupState(models.TextChoices):
    """Whether an item can be applied for."""

    DRAFT = "draft", "未开通"
    OPEN = "open", "已开通"
    CLOSED = "closed", "已停办"


SETUP_TRANSITIONS = Transitions(
    {
        SetupState.DRAFT: frozenset({SetupState.OPEN}),
        SetupState.OPEN: frozenset({SetupState.OPEN, SetupState.CLOSED}),
        SetupState.CLOSED: frozenset({SetupState.OPEN}),
    }
)


class MaterialState(models.TextChoices):
    """Whether a material is there."""

    GIVEN = "given", "已提交"
    MISSING = "missing", "未提交"
    # 容缺: promised by a day
    OWED = "owed", "容缺后补"
    NOT_NEEDED = "not_needed", "不需提交"


class LackingState(models.TextChoices):
    """How it stands with what an applicant has promised to bring after acceptance (容缺受理)."""

    PROMISED = "promised", "待补交"
    # by the applicant on the site; the hall has not looked at it yet
    BROUGHT = "brought", "补交待核对"
    COMPLETE = "complete", "已补齐"
    LAPSED = "lapsed", "逾期未补"


# while one of these lasts, nothing is decided
OPEN_LACKING: Final = (LackingState.PROMISED, LackingState.BROUGHT)
LACKING_TRANSITIONS = Transitions(
    {
        LackingState.PROMISED: frozenset({LackingState.BROUGHT, LackingState.COMPLETE, LackingState.LAPSED}),
        # what was brought is not as it should be, or is
        LackingState.BROUGHT: frozenset({LackingState.PROMISED, LackingState.COMPLETE}),
    }
)


class JointState(models.TextChoices):
    """How it stands with what a department says of a 联办件."""

    WAITING = "waiting", "待出具"
    AGREED = "agreed", "同意"
    REFUSED = "refused", "不同意"
    # the case has ended before
    ENDED = "ended", "不再需要"
    # to the hall that has asked: it is another's business
    SENT_BACK = "back", "已退回"


# while the case is in one of these, departments can answer: a special procedure stops their time, not their word
OPEN_FOR_OPINIONS: Final = (CaseState.ACCEPTED, CaseState.PAUSED)
GIVEN_OPINIONS: Final = (JointState.AGREED, JointState.REFUSED)
JOINT_TRANSITIONS = Transitions(
    {
        JointState.WAITING: frozenset({JointState.AGREED, JointState.REFUSED, JointState.ENDED, JointState.SENT_BACK}),
        # the case came back from the hall to which it was sent on, and was accepted anew
        JointState.ENDED: frozenset({JointState.WAITING}),
    }
)


class HolderConsent(models.TextChoices):
    """How the holder of a licence has agreed that it is used in an application (个人信息保护法 art. 13, 14)."""

    OWN = "own", "本人在网上同意"
    PRESENT = "present", "本人在窗口同意"
    SIGNED = "signed", "书面同意"
    PHONE = "phone", "电话同意"


class ServedPaper(models.TextChoices):
    """What is served with a proof that it was received: a time to act against it, or to act at all, runs from then."""

    SUPPLEMENT = "supplement", "补正告知书"
    NON_ACCEPTANCE = "non_acceptance", "不予受理通知书"
    DECISION = "decision", "决定"


# of each document that an applicant gets: as what it is served; None: a notice, of which nobody asks whether it was
# opened. 行政许可法 art. 32 (补正, 不予受理), 38 and 44 (决定) against 32, 42 and 45 (受理, 延期, 特别程序): those only
# tell what the hall does
SERVED_AS: Final[Mapping[str, ServedPaper | None]] = {
    "acceptance": None,
    "lacking_acceptance": None,
    "supplement": ServedPaper.SUPPLEMENT,
    "non_acceptance": ServedPaper.NON_ACCEPTANCE,
    "special_procedure": None,
    "extension": None,
    "permit": ServedPaper.DECISION,
    "refusal": ServedPaper.DECISION,
    "result": ServedPaper.DECISION,
    "licence": ServedPaper.DECISION,
    # what steps of a flow tell (decision 106)
    "case_notice": None,
    "site_check": None,
    "hearing_notice": None,
    # the proof itself
    "service_receipt": None,
}
# what the page of a case itself says in full; a decision stands on a page of its own
SAID_ON_PAGE: Final = frozenset({ServedPaper.SUPPLEMENT, ServedPaper.NON_ACCEPTANCE})


class Opener(models.TextChoices):
    """Who has opened what was served."""

    OWN = "own", "本人"
    # who acts for a company, or has applied for somebody else
    AGENT = "agent", "经办人"


class ServiceTask(models.TextChoices):
    """What the desk has still to do about what was served electronically."""

    UNOPENED = "unopened", "电子送达没有打开"
    PAPER = "paper", "要纸质文书"


class PushedKind(models.TextChoices):
    """What a department's system tells."""

    PROCESS = "process", "办理过程"
    RESULT = "result", "办理结果"


class PushedState(models.TextChoices):
    """What became of a call. One that stays as it came was broken off: nothing of it was done."""

    RECEIVED = "received", "没有办完"
    DONE = "done", "已办理"
    REFUSED = "refused", "已拒绝"
