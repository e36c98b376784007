"""Wrong passwords and wrong codes."""

from typing import ClassVar

from django.db import models

from foundation.rows import Direction, PublicRow


class SignInTry(PublicRow):
    """Wrong tries in a row at one step of signing in. Unknown names are counted like known ones.

    Three rows grow with a try: the name's from this address; the address's for any name (``username`` empty); the
    name's from any address (``address`` empty).
    """

    direction: ClassVar[Direction] = Direction.LOCAL

    class Step(models.TextChoices):
        PASSWORD = "password"  # noqa: S105
        FACTOR = "factor"
        ACTIVATION = "activation"
        # of a citizen; the name is a keyed hash of the phone
        CITIZEN = "citizen"

    step = models.CharField(max_length=10, choices=Step, default=Step.PASSWORD)
    username = models.CharField(max_length=64, blank=True)
    address = models.CharField(max_length=45, blank=True)
    failures = models.PositiveIntegerField(default=0)
    last_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["step", "username", "address"], name="one_count_per_step_name_address"),
        )
        indexes = (models.Index(fields=["last_at"], name="sign_in_try_last"),)

    def __str__(self) -> str:
        return f"{self.username} {self.failures}"
