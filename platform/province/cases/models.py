"""What the province knows of cases. ``CaseReport.id`` is the case's own."""

from typing import ClassVar, Final
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, HashIndex
from django.db import models

from foundation.crypto.fields import BlindIndexField, BlindMarksField, EncryptedTextField, Personal, PersonalRow
from foundation.errors import Damaged
from foundation.masking import mask_name, mask_number, mask_phone
from foundation.rows import Direction, PublicRow
from foundation.text_encoding import letters_of
from province.cases.states import (
    OPEN_CASES,
    ApplicantNature,
    CaseChannel,
    CaseOutcome,
    CaseState,
    ReceiptState,
    ReferralKind,
    ReferralState,
)
from province.halls.models import Hall
from standards.items.codelists import CaseType
from standards.numbers.phones import normal_phone
from standards.numbers.residents import normal_number

PHONE_TAIL: Final = 4
LONGEST_CASE_NUMBER = 50
# what is counted of a case, in the order of ``CaseReport.counted``; each is a column of every table of figures
MEASURES: Final = (
    *("received", "accepted", "decided", "granted"),
    # how it stands: one of these, once
    *("in_hand", "finished", "declined", "withdrawn", "terminated", "transferred"),
    *("late_statutory", "late_promised"),
    *("timed", "days", "promised_days"),
)
# columns of ``CaseFigure``: how many came by which way
CHANNELS: Final = tuple(f"by_{one}" for one in CaseChannel)


class CaseReport(PublicRow):
    """How one case stands, reported by its hall in the transaction of each change: no name, no word of what was applied
    for."""

    direction: ClassVar[Direction] = Direction.UP

    hall = models.ForeignKey(Hall, on_delete=models.PROTECT, related_name="+", db_index=False)
    # 办件编号
    number = models.CharField(max_length=LONGEST_CASE_NUMBER)
    item_id = models.UUIDField()
    item_name = models.CharField(max_length=200)
    # who applied, where they were signed in
    citizen_id = models.UUIDField(null=True)
    case_type = models.CharField(max_length=9, choices=CaseType)
    channel = models.CharField(max_length=7, choices=CaseChannel)
    state = models.CharField(max_length=11, choices=CaseState)
    outcome = models.CharField(max_length=7, choices=CaseOutcome, blank=True)
    received_on = models.DateField()
    accepted_on = models.DateField(null=True)
    decided_on = models.DateField(null=True)
    ended_on = models.DateField(null=True)
    # 容缺: the applicant has still to bring what was promised
    owes_materials = models.BooleanField(default=False)
    # fen that the applicant has to pay now
    owed_fen = models.PositiveBigIntegerField(default=0)
    # some limit of the hall's ran out before what it was for was done
    was_late = models.BooleanField(default=False)
    # in the feed of its hall: of the last change that was committed and numbered; 0: of none yet
    position = models.PositiveBigIntegerField(default=0)
    # something has changed since that number was given
    is_waiting = models.BooleanField(default=True)
    # what figures hold of it, by MEASURES; None: nothing yet (operations/figures.py)
    counted = ArrayField(models.SmallIntegerField(), null=True)
    # the department of its hall that has it, which stays; None: those who work for the whole hall
    unit_id = models.UUIDField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["number"], name="one_case_report_per_number"),)
        indexes = (
            models.Index(fields=["hall", "received_on"], name="cases_of_hall"),
            models.Index(fields=["hall", "position"], condition=models.Q(is_waiting=False), name="cases_feed"),
            models.Index(fields=["id"], condition=models.Q(is_waiting=True), name="cases_waiting_for_feed"),
            # what figures ask of cases whose clocks run, which are few among all
            models.Index(
                fields=["id"],
                include=["hall", "case_type", "received_on", "item_id"],
                condition=models.Q(state__in=OPEN_CASES, counted__isnull=False),
                name="cases_in_hand",
            ),
            models.Index(
                fields=["citizen_id", "-id"], condition=models.Q(citizen_id__isnull=False), name="cases_of_citizen"
            ),
        )

    def __str__(self) -> str:
        return f"{self.number} {self.state}"


