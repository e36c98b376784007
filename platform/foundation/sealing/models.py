from typing import ClassVar

from django.db import models

from foundation.crypto.fields import EncryptedTextField, PersonalRow
from foundation.rows import Direction


class DataKey(PersonalRow):
    """A key of one owner (a hall), under which values in its own schema are sealed. It never changes and is never
    removed; what the settings' keys encrypt is this row alone."""

    direction: ClassVar[Direction] = Direction.LOCAL

    owner_id = models.UUIDField()
    # 16 bytes in base64
    key = EncryptedTextField("数据密钥")
    # the others came with an archive, and only open
    is_current = models.BooleanField(default=True)

    class Meta:
        verbose_name = "数据密钥"
        constraints = (
            models.UniqueConstraint(
                fields=["owner_id"], condition=models.Q(is_current=True), name="one_current_data_key_per_owner"
            ),
        )
        indexes = (models.Index(fields=["owner_id"], name="sealing_data_key_owner"),)

    def __str__(self) -> str:
        return f"{self.owner_id}"
