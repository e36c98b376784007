"""What the search over everything finds of texts and accounts."""

from collections.abc import Iterator

from django.db.models import Q
from django.urls import reverse

from foundation.masking import masked
from province.console.slots import MOST_HITS, Hit
from province.content.models import Manuscript, MediaAccount
from province.content.queries.desks import at_desks_of
from province.content.queries.pushes import pushes_at_desk
from province.rights.actors import Actor
from province.rights.queries import may


def find_texts(by: Actor, words: str) -> Iterator[Hit]:
    """Manuscripts and pushes, by title."""
    texts = Manuscript.objects.filter(at_desks_of(by, "content.read"), title__icontains=words)
    for text in texts.order_by("-edited_at")[:MOST_HITS]:
        yield Hit("稿件", text.title, masked(text.edited_by_name), reverse("console-manuscript", args=[text.pk]))
    for push in pushes_at_desk(by, search=words)[:MOST_HITS]:
        yield Hit("推稿", push.version.title, push.get_state_display(), reverse("console-push", args=[push.pk]))


def find_accounts(by: Actor, words: str) -> Iterator[Hit]:
    if not may(by, "accounts.manage"):
        return
    accounts = MediaAccount.objects.filter(Q(name__icontains=words) | Q(external_id__icontains=words))
    for one in accounts.order_by("name")[:MOST_HITS]:
        yield Hit("新媒体账号", one.name, one.get_platform_display(), reverse("console-account", args=[one.pk]))