class CaseFeed(PublicRow):
    """How far the feed of a hall's cases is. ``id`` is the hall's own. Its positions only grow, and each stands for a
    change that was committed before the next one was given (operations/feed.py)."""

    direction: ClassVar[Direction] = Direction.UP

    position = models.PositiveBigIntegerField()

    def __str__(self) -> str:
        return f"{self.pk} {self.position}"


class CountedCases(PublicRow):
    """How many cases of a hall, of those received in one month, stand how today. Counted of reports, in the
    transaction that numbers them; all of it can be counted again."""

    direction: ClassVar[Direction] = Direction.UP

    # the constraint leads with it
    hall = models.ForeignKey(Hall, on_delete=models.PROTECT, related_name="+", db_index=False)
    # its first day
    month = models.DateField()
    received = models.IntegerField()
    accepted = models.IntegerField()
    decided = models.IntegerField()
    granted = models.IntegerField()
    in_hand = models.IntegerField()
    finished = models.IntegerField()
    declined = models.IntegerField()
    withdrawn = models.IntegerField()
    terminated = models.IntegerField()
    transferred = models.IntegerField()
    # decided after the last day
    late_statutory = models.IntegerField()
    late_promised = models.IntegerField()
    # decided ones that had a promised time; working days that they took, and those that were promised
    timed = models.IntegerField()
    days = models.IntegerField()
    promised_days = models.IntegerField()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.hall_id} {self.month}"


class CaseFigure(CountedCases):
    """Of one type (办件类型), and by which way they came."""

    case_type = models.CharField(max_length=9, choices=CaseType)
    by_site = models.IntegerField()
    by_window = models.IntegerField()
    by_village = models.IntegerField()
    by_system = models.IntegerField()
    by_phone = models.IntegerField()
    by_handed = models.IntegerField()
    by_passed = models.IntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["hall", "month", "case_type"], name="one_case_figure_per_hall_and_month"),
        )
        indexes = (models.Index(fields=["month"], name="cases_figure_month"),)


class ItemFigure(CountedCases):
    """Of one item."""

    item_id = models.UUIDField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["hall", "month", "item_id"], name="one_item_figure_per_hall_and_month"),
        )
        indexes = (models.Index(fields=["month"], name="cases_item_figure_month"),)


class UnitFigure(CountedCases):
    """Of one department of the hall; ``unit_id`` None: of those who work for the whole hall."""

    unit_id = models.UUIDField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["hall", "month", "unit_id"], nulls_distinct=False, name="one_unit_figure_per_hall_and_month"
            ),
        )


