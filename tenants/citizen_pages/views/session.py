"""The sessions of citizens: how one begins, goes on under a new key, and ends."""

from uuid import UUID, uuid4

from django.http import HttpRequest
from django.middleware.csrf import rotate_token
from django.utils import timezone

from province.citizens.access import CITIZEN_IN_SESSION
from province.citizens.models import Citizen

_BROWSER = "code_browser"


def begin_citizen_session(request: HttpRequest, citizen: Citizen, *, is_demo: bool = False) -> None:
    """Begin the session of the person who has just proved to be this citizen. Under a new key: one planted before
    signing in is worth nothing. What staff have in the session stays theirs."""
    request.session[CITIZEN_IN_SESSION] = {"is_demo": is_demo}
    note_proof(request)
    go_on_as(request, citizen)


def go_on_as(request: HttpRequest, citizen: Citizen) -> None:
    """Let this session go on, under a new key, where all others of the account have ended."""
    kept = request.session.get(CITIZEN_IN_SESSION, {})
    request.session.cycle_key()
    request.session[CITIZEN_IN_SESSION] = kept | {"id": str(citizen.pk), "round": citizen.session_round}
    rotate_token(request)


def note_proof(request: HttpRequest) -> None:
    """Note that the citizen has proved just now who they are."""
    kept = request.session.get(CITIZEN_IN_SESSION, {})
    request.session[CITIZEN_IN_SESSION] = kept | {"proved_at": timezone.now().timestamp()}


def end_citizen_session(request: HttpRequest) -> None:
    request.session.pop(CITIZEN_IN_SESSION, None)
    request.session.cycle_key()


def browser_of(request: HttpRequest) -> UUID:
    """This browser, as long as its session lasts: a code that it asked for is right here alone."""
    kept: str = request.session.setdefault(_BROWSER, str(uuid4()))
    return UUID(kept)


def address_of_request(request: HttpRequest) -> str:
    return str(request.META.get("REMOTE_ADDR", ""))


def host_of(request: HttpRequest) -> str:
    return request.get_host().partition(":")[0].lower()
