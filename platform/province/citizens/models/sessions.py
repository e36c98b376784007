"""Where citizens are signed in."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from foundation.rows import Direction, PublicRow
from province.citizens.models.citizens import Citizen
from province.sign_in.models import CodeGrant
from province.sign_in.models.sessions import device_of


class CitizenSignIn(PublicRow):
    """One sign-in of one citizen: the province's host and all halls' hosts that this browser enters share it, and end
    together."""

    direction: ClassVar[Direction] = Direction.LOCAL

    class Way(models.TextChoices):
        CODE = "code", "短信验证码"
        PASSWORD = "password", "密码"
        PASSKEY = "passkey", "通行密钥"
        WECHAT = "wechat", "微信"
        ALIPAY = "alipay", "支付宝"
        NATIONAL = "national", "国家政务服务平台"
        DEMO = "demo", "演示"

    citizen = models.ForeignKey(Citizen, on_delete=models.CASCADE, related_name="sign_ins")
    way = models.CharField(max_length=8, choices=Way)
    # Citizen.session_round of the time: counting that up ends every sign-in at once
    round = models.PositiveIntegerField()
    # when the person last proved who they are, at whichever host
    proved_at = models.DateTimeField()
    # counted in whole minutes: not every request writes
    last_seen_at = models.DateTimeField()
    # halls that were entered by it, the first one first
    hall_ids = ArrayField(models.UUIDField(), default=list)
    address = models.CharField(max_length=45, blank=True)
    agent = models.CharField(max_length=200, blank=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (
            models.Index(fields=["citizen"], name="citizens_sign_in_open", condition=models.Q(ended_at=None)),
            models.Index(fields=["created_at"], name="citizens_sign_in_begun"),
        )

    def __str__(self) -> str:
        return f"{self.citizen_id} {self.way}"

    @property
    def device(self) -> str:
        return device_of(self.agent)


class CitizenGrant(CodeGrant):
    """Of a citizen, to halls' hosts, which are one client."""

    direction: ClassVar[Direction] = Direction.LOCAL

    session = models.ForeignKey(CitizenSignIn, on_delete=models.CASCADE, related_name="grants")

    class Meta:
        indexes = (models.Index(fields=["code_expires_at"], name="citizens_grant_expiry"),)
