"""Passkeys of people who are served."""

from typing import ClassVar

from django.db import models

from foundation.rows import Direction
from province.citizens.models.citizens import Citizen
from province.sign_in.models import Credential


class CitizenPasskey(Credential):
    """A credential of a citizen."""

    direction: ClassVar[Direction] = Direction.DOWN

    citizen = models.ForeignKey(Citizen, on_delete=models.CASCADE, related_name="passkeys")
