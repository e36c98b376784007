from collections.abc import Iterator
from uuid import UUID

from foundation.contributions import Contribution
from province.audit.queries.acts import ACTS, ActNames
from province.citizens.models import Citizen
from province.console.slots import Figure, Hit
from province.halls.models import Hall
from province.people.queries.work import HALL_WORK, HallWork
from tenants.services.slots import GUIDE, GuideAddition
from tenants.shell.slots import (
    CITIZEN_PARTS,
    DESK,
    DESK_OVERVIEW,
    DESK_SEARCH,
    DESK_WAITING,
    GOES_ON,
    PROGRESS,
    SITE,
    SITE_SEARCH,
    Desk,
    DeskLink,
    DeskPart,
    DeskSearch,
    DeskShare,
    GoesOn,
    Once,
    SitePart,
    SiteSearch,
    WaitingThing,
)
from tests.dummy_apps.notes.models import Note
from tests.dummy_apps.notes.views import entrance, found_notes, home_blocks, mapped_pages


def waiting_notes(desk: Desk) -> Iterator[WaitingThing]:
    for note in Note.objects.all():
        yield WaitingThing("待看", "accent", note.text, desk.by.name, "desk-note", note.pk)


def find_notes(desk: Desk, words: str) -> Iterator[Hit]:
    for note in Note.objects.filter(text__contains=words):
        yield Hit("便签", note.text, desk.by.name, "/desk/notes/")


def number_of_notes(desk: Desk, once: Once) -> int:
    return once(Note.objects.count)


def overview_share(desk: Desk, once: Once) -> DeskShare:
    return DeskShare(figures=(Figure(number_of_notes(desk, once), "张便签", "/desk/notes/"),))


def no_progress(hall: Hall, number: str, tail: str) -> None:
    return None


def no_part(hall: Hall, citizen: Citizen, once: Once) -> None:
    return None


def nothing_below(item_id: UUID) -> None:
    return None


contribution = Contribution(
    ACTS(ActNames("便签", {"notes.write": "写便签"}, objects={"note": "便签"})),
    HALL_WORK(HallWork("note", "便签（未看）")),
    SITE(
        SitePart(
            name="notes",
            order=30,
            entrance=entrance,
            home=home_blocks,
            pages=mapped_pages,
            unlisted=("/notes/find/",),
            styles=("notes/notes.css",),
            readable=("notes",),
        )
    ),
    SITE_SEARCH(SiteSearch(order=30, find=found_notes)),
    PROGRESS(no_progress),
    CITIZEN_PARTS(no_part),
    GOES_ON(GoesOn("site-notes", is_read=True)),
    GUIDE(GuideAddition(label="记一笔", route="desk-note", below=nothing_below)),
    DESK(
        DeskLink(
            label="便签夹",
            route="desk-notes",
            icon="bell",
            permissions=("portal.write",),
            order=30,
            section="便签栏",
            place=("notes",),
            count=number_of_notes,
            counted="张待看",
        )
    ),
    DESK_SEARCH(DeskSearch(("portal.write",), find_notes, things=("便签",), hint="便签里的词")),
    DESK_WAITING(waiting_notes),
    DESK_OVERVIEW(DeskPart("portal.write", overview_share)),
)
