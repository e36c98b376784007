"""What stands on every page of console and desk for the person who is here."""

from uuid import UUID

from django.conf import settings
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString

from province.audit.models import actor_words
from province.identity.models import Account, Actor, Post
from province.identity.queries.hosts import province_address
from province.identity.queries.places import hall_names
from province.identity.queries.rights import POST_IN_SESSION, is_preview, posts_open_to


def me(request: HttpRequest) -> SafeString:
    """The person's name, the post that they act in, and the others to which they may change."""
    if not isinstance(request.user, Account):
        return SafeString()
    posts = posts_open_to(request.user)
    names = hall_names(posts)
    places = [
        (
            post,
            f"{_where(names, post)} · {post.role_name}",
            "" if post.account_id == request.user.pk else post.account.name,
        )
        for post in posts
    ]
    chosen = request.session.get(POST_IN_SESSION)
    present = next(((text, whose) for post, text, whose in places if str(post.pk) == chosen), None)
    own = [text for _, text, whose in places if not whose]
    context = {
        "contacts": f"{province_address()}{reverse('contacts', urlconf=settings.ROOT_URLCONF)}",
        "present": present[0]
        if present
        else own[0]
        if len(own) == 1
        else f"{len(own)} 个岗位"
        if own
        else "还没有岗位",
        "shown_name": actor_words(request.user.name, present[1] if present else ""),
        "chosen": chosen if present else "",
        "places": places if len(places) > 1 or present else [],
    }
    return render_to_string("halls/me.html", context, request)


def _where(names: dict[UUID | None, str], post: Post) -> str:
    return names.get(post.hall_id, "") if post.hall_id else settings.PROVINCE_NAME


def preview_banner(request: HttpRequest) -> SafeString:
    """As whom an administrator looks around, and the way back."""
    actor: Actor | None = getattr(request, "actor", None)
    if not actor or not is_preview(request):
        return SafeString()
    return render_to_string("halls/preview.html", {"seen": actor.name}, request)
