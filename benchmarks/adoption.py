"""The base list in one hall, handed down to a county's halls, seen by the county, and a new version of what all have.

A hand-down goes through the relay's handler into real schemas. For the table, rows of further halls are added to the
registry until there are 189, and taken away again: it opens no schema.
"""

import random
import subprocess
import sys
import time
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.template.loader import render_to_string
from django.test import RequestFactory

from benchmarks.measuring import line, median_seconds, milliseconds, say, timed
from benchmarks.world import Profile, build
from foundation import schemas
from foundation.events.models import EventDelivery
from foundation.events.operations import drain_events
from province.audit.models import AuditEntry
from province.catalogue.base_list.reading import read_base_list
from province.catalogue.events import ITEMS_ASSIGNED
from province.catalogue.models import HallItem, Item, ItemVersion
from province.catalogue.operations import publish_version
from province.catalogue.operations.assignments import assign_items
from province.catalogue.operations.versions import version_of
from province.catalogue.queries.matrix.cells import matrix_of
from province.catalogue.queries.matrix.pages import matrix_context
from province.catalogue.states import AdoptionState, HallGuideState, VersionState
from province.halls.models import Division, Hall, HallKind
from province.rights.queries import system_actor
from standards.numbers.divisions import DivisionLevel
from tenants.services.models import Adoption
from tenants.services.operations.adoptions import adopt_items
from tests.factories.catalogue import make_base_list
from tests.servers import ROOT

_COUNTY = "640104"
_HALLS = 189
_ITEMS = len(read_base_list())
_BY = "评测"


def run(profile: Profile) -> list[dict[str, Any]]:
    build(profile)
    make_base_list(by=system_actor(_BY))
    item_ids = list(Item.objects.values_list("pk", flat=True))
    county = Hall.objects.get(division__code=_COUNTY.ljust(12, "0"))
    return [
        _one_hall(county, item_ids),
        _all_halls(county, item_ids),
        *_table(profile),
        _publication(profile, county),
    ]


def _one_hall(hall: Hall, item_ids: Sequence[UUID]) -> dict[str, Any]:
    with schemas.enter(hall.schema_name), timed() as taken:
        adopted = adopt_items(by=system_actor(_BY), hall=hall, item_ids=item_ids, reason="测量")
    return line(
        f"{adopted.added} items into one hall",
        measured=round(taken.seconds, 2),
        bound="<= 2 s",
        holds=taken.seconds <= 2 and adopted.added == _ITEMS,
        complete=adopted.complete,
    )


def _all_halls(county: Hall, item_ids: Sequence[UUID]) -> dict[str, Any]:
    """By a relay that is killed after a third, and another that goes on."""
    drain_events()
    kinds = [HallKind.TOWNSHIP, HallKind.VILLAGE]
    with timed() as ordered:
        order = assign_items(by=system_actor(_BY), prefix=_COUNTY, kinds=kinds, item_ids=item_ids)
    deliveries = EventDelivery.objects.filter(event__kind=ITEMS_ASSIGNED.name, event__subject_id=order.pk)
    halls = deliveries.count()
    began_at = time.perf_counter()
    relay = subprocess.Popen([sys.executable, "-m", "benchmarks._hand_down"], cwd=ROOT)
    while deliveries.filter(state=EventDelivery.State.DONE).count() < halls / 3:
        time.sleep(0.05)
    relay.kill()
    relay.wait()
    when_killed = deliveries.filter(state=EventDelivery.State.DONE).count()
    with timed() as rest:
        drain_events()
    seconds = time.perf_counter() - began_at
    say(f"  {halls} halls, killed after {when_killed}")
    reported = HallItem.objects.exclude(hall_id=county.pk).count()
    acts = AuditEntry.objects.filter(act="services.adopt_items").exclude(hall_id=county.pk).count()
    is_whole = reported == halls * len(item_ids) and acts == halls
    return line(
        f"{len(item_ids)} items handed down to {halls} halls, the relay killed on the way",
        measured=round(seconds, 1),
        bound="<= 30 s, nothing lost, nothing doubled",
        holds=seconds <= 30 and is_whole,
        order_ms=milliseconds(ordered.seconds),
        done_when_killed=when_killed,
        ms_a_hall=milliseconds(rest.seconds / max(halls - when_killed, 1)),
        rows_reported=reported,
        audit_entries=acts,
        rows_in_one_hall=_rows_in(
            Hall.objects.filter(kind=HallKind.VILLAGE, division__code__startswith=_COUNTY).last()
        ),
    )


