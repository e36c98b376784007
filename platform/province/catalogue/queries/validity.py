"""Which version of an item is in force at a moment: exactly one, or none."""

from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from foundation.errors import NotFound
from province.catalogue.models import HallItem, Item, ItemVersion, Pause
from province.catalogue.states import VersionState


def items_valid_at(moment: datetime) -> QuerySet[ItemVersion]:
    """The versions in force at that moment, of every item that halls may show then."""
    paused = Pause.objects.filter(_holds_at(moment, "from_at", "to_at"), item=OuterRef("item"))
    return ItemVersion.objects.filter(
        ~Exists(paused), _holds_at(moment, "valid_from", "valid_to"), state=VersionState.PUBLISHED
    ).select_related("item", "department")


def version_at(item: Item, moment: datetime) -> ItemVersion | None:
    """The version in force at that moment; None where there is none, or where the item is suspended or abolished
    then."""
    return items_valid_at(moment).filter(item=item).first()


def published_versions(item_id: UUID | OuterRef) -> QuerySet[ItemVersion]:
    """The published versions of one item, whether their day has come or not."""
    versions = ItemVersion.objects.filter(item=item_id, state=VersionState.PUBLISHED)
    return versions.select_related("item", "department")


def version_numbered(item_id: UUID, number: int) -> ItemVersion:
    """The published version of that number. Raises NotFound."""
    found = published_versions(item_id).filter(number=number).first()
    if found is None:
        raise NotFound("没有这一版，可能已经撤回公布。")
    return found


def shown_version_sql(adoption: str) -> str:
    """``SELECT id, number, is_complete`` of the version that a hall shows, for a lateral join: at most one row.

    It is the newest that has begun and that the hall has accepted, or had to accept by then; none while the item
    is suspended or abolished. Of an item from which others took over the hall shows the last version until it has
    followed (``services.follow_succession``), so that nothing is missing meanwhile. ``adoption`` is the alias of a row
    with ``item_id`` and ``version_number`` (the newest that the hall has accepted); the moment is the parameter
    ``now``.
    """
    return f"""
    SELECT version.id, version.number, version.is_complete FROM catalogue_itemversion AS version
    WHERE version.item_id = {adoption}.item_id AND version.state = 'published' AND version.valid_from <= %(now)s
        AND (version.number <= {adoption}.version_number OR version.required_from <= %(now)s)
        AND NOT EXISTS (SELECT FROM catalogue_pause AS pause WHERE pause.item_id = {adoption}.item_id
            AND pause.kind <> 'succeeded' AND pause.from_at <= %(now)s
            AND (pause.to_at IS NULL OR pause.to_at > %(now)s))
    ORDER BY version.number DESC LIMIT 1
    """  # noqa: S608 - the alias is the program's own


def join_version_sql(version_id: str) -> str:
    """Joins a version as ``version``, its item as ``item`` and its department as ``department``. ``version_id``: an
    expression."""
    return f"""
    JOIN catalogue_itemversion AS version ON version.id = {version_id}
    JOIN catalogue_item AS item ON item.id = version.item_id
    JOIN catalogue_department AS department ON department.id = version.department_id
    """


def newest_numbers_sql() -> str:
    """``SELECT item_id, latest, required, incomplete`` for a join: of every published item the number of its newest
    version, begun or not, and of the newest that every hall has to show by then (the moment is the parameter ``now``);
    ``incomplete``: the numbers of those that are no guide for citizens (NULL: none)."""
    return """
    SELECT item_id, max(number) AS latest, max(number) FILTER (WHERE required_from <= %(now)s) AS required,
        array_agg(number) FILTER (WHERE NOT is_complete) AS incomplete
    FROM catalogue_itemversion WHERE state = 'published' GROUP BY item_id
    """


def with_whole_version(reports: QuerySet[HallItem]) -> QuerySet[HallItem]:
    """Of what halls report, without the items whose version that the hall has accepted lacks something: what citizens
    there read as a guide, as far as the hall shows it. Incomplete versions are few: it stays one quick query."""
    lacking = ItemVersion.objects.filter(item=OuterRef("item"), number=OuterRef("version_number"), is_complete=False)
    return reports.filter(~Exists(lacking))


def _holds_at(moment: datetime, start: str, end: str) -> Q:
    return Q(**{f"{start}__lte": moment}) & (Q(**{end: None}) | Q(**{f"{end}__gt": moment}))


def pause_of(item: Item) -> Pause | None:
    """The pause that has no end yet, if there is one."""
    return item.pauses.filter(to_at=None).first()
