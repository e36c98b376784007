"""Who is meant: scopes of a push, the halls they reach, and what an operator is told before it goes.

A hall is meant when one of its prefixes (of its present code or of a former one) is a scope's prefix, of a kind that
the scope allows, and no exclusion says otherwise. An exclusion wins over everything.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Case, CharField, Count, Exists, F, OuterRef, Q, QuerySet, Value, When, Window
from django.db.models.functions import RowNumber

from foundation.errors import Fault, Invalid
from province.content.models import HallPushDecision, Push
from province.content.queries.columns import PUSH_COLUMNS
from province.content.states import PushMode
from province.halls.models import DivisionCode, Hall, HallFigures, HallKind
from province.halls.states import HallState
from standards.numbers.divisions import CODE_LENGTH, PREFIX_LENGTH

MOST_SCOPES = 200
LISTED_HALLS = 200
_LENGTHS = frozenset(PREFIX_LENGTH.values())


@dataclass(frozen=True, slots=True, order=True)
class Scope:
    """Every hall below a division prefix (2, 4, 6, 9 or 12 digits), or only those of some kinds.

    A county's own hall without what lies below it is ``Scope("420582", ("county",))``.
    """

    prefix: str
    kinds: tuple[str, ...] = ()

    @property
    def keys(self) -> list[str]:
        """As ``hall_keys`` spells them: the prefix, or one ``prefix/kind`` for each kind."""
        return [f"{self.prefix}/{kind}" for kind in self.kinds] or [self.prefix]

    def covers(self, other: "Scope") -> bool:
        """Whether every hall of the other is one of this scope's, as far as the codes tell."""
        is_above = other.prefix.startswith(self.prefix)
        return is_above and (not self.kinds or (bool(other.kinds) and set(other.kinds) <= set(self.kinds)))


@dataclass(frozen=True, slots=True)
class Audience:
    """Scopes, less exclusions; as few of each as say the same, in order."""

    scopes: tuple[Scope, ...]
    exclusions: tuple[Scope, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "scopes", _fewest(self.scopes))
        object.__setattr__(self, "exclusions", _fewest(self.exclusions))

    @property
    def excluded_keys(self) -> list[str]:
        return [key for scope in self.exclusions for key in scope.keys]


def _fewest(scopes: Iterable[Scope]) -> tuple[Scope, ...]:
    """One scope a prefix, and none that another covers."""
    kinds_of: dict[str, set[str] | None] = {}
    for scope in scopes:
        known = kinds_of.setdefault(scope.prefix, set())
        # None: some scope of this prefix takes every kind
        kinds_of[scope.prefix] = known | set(scope.kinds) if known is not None and scope.kinds else None
    merged = [Scope(prefix, tuple(sorted(kinds or ()))) for prefix, kinds in sorted(kinds_of.items())]
    return tuple(one for one in merged if not any(other.covers(one) for other in merged if other != one))


def hall_keys(hall: Hall) -> list[str]:
    """Every key by which an exclusion may name this hall."""
    return [*hall.prefixes, *(f"{prefix}/{hall.kind}" for prefix in hall.prefixes)]


def audience_of_codes(to: Sequence[str], excluded: Sequence[str] = (), kinds: Sequence[str] = ()) -> Audience:
    """The audience of 12-digit division codes, present or former; trailing zeros mean everything below.

    ``kinds`` narrows what is sent to, not what is left out. Raises Invalid with a fault for every code that is no
    division's and every kind that there is not, and where there is nobody to send to.
    """
    prefixes = {code: _prefix_of(code) for code in (*to, *excluded)}
    full_codes = [prefix.ljust(CODE_LENGTH, "0") for prefix in prefixes.values() if prefix]
    known = set(DivisionCode.objects.filter(code__in=full_codes).values_list("code", flat=True))
    faults = [
        Fault(code, "没有这个区划代码。" if prefix else "区划代码应为 12 位数字。")
        for code, prefix in prefixes.items()
        if prefix.ljust(CODE_LENGTH, "0") not in known
    ]
    faults += [Fault(kind, "没有这种服务厅类型。") for kind in kinds if kind not in HallKind.values]
    if faults:
        wrong = "、".join(fault.where for fault in faults[:20])
        message = f"推送范围有误：{wrong}。"
        raise Invalid(message, faults=faults)
    if not to:
        raise Invalid("没有指定推送范围，请至少选择一个区划。")
    return Audience(
        tuple(Scope(prefixes[code], tuple(kinds)) for code in to),
        tuple(Scope(prefixes[code]) for code in excluded),
    )


