from typing import Final

from django.db import models

from foundation.states import Transitions

# what clocks, open work and documents of a case say that they are of
CASE_KIND: Final = "case"


class CaseState(models.TextChoices):
    """How a case (办件) stands. What it ended with, once it is decided, says ``CaseOutcome``."""

    RECEIVED = "received", "待受理"
    CORRECTING = "correcting", "待补正"
    ACCEPTED = "accepted", "审查中"
    # 行政许可法 art. 45: its time does not count
    PAUSED = "paused", "特别程序中"
    SUSPENDED = "suspended", "中止审查"
    # 上报件: the higher hall has it; its time here does not count (行政许可法 art. 35, 43)
    HANDED_UP = "handed_up", "已上报"
    DECIDED = "decided", "已决定"
    FINISHED = "finished", "已办结"
    DECLINED = "declined", "不予受理"
    WITHDRAWN = "withdrawn", "已撤回"
    TERMINATED = "terminated", "终止办理"
    TRANSFERRED = "transferred", "已移送"


OPEN_CASES = (
    *(CaseState.RECEIVED, CaseState.CORRECTING, CaseState.ACCEPTED),
    *(CaseState.PAUSED, CaseState.SUSPENDED, CaseState.HANDED_UP, CaseState.DECIDED),
)
# 行政许可法 art. 32, 42 to 45, 69; what has ended by itself stays so
CASE_TRANSITIONS = Transitions(
    {
        CaseState.RECEIVED: frozenset(
            {
                *(CaseState.CORRECTING, CaseState.ACCEPTED, CaseState.DECLINED),
                *(CaseState.WITHDRAWN, CaseState.TRANSFERRED),
            }
        ),
        # the full set is in, the applicant gives up, or the time to bring it is over
        CaseState.CORRECTING: frozenset({CaseState.RECEIVED, CaseState.WITHDRAWN, CaseState.DECLINED}),
        CaseState.ACCEPTED: frozenset(
            {
                *(CaseState.PAUSED, CaseState.SUSPENDED, CaseState.DECIDED),
                *(CaseState.WITHDRAWN, CaseState.TERMINATED, CaseState.TRANSFERRED, CaseState.HANDED_UP),
            }
        ),
        # the higher hall has decided, sends it back, or it is taken back before
        CaseState.HANDED_UP: frozenset(
            {CaseState.DECIDED, CaseState.ACCEPTED, CaseState.WITHDRAWN, CaseState.TERMINATED}
        ),
        CaseState.PAUSED: frozenset({CaseState.ACCEPTED, CaseState.WITHDRAWN, CaseState.TERMINATED}),
        CaseState.SUSPENDED: frozenset({CaseState.ACCEPTED, CaseState.WITHDRAWN, CaseState.TERMINATED}),
        # a mistake in a decision is put right by another one
        CaseState.DECIDED: frozenset({CaseState.DECIDED, CaseState.FINISHED}),
        CaseState.FINISHED: frozenset({CaseState.DECIDED}),
        # the hall to which it was transferred cannot take it, or sends it back: somebody has to have it
        CaseState.TRANSFERRED: frozenset({CaseState.RECEIVED}),
    }
)


class CaseOutcome(models.TextChoices):
    """What was decided."""

    GRANTED = "granted", "准予"
    REFUSED = "refused", "不予"


class CaseChannel(models.TextChoices):
    """How an application came (办理形式, finer than A.5 of GB/T 39046)."""

    SITE = "site", "网站"
    # the site, installed on a phone or a computer (PWA)
    APP = "app", "手机应用"
    WINDOW = "window", "窗口"
    VILLAGE = "village", "乡村代收代办"
    SYSTEM = "system", "其他系统"
    PHONE = "phone", "电话"
    # by a referral of another hall
    HANDED = "handed", "下级上报"
    PASSED = "passed", "其他厅转来"


# those by which nobody but the applicant comes
OWN_CHANNELS: Final = frozenset({CaseChannel.SITE, CaseChannel.APP})

# A.5 of GB/T 39046
NATIONAL_CHANNELS = {
    CaseChannel.SITE: "2",
    CaseChannel.APP: "3",
    CaseChannel.WINDOW: "1",
    CaseChannel.VILLAGE: "1",
    CaseChannel.SYSTEM: "9",
    CaseChannel.PHONE: "9",
    CaseChannel.HANDED: "9",
    CaseChannel.PASSED: "9",
}


class ApplicantNature(models.TextChoices):
    """Who applies (A.4 of GB/T 39046, as far as an application form tells)."""

    PERSON = "person", "个人"
    BODY = "body", "单位"


class DeliveryWay(models.TextChoices):
    """How documents are served (民事诉讼法 art. 87 to 95, as administrative organs follow them: 行政处罚法 art. 61)."""

    WINDOW = "window", "窗口领取"
    POST = "post", "邮寄"
    ELECTRONIC = "electronic", "电子送达"


# for which nobody's own pages are needed
PAPER_WAYS: Final = (DeliveryWay.POST, DeliveryWay.WINDOW)
LONGEST_SERVICE_ADDRESS: Final = 200


