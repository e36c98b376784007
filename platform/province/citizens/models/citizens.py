"""People who are served: their accounts are apart from those of staff, and one serves at every hall."""

from datetime import date, timedelta
from typing import ClassVar
from uuid import UUID

from django.db import models
from django.utils import timezone

from foundation.crypto.fields import BlindIndexField, EncryptedTextField, PersonalRow
from foundation.masking import mask_name, mask_number, mask_phone
from foundation.rows import Direction, PublicRow
from standards.numbers.phones import normal_phone
from standards.numbers.residents import age_on, birthday_of, normal_number

# 民法典 (Civil Code) art. 17
OF_AGE = 18


class Citizen(PersonalRow):
    """Somebody who is served, at all halls. Never an Account: nothing that staff may do can come to a citizen."""

    direction: ClassVar[Direction] = Direction.DOWN

    class Level(models.IntegerChoices):
        """How surely we know who it is (实名等级); each includes those before it."""

        UNKNOWN = 0, "未核验"
        PHONE = 1, "手机号已验证"
        NUMBER = 2, "实名已核验"
        DESK = 3, "窗口已核验"

    phone = EncryptedTextField("手机号", mask=mask_phone)
    phone_index = BlindIndexField(source="phone", normalise=normal_phone, unique=True)
    name = EncryptedTextField("姓名", mask=mask_name)
    number = EncryptedTextField("身份证号", mask=mask_number)
    number_index = BlindIndexField(source="number", normalise=normal_number, unique=True)
    level = models.PositiveSmallIntegerField("实名等级", choices=Level, default=Level.UNKNOWN)
    # of the last check: by which member of staff and where (only at the desk), and when
    checked_by_id = models.UUIDField(null=True)
    checked_by_name = models.CharField(max_length=80, blank=True)
    checked_hall_id = models.UUIDField(null=True)
    checked_at = models.DateTimeField(null=True)
    # of the day's tries to prove number and name
    tried_on = models.DateField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    password = models.CharField(max_length=128, blank=True)
    # when the citizen would rather have no passkey: it is not offered again
    passkey_declined_at = models.DateTimeField(null=True)
    # counted up to end every session of the citizen
    session_round = models.PositiveIntegerField(default=0)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "群众账号"

    def __str__(self) -> str:
        return str(self.name) or str(self.phone)

    @property
    def born_on(self) -> date | None:
        return birthday_of(self.number.plain)

    @property
    def is_minor(self) -> bool:
        """Whether the citizen is a minor, by the identity number; without one nobody is taken for a child."""
        born_on = self.born_on
        return born_on is not None and age_on(born_on, timezone.localdate()) < OF_AGE


class Guardianship(PublicRow):
    """Who acts for a minor: seen from the papers at a desk."""

    direction: ClassVar[Direction] = Direction.DOWN

    ward = models.ForeignKey(Citizen, on_delete=models.PROTECT, related_name="guardianships")
    guardian = models.ForeignKey(Citizen, on_delete=models.PROTECT, related_name="wards")
    # the member of staff who saw the papers, and where
    checked_by_id = models.UUIDField(null=True)
    checked_by_name = models.CharField(max_length=80)
    hall_id = models.UUIDField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["ward", "guardian"], condition=models.Q(ended_at=None), name="one_guardianship_per_pair"
            ),
            models.CheckConstraint(condition=~models.Q(ward=models.F("guardian")), name="nobody_is_his_own_guardian"),
        )

    def __str__(self) -> str:
        return f"{self.guardian_id} {self.ward_id}"


class PhoneCode(PublicRow):
    """A code that was sent to a phone. Phone and code are kept as keyed hashes alone."""

    direction: ClassVar[Direction] = Direction.LOCAL

    LASTS: ClassVar[timedelta] = timedelta(minutes=5)

    class Purpose(models.TextChoices):
        SIGN_IN = "sign_in", "登录"
        PHONE = "phone", "绑定手机号"
        MANDATE = "mandate", "确认委托"
        PROOF = "proof", "确认本人"

    phone_hash = models.CharField(max_length=64)
    purpose = models.CharField(max_length=8, choices=Purpose)
    # what it confirms, where it confirms one thing
    subject_id = models.UUIDField(null=True)
    digest = models.CharField(max_length=64)
    # the address of the person who asked for it
    address = models.CharField(max_length=45, blank=True)
    expires_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (
            models.Index(fields=["phone_hash", "created_at"], name="citizens_code_phone"),
            models.Index(fields=["address", "created_at"], name="citizens_code_address"),
            models.Index(fields=["created_at"], name="citizens_code_created"),
        )

    def __str__(self) -> str:
        return f"{self.purpose}"


class LocalMessage(PersonalRow):
    """What a phone would have got, where no message goes out (development and demo)."""

    direction: ClassVar[Direction] = Direction.LOCAL

    phone = EncryptedTextField(mask=mask_phone)
    text = EncryptedTextField()

    class Meta:
        indexes = (models.Index(fields=["created_at"], name="citizens_message_created"),)

    def __str__(self) -> str:
        return str(self.phone)


def citizen_label(citizen_id: UUID) -> str:
    """Stands for a citizen where no name may."""
    return f"群众 {citizen_id.hex[-6:]}"
