"""Who is signed in where."""

from typing import ClassVar

from django.db import models

from foundation.rows import Direction, PublicRow
from province.people.models.accounts import Account


class Factor(models.TextChoices):
    """How somebody proved last who they are."""

    PASSWORD = "password", "仅密码"
    TOTP = "totp", "动态验证码"
    PASSKEY = "passkey", "通行密钥"
    RECOVERY = "recovery", "恢复码"
    DEMO = "demo", "演示"


class SignInSession(PublicRow):
    """One sign-in of one account: the province's host and all halls' hosts share it, and end together.

    Local: a hall in another database signs its people in as a client of its own, with rows of its own.
    """

    direction: ClassVar[Direction] = Direction.LOCAL

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="sign_ins")
    factor = models.CharField(max_length=8, choices=Factor)
    # when the person last proved who they are: dangerous acts ask again after a while
    proved_at = models.DateTimeField()
    # counted in whole minutes: not every request writes
    last_seen_at = models.DateTimeField()
    # unused for so long, it ends
    idle_minutes = models.PositiveSmallIntegerField(default=60)
    address = models.CharField(max_length=45)
    agent = models.CharField(max_length=200, blank=True)
    # Account.get_session_auth_hash of the time: a new password, no matter where it was set, ends it
    auth_hash = models.CharField(max_length=160)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (
            models.Index(fields=["account"], name="sign_in_session_open", condition=models.Q(ended_at=None)),
            models.Index(fields=["created_at"], name="sign_in_session_begun"),
        )

    def __str__(self) -> str:
        return f"{self.account_id} {self.factor}"

    @property
    def device(self) -> str:
        return device_of(self.agent)


# the more particular sign first: every browser claims to be several others
_BROWSERS = {"MicroMessenger": "微信", "Edg": "Edge", "Firefox": "Firefox", "Chrome": "Chrome", "Safari": "Safari"}
_DEVICES = {
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Android": "安卓手机",
    "Windows": "Windows 电脑",
    "Mac OS": "Mac 电脑",
    "Linux": "Linux 电脑",
}


def device_of(agent: str) -> str:
    """What a browser's own description (User-Agent) makes of itself, for people: ``Windows 电脑 · Chrome``."""
    device = next((name for sign, name in _DEVICES.items() if sign in agent), "其他设备")
    browser = next((name for sign, name in _BROWSERS.items() if sign in agent), "")
    return f"{device} · {browser}" if browser else device
