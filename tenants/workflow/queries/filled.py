"""Filled forms of the hall that is entered: whose they are, and what they say."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from foundation.errors import NotFound
from foundation.masking import masked
from province.citizens.models import Citizen
from province.citizens.queries.citizens import actor_of_citizen
from province.halls.models import Hall
from province.people.models import Position
from province.rights.actors import Actor
from standards.forms.definition import FormDefinition
from standards.forms.fields.base import Value
from standards.forms.rights import CITIZEN_ROLE, FIRST_STEP, FieldRight
from tenants.workflow.models import FilledForm, FilledMoment, FlowVersion, FormUpload
from tenants.workflow.queries.forms import definition_of
from tenants.workflow.queries.taken import reopened_fields
from tenants.workflow.states import FilledState

NO_FILLED = "没有这份表单，可能已经删除，或者属于其他人。"
# as whom rules of a form's rights name those who are served


@dataclass(frozen=True, slots=True)
class FormFiller:
    """Who fills in: somebody of the hall's staff, or a citizen (``by`` is then that citizen as the audit sees them)."""

    by: Actor
    citizen: Citizen | None = None

    @property
    def name(self) -> str:
        """As it is written where a form asks who signed."""
        return self.citizen.name.plain if self.citizen else self.by.name

    @property
    def owner(self) -> dict[str, UUID | None]:
        """The columns of who owns what they fill in."""
        return {"citizen_id": self.citizen.pk} if self.citizen else {"account_id": self.by.id}


@dataclass(frozen=True, slots=True)
class SaidMoment:
    """A moment, and all that the form said then, unmasked."""

    moment: FilledMoment
    values: Mapping[str, Value]


def filler_of(citizen: Citizen) -> FormFiller:
    """The citizen as who fills in and hands in."""
    return FormFiller(actor_of_citizen(citizen), citizen)


def filled_form(hall: Hall, filled_id: UUID) -> FilledForm:  # noqa: ARG001 - says in whose schema it is asked
    """Raises NotFound, also for another hall's. Whether somebody may see it, the caller has looked at."""
    found = FilledForm.objects.select_related("version", "form").filter(pk=filled_id).first()
    if found is None:
        raise NotFound(NO_FILLED)
    return found


def own_filled(who: FormFiller, filled_id: UUID) -> FilledForm:
    """The person's own. Raises NotFound, also for another person's and another hall's."""
    found = own_filled_forms(who).filter(pk=filled_id).first()
    if found is None:
        raise NotFound(NO_FILLED)
    return found


def own_filled_forms(who: FormFiller) -> QuerySet[FilledForm]:
    """What the person has begun or sent, the latest first. A program that acts with a token of theirs is no other."""
    return FilledForm.objects.select_related("version", "form").filter(**who.owner).order_by("-saved_at")


def own_sent(who: FormFiller) -> QuerySet[FilledForm]:
    """What the person has sent, the latest first."""
    return own_filled_forms(who).exclude(state=FilledState.DRAFT)


def own_in_state(who: FormFiller, state: str) -> QuerySet[FilledForm]:
    """The person's own in this state, "" for all of them."""
    return own_filled_forms(who).filter(state=state) if state else own_filled_forms(who)


def own_draft_of(who: FormFiller, form_id: UUID) -> FilledForm | None:
    """The person's latest draft of a form."""
    return own_drafts(who).filter(form_id=form_id).first()


def own_drafts(who: FormFiller) -> QuerySet[FilledForm]:
    """What the person has begun and not sent, the latest first."""
    return own_filled_forms(who).filter(state=FilledState.DRAFT)


def begun_run_form(who: FormFiller, version: FlowVersion) -> FilledForm | None:
    """The draft with which the person would start this flow, if they have begun one."""
    return own_drafts(who).filter(version=version.form_version_id).first() if version.form_version_id else None


def values_of(hall: Hall, filled: FilledForm) -> dict[str, Value]:
    """All that it says, unmasked, by the names of its fields. Raises Damaged."""
    values: dict[str, Value] = filled.values.opened(hall.pk)
    return values


def rights_of(who: FormFiller, filled: FilledForm) -> dict[str, FieldRight]:
    """What the person may do with each field where they begin; of a form that was sent and is opened again, they write
    the open fields alone."""
    rights = rights_at_beginning(who, definition_of(filled.version))
    open_again = reopened_fields(filled) if filled.state == FilledState.SENT else frozenset()
    if not open_again:
        return rights
    closed = {name for name, right in rights.items() if right.is_writable and name not in open_again}
    return rights | dict.fromkeys(closed, FieldRight.READ)


def rights_at_beginning(who: FormFiller, definition: FormDefinition) -> dict[str, FieldRight]:
    """What the person may do with each field of a form that is begun. One query where roles differ in it."""
    differs = any(rule.role for rule in definition.rights)
    return definition.rights_at(step=FIRST_STEP, roles=_roles_of(who) if differs else ())


def _roles_of(who: FormFiller) -> Collection[str]:
    """As rules of a form's rights name them: the code of a ready-made role, the id of a hall's own, in hexadecimal."""
    if who.citizen:
        return (CITIZEN_ROLE,)
    positions = Position.objects.filter(pk__in=[one.position_id for one in who.by.grants if one.position_id])
    return {role or (own.hex if own else "") for role, own in positions.values_list("role", "own_role_id")}


def uploads_folder(hall: Hall) -> str:
    """The folder of the store in which files of forms lie, and nothing else: what no form has any more may go."""
    return f"{hall.folder}/forms"


def moments_of(hall: Hall, filled: FilledForm) -> list[SaidMoment]:
    """What it said when something was done with it, the first first."""
    found: list[SaidMoment] = []
    # with the form in one statement: what is written to a moment meanwhile is no more the form's
    for one in filled.moments.select_related("filled").order_by("-number"):
        kept = one.values or (None if found else one.filled.values)
        found.append(SaidMoment(one, kept.opened(hall.pk) if kept else found[-1].values))
    return found[::-1]


def sent_forms(form_id: UUID) -> QuerySet[FilledForm]:
    """What was sent of a form, the latest first."""
    found = FilledForm.objects.select_related("version").filter(form_id=form_id)
    return found.exclude(state=FilledState.DRAFT).order_by("-sent_at", "-pk")


def upload_of(filled: FilledForm, upload_id: UUID) -> FormUpload:
    """A file of this form. Raises NotFound."""
    found = filled.uploads.filter(pk=upload_id).first()
    if found is None:
        raise NotFound("没有这个文件，可能已经删除。")
    return found


def number_of(filled: FilledForm) -> str:
    """As people name it: the day on which it was sent, and the end of its id."""
    when = filled.sent_at or filled.saved_at
    return f"{when:%Y%m%d}-{filled.pk.hex[-6:].upper()}"


def masked_owner(filled: FilledForm) -> str:
    """Who filled it in, as those read it who need not know them; who a citizen is, the province's own rows say."""
    return "群众" if filled.citizen_id else masked(filled.owner_name)
