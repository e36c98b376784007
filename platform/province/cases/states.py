from django.db import models

from foundation.states import Transitions


class CaseState(models.TextChoices):
    """How a case (办件) stands. What it ended with, once it is decided, says ``CaseOutcome``."""

    RECEIVED = "received", "待受理"
    CORRECTING = "correcting", "待补正"
    ACCEPTED = "accepted", "审查中"
    # 行政许可法 art. 45: its time does not count
    PAUSED = "paused", "特别程序中"
    SUSPENDED = "suspended", "中止审查"
    DECIDED = "decided", "已决定"
    FINISHED = "finished", "已办结"
    DECLINED = "declined", "不予受理"
    WITHDRAWN = "withdrawn", "已撤回"
    TERMINATED = "terminated", "终止办理"
    TRANSFERRED = "transferred", "已移送"


OPEN_CASES = (
    *(CaseState.RECEIVED, CaseState.CORRECTING, CaseState.ACCEPTED),
    *(CaseState.PAUSED, CaseState.SUSPENDED, CaseState.DECIDED),
)
# 行政许可法 art. 32, 42 to 45, 69; nothing follows what has ended
CASE_TRANSITIONS = Transitions(
    {
        CaseState.RECEIVED: frozenset(
            {
                *(CaseState.CORRECTING, CaseState.ACCEPTED, CaseState.DECLINED),
                *(CaseState.WITHDRAWN, CaseState.TRANSFERRED),
            }
        ),
        # the full set is in, the applicant gives up, or the time to bring it is over
        CaseState.CORRECTING: frozenset({CaseState.RECEIVED, CaseState.WITHDRAWN}),
        CaseState.ACCEPTED: frozenset(
            {
                *(CaseState.PAUSED, CaseState.SUSPENDED, CaseState.DECIDED),
                *(CaseState.WITHDRAWN, CaseState.TERMINATED, CaseState.TRANSFERRED),
            }
        ),
        CaseState.PAUSED: frozenset({CaseState.ACCEPTED, CaseState.WITHDRAWN, CaseState.TERMINATED}),
        CaseState.SUSPENDED: frozenset({CaseState.ACCEPTED, CaseState.WITHDRAWN, CaseState.TERMINATED}),
        # a mistake in a decision is put right by another one
        CaseState.DECIDED: frozenset({CaseState.DECIDED, CaseState.FINISHED}),
        CaseState.FINISHED: frozenset({CaseState.DECIDED}),
    }
)


class CaseOutcome(models.TextChoices):
    """What was decided."""

    GRANTED = "granted", "准予"
    REFUSED = "refused", "不予"


class CaseChannel(models.TextChoices):
    """How an application came (办理形式, finer than A.5 of GB/T 39046)."""

    SITE = "site", "网站"
    WINDOW = "window", "窗口"
    VILLAGE = "village", "村级代办"
    SYSTEM = "system", "其他系统"
    PHONE = "phone", "电话"


# A.5 of GB/T 39046
NATIONAL_CHANNELS = {
    CaseChannel.SITE: "2",
    CaseChannel.WINDOW: "1",
    CaseChannel.VILLAGE: "1",
    CaseChannel.SYSTEM: "9",
    CaseChannel.PHONE: "9",
}


class ApplicantNature(models.TextChoices):
    """Who applies (A.4 of GB/T 39046, as far as an application form tells)."""

    PERSON = "person", "个人"
    BODY = "body", "单位"
