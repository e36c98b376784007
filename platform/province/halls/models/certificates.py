"""The certificates that readers are shown."""

from typing import ClassVar

from django.db import models

from foundation.rows import Direction, PublicRow


class HostCertificate(PublicRow):
    """The certificate that a reader is shown at a host name, as it was last looked at over TLS."""

    direction: ClassVar[Direction] = Direction.LOCAL

    host = models.CharField(max_length=253, unique=True)
    # the province's own host, or a name right below it; else a hall's own domain
    is_province = models.BooleanField()
    looked_at = models.DateTimeField()
    # its last moment; None where none was shown
    valid_until = models.DateTimeField(null=True)
    # why browsers refuse it, besides its age; "" where they do not
    fault = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = (models.Index(fields=["valid_until"], name="halls_certificate_until"),)

    def __str__(self) -> str:
        return self.host