class Consent(models.TextChoices):
    """How somebody has agreed that their application is taken in for them (民法典 art. 165, 行政许可法 art. 29)."""

    PRESENT = "present", "本人在场"
    SIGNED = "signed", "书面委托"
    PHONE = "phone", "电话委托"


class ReferralKind(models.TextChoices):
    """Why a case goes from one hall to another."""

    # 上报件: the higher hall decides, the sender brings the result (行政许可法 art. 35)
    HANDED_UP = "handed_up", "上报"
    # 移送: the other hall is competent; nothing comes back
    TRANSFERRED = "transferred", "转送"
    # 代收代办: an application for the other hall, taken in here for somebody
    COLLECTED = "collected", "代办"
    # 一件事: an item of a package, applied for at the sender's with others; what comes of it is shown there
    PACKAGED = "packaged", "一件事"
    # 联办: a department of the other hall is asked for its opinion; the sender decides (行政许可法 art. 26)
    OPINION = "opinion", "征询"
    # 投诉 that nobody in the sender's hall may read: the higher hall answers it
    COMPLAINT = "complaint", "投诉"


# of which the receiving hall makes no case
WITHOUT_CASE = frozenset({ReferralKind.OPINION, ReferralKind.COMPLAINT})
# by which way the case comes that the receiving hall makes of all others
CHANNEL_OF_KIND = {
    ReferralKind.HANDED_UP: CaseChannel.HANDED,
    ReferralKind.TRANSFERRED: CaseChannel.PASSED,
    ReferralKind.COLLECTED: CaseChannel.VILLAGE,
    ReferralKind.PACKAGED: CaseChannel.PASSED,
}
BY_REFERRAL = frozenset(CHANNEL_OF_KIND.values())
# who keeps which clock, as both halls read it
CLOCK_RULES = {
    ReferralKind.HANDED_UP: "上报以后，报送的厅停止计时，收到结果那天恢复；收件的厅从签收那天起按自己的办事指南计时。",
    ReferralKind.TRANSFERRED: "转送以后，原来的厅不再计时；收件的厅从签收那天起按自己的办事指南计时。",
    ReferralKind.COLLECTED: "代办的厅不计时；办理的厅从签收那天起按自己的办事指南计时。",
    ReferralKind.PACKAGED: "接收申请的厅不计时；办理的厅从签收那天起按自己的办事指南计时。",
    ReferralKind.OPINION: "期限由征询的厅从受理那天起计，办件停止计时的时候一起停；两个厅看到的是同一个期限。",
    ReferralKind.COMPLAINT: "转上级以后，原来的厅不再计时；上级厅从签收那天起按自己的投诉处理期限计时。",
}


class ReferralState(models.TextChoices):
    """How the sender has it."""

    SENT = "sent", "已送出"
    RECALLED = "recalled", "已取回"
    # its result was brought back, or none is to come
    ENDED = "ended", "已了结"


REFERRAL_TRANSITIONS = Transitions(
    {
        ReferralState.SENT: frozenset({ReferralState.RECALLED, ReferralState.ENDED}),
        # a decision was put right afterwards
        ReferralState.ENDED: frozenset({ReferralState.ENDED}),
    }
)


class ReceiptState(models.TextChoices):
    """How the receiver has it."""

    RECEIVED = "received", "已签收"
    DONE = "done", "已办结"
    RETURNED = "returned", "已退回"
    REDIRECTED = "redirected", "已转送"
    # of a question for an opinion: what was said, which is no decision
    AGREED = "agreed", "同意"
    REFUSED = "refused", "不同意"


RECEIPT_TRANSITIONS = Transitions(
    {
        ReceiptState.RECEIVED: frozenset(
            {
                *(ReceiptState.DONE, ReceiptState.RETURNED, ReceiptState.REDIRECTED),
                *(ReceiptState.AGREED, ReceiptState.REFUSED),
            }
        ),
        ReceiptState.DONE: frozenset({ReceiptState.DONE}),
    }
)


class ListExportState(models.TextChoices):
    """A list of cases on its way into a file."""

    WAITING = "waiting", "排队中"
    WRITING = "writing", "正在生成"
    DONE = "done", "已生成"
    FAILED = "failed", "没有生成"
    CANCELLED = "cancelled", "已取消"
    EXPIRED = "expired", "已过期"


LIST_EXPORT_TRANSITIONS = Transitions(
    {
        ListExportState.WAITING: frozenset(
            {ListExportState.WRITING, ListExportState.FAILED, ListExportState.CANCELLED}
        ),
        ListExportState.WRITING: frozenset(
            {
                # a worker was killed at it: another one begins anew
                ListExportState.WRITING,
                *(ListExportState.DONE, ListExportState.FAILED, ListExportState.CANCELLED),
            }
        ),
        ListExportState.DONE: frozenset({ListExportState.EXPIRED}),
        ListExportState.FAILED: frozenset(),
        ListExportState.CANCELLED: frozenset(),
        ListExportState.EXPIRED: frozenset(),
    }
)
