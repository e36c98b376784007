from collections.abc import Iterator

from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from province.halls.models import Hall
from province.rights.queries import require_work_at
from tenants.shell.layouts.desk import desk_for, desk_page
from tenants.shell.layouts.site import for_readers, kept, site_page
from tenants.shell.slots import Desk, HomeBlock, MappedPage, Once, SiteLink
from tests.dummy_apps.notes.models import Note


@for_readers
@kept
def site(request: HttpRequest) -> HttpResponse:
    return site_page(request, "notes/site.html", {"notes": Note.objects.all(), "section": "/notes/"})


@desk_for(lambda by, hall: require_work_at(by, "portal.write", hall_id=hall.pk))
def desk(request: HttpRequest, desk: Desk) -> HttpResponse:
    return desk_page(request, desk, "notes/desk.html", {"place": "notes"})


def entrance(once: Once) -> SiteLink | None:
    return SiteLink("便签", "/notes/") if once(Note.objects.exists) else None


def found_notes(hall: Hall, once: Once, words: str) -> SafeString | None:
    found = Note.objects.filter(text__contains=words).count()
    return format_html("<section>{} 张便签里有“{}”</section>", found, words) if found else None


def home_blocks(hall: Hall, once: Once) -> Iterator[HomeBlock]:
    yield HomeBlock(25, format_html("<section>{}的便签 {} 张</section>", hall.short_name, Note.objects.count()))


def mapped_pages(hall: Hall) -> Iterator[MappedPage]:
    yield MappedPage("/notes/", None)
