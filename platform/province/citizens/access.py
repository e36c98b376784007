"""Which citizen asks, as pages must know it; and how a host's session is tied to a sign-in."""

from uuid import UUID, uuid4

from django.http import HttpRequest
from django.middleware.csrf import rotate_token
from django.utils import timezone
from structlog.contextvars import bind_contextvars

from foundation.errors import NotAllowed
from province.citizens.models import Citizen, CitizenSignIn
from province.citizens.operations.sessions import go_on_as, renew_proof_of, seen_sign_in
from province.citizens.queries.citizens import actor_of_citizen
from province.console.access import FRESH_FOR, ProofNeeded
from province.rights.actors import Actor

# of the session of a host, apart from what staff have there: the id of the CitizenSignIn
CITIZEN_IN_SESSION = "citizen"
_BROWSER = "code_browser"
_SEEN = "_citizen_sign_in"


class IdentityNeeded(NotAllowed):
    """The act takes a proved identity (实名). Pages lead on to the proof and back; an API says so."""


def citizen_sign_in_of(request: HttpRequest) -> CitizenSignIn | None:
    """The open sign-in behind this host's session, or None: asked once for a request."""
    if not hasattr(request, _SEEN):
        kept = request.session.get(CITIZEN_IN_SESSION)
        found = seen_sign_in(kept) if isinstance(kept, str) else None
        if found:
            bind_contextvars(account_id=str(found.citizen_id))
        setattr(request, _SEEN, found)
    seen: CitizenSignIn | None = getattr(request, _SEEN)
    return seen


def citizen_of_request(request: HttpRequest) -> Citizen | None:
    """The citizen who has signed in on this host."""
    found = citizen_sign_in_of(request)
    return found.citizen if found else None


def tie_citizen(request: HttpRequest, sign_in: CitizenSignIn) -> None:
    """Tie this host's session to the sign-in, under a new key: one planted before is worth nothing. What staff have in
    the session stays theirs."""
    request.session.cycle_key()
    request.session.pop(_BROWSER, None)
    request.session[CITIZEN_IN_SESSION] = str(sign_in.pk)
    rotate_token(request)
    _forget_seen(request)


def untie_citizen(request: HttpRequest) -> None:
    """Let go of the citizen who was signed in on this host."""
    request.session.pop(CITIZEN_IN_SESSION, None)
    request.session.cycle_key()
    _forget_seen(request)


def keep_signed_in(request: HttpRequest, citizen: Citizen) -> None:
    """Let the sign-in of this browser go on, under a new key, as the citizen who was changed just now."""
    sign_in = citizen_sign_in_of(request)
    if sign_in is not None:
        go_on_as(sign_in=sign_in, citizen=citizen)
        tie_citizen(request, sign_in)


def note_citizen_proof(request: HttpRequest) -> None:
    """Note that the citizen of this request has proved just now who they are."""
    sign_in = citizen_sign_in_of(request)
    if sign_in is not None:
        renew_proof_of(sign_in=sign_in)
        _forget_seen(request)


def is_fresh_citizen(request: HttpRequest) -> bool:
    """Whether the citizen proved recently enough who they are for what a passer-by at an open screen must not do."""
    sign_in = citizen_sign_in_of(request)
    return sign_in is not None and sign_in.proved_at >= timezone.now() - FRESH_FOR


def require_fresh_citizen(request: HttpRequest) -> None:
    """Raises ProofNeeded where the citizen's last proof is older than ten minutes. The page then leads on to the
    question (tenants/shell/layouts/own.py)."""
    if not is_fresh_citizen(request):
        raise ProofNeeded("为保护您的资料，这一步需要再确认一次是您本人。")


def require_identity(citizen: Citizen) -> None:
    """Raises IdentityNeeded where nobody has checked yet who the citizen is. The page then leads on to the proof and
    comes back."""
    if citizen.level < Citizen.Level.NUMBER:
        raise IdentityNeeded("办理这件事需要先实名核验。")


def browser_of(request: HttpRequest) -> UUID:
    """This browser, as long as its session lasts: a code that it asked for is right here alone."""
    kept: str = request.session.setdefault(_BROWSER, str(uuid4()))
    return UUID(kept)


def _forget_seen(request: HttpRequest) -> None:
    if hasattr(request, _SEEN):
        delattr(request, _SEEN)


def citizen_as_caller(request: HttpRequest) -> Actor | None:
    """Let a citizen's own program in (``auth`` of a router): by the session of this host alone, which a page of another
    site could send along; what changes something must bring the token of our own pages (``X-CSRFToken``)."""
    from ninja.utils import check_csrf  # noqa: PLC0415 - workers, which serve nothing, do without it

    citizen = citizen_of_request(request)
    if citizen is None:
        return None
    if check_csrf(request):
        raise NotAllowed("这次请求没有带本站页面的校验码（X-CSRFToken），没有执行。")
    return actor_of_citizen(citizen)
