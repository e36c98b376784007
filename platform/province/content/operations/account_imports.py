"""A table of media accounts, taken in at once: the good rows go in, each bad one is reported."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID, uuid4

from django.db import connection, transaction
from django.utils import timezone

from foundation.bulk_copy import copy_rows
from foundation.crypto.fields import BlindIndexField, EncryptedTextField, Sealed
from foundation.errors import Fault, Invalid
from foundation.excel import LARGEST_FILE, SheetRow, read_rows
from foundation.files.store import Readable
from foundation.rows import draw_id
from province.audit.operations import record_act
from province.content.models import MediaAccount
from province.content.operations.accounts import hold_registry
from province.content.queries.account_facts import HEADINGS, LABELS, REQUIRED, account_faults, platform_of, unit_refusal
from province.content.queries.accounts import accounts_of_units
from province.content.states import AccountState
from province.halls.models import DivisionCode
from province.rights.actors import Actor
from province.rights.queries import may, require_anywhere
from standards.numbers.divisions import prefix_of_code

MOST_ROWS = 10_000
_OPTIONAL = ("filing_number", "connector", "endpoint")
_SEALED = ("contact_name", "contact_phone", "contact_phone_index")
_COLUMNS = ("hall_id", "prefix", "platform", "name", "external_id", "owner", *_OPTIONAL, *_SEALED, "filed_on")


@dataclass(frozen=True, slots=True)
class ImportReport:
    """New accounts, changed ones, and a fault for every row that was left out; the rest was as it is already."""

    created: int
    updated: int
    unchanged: int
    faults: list[Fault]


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a division's accounts belong."""

    prefix: str
    hall_id: UUID | None


@transaction.atomic
def import_accounts(*, by: Actor, file: Readable) -> ImportReport:
    """Take in an Excel table (headings: HEADINGS). A row with the platform and account of a known one changes it.

    Raises Invalid for a file that is no such table, NotAllowed for somebody who manages no accounts at all.
    """
    require_anywhere(by, "accounts.manage")
    content = file.read(LARGEST_FILE + 1)
    rows = read_rows(content, columns=HEADINGS, required=REQUIRED, most=MOST_ROWS)
    if not rows:
        raise Invalid("表格里没有账号。")
    hold_registry()
    judged = _Judged(by, rows)
    counts = _write(judged.rows())
    record_act(
        by=by,
        act="accounts.import",
        object_type="account_import",
        object_id=uuid4(),
        changes={**counts, "faults": len(judged.faults)},
    )
    return ImportReport(counts["created"], counts["updated"], len(judged.good) - sum(counts.values()), judged.faults)


@dataclass(frozen=True, slots=True)
class _Contact:
    """Whom the table names for a row, and the account that is there already."""

    row_id: UUID
    known: MediaAccount | None
    facts: Mapping[str, str]

    def raw_where_same(self, name: str, field: EncryptedTextField) -> str | None:
        former = getattr(self.known, name) if self.known else None
        is_same = former is not None and former.plain == self.facts[name]
        return former.raw_at(field.place_of(self.row_id)) if former is not None and is_same else None


class _Judged:
    """Rows told apart: what goes in, and a fault for each that does not."""

    def __init__(self, by: Actor, rows: list[SheetRow]) -> None:
        self.by = by
        self.good: list[tuple[object, ...]] = []
        self.contacts: list[_Contact] = []
        self.filed_on: list[str | None] = []
        self.faults: list[Fault] = []
        self.places = _places({row.cells.get("code", "") for row in rows})
        self.known = _known({row.cells.get("external_id", "") for row in rows})
        self.seen: dict[tuple[str, str], int] = {}
        self.units: dict[tuple[UUID | None, str, str], int] = {}
        self.of_units = accounts_of_units(row.cells.get("owner", "") for row in rows)
        for row in rows:
            if message := row.fault or self._take(row):
                self.faults.append(Fault(f"第 {row.number} 行", message))

    def _take(self, row: SheetRow) -> str:
        """Keep the row, or say what is wrong with it."""
        facts = {name: row.cells.get(name, "") for name in LABELS}
        if faults := account_faults(facts):
            return " ".join(fault.message for fault in faults)
        place = self.places.get(facts["code"])
        if place is None:
            return f"没有区划代码 {facts['code'][:20]}。"
        if not may(self.by, "accounts.manage", hall_id=place.hall_id, prefix=place.prefix):
            return f"区划 {facts['code']} 不属于您管理的范围。"
        key = platform_of(facts["platform"]), facts["external_id"]
        if key in self.seen:
            return f"与第 {self.seen[key]} 行是同一个账号。"
        unit = place.hall_id, facts["owner"], key[0]
        if message := self._fault_of_known(key) or self._fault_of_unit(unit, key):
            return message
        self.seen[key] = self.units[unit] = row.number
        known = self.known.get(key)
        row_id = known.pk if known else draw_id()
        own = row_id, place.hall_id, place.prefix, key[0], facts["name"], key[1], facts["owner"]
        self.good.append((*own, *(facts[name] for name in _OPTIONAL)))
        self.contacts.append(_Contact(row_id, known, facts))
        self.filed_on.append(facts["filed_on"] or None)
        return ""

    def rows(self) -> list[tuple[object, ...]]:
        """What goes in, column by column as _COLUMNS has them, after the id."""
        parts = zip(self.good, _sealed(self.contacts), self.filed_on, strict=True)
        return [(*own, *contact, filed_on) for own, contact, filed_on in parts]

    def _fault_of_known(self, key: tuple[str, str]) -> str:
        account = self.known.get(key)
        if account is None:
            return ""
        if account.state == AccountState.CLOSED:
            return "这个账号已经注销。"
        may_change = may(self.by, "accounts.manage", hall_id=account.hall_id, prefix=account.prefix)
        return "" if may_change else "这个账号已由其他单位备案。"

    def _fault_of_unit(self, unit: tuple[UUID | None, str, str], key: tuple[str, str]) -> str:
        if key[0] == MediaAccount.Platform.OTHER:
            return ""
        if unit in self.units:
            return f"与第 {self.units[unit]} 行是同一单位在同一平台的账号，一个单位在同一平台只开设一个账号。"
        account = self.of_units.get(unit)
        return unit_refusal(account) if account and account.external_id != key[1] else ""


