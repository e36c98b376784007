"""What the hall's desk shows of its items."""

from collections.abc import Collection
from typing import Final
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery

from foundation.errors import NotFound
from foundation.texts import visible
from province.audit.models import AuditEntry
from province.audit.queries import entries_about
from province.catalogue.models import Department, Item, ItemVersion
from province.catalogue.queries.items import MOST_WORDS, is_called
from province.catalogue.queries.validity import published_versions
from province.catalogue.states import AdoptionState, HallGuideState
from province.halls.models import Hall
from tenants.services.models import Adoption, HallGuideVersion

# citizens find no more than its name: the province's part of the accepted version is not complete
_IS_LISTED: Final = Q(is_listed=True)
_HAS_NEWER: Final = Q(newest_number__gt=F("version_number"))
# what each row is told of the version that the hall has accepted, and of the newest published one: name → field
_OF_VERSION: Final = {
    "name": "name",
    "basic_code": "item__basic_code",
    "family": "item__family",
    "item_type": "item__item_type",
    "item_state": "item__state",
    "department_id": "department_id",
    "department_name": "department__name",
    "version_public": "public_number",
}
_OF_NEWEST: Final = {
    "newest_number": "number",
    "newest_public": "public_number",
    "ends_on": "ends_on",
    "newest_from": "valid_from",
    "required_from": "required_from",
}
# how the table is filtered; an item may be in several of them (published, and being changed)
ADOPTION_FILTERS: Final[dict[str, tuple[str, Q]]] = {
    "filling": ("待完善", Q(guide_state=HallGuideState.FILLING)),
    "review": ("待审核", Q(guide_state=HallGuideState.SUBMITTED)),
    "returned": ("已退回", Q(guide_state=HallGuideState.RETURNED)),
    "shown": ("已公布", Q(state=AdoptionState.PUBLISHED)),
    "listed": ("只列名录", Q(state=AdoptionState.PUBLISHED) & _IS_LISTED),
    "contradictory": ("自相矛盾", Q(state=AdoptionState.PUBLISHED) & ~Q(contradictions=[])),
    "newer": ("有新版", _HAS_NEWER & ~Q(state=AdoptionState.STOPPED)),
    "stopped": ("已停办", Q(state=AdoptionState.STOPPED)),
    # the province has planned that nobody handles it any more: halls are told before
    "ending": ("将取消", Q(ends_on__isnull=False, item_state="active") & ~Q(state=AdoptionState.STOPPED)),
}


def adoptions_at_desk(
    *, words: str = "", state: str = "", family: str = "", department: str = "", among: Q | None = None
) -> QuerySet[Adoption]:
    """The hall's items by department and code: one query, whatever their number.

    ``words``: of the name (also without Chinese letters), or the beginning of the code; ``state``: a key of
    ADOPTION_FILTERS; ``department``: its name; ``among``: a filter by which the list is narrowed before.

    Annotated: ``name``, ``basic_code``, ``family``, ``item_type``, ``department_id`` and ``department_name`` of the
    version that the hall has accepted; ``item_state``; ``is_listed`` where the province's part of
    that version is not complete; ``version_public`` and ``newest_public``, as citizens count the accepted version and
    the newest published one; ``newest_number``, ``newest_from``, ``required_from`` and ``ends_on`` (from then on nobody
    handles it) of the newest published one; ``guide_number`` of the hall guide that was submitted last.
    """
    rows = _with_facts(Adoption.objects.filter(among or Q()).defer("values"))
    if state in ADOPTION_FILTERS:
        rows = rows.filter(ADOPTION_FILTERS[state][1])
    wanted = {"family": family, "department_name": department}
    rows = rows.filter(**{name: visible(value) for name, value in wanted.items() if value})
    for word in visible(words).split()[:MOST_WORDS]:
        rows = rows.filter(is_called(word))
    return rows.order_by(F("department_name"), F("basic_code"))


