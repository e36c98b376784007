"""Columns of a hall's site."""

import re
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import Max

from foundation.errors import Conflict, Fault, Invalid, NotFound
from foundation.html import clean_html
from province.audit.operations import record_act
from province.halls.models import Hall, HallKind
from province.rights.actors import Actor
from province.rights.permissions import declare
from province.rights.roles import HALL_EDITORS, Reach
from tenants.portal.models import Column
from tenants.portal.operations.article_reports import report_column
from tenants.portal.operations.figures import renew_site, require_in_hall

declare("portal.manage", "管理本厅栏目与推稿处置", reach=Reach.HALL, roles=HALL_EDITORS)


@dataclass(frozen=True, slots=True)
class StartingColumn:
    """A column that a new hall of some kind begins with. Pushes aim at ``code``, so it is the same everywhere."""

    code: str
    name: str
    kind: Column.Kind = Column.Kind.LIST


_NEWS = StartingColumn("news", "要闻动态")
_NOTICES = StartingColumn("notices", "通知公告")
_POLICIES = StartingColumn("policies", "政策文件")
_GUIDES = StartingColumn("guides", "办事提示")
_ABOUT = StartingColumn("about", "走进本地", Column.Kind.PAGE)
_PICTURES = StartingColumn("pictures", "图说本地", Column.Kind.GALLERY)

STARTING_COLUMNS: dict[HallKind, tuple[StartingColumn, ...]] = {
    HallKind.CITY: (_NEWS, _NOTICES, _POLICIES, StartingColumn("disclosure", "公示公开"), _GUIDES, _ABOUT, _PICTURES),
    HallKind.COUNTY: (_NEWS, _NOTICES, _POLICIES, StartingColumn("disclosure", "公示公开"), _GUIDES, _ABOUT, _PICTURES),
    HallKind.TOWNSHIP: (_NEWS, _NOTICES, StartingColumn("disclosure", "公示公开"), _GUIDES, _ABOUT),
    HallKind.VILLAGE: (_NEWS, _NOTICES, StartingColumn("disclosure", "村务公开"), _ABOUT),
}

# what holds articles of its own
LIST_KINDS = (Column.Kind.LIST, Column.Kind.GALLERY)
_CODE = re.compile(r"[a-z][a-z0-9-]{1,31}")
_LINK = re.compile(r"(https?://|/(?!/))\S+")


def starting_script(kind: HallKind | str, schema_name: str) -> str:
    """The columns that a new hall's site begins with; their ids are drawn by the database, for each hall its own."""
    fields = [field for field in Column._meta.concrete_fields if not field.has_db_default()]
    rows = [
        Column(code=one.code, name=one.name, kind=one.kind, order=position)
        for position, one in enumerate(STARTING_COLUMNS[HallKind(kind)])
    ]
    names = ", ".join(connection.ops.quote_name(str(field.column)) for field in fields)
    with connection.cursor() as cursor:
        values = [
            cursor.mogrify(
                f"({', '.join(['%s'] * len(fields))})",
                [field.get_db_prep_save(field.pre_save(row, add=True), connection) for field in fields],
            ).decode()
            for row in rows
        ]
    table = f'{schema_name}."{Column._meta.db_table}"'
    return f"INSERT INTO {table} ({names}) VALUES\n{',\n'.join(values)};\n"


@transaction.atomic
def add_column(
    *, by: Actor, hall: Hall, code: str, name: str, kind: str = Column.Kind.LIST, parent: str = "", **facts: Any
) -> Column:
    """A new column, the last below ``parent`` (a column's code; none: at the top).

    ``facts``: ``link_url`` of a link, ``body`` of a single page, ``is_visible``.
    """
    require_in_hall(by, "portal.manage", hall)
    if not _CODE.fullmatch(code):
        message = "代码要以小写字母开头，只用小写字母、数字和连字符，2 到 32 个字符。"
        raise Invalid(message, faults=[Fault("code", message)])
    _lock_tree()
    column = Column(code=code, kind=kind)
    _write_facts(column, {"name": name, "parent": parent} | facts)
    siblings = Column.objects.filter(parent=column.parent)
    column.order = (siblings.aggregate(last=Max("order"))["last"] or 0) + 1
    try:
        with transaction.atomic():
            column.save()
    except IntegrityError as error:
        message = f"代码“{code}”已被另一个栏目使用，请换一个。"
        raise Invalid(message, faults=[Fault("code", message)]) from error
    _record(by, hall, column, "add_column", {"name": [None, column.name]})
    return column


@transaction.atomic
def change_column(*, by: Actor, hall: Hall, code: str, **facts: Any) -> Column:
    """Any of ``name``, ``kind``, ``parent``, ``link_url``, ``body``, ``is_visible``; what is not named stays."""
    require_in_hall(by, "portal.manage", hall)
    column = _locked(code)
    kind = facts.pop("kind", column.kind)
    if kind not in LIST_KINDS and column.kind in LIST_KINDS and column.articles.exists():
        message = f"“{column.name}”里还有文章，不能改为{Column.Kind(kind).label}。请先把文章移到别的栏目。"
        raise Conflict(message)
    before = {name: str(getattr(column, name)) for name in ("name", "kind", "link_url", "is_visible")}
    was_visible, column.kind = column.is_visible, kind
    _write_facts(column, facts)
    column.save()
    if column.is_visible != was_visible:
        report_column(hall, column)
    changes = {name: [old, str(getattr(column, name))] for name, old in before.items()}
    _record(by, hall, column, "change_column", {name: pair for name, pair in changes.items() if pair[0] != pair[1]})
    return column


