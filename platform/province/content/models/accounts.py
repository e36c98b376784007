from typing import ClassVar

from django.db import models

from foundation.crypto.fields import BlindIndexField, EncryptedTextField, PersonalRow
from foundation.events.outgoing import Outgoing
from foundation.masking import mask_name, mask_phone
from foundation.rows import Direction, PublicRow
from province.content.models.pushes import Push
from province.content.states import AccountState, DeliveryState
from standards.numbers.phones import normal_phone


class MediaAccount(PersonalRow):
    """A registered new-media account (新媒体备案). Whom one calls about it stands sealed."""

    direction: ClassVar[Direction] = Direction.UP

    class Platform(models.TextChoices):
        WECHAT = "wechat", "微信公众号"
        WEIBO = "weibo", "微博"
        DOUYIN = "douyin", "抖音"
        KUAISHOU = "kuaishou", "快手"
        TOUTIAO = "toutiao", "头条号"
        APP = "app", "移动客户端"
        OTHER = "other", "其他"

    hall_id = models.UUIDField(null=True)
    # for audiences: the hall's prefix
    prefix = models.CharField(max_length=12)
    platform = models.CharField("平台", max_length=8, choices=Platform)
    name = models.CharField("账号名称", max_length=80)
    external_id = models.CharField("平台账号", max_length=80)
    owner = models.CharField("主管单位", max_length=80)
    filing_number = models.CharField("备案号", max_length=40, blank=True)
    filed_on = models.DateField("备案日期", null=True)
    contact_name = EncryptedTextField("负责人", mask=mask_name)
    contact_phone = EncryptedTextField("联系电话", mask=mask_phone)
    contact_phone_index = BlindIndexField(source="contact_phone", normalise=normal_phone)
    state = models.CharField("状态", max_length=8, choices=AccountState, default=AccountState.FILED)
    # registered name of a connector ("" = registered only, nothing is sent)
    connector = models.CharField(max_length=32, blank=True)
    endpoint = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = "新媒体账号"
        constraints = (
            models.UniqueConstraint(fields=["platform", "external_id"], name="one_account_per_platform_id"),
            # 国办发〔2018〕123号: a unit has one account on a platform; "other" is many platforms
            models.UniqueConstraint(
                fields=["hall_id", "owner", "platform"],
                condition=~models.Q(state="closed") & ~models.Q(platform="other"),
                nulls_distinct=False,
                name="one_account_per_unit_and_platform",
            ),
        )
        indexes = (
            models.Index(fields=["prefix"], name="content_account_prefix", opclasses=["varchar_pattern_ops"]),
            models.Index(fields=["contact_phone_index"], name="content_account_phone"),
        )

    def __str__(self) -> str:
        return self.name


class AccountCredential(PersonalRow):
    """By what a platform lets us act for an account, and the token that it has given us for it. Sealed: what opens an
    account of a government must not stand in a copy of the database."""

    direction: ClassVar[Direction] = Direction.LOCAL

    account = models.OneToOneField(MediaAccount, on_delete=models.CASCADE, related_name="credential")
    # AppID, name of a user, number of a user: as the connector says
    name = models.CharField("凭据名称", max_length=80, blank=True)
    secret = EncryptedTextField("密钥")
    # whether the platform has granted the account the right to delete by program
    may_delete = models.BooleanField("可以自动删除", default=False)
    token = EncryptedTextField("访问令牌")
    token_expires_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = "账号凭据"

    def __str__(self) -> str:
        return str(self.account_id)


class WebPushSubscription(PublicRow):
    """One reader's installed hall app that asked for notices (RFC 8030)."""

    direction: ClassVar[Direction] = Direction.UP

    hall_id = models.UUIDField()
    prefix = models.CharField(max_length=12)
    endpoint = models.CharField(max_length=500, unique=True)
    p256dh = models.CharField(max_length=100)
    auth = models.CharField(max_length=40)

    class Meta:
        indexes = (
            models.Index(fields=["prefix"], name="content_subscription_prefix", opclasses=["varchar_pattern_ops"]),
            models.Index(fields=["hall_id", "-created_at"], name="content_subscription_new"),
        )

    def __str__(self) -> str:
        return str(self.hall_id)


class ChannelDelivery(Outgoing):
    """One act on one account outside (push or withdraw), done exactly once as far as the other side can tell."""

    direction: ClassVar[Direction] = Direction.LOCAL

    class Act(models.TextChoices):
        PUSH = "push", "推稿"
        WITHDRAW = "withdraw", "撤稿"

    push = models.ForeignKey(Push, on_delete=models.CASCADE, related_name="deliveries")
    account = models.ForeignKey(MediaAccount, on_delete=models.CASCADE, null=True, related_name="deliveries")
    subscription = models.ForeignKey(WebPushSubscription, on_delete=models.CASCADE, null=True, related_name="+")
    act = models.CharField(max_length=8, choices=Act)
    # the push's turn that it belongs to: once the push has had a later one, it is not sent any more
    turn = models.PositiveIntegerField(default=1)
    # within the turn: 0 with the push itself, then one more for each time that the hall decided otherwise
    step = models.PositiveIntegerField(default=0)
    # copied from the push
    is_urgent = models.BooleanField(default=False)
    state = models.CharField(max_length=9, choices=DeliveryState, default=DeliveryState.WAITING)
    # what the other side has said on the way, by the connector's own names: who takes over knows how far it came
    progress = models.JSONField(default=dict)
    # what the other side calls it
    external_ref = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["push", "account", "subscription", "turn", "step"],
                nulls_distinct=False,
                name="one_delivery_per_step",
            ),
        )
        indexes = (
            models.Index(
                fields=["-is_urgent", "next_attempt_at"],
                condition=models.Q(state="waiting"),
                name="content_delivery_waiting",
            ),
            # a few rows at any moment: what a later delivery to the same account waits for
            models.Index(
                fields=["push", "turn"],
                condition=models.Q(claimed_until__isnull=False),
                name="content_delivery_sent_now",
            ),
            models.Index(fields=["account", "-created_at"], name="content_delivery_account"),
            models.Index(fields=["-created_at"], condition=models.Q(state="dead"), name="content_delivery_dead"),
        )

    def __str__(self) -> str:
        return f"{self.act} {self.push_id}"