def adoptions_in(state: str, *facts: str) -> QuerySet[Adoption]:
    """Those of one of ADOPTION_FILTERS, annotated with these facts alone, of ``adoptions_at_desk``'s: among them those
    that the filter asks for. What every page of the desk counts is asked like this."""
    return _with_facts(Adoption.objects.defer("values"), facts).filter(ADOPTION_FILTERS[state][1])


def adoptions_by_filter(among: Q) -> dict[str, int]:
    """How many of these items each of ADOPTION_FILTERS has, and under "" all of them: two queries."""
    counts = {key: Count("id", filter=condition) for key, (_, condition) in ADOPTION_FILTERS.items()}
    rows = Adoption.objects.filter(among).annotate(
        newest_number=Subquery(_newest().values("number")[:1]),
        ends_on=Subquery(_newest().values("ends_on")[:1]),
        item_state=Subquery(Item.objects.filter(pk=OuterRef("item_id")).values("state")[:1]),
        is_listed=_listed(),
    )
    return rows.aggregate(**counts) | {"": Adoption.objects.filter(among).count()}


def items_of_adoptions(adoption_ids: Collection[UUID]) -> dict[UUID, UUID]:
    """adoption's id -> its item's, of those that this hall has."""
    return dict(Adoption.objects.filter(pk__in=adoption_ids).values_list("pk", "item_id"))


def adoption_at_desk(adoption_id: UUID) -> Adoption:
    """One adoption with its draft, annotated as in ``adoptions_at_desk``. Raises NotFound, also for another hall's."""
    found = _with_facts(Adoption.objects.select_related("published")).filter(pk=adoption_id).first()
    if found is None:
        raise NotFound("没有这个事项，可能属于其他服务厅。")
    return found


def departments_at_desk() -> QuerySet[Department]:
    """The departments that answer for the hall's items."""
    answering = _with_facts(Adoption.objects.all()).values(department=F("department_id"))
    return Department.objects.filter(pk__in=answering).order_by("name")


def hall_guides_of(adoption: Adoption) -> QuerySet[HallGuideVersion]:
    """The guides that were submitted for it, the latest first."""
    return adoption.hall_guides.order_by("-number")


def history_of(hall: Hall, adoption: Adoption) -> QuerySet[AuditEntry]:
    """What was done to it at this hall, the latest first."""
    entries = entries_about(adoption.item_id).filter(hall_id=hall.pk, object_type="adoption")
    return entries.order_by("-id")


def accepted_version(adoption: Adoption) -> ItemVersion:
    """The newest version that the hall has accepted, even if its publication was withdrawn since."""
    versions = ItemVersion.objects.select_related("item", "department")
    return versions.get(item=adoption.item_id, number=adoption.version_number)


def newer_version(adoption: Adoption) -> ItemVersion | None:
    """The newest published version, where the hall has not accepted it yet."""
    newer = published_versions(adoption.item_id).filter(number__gt=adoption.version_number)
    return newer.order_by("-number").first()


def _newest() -> QuerySet[ItemVersion]:
    return published_versions(OuterRef("item_id")).order_by("-number")


def _listed() -> Exists:
    accepted = ItemVersion.objects.filter(item=OuterRef("item_id"), number=OuterRef("version_number"))
    return Exists(accepted.filter(is_complete=False))


def _with_facts(rows: QuerySet[Adoption], only: Collection[str] = ()) -> QuerySet[Adoption]:
    """``only``: these facts; each is a query of its own inside, and takes as long to write as to answer."""
    accepted = ItemVersion.objects.filter(item=OuterRef("item_id"), number=OuterRef("version_number"))
    latest_guide = HallGuideVersion.objects.filter(adoption=OuterRef("pk")).order_by("-number")
    facts = {
        **{name: (accepted, field) for name, field in _OF_VERSION.items()},
        **{name: (_newest(), field) for name, field in _OF_NEWEST.items()},
        "sounds": (Item.objects.filter(pk=OuterRef("item_id")), "sounds"),
        "guide_number": (latest_guide, "number"),
    }
    wanted = {name: Subquery(of.values(field)[:1]) for name, (of, field) in facts.items() if not only or name in only}
    return rows.annotate(**wanted) if only else rows.annotate(**wanted, is_listed=_listed())
