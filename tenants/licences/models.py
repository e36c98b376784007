from datetime import date
from typing import Final

from django.db import models
from django.utils import timezone

from foundation.frozen import FrozenFields
from foundation.rows import HallRow
from province.registries.states import DocumentState
from standards.numbers.licences import LICENCE_CODE_LENGTH
from standards.workdays.limits import words_of_day
from tenants.documents.models import IssuedDocument
from tenants.licences.states import LicenceStanding

LONGEST_BASIS: Final = 400


class Licence(HallRow):
    """A licence that a case has granted. What can be read of it without its holder; who that is stands in the public
    schema (``CaseApplicant``), where columns are encrypted."""

    # its number, its code, its files, until when it holds, and how it ended
    document = models.OneToOneField(IssuedDocument, on_delete=models.PROTECT, related_name="licence")
    item_id = models.UUIDField()
    item_name = models.CharField("事项", max_length=200)
    name = models.CharField("证照名称", max_length=200)
    # 电子证照类型代码; "": none was published
    type_code = models.CharField("证照类型", max_length=LICENCE_CODE_LENGTH, blank=True)
    # the row under which its holder applied
    holder_id = models.UUIDField()
    holds_from = models.DateField("有效期起")
    # the law by which it was ended
    end_basis = models.CharField("依据", max_length=LONGEST_BASIS, blank=True)
    # the case by whose decision it was replaced or ended; None: by nobody's, or by an act of the hall
    ended_for_id = models.UUIDField(null=True)

    class Meta:
        constraints = (
            FrozenFields(
                fields=["document", "item_id", "item_name", "name", "type_code", "holder_id", "holds_from"],
                name="licence_stays",
            ),
        )
        indexes = (
            models.Index(fields=["holder_id"], name="licences_of_holder"),
            models.Index(fields=["item_id", "-id"], name="licences_of_item"),
            models.Index(
                fields=["ended_for_id"], condition=models.Q(ended_for_id__isnull=False), name="licences_ended_for"
            ),
        )

    def __str__(self) -> str:
        return f"{self.name} {self.document_id}"

    @property
    def number(self) -> str:
        return self.document.number

    @property
    def holds_until(self) -> date | None:
        """Its last day; None: it has no end (长期)."""
        return self.document.valid_until

    @property
    def standing(self) -> LicenceStanding:
        """How it stands today."""
        last = self.document.valid_until
        is_over = last is not None and last < timezone.localdate()
        if self.document.state == DocumentState.ISSUED and is_over:
            return LicenceStanding.EXPIRED
        return LicenceStanding(self.document.state)

    @property
    def holds(self) -> bool:
        return self.standing is LicenceStanding.HOLDS

    @property
    def validity(self) -> str:
        """2026年11月30日至2031年11月29日, or without an end."""
        return validity_words(self.holds_from, self.document.valid_until)


def validity_words(first: date, last: date | None) -> str:
    return f"{words_of_day(first)}至{words_of_day(last)}" if last else f"{words_of_day(first)}起，长期有效"
