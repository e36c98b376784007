from typing import ClassVar

from django.db import models

from foundation.crypto.fields import BlindIndexField, EncryptedTextField, PersonalRow
from foundation.masking import mask_name, mask_phone
from foundation.rows import Direction, PublicRow
from standards.numbers.phones import normal_phone


class GuestContact(PersonalRow):
    """Somebody without an account who asked a hall something, and how the answer reaches them. What they asked stands
    in the hall's schema, under this row's id."""

    direction: ClassVar[Direction] = Direction.UP

    hall_id = models.UUIDField()
    name = EncryptedTextField("称呼", mask=mask_name)
    phone = EncryptedTextField("手机号", mask=mask_phone)
    phone_index = BlindIndexField(source="phone", normalise=normal_phone)
    # keyed, only to count by; not the address itself
    address_hash = models.CharField(max_length=64, blank=True)

    class Meta:
        indexes = (
            models.Index(fields=["phone_index", "created_at"], name="citizens_guest_phone"),
            models.Index(fields=["address_hash", "created_at"], name="citizens_guest_address"),
        )

    def __str__(self) -> str:
        return str(self.phone)


class LookUpTry(PublicRow):
    """Somebody tried to look something up by its number and the end of a phone, and was not right. Kept for an hour; a
    number or an address stands here as a keyed hash, only to count by."""

    direction: ClassVar[Direction] = Direction.LOCAL

    number_hash = models.CharField(max_length=64)
    address_hash = models.CharField(max_length=64, blank=True)

    class Meta:
        indexes = (
            models.Index(fields=["number_hash"], name="citizens_look_up_number"),
            models.Index(fields=["address_hash"], name="citizens_look_up_address"),
            models.Index(fields=["created_at"], name="citizens_look_up_created"),
        )

    def __str__(self) -> str:
        return f"{self.created_at}"
