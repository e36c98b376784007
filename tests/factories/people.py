"""Departments, own roles and people on the way in."""

import io
from collections.abc import Iterable, Sequence

from django.test import Client

from province.halls.models import Hall
from province.people.models import Account, OwnRole, Position, Unit
from province.people.operations.people import admit_person
from province.people.operations.people_imports import HEADINGS
from province.people.operations.roles import create_role
from province.people.operations.units import create_unit
from province.rights.permissions import PERMISSIONS
from province.rights.roles import Role
from province.sign_in.operations.tokens import issue_token
from tests.conftest import person
from tests.factories.accounts import workbook

PROVINCE_HOST = "yizhan.localhost"


def account(username: str) -> Account:
    return Account.objects.get(username=username)


def position_of(username: str) -> Position:
    return Position.objects.get(account__username=username)


def client_of(username: str = "", host: str = PROVINCE_HOST) -> Client:
    """Somebody's browser; without a name, a stranger's."""
    client = Client(HTTP_HOST=host)
    if username:
        client.force_login(account(username))
    return client


def make_program() -> Account:
    """An account whose activation code nobody gets."""
    found = Account.objects.filter(username="exchange").first()
    return found or admit_person(by=person("zhao"), username="exchange", name="交换", role=Role.EDITOR)[0]


def program_of(username: str, *scopes: str) -> Client:
    """A program with a key of this account: for these permissions, or for all that there are."""
    key = issue_token(by=person(username), account=account(username), name="tests", scopes=scopes or list(PERMISSIONS))
    return Client(headers={"host": PROVINCE_HOST, "authorization": f"Bearer {key}"})


def make_unit(name: str, *, hall: Hall | None = None, parent: Unit | None = None) -> Unit:
    prefix = hall.division.prefix if hall else ""
    return create_unit(by=person("zhao"), name=name, hall_id=hall.pk if hall else None, prefix=prefix, parent=parent)


def make_role(
    name: str = "稿件秘书", permissions: Sequence[str] = ("content.read", "content.write"), *, hall: Hall | None = None
) -> OwnRole:
    prefix = hall.division.prefix if hall else ""
    return create_role(
        by=person("zhao"), name=name, permissions=permissions, hall_id=hall.pk if hall else None, prefix=prefix
    )


def people_table_file(rows: Iterable[Sequence[object]]) -> io.BytesIO:
    """An .xlsx as people are taken in by it: 账号, 姓名, 部门, 职务, 角色."""
    return workbook(rows, tuple(HEADINGS))