def _prefix_of(code: str) -> str:
    """A code without the zeros of the levels below its own; "" where it is no code."""
    if not (code.isascii() and code.isdigit() and (len(code) == CODE_LENGTH or len(code) in _LENGTHS)):
        return ""
    for length in sorted(_LENGTHS):
        if length >= len(code) or not code[length:].strip("0"):
            return code[:length]
    return code


def audience_of_push(push: Push) -> Audience:
    """The audience of the push, as it was pushed."""
    scopes: dict[bool, list[Scope]] = defaultdict(list)
    for row in push.scopes.all():
        scopes[row.is_excluded].append(Scope(row.prefix, tuple(row.kinds)))
    return Audience(tuple(scopes[False]), tuple(scopes[True]))


def halls_of(audience: Audience) -> QuerySet[Hall]:
    """Every hall that is meant, in whatever state it is."""
    return Hall.objects.filter(_any_of(audience.scopes)).exclude(_any_of(audience.exclusions))


def halls_showing(push: Push) -> QuerySet[Hall]:
    """The halls whose sites carry the push: those that a preview counts as showing, or, of what was offered, those of
    them that adopted it. Proofs, receipts and withdrawals count the same halls."""
    halls = halls_grouped(audience_of_push(push), placing=Placing.of(push)).filter(Q(group=_SHOWING))
    if push.mode == PushMode.OFFERED:
        adopted = HallPushDecision.objects.filter(
            hall_id=OuterRef("pk"), push_id=push.pk, decision=HallPushDecision.Decision.ADOPTED
        )
        halls = halls.filter(Exists(adopted))
    return halls


@dataclass(frozen=True, slots=True)
class Placing:
    """What decides, beside the audience, whether a hall shows a push. ``manuscript_id``: None before there is one."""

    manuscript_id: UUID | None = None
    mode: PushMode = PushMode.DIRECT
    column: str = ""

    @classmethod
    def of(cls, push: Push) -> "Placing":
        return cls(push.version.manuscript_id, PushMode(push.mode), push.column)


_SHOWING = "showing"


def halls_grouped(audience: Audience, *, placing: Placing) -> QuerySet[Hall]:
    """Every hall of the scopes but retired ones, with its ``group``: whether it shows a push placed so, or why not.

    Only what is offered can be declined: a hall that declined the manuscript, whose version this is, is not asked
    again. A direct push to a column that only some halls have made for themselves stands on the sites of those alone.
    """
    is_declined: Q | Exists = Q(pk__in=())
    if placing.manuscript_id is not None and placing.mode == PushMode.OFFERED:
        is_declined = Exists(
            HallPushDecision.objects.filter(
                manuscript_id=placing.manuscript_id,
                decision=HallPushDecision.Decision.DECLINED,
                hall_id=OuterRef("pk"),
            )
        )
    has_no_column = Q(pk__in=())
    if placing.column and placing.column not in PUSH_COLUMNS and placing.mode == PushMode.DIRECT:
        has_no_column = ~Q(Exists(HallFigures.objects.filter(hall_id=OuterRef("pk"), columns__has_key=placing.column)))
    group = Case(
        When(_any_of(audience.exclusions), then=Value("excluded")),
        When(state=HallState.SUSPENDED, then=Value("suspended")),
        When(state=HallState.PLANNED, then=Value("not_open")),
        When(is_declined, then=Value("declined")),
        When(has_no_column, then=Value("no_column")),
        default=Value(_SHOWING),
        output_field=CharField(),
    )
    return Hall.objects.filter(_any_of(audience.scopes)).exclude(state=HallState.RETIRED).annotate(group=group)


