from collections.abc import Collection, Iterator
from uuid import UUID

from django.db.models import BooleanField, CharField, ExpressionWrapper, F, Q, QuerySet
from django.db.models.expressions import RawSQL

from foundation.errors import NotFound
from province.halls.models import DivisionCode, Hall, HallDomain
from province.halls.queries.site_checks import halls_with_light, light_of_outer_hall
from province.halls.queries.sites import with_domain
from province.halls.states import HallState
from standards.numbers.divisions import prefix_of_code

# halls whose lights take about a quarter of a second to work out
_PIECE = 500


def hall_at_host(host: str) -> Hall | None:
    """The hall that answers at this host name, with its generation as it stood at the same moment."""
    domain = HallDomain.objects.select_related("tenant__division", "tenant__generation_row").filter(domain=host).first()
    return domain.tenant if domain else None


def hall_with_id(hall_id: UUID) -> Hall:
    """Raises NotFound."""
    hall = Hall.objects.select_related("division").filter(pk=hall_id).first()
    if hall is None:
        raise NotFound("没有这个服务厅。")
    return hall


def hall_with_code(code: str) -> Hall:
    """The hall of the division that bears the code, or bore it last; where that hall has retired, the one of the
    division that took it in. Raises NotFound."""
    borne = DivisionCode.objects.filter(code=code, division__hall__isnull=False)
    found = (
        borne.select_related("division__hall__division")
        .annotate(
            # false sorts first
            has_retired=ExpressionWrapper(Q(division__hall__state=HallState.RETIRED), BooleanField()),
            is_anothers=ExpressionWrapper(~Q(division__code=code), BooleanField()),
        )
        .order_by("has_retired", "is_anothers", F("valid_to").desc(nulls_first=True), "-division__valid_from", "pk")
        .first()
    )
    if found is None:
        message = f"区划 {code} 没有服务厅。"
        raise NotFound(message)
    return found.division.hall


def halls_table(
    *, search: str = "", kind: str = "", state: str = "", under: str = "", light: str = ""
) -> QuerySet[Hall]:
    """The province's table of halls in the order of their codes, each with ``division``, ``figures``, ``domain_name``
    (its primary host name, or None) and ``light`` (the worst of its site checks; None where its site is not open).

    ``search``: part of a name, or the beginning of a code; ``under``: a division code with all below it.
    """
    halls = Hall.objects.select_related("division", "figures")
    if search := search.strip():
        halls = halls.filter(
            Q(name__icontains=search) | Q(slug__startswith=search) | Q(division__code__startswith=search)
        )
    if kind:
        halls = halls.filter(kind=kind)
    if state:
        halls = halls.filter(state=state)
    if under:
        halls = halls.filter(prefixes__contains=[prefix_of_code(under)])
    if light:
        halls = halls.filter(pk__in=RawSQL(halls_with_light(), [light]))  # noqa: S611 - a constant
    worst = RawSQL(light_of_outer_hall(), [], output_field=CharField())  # noqa: S611 - a constant
    return with_domain(halls).annotate(light=worst).order_by("division__code", "number")


def hall_in_table(code: str) -> Hall:
    """The hall of ``hall_with_code`` with all that ``halls_table`` says of it. Raises NotFound."""
    return halls_table().get(pk=hall_with_code(code).pk)


def in_pieces(halls: QuerySet[Hall]) -> Iterator[Hall]:
    """Every row of ``halls_table``, asked for some at a time: no query is long, however many halls there are."""
    place = ("", 0)
    while piece := list(halls.filter(_after(*place))[:_PIECE]):
        yield from piece
        place = piece[-1].division.code, piece[-1].number


def _after(code: str, number: int) -> Q:
    return Q(division__code__gt=code) | Q(division__code=code, number__gt=number)


def domains_of(hall: Hall) -> QuerySet[HallDomain]:
    """The hall's host names, the primary one first."""
    return HallDomain.objects.filter(tenant=hall).order_by("-is_primary", "domain")


def is_halls_host(host: str) -> bool:
    """Whether a hall answers at this host name."""
    return HallDomain.objects.filter(domain=host).exists()


def prefix_of_hall(hall_id: UUID | None) -> str:
    """The prefix of the hall's division, "" for the province. Raises NotFound."""
    return hall_with_id(hall_id).division.prefix if hall_id else ""


def id_of_schema(schema_name: str) -> UUID | None:
    """Whose schema it is: one query."""
    return Hall.objects.filter(schema_name=schema_name).values_list("pk", flat=True).first()


def short_names(hall_ids: Collection[UUID]) -> dict[UUID, str]:
    """hall id -> its short name, for those that there are: one query, none where nobody is asked for."""
    return dict(Hall.objects.filter(pk__in=hall_ids).values_list("pk", "short_name")) if hall_ids else {}


def primary_domains(hall_ids: Collection[UUID]) -> list[tuple[str, str]]:
    """(short name, primary host name) of these halls, in the order of their codes."""
    halls = Hall.objects.filter(pk__in=hall_ids, domains__is_primary=True).order_by("division__code")
    return list(halls.values_list("short_name", "domains__domain"))


def first_hall_below(prefix: str) -> Hall | None:
    """The hall below the prefix with the lowest number."""
    return Hall.objects.filter(prefixes__contains=[prefix]).order_by("number").first()
