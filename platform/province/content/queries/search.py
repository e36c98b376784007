"""The search over everything. Each app says what it finds, once at start."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from django.db.models import Q
from django.urls import reverse

from foundation.errors import NotAllowed
from province.content.models import Manuscript, MediaAccount
from province.content.queries.desks import at_desks_of
from province.content.queries.pushes import pushes_at_desk
from province.halls.models import Division, Hall
from province.identity.models import Actor
from province.identity.queries.rights import has_anywhere, may

# of each kind
MOST_HITS = 8


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing that was found."""

    group: str
    name: str
    detail: str
    address: str


type Finder = Callable[[Actor, str], Iterable[Hit]]

_finders: dict[Finder, str] = {}


def finds(permission: str, finder: Finder) -> None:
    """Register what finds things by words that are not empty, for actors with this permission; how far it reaches, the
    finder asks. At most ``MOST_HITS`` of a kind. Called in ``ready``."""
    _finders[finder] = permission


def search_everything(by: Actor, words: str) -> list[Hit]:
    """Raises NotAllowed for somebody for whom nothing here is."""
    allowed = [finder for finder, permission in _finders.items() if has_anywhere(by, permission)]
    if not allowed:
        raise NotAllowed("您的岗位没有可以在这里查找的内容。如需办理，请联系管理员。")
    words = words.strip()
    return [hit for finder in allowed for hit in finder(by, words)] if words else []


def find_halls(by: Actor, words: str) -> Iterator[Hit]:
    """Halls and divisions, by name or code; for the whole province."""
    if not may(by, "halls.manage"):
        return
    named = Q(name__icontains=words) | Q(division__code__startswith=words) | Q(slug=words)
    for hall in Hall.objects.filter(named).select_related("division").order_by("division__code")[:MOST_HITS]:
        yield Hit("服务厅", hall.name, hall.get_state_display(), reverse("console-hall", args=[hall.division.code]))
    divisions = Division.objects.filter(Q(name__icontains=words) | Q(code__startswith=words), valid_to=None)
    for division in divisions.order_by("code")[:MOST_HITS]:
        yield Hit("区划", division.name, division.code, f"{reverse('console-divisions')}?q={division.code}")


def find_texts(by: Actor, words: str) -> Iterator[Hit]:
    """Manuscripts and pushes, by title."""
    texts = Manuscript.objects.filter(at_desks_of(by, "content.read"), title__icontains=words)
    for text in texts.order_by("-edited_at")[:MOST_HITS]:
        yield Hit("稿件", text.title, text.edited_by_name, reverse("console-manuscript", args=[text.pk]))
    for push in pushes_at_desk(by, search=words)[:MOST_HITS]:
        yield Hit("推稿", push.version.title, push.get_state_display(), reverse("console-push", args=[push.pk]))


def find_accounts(by: Actor, words: str) -> Iterator[Hit]:
    if not may(by, "accounts.manage"):
        return
    accounts = MediaAccount.objects.filter(Q(name__icontains=words) | Q(external_id__icontains=words))
    for one in accounts.order_by("name")[:MOST_HITS]:
        yield Hit("新媒体账号", one.name, one.get_platform_display(), reverse("console-account", args=[one.pk]))