def _rows_in(hall: Hall | None) -> int:
    assert hall
    with schemas.enter(hall.schema_name):
        return Adoption.objects.count()


def _table(profile: Profile) -> list[dict[str, Any]]:
    """Every state by chance, which is the most that there can be to draw."""
    with transaction.atomic():
        _fill_up_to(_HALLS)
        matrix_of(_COUNTY)
        query = median_seconds(lambda: matrix_of(_COUNTY), times=profile.repeats)
        page = median_seconds(_page, times=profile.repeats)
        size, cells = len(_page().encode()), matrix_of(_COUNTY).size
        transaction.set_rollback(True)
    return [
        line(
            f"{_HALLS} halls × {_ITEMS} items: {cells:,} cells asked for",
            measured=milliseconds(query),
            bound="<= 300 ms",
            holds=query <= 0.3,
        ),
        line(
            "the same as a page: asked for and drawn",
            measured=milliseconds(page),
            bound="<= 1,000 ms",
            holds=page <= 1,
            kilobytes=size // 1024,
        ),
    ]


def _page() -> str:
    return render_to_string("catalogue/matrix.html", matrix_context(_COUNTY, {}), RequestFactory().get("/"))


def _fill_up_to(number: int) -> None:
    """Halls to that many, and rows in every state in all of them."""
    present = Hall.objects.filter(division__code__startswith=_COUNTY)
    last = Hall.objects.order_by("-number").first()
    assert last
    missing = number - present.count()
    for extra in range(missing):
        code = f"{_COUNTY}999{extra:03}"
        division = Division.objects.create(code=code, name="测试", level=DivisionLevel.VILLAGE, valid_from="2023-06-30")
        Hall.objects.create(
            number=last.number + 1 + extra,
            schema_name=f"bench_{extra}",
            name="测试",
            short_name=f"测试{extra}",
            kind=HallKind.VILLAGE,
            division=division,
            prefixes=[code],
            slug=f"bench-{extra}",
        )
    halls = list(present.order_by("number").values_list("pk", flat=True)[:number])
    # nothing is said of a tenth
    states = [(state, part) for state in AdoptionState for part in HallGuideState]
    HallItem.objects.all().delete()
    chance = random.Random(1)  # noqa: S311 - no secret
    HallItem.objects.bulk_create(
        HallItem(
            hall_id=hall, item_id=item, state=state, guide_state=part, score=chance.randrange(101), version_number=1
        )
        for hall in halls
        for item in Item.objects.values_list("pk", flat=True)
        if chance.random() < 0.9
        for state, part in [chance.choice(states)]
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE catalogue_hallitem")


def _publication(profile: Profile, county: Hall) -> dict[str, Any]:
    """Of an item that all halls have adopted, and of one that a single hall has, by turns."""
    everywhere, here = Item.objects.order_by("basic_code")[:2]
    HallItem.objects.filter(item=here).exclude(hall_id=county.pk).delete()
    times: dict[UUID, list[float]] = {everywhere.pk: [], here.pk: []}
    for number in range(2, 2 + 5 * profile.repeats):
        for item in random.sample([everywhere, here], 2):
            version = _approved(item, number)
            with timed() as taken:
                publish_version(by=system_actor(_BY), version=version)
            times[item.pk].append(taken.seconds)
    most, least = (sorted(found)[len(found) // 2] for found in times.values())
    return line(
        f"publication for {HallItem.objects.filter(item=everywhere).count()} adopting halls / for 1",
        measured=round(most / least, 2),
        bound="<= 1.3",
        holds=most / least <= 1.3,
        milliseconds=[milliseconds(most), milliseconds(least)],
    )


def _approved(item: Item, number: int) -> ItemVersion:
    version = version_of(item, number=number, state=VersionState.APPROVED, submitted_by_name=_BY)
    version.save()
    return version
