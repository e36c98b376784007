from typing import Final

from django.db import models

from foundation.states import Transitions

# what a case's clocks are of (province.workdays)
CASE_CLOCK: Final = "case"


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


class Consent(models.TextChoices):
    """How somebody has agreed that their application is taken in for them (民法典 art. 165, 行政许可法 art. 29)."""

    PRESENT = "present", "本人在场"
    SIGNED = "signed", "书面委托"
    PHONE = "phone", "电话委托"


class DeliveryWay(models.TextChoices):
    """How a decision is served (民事诉讼法 art. 88 to 95, as administrative organs follow them)."""

    WINDOW = "window", "窗口领取"
    POST = "post", "邮寄"
    ELECTRONIC = "electronic", "电子送达"
