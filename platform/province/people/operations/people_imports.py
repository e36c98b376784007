"""A table of a hall's departments and people, taken in at once: the good rows go in, each bad one is reported."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.db.models import F

from foundation.errors import Conflict, DomainError, Fault, Invalid
from foundation.excel import LARGEST_FILE, SheetRow, read_rows
from foundation.files.store import Readable
from foundation.text_encoding import is_plain
from province.audit.operations import record_act
from province.people.models import Account, Position, Unit
from province.people.models.roles import AnyRole, role_key
from province.people.operations.activation import draw_activation_codes, end_activation_codes
from province.people.operations.people import LONGEST_NAME
from province.people.operations.positions import check_may_give, check_role_fits, stands_in
from province.people.operations.units import MOST_LEVELS, clean_unit_name, hold_units
from province.people.queries.people import USERNAME, ids_in_sight
from province.people.queries.roles import default_reach, own_roles_in_use, permissions_of, ready_roles_for
from province.people.queries.units import unit_paths
from province.rights.actors import Actor
from province.rights.queries import require
from province.rights.roles import ADMINISTRATORS, Role

MOST_ROWS = 5_000
# heading of the table -> name
HEADINGS: dict[str, str] = {"账号": "username", "姓名": "name", "部门": "unit", "职务": "title", "角色": "role"}


@dataclass(frozen=True, slots=True)
class PeopleReport:
    """What went in (or, on trial, would go in), and a fault for every row that did not.

    ``codes``: (user name, name, activation code) of the new accounts; the codes are to be seen here and nowhere else.
    """

    accounts: int
    positions: int
    units: int
    unchanged: int
    faults: list[Fault]
    codes: list[tuple[str, str, str]]


@transaction.atomic
def import_people(
    *, by: Actor, file: Readable, hall_id: UUID | None = None, prefix: str = "", is_trial: bool = False
) -> PeopleReport:
    """Take in an Excel table (headings: HEADINGS) of one hall (None: of the province's offices). ``prefix``: of the
    hall's division.

    A row makes what lacks of department (上级/下级), account and position; what is there already stays. A row without
    an account makes its department alone. New accounts have no password: each gets a code with which its owner sets
    one.
    ``is_trial``: only say what would happen. Raises Invalid for a file that is no such table, NotAllowed.
    """
    require(by, "people.manage", hall_id=hall_id, prefix=prefix or None)
    rows = read_rows(
        file.read(LARGEST_FILE + 1), columns=HEADINGS, required=frozenset(HEADINGS.values()), most=MOST_ROWS
    )
    if not rows:
        raise Invalid("表格里没有人员。")
    hold_units(hall_id)
    judged = _Judged(by, hall_id, prefix, rows)
    counts = {"accounts": len(judged.new_accounts), "positions": len(judged.positions), "units": len(judged.new_units)}
    unchanged = judged.unchanged
    if is_trial:
        return PeopleReport(**counts, unchanged=unchanged, faults=judged.faults, codes=[])
    codes = judged.write()
    record_act(
        by=by,
        act="people.import_people",
        object_type="people_import",
        object_id=uuid4(),
        hall_id=hall_id,
        changes={
            **{name: [0, count] for name, count in counts.items()},
            "faults": [0, len(judged.faults)],
            "usernames": [[], sorted({account.username for account, *_ in judged.positions})],
        },
    )
    return PeopleReport(**counts, unchanged=unchanged, faults=judged.faults, codes=codes)


@dataclass(slots=True)
class _Judged:
    """Rows told apart: what goes in, and a fault for each that does not."""

    by: Actor
    hall_id: UUID | None
    prefix: str
    rows: list[SheetRow]
    faults: list[Fault] = field(default_factory=list)
    # all by the path of the department: those there are, and those to be made in the order of their depth
    units: dict[str, Unit | None] = field(default_factory=dict)
    new_units: list[str] = field(default_factory=list)
    new_accounts: dict[str, Account] = field(default_factory=dict)
    positions: list[tuple[Account, AnyRole, str, str]] = field(default_factory=list)
    unchanged: int = 0
    roles: Mapping[str, AnyRole] = field(default_factory=dict)
    known: dict[str, Account] = field(default_factory=dict)
    # of those known, who works where the actor may not look
    unseen: set[UUID] = field(default_factory=set)
    _refusals: dict[tuple[str, UUID | None], str] = field(default_factory=dict)
    _seen: set[tuple[object, ...]] = field(default_factory=set)

    def __post_init__(self) -> None:
        usernames = {row.cells.get("username", "") for row in self.rows}
        # locked, in one order: an operation that gives one of them a position at this moment comes before or after
        accounts = Account.objects.select_for_update().filter(username__in=usernames).order_by("pk")
        self.known = {account.username: account for account in accounts.prefetch_related("positions")}
        at_work = {account.pk for account in self.known.values() if account.positions.all()}
        self.unseen = at_work - ids_in_sight(self.by, at_work)
        in_use = Unit.objects.in_bulk(list(paths := unit_paths(self.hall_id)))
        self.units = {path: in_use[key] for key, path in paths.items()}
        # held, too: what a role allows stays as it is judged here
        in_order = own_roles_in_use(self.hall_id).order_by(F("hall_id").asc(nulls_first=True), "pk")
        own: dict[str, AnyRole] = {role.name: role for role in in_order.select_for_update()}
        self.roles = own | {role.label: role for role in ready_roles_for(self.hall_id)}
        for row in self.rows:
            if message := row.fault or self._take(row):
                self.faults.append(Fault(f"第 {row.number} 行", message))

    def _take(self, row: SheetRow) -> str:
        """Keep the row, or say what is wrong with it."""
        facts = {name: row.cells.get(name, "") for name in HEADINGS.values()}
        path = "/".join(part.strip() for part in facts["unit"].split("/")) if facts["unit"] else ""
        if message := _fault_of(facts) or self._fault_of_unit(path):
            return message
        if not facts["username"]:
            self._keep_unit(path)
            return ""
        role = self.roles.get(facts["role"])
        if role is None:
            return f"没有“{facts['role'][:24]}”这个角色，应为：{'、'.join(self.roles)}。"
        if message := self._fault_of_role(role) or self._fault_of_account(facts, role):
            return message
        self._keep_unit(path)
        account = self._account(facts)
        key = (facts["username"], *role_key(role), path)
        if key in self._seen or self._has(account, role, path):
            self.unchanged += 1
        else:
            self.positions.append((account, role, path, facts["title"]))
        self._seen.add(key)
        return ""

    def _fault_of_unit(self, path: str) -> str:
        if not path:
            return ""
        parts = path.split("/")
        if len(parts) > MOST_LEVELS:
            return f"部门最多 {MOST_LEVELS} 层。"
        try:
            for part in parts:
                clean_unit_name(part)
        except Invalid as fault:
            return fault.message
        return ""

    def _fault_of_role(self, role: AnyRole) -> str:
        """Asked once for every role, not for every row."""
        key = role_key(role)
        if key not in self._refusals:
            reach = default_reach(role, self.hall_id)
            try:
                check_role_fits(role, reach, self.hall_id)
                check_may_give(
                    self.by,
                    permissions_of(role),
                    reach=reach,
                    hall_id=self.hall_id,
                    prefix=self.prefix,
                    unit_id=None,
                )
            except DomainError as refusal:
                self._refusals[key] = refusal.message
            else:
                self._refusals[key] = ""
        return self._refusals[key]

    def _fault_of_account(self, facts: Mapping[str, str], role: AnyRole) -> str:
        known = self.known.get(facts["username"])
        new = self.new_accounts.get(facts["username"])
        found = known or new
        # of who is out of sight nothing else is told, whatever the name
        if found and (found.name != facts["name"] or found.pk in self.unseen):
            return f"账号“{facts['username']}”已被另一个人使用，请换一个账号。"
        if known and not known.is_active:
            return f"账号“{facts['username']}”已停用。"
        if known and known.pk == self.by.id:
            return "不能给自己授予岗位。"
        held = {position.role for position in known.positions.all()} if known else set()
        held |= {role_key(one)[0] for account, one, *_ in self.positions if account.username == facts["username"]}
        administers = held & ADMINISTRATORS
        is_administrator = isinstance(role, Role) and role in ADMINISTRATORS
        if (administers and role_key(role)[0] not in administers) or (is_administrator and held - {role_key(role)[0]}):
            return "系统、安全、审计三类管理员不能兼任别的岗位。"
        if is_administrator and known and stands_in(known):
            return "正在代理别人的岗位，不能同时是管理员，请先结束代理。"
        return ""

    def _keep_unit(self, path: str) -> None:
        parts = path.split("/") if path else []
        for depth in range(1, len(parts) + 1):
            above = "/".join(parts[:depth])
            if above not in self.units:
                self.units[above] = None
                self.new_units.append(above)

    def _account(self, facts: Mapping[str, str]) -> Account:
        username = facts["username"]
        if username in self.known:
            return self.known[username]
        if username not in self.new_accounts:
            account = Account(username=username, name=facts["name"])
            account.set_unusable_password()
            self.new_accounts[username] = account
        return self.new_accounts[username]

    def _has(self, account: Account, role: AnyRole, path: str) -> bool:
        unit = self.units.get(path)
        if account.username not in self.known or (path and unit is None):
            return False
        key = (*role_key(role), self.hall_id, unit.pk if unit else None)
        return any(
            key == (position.role, position.own_role_id, position.hall_id, position.unit_id)
            for position in account.positions.all()
        )

    def write(self) -> list[tuple[str, str, str]]:
        """A query for every level of departments, and one for accounts, codes, former codes and positions each."""
        self._write_units()
        try:
            with transaction.atomic():
                new = Account.objects.bulk_create(self.new_accounts.values())
        except IntegrityError as error:
            raise Conflict("有账号刚刚被别人建立，请再导入一次。") from error
        codes = draw_activation_codes(self.by, new)
        gained = {account.pk for account, *_ in self.positions if account.username in self.known}
        end_activation_codes(by=self.by, account_ids=gained)
        Position.objects.bulk_create(
            [
                Position(
                    account=account,
                    role=role_key(role)[0],
                    own_role_id=role_key(role)[1],
                    hall_id=self.hall_id,
                    reach_prefix=self.prefix,
                    reach=default_reach(role, self.hall_id),
                    unit=self.units[path] if path else None,
                    title=title,
                )
                for account, role, path, title in self.positions
            ]
        )
        return [(account.username, account.name, codes[account.pk]) for account in new]

    def _write_units(self) -> None:
        orders: dict[str, int] = {}
        for path, unit in self.units.items():
            if unit:
                above = path.rpartition("/")[0]
                orders[above] = max(orders.get(above, 0), unit.order)
        for depth in range(MOST_LEVELS):
            level = [path for path in self.new_units if path.count("/") == depth]
            for path in level:
                above, _, name = path.rpartition("/")
                parent = self.units[above] if above else None
                orders[above] = orders.get(above, 0) + 1
                self.units[path] = Unit(
                    hall_id=self.hall_id,
                    parent=parent,
                    name=name,
                    order=orders[above],
                    ancestors=[*parent.ancestors, parent.pk] if parent else [],
                )
            Unit.objects.bulk_create([unit for path in level if (unit := self.units[path])])


def _fault_of(facts: Mapping[str, str]) -> str:
    if not facts["username"]:
        return "" if facts["unit"] and not facts["name"] else "请填写账号和姓名；只建部门的行，请只填写部门。"
    if not USERNAME.match(facts["username"]):
        return "账号须以小写字母开头，只能用小写字母、数字、点和横线。"
    if not facts["name"]:
        return "请填写姓名。"
    for heading, name in HEADINGS.items():
        if name in {"name", "title"} and (len(facts[name]) > LONGEST_NAME or not is_plain(facts[name])):
            return f"{heading}不能超过 {LONGEST_NAME} 个字，也不能含有换行或控制字符。"
    return ""
