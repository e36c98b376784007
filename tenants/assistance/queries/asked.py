"""What the hall above asks for later of something that was handed over (补正, 容缺补交), and what is filled in of
it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils import timezone

from foundation.errors import Fault, Invalid
from province.cases.models import ReferralReceipt
from province.cases.queries.referrals import last_answer, open_referral_of
from province.cases.queries.supplements import supplement_for, what_is_asked
from province.cases.queries.ways import clocks_elsewhere
from province.designers.queries.shown import ShownForm
from province.halls.models import Hall
from province.rights.actors import Actor
from standards.forms.definition import FormDefinition
from standards.forms.excerpts import form_of_excerpts
from standards.forms.filling import FillingContext
from standards.forms.posted import FilledResult, read_posted
from standards.forms.results import seen_values
from standards.forms.rights import FieldRight
from tenants.assistance.models import Assistance
from tenants.assistance.queries.assistances import AssistanceLine, time_to_bring, whole_files
from tenants.assistance.queries.filling import SETTLED, kept_values
from tenants.assistance.states import AssistanceState
from tenants.workflow.queries.contexts import context_of_values
from tenants.workflow.queries.filled import FormFiller
from tenants.workflow.queries.pages import shower_for


@dataclass(frozen=True, slots=True)
class AskedHere:
    """``lines``: what is missing, and why; ``until``: by when, None without a limit; ``definition``: the fields into
    which it goes, None where all of it is brought on paper; ``handed_at``: None as long as it was not handed over."""

    receipt: ReferralReceipt
    asking_id: UUID
    lines: tuple[str, ...]
    is_promised: bool
    until: date | None
    is_until_assumed: bool
    definition: FormDefinition | None
    handed_at: datetime | None

    @property
    def is_too_late(self) -> bool:
        """What was promised by a day lapses with it; of all else the hall decides."""
        return self.is_promised and self.until is not None and self.until < timezone.localdate()


def asked_of(assistance: Assistance) -> AskedHere | None:
    """None where the hall that has it asks for nothing now. Some five queries."""
    known = open_referral_of(assistance.pk) if assistance.state == AssistanceState.SENT else None
    receipt = last_answer(known) if known else None
    asked = what_is_asked(receipt)
    if receipt is None or asked is None or receipt.case_id is None:
        return None
    clocks = clocks_elsewhere([receipt.case_id]).get(receipt.case_id, [])
    time, handed = time_to_bring(clocks, asked), supplement_for(receipt, asked.asking_id)
    return AskedHere(
        receipt=receipt,
        asking_id=asked.asking_id,
        lines=tuple(asked.lines),
        is_promised=asked.is_promised,
        until=time.due_on if time else None,
        is_until_assumed=bool(time and time.is_assumed),
        definition=_definition(asked.fields),
        handed_at=handed.created_at if handed else None,
    )


def can_bring(line: AssistanceLine) -> bool:
    """Whether what is asked for now can be uploaded here; otherwise all of it is brought on paper."""
    asked = line.asked
    return asked is not None and not line.is_brought and _definition(asked.fields) is not None


def read_rest(
    by: Actor, hall: Hall, assistance: Assistance, asked: AskedHere, posted: Mapping[str, object]
) -> tuple[FilledResult, FillingContext]:
    """What would be kept of it, and what is wrong. Of what the hall asks only."""
    definition = _of(asked)
    values = rest_values(hall, assistance, asked)
    uploads, office = whole_files(assistance), lambda: asked.receipt.hall
    context = context_of_values(
        hall, FormFiller(by), definition, posted=posted, values=values, uploads=uploads, office=office
    )
    return read_posted(definition, _rights(asked), posted, values, context), context


def rest_values(hall: Hall, assistance: Assistance, asked: AskedHere) -> dict[str, Any]:
    """Name of a field → what was filled in for this asking, or handed over before."""
    kept: dict[str, Any] = assistance.values.opened(hall.pk).get("rest", {})
    begun = kept.get("values", {}) if kept.get("asking") == str(asked.asking_id) else None
    values = kept_values(hall, assistance) if begun is None else begun
    return {name: values[name] for name in _of(asked).named_fields if name in values}


def show_rest(
    by: Actor,
    hall: Hall,
    asked: AskedHere,
    typed: tuple[FilledResult, FillingContext],
    *,
    faults: Iterable[Fault] = (),
    more: Mapping[str, int] | None = None,
) -> ShownForm:
    """The fields that are asked for, as the clerk sees them. ``more``: how many blank lines, by the group's name."""
    shower = shower_for(
        hall,
        FormFiller(by),
        definition=_of(asked),
        rights=_rights(asked),
        context=typed[1],
        more_lines=more or {},
    )
    return shower.show(typed[0].values, faults)


def seen_rest(
    by: Actor, hall: Hall, assistance: Assistance, asked: AskedHere
) -> tuple[dict[str, Any], tuple[Fault, ...]]:
    """What is filled in and what is still wrong, for programs; nothing of what was handed over."""
    if asked.definition is None or asked.handed_at:
        return {}, ()
    result, context = read_rest(by, hall, assistance, asked, {})
    return seen_values(asked.definition, result.values, _rights(asked), context), result.faults


def _of(asked: AskedHere) -> FormDefinition:
    assert asked.definition  # noqa: S101 - the callers have looked
    return asked.definition


def _definition(fields: Iterable[Mapping[str, Any]]) -> FormDefinition | None:
    # who it is for was settled first: the person agreed to that
    asked = [one for one in fields if one.get("name") not in SETTLED]
    try:
        return form_of_excerpts("要补的内容", asked) if asked else None
    except Invalid:
        # a kind of field that this version does not know yet
        return None


def _rights(asked: AskedHere) -> dict[str, FieldRight]:
    # what was promised is there as a whole, or not yet
    right = FieldRight.REQUIRED if asked.is_promised else FieldRight.WRITE
    return dict.fromkeys(_of(asked).named_fields, right)