class CaseApplicant(PersonalRow):
    """Who applied, and who came for them. The case stands in the hall's schema, under this row's id."""

    direction: ClassVar[Direction] = Direction.UP

    hall_id = models.UUIDField()
    kind = models.CharField("申请人类型", max_length=6, choices=ApplicantNature)
    # of a person who applies, or of who applies for a body
    name = EncryptedTextField("姓名", mask=mask_name)
    number = EncryptedTextField("身份证号", mask=mask_number)
    number_index = BlindIndexField(source="number", normalise=normal_number)
    phone = EncryptedTextField("手机号", mask=mask_phone)
    # of a body: public by themselves
    body_name = models.CharField("单位名称", max_length=200, blank=True)
    credit_code = models.CharField("统一社会信用代码", max_length=18, blank=True)
    agent_name = EncryptedTextField("代办人姓名", mask=mask_name)
    agent_number = EncryptedTextField("代办人身份证号", mask=mask_number)
    agent_phone = EncryptedTextField("代办人手机号", mask=mask_phone)
    # by which the hall's people find it, another hall's by others (``said_marks``)
    marks = BlindMarksField(
        texts="said_marks", sources=("name", "phone", "body_name", "agent_name", "agent_number", "agent_phone")
    )

    class Meta:
        indexes = (
            # written at once: a list of what waits would be read by each search
            GinIndex(fields=["marks"], fastupdate=False, name="cases_applicant_marks"),
            # of rows that a former release wrote; empty soon afterwards
            models.Index(fields=["id"], condition=models.Q(marks=None), name="cases_applicant_unmarked"),
            # a person applies in few halls
            HashIndex(fields=["number_index"], name="cases_applicant_number"),
            models.Index(
                fields=["hall_id", "credit_code"], condition=~models.Q(credit_code=""), name="cases_applicant_code"
            ),
        )

    def __str__(self) -> str:
        return self.shown_name

    @property
    def shown_name(self) -> str:
        """Of a body its name; of a person, masked."""
        return self.body_name or str(self.name)

    @property
    def said_marks(self) -> list[str]:
        """Of each name, each end of a phone, and the number of who came for them; what cannot be read has none."""
        names = (self.body_name, _readable(self.name), _readable(self.agent_name))
        found = [name_mark(self.hall_id, one) for one in names]
        found += [phone_mark(self.hall_id, _readable(one)) for one in (self.phone, self.agent_phone)]
        found.append(agent_mark(self.hall_id, _readable(self.agent_number)))
        return [one for one in found if one]


def name_mark(hall_id: UUID, name: str) -> str:
    """Under which a row of this hall is found by a whole name, however it is written; "" for none."""
    return f"{hall_id}\0name\0{letters}" if (letters := letters_of(name)) else ""


def phone_mark(hall_id: UUID, phone: str) -> str:
    """As ``name_mark``, by the last four digits of a phone."""
    tail = normal_phone(phone)[-PHONE_TAIL:]
    return f"{hall_id}\0phone\0{tail}" if len(tail) == PHONE_TAIL else ""


def agent_mark(hall_id: UUID, number: str) -> str:
    """As ``name_mark``, by the whole identity number of who came for somebody."""
    normal = normal_number(number)
    return f"{hall_id}\0agent\0{normal}" if normal else ""


def _readable(value: Personal) -> str:
    try:
        return str(value.plain)
    except Damaged:
        return ""


class CaseOffer(PublicRow):
    """That a hall takes applications for an item, reported by it. ``id`` is the setup's own."""

    direction: ClassVar[Direction] = Direction.UP

    hall = models.ForeignKey(Hall, on_delete=models.CASCADE, related_name="+", db_index=False)
    item_id = models.UUIDField()
    handling_code = models.CharField(max_length=2, blank=True)
    item_name = models.CharField(max_length=200)
    is_open = models.BooleanField()
    # the application form that is filled in now (standards.forms), for halls below that take applications in for this
    # one; None where it takes none
    form = models.JSONField(null=True)
    # of those that citizens apply for online: its materials and the promised time, for halls below where it is applied
    # for with other items at once (一件事); None for all others
    guide = models.JSONField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["item_id", "handling_code", "hall"], name="one_case_offer_per_item"),
        )
        indexes = (models.Index(fields=["hall"], name="cases_offer_of_hall"),)

    def __str__(self) -> str:
        return f"{self.hall_id} {self.item_id}"


class OpinionOffer(PublicRow):
    """That other halls may ask a department for its opinion on their 联办件, said by its hall."""

    direction: ClassVar[Direction] = Direction.UP

    hall = models.ForeignKey(Hall, on_delete=models.CASCADE, related_name="+", db_index=False)
    # None: those who work for the whole hall
    unit_id = models.UUIDField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["hall", "unit_id"], nulls_distinct=False, name="one_opinion_offer_per_department"
            ),
        )

    def __str__(self) -> str:
        return f"{self.hall_id} {self.unit_id}"


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
