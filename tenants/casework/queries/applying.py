"""What somebody should know before they apply for an item on the hall's site."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Final
from uuid import UUID

from django.db.models import QuerySet

from foundation.errors import DomainError
from foundation.written import rows_once
from province.cases.states import CaseChannel
from province.citizens.models import Citizen, Company
from standards.items import BY_NAME
from standards.items.handling import rows_of
from standards.items.words import as_spoken
from tenants.casework.models import CaseSetup
from tenants.casework.queries.bodies import CODE_FIELD, bodies_to_apply_for
from tenants.casework.queries.guides import CaseGuide, GuideMaterial, guide_to_apply_by
from tenants.casework.states import SetupState
from tenants.services.queries.shown import shown_item
from tenants.workflow.models import FilledForm
from tenants.workflow.queries.filled import FormFiller, own_drafts
from tenants.workflow.queries.forms import definition_of, newest_version

_LONGEST_CONDITION: Final = 400


@dataclass(frozen=True, slots=True)
class Window:
    """Where people go instead."""

    name: str
    address: str
    hours: str


@dataclass(frozen=True, slots=True)
class ApplyChoice:
    """One thing that can be applied for: the item, or one of its handling items (业务办理项). ``promised``: how long it
    takes, in words; ``draft``: what the citizen has begun and not handed in; ``bodies``: in whose name besides their
    own they may apply, where the form ``takes_bodies``."""

    setup: CaseSetup
    name: str
    guide: CaseGuide
    conditions: tuple[str, ...]
    materials: tuple[GuideMaterial, ...]
    promised: str
    draft: FilledForm | None = None
    bodies: tuple[Company, ...] = ()
    takes_bodies: bool = False


@dataclass(frozen=True, slots=True)
class Applying:
    """The page of applying for an item. ``choices``: what is open online now; where none is, ``windows`` say where to
    go."""

    item_id: UUID
    name: str
    choices: tuple[ApplyChoice, ...]
    windows: tuple[Window, ...]
    phone: str


def own_channel(said: str) -> CaseChannel:
    """By which way a citizen applies: as an app where their page says so."""
    return CaseChannel.APP if said == CaseChannel.APP else CaseChannel.SITE


def applying_for(item_id: UUID, who: FormFiller | None) -> Applying:
    """``who``: the citizen who is signed in. Raises NotFound for an item that citizens do not find here."""
    shown = shown_item(item_id)
    choices = tuple(_choices(item_id)) if shown.is_guide else ()
    if who and choices:
        drafts: dict[UUID, FilledForm] = {}
        for one in own_drafts(who).filter(form_id__in=[choice.setup.form_id for choice in choices]):
            drafts.setdefault(one.form_id, one)
        choices = tuple(replace(one, draft=drafts.get(one.setup.form_id)) for one in choices)
    if who and who.citizen:
        choices = tuple(_with_bodies(one, who.citizen) for one in choices)
    values = shown.values
    return Applying(
        item_id=item_id,
        name=shown.version.name,
        choices=choices,
        windows=tuple(_windows(values)),
        phone=str(values.get("consult") or ""),
    )


def is_open_online(item_id: UUID) -> bool | None:
    """Whether citizens may apply for an item, or some of its handling items, on the site; None where the hall takes no
    applications for it. One query."""
    found = [is_online for (is_online,) in rows_once(_open_setups, item_id)]
    return any(found) if found else None


def _open_setups(item_id: UUID) -> QuerySet[CaseSetup, tuple[bool]]:
    return CaseSetup.objects.filter(item_id=item_id, state=SetupState.OPEN).values_list("is_online")


def _choices(item_id: UUID) -> Iterator[ApplyChoice]:
    open_online = CaseSetup.objects.filter(item_id=item_id, state=SetupState.OPEN, is_online=True)
    for setup in open_online.order_by("handling_code"):
        try:
            guide = guide_to_apply_by(setup.item_id, setup.handling_code)
        except DomainError:
            # the hall does not handle this one any more
            continue
        if not guide.lacks:
            brought = tuple(one for one in guide.materials if not one.is_exempt)
            yield ApplyChoice(setup, guide.name, guide, _conditions(guide), brought, _promised(guide))


def _with_bodies(choice: ApplyChoice, citizen: Citizen) -> ApplyChoice:
    takes_bodies = CODE_FIELD in definition_of(newest_version(choice.setup.form_id)).named_fields
    bodies = tuple(bodies_to_apply_for(citizen, choice.guide)) if takes_bodies else ()
    return replace(choice, bodies=bodies, takes_bodies=takes_bodies)


def _conditions(guide: CaseGuide) -> tuple[str, ...]:
    text = as_spoken(BY_NAME["conditions"], guide.values.get("conditions"), guide.values)
    return tuple(line.strip()[:_LONGEST_CONDITION] for line in text.split("\n") if line.strip())


def _promised(guide: CaseGuide) -> str:
    return as_spoken(BY_NAME["promised_days"], guide.values.get("promised_days"), guide.values)


def _windows(values: dict[str, Any]) -> Iterator[Window]:
    for row in rows_of(values, "windows"):
        yield Window(*(str(row.get(name) or "") for name in ("window", "address", "hours")))
