"""How colleagues reach somebody (名片)."""

from typing import ClassVar

from django.db import models

from foundation.crypto.fields import EncryptedTextField, PersonalRow
from foundation.masking import mask_phone
from foundation.rows import Direction
from province.people.models.accounts import Account


class ContactCard(PersonalRow):
    """What its owner wrote on it; name, positions and departments are those of the account."""

    direction: ClassVar[Direction] = Direction.DOWN

    account = models.OneToOneField(Account, on_delete=models.CASCADE, related_name="card")
    office_phone = models.CharField("办公电话", max_length=24, blank=True)
    room = models.CharField("办公地点", max_length=60, blank=True)
    mobile = EncryptedTextField("手机号", mask=mask_phone)
    # whether colleagues see the whole mobile number
    shows_mobile = models.BooleanField("同事可以看到完整手机号", default=False)

    def __str__(self) -> str:
        return f"{self.account_id}"
