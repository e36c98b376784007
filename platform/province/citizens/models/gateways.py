"""What is known of the programs outside that citizens' sign-in stands on."""

from typing import ClassVar

from django.db import models

from foundation.rows import Direction, PublicRow


class GatewayRecord(PublicRow):
    """When a gateway last answered as agreed, when it last did not, and why."""

    direction: ClassVar[Direction] = Direction.LOCAL

    class Name(models.TextChoices):
        MESSAGES = "messages", "短信网关"
        REGISTER = "register", "实名核验接口"
        PAYMENTS = "payments", "缴费接口"

    name = models.CharField(max_length=40, unique=True)
    succeeded_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    failure = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return self.name
