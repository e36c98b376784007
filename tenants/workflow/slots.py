"""What apps that stand on forms and flows contribute. All functions are called inside the hall's schema."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from django.utils.safestring import SafeString

from foundation.contributions import Slot
from province.halls.models import Hall
from tenants.workflow.models import FilledForm, Run


@dataclass(frozen=True, slots=True, kw_only=True)
class FormTaker:
    """What becomes of forms of some kind once they are sent. ``takes``: whether forms of this id are such; they are
    begun from their own place, and not listed among the others. ``take``: called in the transaction in which the form
    is sent, with its row and who sent it (``FormFiller``); may refuse. ``page``: the path of what was made of it, for
    who filled it in."""

    name: str
    takes: Callable[[UUID], bool]
    take: Callable[..., None]
    page: Callable[[FilledForm], str]


FORM_TAKERS = Slot[FormTaker]("workflow.form_takers", keys=lambda one: [one.name])


@dataclass(frozen=True, slots=True, kw_only=True)
class RunSubject:
    """What a run is about, where an app has started it: ``head`` stands over the run's page and what is to be done
    there, None for a run that is about nothing of this app's."""

    name: str
    head: Callable[[Hall, Run], SafeString | None]


RUN_SUBJECTS = Slot[RunSubject]("workflow.run_subjects", keys=lambda one: [one.name])
