"""What a program with the two dummy apps does, as JSON: run in a process of its own, on a database of its own whose
halls were made before the apps were there."""

import json
import sys
from typing import Any

import django

django.setup()

from django.db import connection  # noqa: E402 - after set-up
from django.test import Client  # noqa: E402

from foundation import schemas  # noqa: E402
from province.audit.queries.acts import act_label, object_label  # noqa: E402
from province.halls.models import Hall  # noqa: E402
from province.halls.queries.columns import columns_sql  # noqa: E402
from province.people.models import Account, OpenWork, OwnRole, Position  # noqa: E402
from province.people.queries.roles import permissions_of  # noqa: E402
from province.people.queries.work import work_of, work_that_ends  # noqa: E402
from province.rights.permissions import PERMISSIONS  # noqa: E402
from province.rights.roles import Reach, Role  # noqa: E402
from provisioning.models import HallTemplate  # noqa: E402
from provisioning.upgrade import schemas_behind, upgrade_halls  # noqa: E402
from provisioning.verify import verify_halls  # noqa: E402
from tests.conftest import person  # noqa: E402
from tests.dummy_apps.notes.models import Note  # noqa: E402
from tests.factories.halls import make_person  # noqa: E402
from tests.roles import as_owner  # noqa: E402

HALLS = {"north": "north.yizhan.localhost", "village": "village.yizhan.localhost"}


def upgraded() -> dict[str, Any]:
    """A further app comes to the halls that are there by an upgrade."""
    behind = {one.kind.value: one.schemas for one in schemas_behind()}
    with as_owner():
        upgrade_halls(by=person("zhao"), workers=1)
    tables = {}
    for hall in Hall.objects.all():
        with schemas.enter(hall.schema_name), connection.cursor() as cursor:
            cursor.execute("SELECT to_regclass('notes_note') IS NOT NULL")
            [tables[hall.slug]] = cursor.fetchone()
    return {
        "behind": behind,
        "behind_afterwards": len(schemas_behind()),
        "tables": tables,
        "templates": {one.kind: "notes_note" in one.tables for one in HallTemplate.objects.all()},
        "drifts": len(verify_halls(by=person("zhao")).drifts),
    }


def fill() -> None:
    north = Hall.objects.get(slug="north")
    with schemas.enter(north.schema_name):
        note = Note.objects.create(text="记得开会")
    sun = Account.objects.get(username="sun")
    OpenWork.objects.create(hall_id=north.pk, kind="note", object_id=note.pk, owner_id=sun.pk)
    role = OwnRole.objects.create(name="通告员", permissions=["notices.read", "people.read"])
    wu = Account.objects.get(username="wu")
    Position.objects.create(account=wu, own_role=role, role="", reach_prefix="", reach=Reach.PROVINCE)
    make_person("village-editor", "村编辑", Role.HALL_EDITOR, Hall.objects.get(slug="village"))


def asked(host: str, username: str = "") -> Any:
    """A function that gives the status and the text of a page at this host."""
    client = Client(HTTP_HOST=host, raise_request_exception=False)
    if username:
        client.force_login(Account.objects.get(username=username))

    def ask(path: str) -> list[Any]:
        response = client.get(path)
        return [response.status_code, response.content.decode()]

    return ask


def found() -> dict[str, Any]:
    console, stranger = asked("yizhan.localhost", "wu"), asked("yizhan.localhost", "xu")
    operator = asked("yizhan.localhost", "zhao")
    pages: dict[str, Any] = {
        "console": console("/console/"),
        "console_elsewhere": stranger("/console/halls/"),
        "console_of_operator": operator("/console/"),
        "wall": operator("/console/wall/"),
        "people": console("/console/settings/rights/"),
        "search": console("/console/search/?q=停电"),
        "picks": console("/account/picks/notices/?q=停水"),
        "page": console("/console/notices/"),
        "subpage": console("/console/notice-archive/"),
        "everywhere": console("/notices/everywhere/"),
        "api": console("/api/province/v1/notices"),
        "api_of_notes": console("/api/province/v1/notes"),
        "at_halls": console("/notices/"),
    }
    for name, host in HALLS.items():
        reader, clerk = asked(host), asked(host, "sun" if name == "north" else "village-editor")
        for path in ("/", "/notes/", "/map/", "/search/?q=会", "/sitemap.xml", "/robots.txt", "/sw.js"):
            pages[f"{name}{path}"] = reader(path)
        for path in (
            "/desk/",
            "/desk/notes/",
            "/desk/search/?q=开会",
            "/api/hall/v1/notes",
            "/api/hall/v1/notices",
            "/api/hall/v1/openapi.json",
        ):
            pages[f"{name}{path}"] = clerk(path)
        pages[f"{name}/notices/"] = reader("/notices/")
        pages[f"{name}/notices/everywhere/"] = reader("/notices/everywhere/")
    return pages


def said() -> dict[str, Any]:
    with connection.cursor() as cursor:
        cursor.execute(columns_sql("h.slug = 'north'") + "SELECT column_code FROM filled")  # noqa: S608 - constants
        filled = [code for (code,) in cursor.fetchall()]
    sun = Account.objects.get(username="sun")
    return {
        "acts": [act_label("notices.sign"), act_label("notes.write"), object_label("note")],
        "work": {one.label: one.number for one in work_of(sun)},
        "ending_work": {one.label: one.number for one in work_that_ends(sun)},
        "permission": "notices.read" in PERMISSIONS,
        "ready_roles": [role for role in Role if "notices.read" in permissions_of(role)],
        "filled": filled,
    }


if __name__ == "__main__":
    facts = {"upgrade": upgraded()}
    fill()
    json.dump(facts | {"pages": found()} | said(), sys.stdout, ensure_ascii=False)
