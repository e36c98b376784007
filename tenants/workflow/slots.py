"""What apps that stand on forms and flows contribute: what becomes of forms, what runs are about, who is on duty, and
actions outside (外部动作), each stated once with what it takes and gives. All functions are called inside the hall's
schema."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from types import NoneType, UnionType
from typing import Any, Final, Literal, Union, get_args, get_origin
from uuid import UUID

from django.core.exceptions import ImproperlyConfigured
from django.db.models import QuerySet
from django.utils.safestring import SafeString
from pydantic import BaseModel, Field, TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from foundation.contributions import Slot
from province.citizens.models import Citizen
from province.halls.models import Hall
from province.rights.actors import Actor
from standards.flows.conditions import OUTCOME
from standards.flows.people import OnDuty
from standards.flows.plugins import MOST_ATTEMPTS, ContentRight, PluginPort, PluginPorts
from standards.forms.expressions.kinds import ValueKind
from tenants.workflow.models import FilledForm, Flow, Run

_KINDS: Final[Mapping[Any, ValueKind]] = {
    str: ValueKind.TEXT,
    Decimal: ValueKind.NUMBER,
    int: ValueKind.NUMBER,
    bool: ValueKind.YES_NO,
    date: ValueKind.DATE,
}
_EMPTY: Final = object()


class EffectPer(StrEnum):
    """How long an idempotency key lasts."""

    VISIT = "visit"  # each time that the run comes to the step is a new effect
    RUN = "run"  # one effect a run: where it comes there again, it takes what was answered


@dataclass(frozen=True, slots=True)
class OutsideStep:
    """For what something outside is called. ``key``: the other side's idempotency key, the same at every attempt;
    ``attempt`` counts from 1; ``item_id``: of the visit that waits for it."""

    key: UUID
    item_id: UUID
    attempt: int
    hall: Hall
    run_id: UUID
    run_number: int
    flow_title: str
    initiator_id: UUID


def plugin_port(
    title: str,
    *,
    default: Any = _EMPTY,
    right: ContentRight = ContentRight.PLAIN,
    words: Mapping[str, str] | None = None,
    as_read: bool = False,
    has_lines: bool = False,
    **limits: Any,
) -> Any:
    """State a field of an input or output. ``right``: what of a form it may be handed; ``words``: label by code of a
    ``Literal``; ``as_read``: of a text, that it is handed what people read in a field of the form; ``has_lines``: also
    in one of several lines; ``limits``: as ``pydantic.Field`` takes them."""
    extra: dict[str, Any] = {
        "right": right.value,
        "words": dict(words or {}),
        "as_read": as_read,
        "has_lines": has_lines,
    }
    given = {} if default is _EMPTY else {"default": default}
    return Field(title=title, json_schema_extra=extra, **given, **limits)


type Judging = Callable[[Mapping[str, str]], Iterable[str]]


@dataclass(frozen=True, eq=False)
class FlowPlugin[Given: BaseModel, Answered: BaseModel]:
    """An action outside.

    ``given`` and ``answered``: pydantic models whose fields are stated by ``plugin_port`` and are str, int, Decimal,
    bool, date or a Literal of codes, each perhaps None. ``call`` runs in the hall's schema and in no transaction: it
    may be called again with the same key, also after it has done its work, and then has to give the same answer. It
    raises ``Failed`` where another attempt may help, ``Refused`` where none will, ``Deferred`` where it is only too
    early (foundation.events.outgoing), each in Chinese and without a word of the form: it is kept in the
    clear. ``attempts``: after so many a person takes over. ``within``: the first digits of the divisions whose halls
    may use it, all where there are none. ``why_not``: asked once for a flow before publication, what says in Chinese
    what stands against using it there with a node's constants. ``waits``: it waits for people, and says itself how that
    stands. ``tells_end``: ``CALL_LEFT`` is emitted where a call of it ends without its own answer.
    """

    code: str
    label: str
    given: type[Given]
    answered: type[Answered]
    call: Callable[[OutsideStep, Given], Answered]
    attempts: int = 8
    one_effect: EffectPer = EffectPer.VISIT
    within: tuple[str, ...] = ()
    why_not: Callable[[Flow], Judging] | None = None
    waits: bool = False
    tells_end: bool = False

    def __post_init__(self) -> None:
        """What is stated wrongly stops the program at its start."""
        if not 1 <= self.attempts <= MOST_ATTEMPTS:
            message = f"外部动作“{self.code}”的尝试次数要在 1 到 {MOST_ATTEMPTS} 之间。"
            raise ImproperlyConfigured(message)
        if OUTCOME in self.ports.outputs:
            message = f"外部动作“{self.code}”的结果不能叫 {OUTCOME}。"
            raise ImproperlyConfigured(message)

    def serves(self, hall: Hall) -> bool:
        return not self.within or hall.division.code.startswith(self.within)

    @cached_property
    def ports(self) -> PluginPorts:
        return PluginPorts(self.label, _ports(self.code, self.given), _ports(self.code, self.answered))


FLOW_PLUGINS: Final[Slot[FlowPlugin[Any, Any]]] = Slot("workflow.plugins", keys=lambda one: [one.code])


def _ports(code: str, model: type[BaseModel]) -> dict[str, PluginPort]:
    return {name: _port(code, name, field) for name, field in model.model_fields.items()}


def _port(code: str, name: str, field: FieldInfo) -> PluginPort:
    kind = _kind_of(field.annotation)
    extra = field.json_schema_extra
    if kind is None or not field.title or not isinstance(extra, dict):
        message = f"外部动作“{code}”的“{name}”没有用 plugin_port 说明，或者是不支持的类型。"
        raise ImproperlyConfigured(message)
    words: Any = extra["words"]
    return PluginPort(
        label=field.title,
        kind=kind,
        required=field.is_required(),
        words=words,
        right=ContentRight(str(extra["right"])),
        refusal=_judge(field),
        as_read=bool(extra["as_read"]),
        has_lines=bool(extra["has_lines"]),
    )


def _kind_of(annotation: Any) -> ValueKind | None:
    if get_origin(annotation) in {Union, UnionType}:
        found = [one for one in get_args(annotation) if one is not NoneType]
        return _kind_of(found[0]) if len(found) == 1 else None
    if get_origin(annotation) is Literal:
        return ValueKind.TEXT if all(isinstance(one, str) for one in get_args(annotation)) else None
    return _KINDS.get(annotation)


def _judge(field: FieldInfo) -> Callable[[str], str]:
    adapter: TypeAdapter[Any] = TypeAdapter(_annotated(field))

    def refusal(text: str) -> str:
        try:
            adapter.validate_python(text)
        except ValidationError:
            return f"不能写“{text[:40]}”：请按要求填写。"
        return ""

    return refusal


def _annotated(field: FieldInfo) -> Any:
    from typing import Annotated  # noqa: PLC0415 - subscripted at run time alone

    return Annotated[(field.annotation, *field.metadata)] if field.metadata else field.annotation


@dataclass(frozen=True, slots=True)
class DutyRoster:
    """Who is on duty (值班). ``on_duty`` is called with the moment and the rule of the step, and gives the ids of
    accounts."""

    on_duty: Callable[[datetime, OnDuty], Collection[UUID]]


DUTY_ROSTER = Slot[DutyRoster]("workflow.duty_roster", keys=lambda _: ["one"])


@dataclass(frozen=True, slots=True, kw_only=True)
class FormTaker:
    """What becomes of forms of some kind once they are sent. ``forms``: the ids of these forms, not asked for yet; they
    are begun from their own place, and not listed among the others. ``take``: called in the transaction in which the
    form is sent, with its row and who sent it (``FormFiller``); may refuse. ``page``: the path of what was made of it,
    for who filled it in.

    ``noun``: what citizens call such a form (申请); ``kept_at``: the path and the name of the page that lists a
    citizen's drafts of them. ``reopened``: names of the fields that who filled one in may change although it was sent,
    none as a rule; where ``is_held``, that holds until the transaction ends. ``published``: called where a version of
    such a form is published, with the hall and the form's id."""

    name: str
    forms: Callable[[], QuerySet[Any, UUID]]
    take: Callable[..., object]
    page: Callable[[FilledForm], str]
    noun: str
    kept_at: Callable[[], tuple[str, str]]
    reopened: Callable[[FilledForm, bool], frozenset[str]]
    published: Callable[[Hall, UUID], None]