def _sealed(contacts: Sequence[_Contact]) -> list[tuple[str | None, ...]]:
    """Name, phone and the phone's blind index as each row keeps them. What is the same as before stays as it is
    sealed: sealed anew it would look changed."""
    columns: list[list[str]] = []
    for name in ("contact_name", "contact_phone"):
        field = MediaAccount._meta.get_field(name)
        assert isinstance(field, EncryptedTextField)  # noqa: S101 - declared so
        fresh = Sealed.all_of((one.facts[name], field.place_of(one.row_id)) for one in contacts)
        kept = (one.raw_where_same(name, field) for one in contacts)
        column = [raw if raw is not None else new for raw, new in zip(kept, fresh, strict=True)]
        columns.append([sealed if one.facts[name] else "" for sealed, one in zip(column, contacts, strict=True)])
    index = MediaAccount._meta.get_field("contact_phone_index")
    assert isinstance(index, BlindIndexField)  # noqa: S101 - declared so
    return list(zip(*columns, index.hashes_of(one.facts["contact_phone"] for one in contacts), strict=True))


def _places(codes: set[str]) -> dict[str, _Place]:
    """Present and former codes; the present one of two divisions that bore the same wins."""
    rows = (
        DivisionCode.objects.filter(code__in=codes)
        .order_by("valid_to")
        .values_list("code", "division__code", "division__hall__pk")
    )
    found: dict[str, _Place] = {}
    for code, present, hall_id in rows:
        found[code] = _Place(prefix_of_code(present), hall_id)
    return found


def _known(external_ids: set[str]) -> dict[tuple[str, str], MediaAccount]:
    accounts = MediaAccount.objects.filter(external_id__in=external_ids).only(
        *("platform", "external_id", "state", "hall_id", "prefix"), *("contact_name", "contact_phone")
    )
    return {(account.platform, account.external_id): account for account in accounts}


_TAKE_IN = f"""
WITH taken AS (
    INSERT INTO content_mediaaccount AS own (id, {", ".join(_COLUMNS)}, state)
    SELECT row.id, {", ".join(f"row.{name}" for name in _COLUMNS if name != "filed_on")},
        coalesce(row.filed_on, known.filed_on, %s), 'filed'
    FROM content_imported_account AS row
    LEFT JOIN content_mediaaccount AS known ON (known.platform, known.external_id) = (row.platform, row.external_id)
    -- always in the same order: two tables at once wait for each other and never lock each other out
    ORDER BY row.platform, row.external_id
    ON CONFLICT (platform, external_id) DO UPDATE SET
        ({", ".join(_COLUMNS)}) = ({", ".join(f"excluded.{name}" for name in _COLUMNS)})
    WHERE ({", ".join(f"own.{name}" for name in _COLUMNS)})
        IS DISTINCT FROM ({", ".join(f"excluded.{name}" for name in _COLUMNS)})
    RETURNING old.id AS former)
SELECT count(*) FILTER (WHERE former IS NULL), count(*) FILTER (WHERE former IS NOT NULL) FROM taken
"""  # noqa: S608 - only constants of ours


def _write(rows: list[tuple[object, ...]]) -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMPORARY TABLE content_imported_account (LIKE content_mediaaccount) ON COMMIT DROP;"
            "ALTER TABLE content_imported_account ALTER created_at DROP NOT NULL, ALTER state DROP NOT NULL"
        )
        copy_rows("content_imported_account", ("id", *_COLUMNS), rows)
        cursor.execute(_TAKE_IN, [timezone.localdate()])
        created, updated = cursor.fetchone()
        cursor.execute("DROP TABLE content_imported_account")
    return {"created": created, "updated": updated}
