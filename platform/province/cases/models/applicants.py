"""Who applied for a case, and the marks by which a hall's people find them."""

from typing import ClassVar, Final
from uuid import UUID

from django.contrib.postgres.indexes import GinIndex, HashIndex
from django.db import models

from foundation.crypto.fields import BlindIndexField, BlindMarksField, EncryptedTextField, Personal, PersonalRow
from foundation.errors import Damaged
from foundation.masking import mask_address, mask_name, mask_number, mask_phone
from foundation.rows import Direction
from foundation.text_encoding import letters_of
from province.cases.states import ApplicantNature
from standards.numbers.phones import normal_phone
from standards.numbers.residents import normal_number

PHONE_TAIL: Final = 4


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
    # 送达地址: where documents are sent by post, once the applicant has said so
    service_address = EncryptedTextField("送达地址", mask=mask_address, null=True)
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