FORM_TAKERS = Slot[FormTaker]("workflow.form_takers", keys=lambda one: [one.name])


@dataclass(frozen=True, slots=True, kw_only=True)
class FormAside:
    """What an app offers to who fills in a form: ``beside`` is called with the hall, who fills it in, its row, the
    names of the fields on the page and the request; None where nothing is offered there."""

    name: str
    beside: Callable[..., SafeString | None]


FORM_ASIDES = Slot[FormAside]("workflow.form_asides", keys=lambda one: [one.name])


@dataclass(frozen=True, slots=True)
class LastDay:
    """The last day of something, and whether it lies behind a year without a notice of its holidays."""

    day: date
    is_assumed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RunSubject:
    """What a run is about, where an app has started it: ``head`` stands over the run's page and what is to be done
    there, None for a run that is about nothing of this app's. ``moved``: called in the transaction of each act on any
    run, whose row is held. ``stands``: whether the time of what it is about stands now, and so that of its steps; False
    for a run that is about nothing of this app's. ``last_day``: on which what it is about is in time, so that no step
    is due after it; None where that has no end now."""

    name: str
    head: Callable[[Hall, Run], SafeString | None]
    moved: Callable[[Run], None]
    stands: Callable[[Hall, Run], bool]
    last_day: Callable[[UUID], LastDay | None]


RUN_SUBJECTS = Slot[RunSubject]("workflow.run_subjects", keys=lambda one: [one.name])


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierCases:
    """Cases to which a form may be related (关联的办件). ``names``: of the numbers that were typed, those of cases that
    who fills in may see (a citizen where there is one, else the actor), each with what the case is called."""

    name: str
    names: Callable[[Hall, Actor, Citizen | None, Collection[str]], Mapping[str, str]]


EARLIER_CASES = Slot[EarlierCases]("workflow.earlier_cases", keys=lambda one: [one.name])
