from typing import ClassVar

from django.db import models

from foundation.digests import DigestBegin, DigestField
from foundation.rows import Direction, PublicRow
from province.halls.models import Hall
from province.registries.states import DocumentState


class DocumentEntry(PublicRow):
    """One issued document, reported by its hall in the transaction of each change. ``id`` is the document's own.
    Nothing in it says whom the document is about."""

    direction: ClassVar[Direction] = Direction.UP

    hall = models.ForeignKey(Hall, on_delete=models.PROTECT, related_name="+")
    # what the paper carries: 16 letters and digits, drawn at random (80 bits)
    code = models.CharField(max_length=16)
    # of the kind, never of the one document: it could name somebody
    title = models.CharField(max_length=60)
    # the authority in whose name it was issued
    issuer = models.CharField(max_length=80)
    number = models.CharField(max_length=60)
    issued_on = models.DateField()
    # its last day; None: without an end
    valid_until = models.DateField(null=True)
    state = models.CharField(max_length=9, choices=DocumentState)
    ended_on = models.DateField(null=True)
    # the number of the one that took its place
    successor = models.CharField(max_length=60, blank=True)
    # of the PDF, in hexadecimal digits; empty until it is made
    sha256 = DigestField(blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["code"], name="one_document_per_code"),)
        indexes = (
            models.Index(DigestBegin("sha256"), condition=~models.Q(sha256=""), name="registries_document_sha256"),
        )

    def __str__(self) -> str:
        return f"{self.number} {self.state}"
