"""What one hall asks of another about a case, and the answer."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Right

from foundation.crypto.fields import EncryptedTextField, PersonalRow
from foundation.rows import Direction, PublicRow
from province.cases.models.cases import LONGEST_CASE_NUMBER, SHORT_NUMBER
from province.cases.states import (
    CaseOutcome,
    ReceiptState,
    ReferralKind,
    ReferralState,
)
from province.halls.models import Hall


def short_case_number() -> Right:
    """As the index has it: another expression would read every referral."""
    return Right("case_number", SHORT_NUMBER)


class Referral(PublicRow):
    """A case on its way from one hall to another, written by the sender alone. What the other hall makes of it stands
    in its receipt."""

    direction: ClassVar[Direction] = Direction.UP

    kind = models.CharField(max_length=11, choices=ReferralKind)
    # the first of those by which a case was sent on; None: this is the first
    origin = models.ForeignKey("self", on_delete=models.CASCADE, null=True, related_name="followers")
    hall = models.ForeignKey(Hall, on_delete=models.PROTECT, related_name="+", db_index=False)
    to_hall = models.ForeignKey(Hall, on_delete=models.PROTECT, related_name="+", db_index=False)
    # of the sender; of a form that was collected, or of an item of a package, its own; of a question for an opinion,
    # the opinion's; of a complaint, the complaint's
    case_id = models.UUIDField()
    case_number = models.CharField(max_length=LONGEST_CASE_NUMBER)
    item_id = models.UUIDField()
    handling_code = models.CharField(max_length=2, blank=True)
    item_name = models.CharField(max_length=200)
    state = models.CharField(max_length=8, choices=ReferralState, default=ReferralState.SENT)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["case_id"], condition=models.Q(state=ReferralState.SENT), name="one_open_referral_per_case"
            ),
        )
        indexes = (
            models.Index(fields=["hall", "-id"], name="cases_referral_from"),
            models.Index(fields=["to_hall", "-id"], name="cases_referral_to"),
            models.Index(fields=["case_id"], name="cases_referral_case"),
            # 联办编号 as people type it
            models.Index(
                short_case_number(),
                condition=models.Q(kind=ReferralKind.OPINION),
                name="cases_referral_by_end",
            ),
        )

    def __str__(self) -> str:
        return f"{self.case_number} {self.kind} {self.state}"


class ReferralParcel(PersonalRow):
    """What the receiver is given: the form, the list of its files, the sender's opinion. It is there until the referral
    has ended."""

    direction: ClassVar[Direction] = Direction.UP

    referral = models.OneToOneField(Referral, on_delete=models.CASCADE, related_name="parcel")
    # JSON
    content = EncryptedTextField("移交内容")

    def __str__(self) -> str:
        return str(self.referral_id)


class ReferralReceipt(PersonalRow):
    """签收: the receiver has taken a referral up, once; what came of it. Written by the receiver alone."""

    direction: ClassVar[Direction] = Direction.UP

    # the receiver, who writes it
    hall = models.ForeignKey(Hall, on_delete=models.PROTECT, related_name="+", db_index=False)
    referral = models.OneToOneField(Referral, on_delete=models.CASCADE, related_name="receipt")
    # the receiver's own, or its opinion's, or its complaint's; None where it could not take it up
    case_id = models.UUIDField(null=True)
    # 回执编号: the number of that case
    case_number = models.CharField(max_length=LONGEST_CASE_NUMBER, blank=True)
    state = models.CharField(max_length=10, choices=ReceiptState, default=ReceiptState.RECEIVED)
    outcome = models.CharField(max_length=7, choices=CaseOutcome, blank=True)
    # reasons of the decision or of the opinion, or why it was sent back or on; of a complaint, JSON: a list
    # of its answers
    said = EncryptedTextField("回复")
    # of an opinion, the document that came with it: JSON, the fields of ``StoredFacts`` in the receiver's folder
    file = EncryptedTextField("回复的文件")
    # 文书 that were issued, as ``registries.DocumentEntry`` has them
    document_ids = ArrayField(models.UUIDField(), default=list)
    answered_at = models.DateTimeField(null=True)
    # of what was taken in for somebody (代办): what they are to bring now, and which asking it is; None: nothing
    asked = EncryptedTextField("要补的内容")
    asking_id = models.UUIDField(null=True)
    # the supplement that was taken last
    taken_id = models.UUIDField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["case_id"], name="one_referral_receipt_per_case"),)

    def __str__(self) -> str:
        return f"{self.referral_id} {self.state}"


class ReferralSupplement(PersonalRow):
    """补交: what was asked for later of something that was taken in for somebody (代办), handed over by the hall that
    took it in, which alone writes it: once for each asking. It is there until the referral has ended."""

    direction: ClassVar[Direction] = Direction.UP

    # which has asked; the constraint below leads with it
    receipt = models.ForeignKey(ReferralReceipt, on_delete=models.CASCADE, related_name="supplements", db_index=False)
    asking_id = models.UUIDField()
    # JSON
    content = EncryptedTextField("补交内容")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["receipt", "asking_id"], name="one_supplement_per_asking"),)

    def __str__(self) -> str:
        return str(self.receipt_id)