def hide_column(*, by: Actor, hall: Hall, code: str) -> Column:
    """Take it off the site; its articles and pushes stay and come back with ``show_column``."""
    return change_column(by=by, hall=hall, code=code, is_visible=False)


def show_column(*, by: Actor, hall: Hall, code: str) -> Column:
    return change_column(by=by, hall=hall, code=code, is_visible=True)


@transaction.atomic
def move_column(*, by: Actor, hall: Hall, code: str, steps: int) -> Column:
    """Move it among its siblings: -1 is one place up, 1 one place down; beyond the end is the end."""
    require_in_hall(by, "portal.manage", hall)
    column = _locked(code)
    siblings = list(Column.objects.filter(parent_id=column.parent_id).order_by("order", "id"))
    place = siblings.index(column)
    siblings.insert(max(0, min(place + steps, len(siblings) - 1)), siblings.pop(place))
    for order, one in enumerate(siblings, start=1):
        one.order = order
    Column.objects.bulk_update(siblings, ["order"])
    _record(by, hall, column, "move_column", {"order": [place + 1, column.order]})
    return column


@transaction.atomic
def remove_column(*, by: Actor, hall: Hall, code: str) -> None:
    """Remove an empty column that the hall added itself, and no other: pushes may aim at those that every hall begins
    with."""
    require_in_hall(by, "portal.manage", hall)
    column = _locked(code)
    if code in {starting.code for starting in STARTING_COLUMNS[HallKind(hall.kind)]}:
        message = f"“{column.name}”是统一栏目，上级推稿会用到，不能删除。可以隐藏它。"
        raise Conflict(message)
    if column.articles.exists() or column.children.exists():
        message = f"“{column.name}”里还有文章或下级栏目，不能删除。请先移走，或隐藏它。"
        raise Conflict(message)
    _record(by, hall, column, "remove_column", {"name": [column.name, None]})
    column.delete()
    renew_site(hall)


def list_column(code: str) -> Column:
    """The column of this code, if articles can stand in it. Raises NotFound or Invalid."""
    column = Column.objects.filter(code=code).first()
    if column is None:
        raise _no_column(code)
    if column.kind not in LIST_KINDS:
        message = f"“{column.name}”是{column.get_kind_display()}栏目，不能放文章。请选择列表或图集栏目。"
        raise Invalid(message, faults=[Fault("column", message)])
    return column


def _lock_tree() -> dict[str, Column]:
    """All columns by code. They are few, and any change of one may clash with any other's (order, levels)."""
    return {column.code: column for column in Column.objects.select_for_update().order_by("id")}


def _locked(code: str) -> Column:
    column = _lock_tree().get(code)
    if column is None:
        raise _no_column(code)
    return column


def _no_column(code: str) -> NotFound:
    return NotFound(f"本厅没有代码为“{code}”的栏目。")


def _write_facts(column: Column, facts: dict[str, Any]) -> None:
    if column.kind not in Column.Kind.values:
        message = f"没有“{column.kind}”这种栏目类型。"
        raise Invalid(message, faults=[Fault("kind", message)])
    if "parent" in facts:
        column.parent = _parent(column, facts["parent"])
    column.name = str(facts.get("name", column.name)).strip()
    column.link_url = str(facts.get("link_url", column.link_url)).strip()
    column.is_visible = bool(facts.get("is_visible", column.is_visible))
    if "body" in facts:
        column.body = clean_html(facts["body"])
    faults = []
    if not 1 <= len(column.name) <= 20:  # noqa: PLR2004 - the column's width
        faults.append(Fault("name", "名称不能为空，最多 20 个字。"))
    if column.kind == Column.Kind.LINK and not (_LINK.fullmatch(column.link_url) and len(column.link_url) <= 300):  # noqa: PLR2004
        faults.append(Fault("link_url", "请填写以 http://、https:// 或 / 开头的地址。"))
    if faults:
        raise Invalid("栏目填写有误。", faults=faults)


def _parent(column: Column, code: str) -> Column | None:
    """Two levels are all that a site's navigation can show."""
    if not code:
        return None
    parent = Column.objects.filter(code=code).first()
    if parent is None:
        raise _no_column(code)
    if parent.parent_id is not None or parent.code == column.code:
        message = "栏目最多两级，请选择一个一级栏目作上级。"
        raise Invalid(message, faults=[Fault("parent", message)])
    if Column.objects.filter(parent__code=column.code).exists():
        message = f"“{column.name}”有下级栏目，不能再放到别的栏目下面。"
        raise Invalid(message, faults=[Fault("parent", message)])
    return parent


def _record(by: Actor, hall: Hall, column: Column, act: str, changes: dict[str, Any]) -> None:
    record_act(
        by=by,
        act=f"portal.{act}",
        object_type="column",
        object_id=column.id,
        hall_id=hall.id,
        changes=changes,
    )
    renew_site(hall)
