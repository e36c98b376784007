"""Compare every hall's schema with its kind's template, many schemas in one statement."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, QuerySet

from province.halls.models import HallKind
from province.rights.actors import Actor
from province.rights.queries import require
from provisioning.models import HallSchema
from provisioning.templates import build_template, hall_template, template_schema

_SCHEMA_NAMES = r"^hall_[0-9]{6,}$"
# (schema, item): everything that a schema is made of, its own name left out of the definitions. No index of pg_class
# knows a schema: it is read from end to end, once for all that are asked for, and all else is found by its relation
_ITEMS = """
    WITH relation AS MATERIALIZED (
        SELECT one.oid, one.relname, one.relkind, wanted.nspname AS schema
        FROM pg_namespace AS wanted JOIN pg_class AS one ON one.relnamespace = wanted.oid
        WHERE wanted.nspname = ANY (%s)
    )
    SELECT relation.schema, replace(found.item, relation.schema || '.', '') AS item
    FROM relation
    CROSS JOIN LATERAL (
        SELECT '表 ' || relation.relname AS item WHERE relation.relkind = 'r'
        UNION ALL
        SELECT '字段 ' || relation.relname || '.' || part.attname || ' '
            || format_type(part.atttypid, part.atttypmod)
            || CASE WHEN part.attnotnull THEN ' NOT NULL' ELSE '' END
            || CASE WHEN part.attidentity <> '' THEN ' IDENTITY' ELSE '' END
            || coalesce(' DEFAULT ' || pg_get_expr(given.adbin, given.adrelid), '')
        FROM pg_attribute AS part
        LEFT JOIN pg_attrdef AS given ON given.adrelid = part.attrelid AND given.adnum = part.attnum
        WHERE part.attrelid = relation.oid AND part.attnum > 0 AND NOT part.attisdropped AND relation.relkind = 'r'
        UNION ALL
        SELECT '约束 ' || relation.relname || ' ' || rule.conname || ' ' || pg_get_constraintdef(rule.oid)
            || CASE WHEN rule.convalidated THEN '' ELSE ' NOT VALID' END
        FROM pg_constraint AS rule WHERE rule.conrelid = relation.oid
        UNION ALL
        SELECT '索引 ' || pg_get_indexdef(own.indexrelid) || CASE WHEN own.indisvalid THEN '' ELSE ' INVALID' END
        FROM pg_index AS own WHERE own.indrelid = relation.oid
        UNION ALL
        SELECT '触发器 ' || pg_get_triggerdef(own.oid) || ' ' || own.tgenabled::text
        FROM pg_trigger AS own WHERE own.tgrelid = relation.oid AND NOT own.tgisinternal
    ) AS found
"""
DIGESTS = f"SELECT schema, md5(string_agg(item, E'\\n' ORDER BY item)) FROM ({_ITEMS}) AS items GROUP BY schema"  # noqa: S608 - constants of ours


@dataclass(frozen=True, slots=True)
class Drift:
    """A hall whose schema is not what the ledger says; ``differences`` are in words."""

    schema_name: str
    code: str
    name: str
    differences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Verification:
    """``behind``: halls that want an upgrade; they are not compared, since no template is like them."""

    checked: int
    behind: int
    drifts: tuple[Drift, ...]


def verify_halls(*, by: Actor, most: int | None = None) -> Verification:
    """Looks only into the catalogue, never into a hall's rows: for every schema, or for ``most`` that are drawn by
    lot. Some 10 ms each, and once for all what it takes to read pg_class (0.1 s among some thousand halls)."""
    require(by, "halls.manage")
    drawn = None
    if most is not None:
        drawn = list(HallSchema.objects.order_by("?").values_list("pk", flat=True)[:most])
    drifts: list[Drift] = []
    checked = behind = 0
    kinds = HallSchema.objects.values_list("kind", flat=True).order_by("kind").distinct()
    for kind in map(HallKind, kinds):
        # who looks into some only need not be the owner, who makes templates
        template = build_template(kind) if drawn is None else hall_template(kind)
        own = HallSchema.objects.filter(kind=kind)
        current = own.filter(digest=template.digest)
        behind += own.exclude(digest=template.digest).count()
        if drawn is not None:
            current = current.filter(pk__in=drawn)
        found = _drifts_of(kind, current)
        drifts += found
        checked += current.count()
    return Verification(checked, behind, (*drifts, *_strangers()))


def _drifts_of(kind: HallKind, ledger: QuerySet[HallSchema]) -> list[Drift]:
    wanted = template_schema(kind)
    facts = {
        name: (code, hall)
        for name, code, hall in ledger.order_by("hall__number").values_list(
            "hall__schema_name", "hall__division__code", "hall__name"
        )
    }
    drifts = []
    for some in _in_parts(list(facts)):
        digests = dict(_ask(DIGESTS, [wanted, *some]))
        strays = [name for name in some if digests.get(name) != digests[wanted]]
        items = _items([wanted, *strays]) if strays else {}
        drifts += [Drift(name, *facts[name], _differences(items[wanted], items[name])) for name in strays]
    return drifts


def _differences(wanted: set[str], found: set[str]) -> tuple[str, ...]:
    if not found:
        return ("缺少整个结构",)
    return (
        *(f"缺少{item}" for item in sorted(wanted - found)),
        *(f"多出{item}" for item in sorted(found - wanted)),
    )


def _items(schema_names: Sequence[str]) -> dict[str, set[str]]:
    items: dict[str, set[str]] = defaultdict(set)
    for schema, item in _ask(_ITEMS, schema_names):
        items[schema].add(item)
    return items


def _strangers() -> Iterator[Drift]:
    """Schemas that no line of the ledger names."""
    known = set(HallSchema.objects.values_list(F("hall__schema_name"), flat=True))
    with connection.cursor() as cursor:
        cursor.execute("SELECT nspname FROM pg_namespace WHERE nspname ~ %s ORDER BY 1", [_SCHEMA_NAMES])
        names = [name for (name,) in cursor.fetchall()]
    for name in names:
        if name not in known:
            yield Drift(name, "", "", ("没有登记的结构",))


@transaction.atomic
def _ask(sql: str, schema_names: Sequence[str]) -> list[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute(sql, [list(schema_names)])
        found: list[tuple[str, str]] = cursor.fetchall()
        return found


def _in_parts(names: Sequence[str]) -> Iterator[Sequence[str]]:
    """A connection keeps what it learnt of every relation, so it is closed after as many schemas as it may see."""
    size = settings.SCHEMAS_PER_CONNECTION
    for first in range(0, len(names), size):
        yield names[first : first + size]
        if not connection.in_atomic_block:
            connection.close()
