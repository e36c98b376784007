"""The search over everything at the desk (Ctrl K)."""

from collections.abc import Callable, Iterator, Sequence

from django.conf import settings
from django.urls import reverse

from foundation.errors import NotAllowed, NotFound
from province.console.addresses import province_address
from province.console.queries.search import pages_named
from province.console.slots import MOST_HITS, Hit
from province.halls.models import Hall
from province.people.queries.contacts import colleagues_at
from province.rights.actors import Actor
from province.rights.queries import may, works_at
from tenants.shell.queries.apps import shown_at
from tenants.shell.queries.desk import has_desk_overview, links_open_to
from tenants.shell.slots import DESK_SEARCH, Desk, DeskSearch


def desk_sources(by: Actor, hall: Hall) -> list[DeskSearch]:
    """What this person may look for at the hall's desk."""
    return [
        one
        for one in shown_at(DESK_SEARCH, hall)
        if any((may if one.is_of_whole_hall else works_at)(by, own, hall_id=hall.pk) for own in one.permissions)
    ]


def require_desk_search(by: Actor, hall: Hall) -> None:
    """Raises NotAllowed for somebody for whom nothing at this desk is."""
    if not desk_sources(by, hall):
        raise NotAllowed("您的岗位没有可以在这里查找的内容。如需办理，请联系管理员。")


def search_desk(desk: Desk, words: str) -> list[Hit]:
    """Pages first, then what each app finds, then colleagues; of each kind the newest first, and at most eight."""
    words = words.replace("\0", "").strip()
    if not words:
        return []
    found = [hit for source in desk_sources(desk.by, desk.hall) for hit in source.find(desk, words)]
    return [*_pages(desk, words), *found, *_colleagues(desk, words)]


def notes_of_search(desk: Desk, words: str) -> list[Callable[[Desk, str], None]]:
    """What is to be told of these words, now that they were looked for."""
    return [one.note for one in desk_sources(desk.by, desk.hall) if one.note] if words else []


def only_hit(hits: Sequence[Hit]) -> Hit | None:
    """What somebody meant who gave a code: what bears exactly that, or what alone was found."""
    found = [one for one in hits if one.is_whole] or hits
    return found[0] if len(found) == 1 else None


def searched_at_desk(by: Actor, hall: Hall) -> str:
    """文章、咨询、事项、人员和页面: what this person finds."""
    things = [thing for one in desk_sources(by, hall) for thing in one.things]
    return f"{'、'.join([*things, '人员'])}和页面" if things else ""


def desk_hints(by: Actor, hall: Hall) -> str:
    """What this person can type, as one list."""
    return "、".join([*(one.hint for one in desk_sources(by, hall)), "姓名", "页面的名称"])


def _pages(desk: Desk, words: str) -> Iterator[Hit]:
    overview = [("概览", "", "desk")] if has_desk_overview(desk.by, desk.hall) else []
    links = [(link.label, link.section, link.route) for link in links_open_to(desk.by, desk.hall)]
    return pages_named([*overview, *links], words)


def _colleagues(desk: Desk, words: str) -> Iterator[Hit]:
    """Their cards stand on the province's host."""
    try:
        found = colleagues_at(desk.by, desk.hall.pk, search=words)
    except NotFound:
        # who sees to this desk from outside and knows nobody here
        return
    for one in found[:MOST_HITS]:
        duties = "、".join(duty.title or duty.role for duty in one.duties)
        card = reverse("contact", args=[one.id], urlconf=settings.ROOT_URLCONF)
        yield Hit("人员", one.name, duties, f"{province_address()}{card}")
