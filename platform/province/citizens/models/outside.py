"""Accounts elsewhere by which citizens sign in."""

from typing import ClassVar

from django.db import models

from foundation.rows import Direction, PublicRow
from province.citizens.models.citizens import Citizen


class OutsideIdentity(PublicRow):
    """An account at another platform that belongs to a citizen. Who it is there is kept as a keyed hash alone."""

    direction: ClassVar[Direction] = Direction.DOWN

    class Provider(models.TextChoices):
        WECHAT = "wechat", "微信"
        ALIPAY = "alipay", "支付宝"
        NATIONAL = "national", "国家政务服务平台"

    citizen = models.ForeignKey(Citizen, on_delete=models.CASCADE, related_name="outside_identities")
    provider = models.CharField(max_length=8, choices=Provider)
    subject_hash = models.CharField(max_length=64, unique=True)
    last_used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["citizen", "provider"], name="one_account_per_provider"),)

    def __str__(self) -> str:
        return self.get_provider_display()