def _any_of(scopes: Iterable[Scope]) -> Q:
    by_kinds: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for scope in scopes:
        by_kinds[scope.kinds].append(scope.prefix)
    condition = Q(pk__in=())
    for kinds, prefixes in by_kinds.items():
        one = Q(prefixes__overlap=prefixes)
        condition |= one & Q(kind__in=kinds) if kinds else one
    return condition


GROUPS = {
    _SHOWING: "显示",
    "suspended": "已暂停",
    "declined": "不参与",
    "not_open": "尚未开通",
    "no_column": "没有这个栏目",
    "excluded": "被排除",
}


def audience_halls(audience: Audience, *, placing: Placing) -> QuerySet[Hall]:
    """Every hall of the preview, group by group and by code, with its ``group`` (of GROUPS); of whatever length."""
    order = Case(*(When(Q(group=name), then=Value(place)) for place, name in enumerate(GROUPS)), default=Value(9))
    halls = halls_grouped(audience, placing=placing).annotate(place=order).select_related("division")
    return halls.order_by("place", "division__code", "number")


@dataclass(frozen=True, slots=True)
class HallLine:
    """One hall, as lists name it."""

    id: UUID
    number: int
    name: str
    code: str
    kind: str
    state: str


@dataclass(slots=True)
class AudiencePreview:
    """What a push to this audience would reach. Counts are of all; each list has the first 200.

    ``total`` counts the halls that are meant, but for retired ones; ``excluded_count`` those that exclusions took out.
    """

    total: int = 0
    shown: int = 0
    suspended_count: int = 0
    declined_count: int = 0
    not_open_count: int = 0
    no_column_count: int = 0
    excluded_count: int = 0
    showing: list[HallLine] = field(default_factory=list)
    suspended: list[HallLine] = field(default_factory=list)
    declined: list[HallLine] = field(default_factory=list)
    not_open: list[HallLine] = field(default_factory=list)
    no_column: list[HallLine] = field(default_factory=list)
    excluded: list[HallLine] = field(default_factory=list)
    sentence: str = ""


def audience_preview(
    audience: Audience,
    *,
    push: Push | None = None,
    manuscript_id: UUID | None = None,
    mode: PushMode = PushMode.DIRECT,
    column: str = "",
) -> AudiencePreview:
    """Which halls would show it, and why others would not (``halls_grouped``): one query, however many halls there are.

    ``push`` stands for its own manuscript, mode and column.
    """
    placing = Placing(manuscript_id, mode, column) if push is None else Placing.of(push)
    rows = (
        halls_grouped(audience, placing=placing)
        .annotate(
            size=Window(Count("*"), partition_by=F("group")),
            place=Window(RowNumber(), partition_by=F("group"), order_by=F("number")),
        )
        .filter(place__lte=LISTED_HALLS)
        .order_by("place")
        .values_list("group", "size", "pk", "number", "name", "division__code", "kind", "state")
    )
    preview = AudiencePreview()
    for name, size, key, number, hall_name, code, kind, state in rows:
        getattr(preview, name).append(HallLine(key, number, hall_name, code, kind, state))
        setattr(preview, "shown" if name == _SHOWING else f"{name}_count", size)
    absent = (preview.suspended_count, preview.declined_count, preview.not_open_count, preview.no_column_count)
    preview.total = preview.shown + sum(absent)
    preview.sentence = _sentence(preview, placing.mode)
    return preview


def _sentence(preview: AudiencePreview, mode: PushMode) -> str:
    """将在 187 个服务厅显示(共 189 个:1 个已暂停,1 个不参与)"""
    if not preview.total:
        return "这个范围内没有服务厅。"
    verb = "推荐给 {} 个服务厅" if mode == PushMode.OFFERED else "在 {} 个服务厅显示"
    sentence = "将" + verb.format(f"{preview.shown:,}")
    reasons = (
        (preview.suspended_count, "已暂停"),
        (preview.declined_count, "不参与"),
        (preview.not_open_count, "尚未开通"),
        (preview.no_column_count, "没有这个栏目"),
    )
    absent = "，".join(f"{count:,} 个{reason}" for count, reason in reasons if count)
    if absent:
        sentence += f"（共 {preview.total:,} 个：{absent}）"
    if preview.excluded_count:
        sentence += f"，另有 {preview.excluded_count:,} 个被排除"
    return sentence
