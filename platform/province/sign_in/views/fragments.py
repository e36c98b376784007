"""Who is here, at the top right of console and desk."""

from uuid import UUID

from django.conf import settings
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString

from province.audit.models import actor_words
from province.console.addresses import province_address
from province.people.access import positions_of_request
from province.people.models import Account, Position
from province.people.queries.actors import POSITION_IN_SESSION
from province.people.queries.places import hall_names


def me(request: HttpRequest) -> SafeString:
    """The person's name, the position that they act in, and the others to which they may change."""
    if not isinstance(request.user, Account):
        return SafeString()
    positions = positions_of_request(request)
    names = hall_names(positions)
    places = [
        (
            position,
            f"{_where(names, position)} · {position.role_name}",
            "" if position.account_id == request.user.pk else position.account.name,
        )
        for position in positions
    ]
    chosen = request.session.get(POSITION_IN_SESSION)
    present = next(((text, whose) for position, text, whose in places if str(position.pk) == chosen), None)
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
    return render_to_string("sign_in/me.html", context, request)


def _where(names: dict[UUID | None, str], position: Position) -> str:
    return names.get(position.hall_id, "") if position.hall_id else settings.PROVINCE_NAME
