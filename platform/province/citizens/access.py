"""Which citizen asks, as pages must know it."""

from datetime import UTC, datetime

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from structlog.contextvars import bind_contextvars

from province.citizens.models import Citizen
from province.citizens.queries.citizens import citizen_in_session
from province.console.access import FRESH_FOR, ProofNeeded

# of the session of a host, apart from what staff have there: ``id`` and ``round`` of the citizen, ``proved_at`` (a
# timestamp), and ``is_demo`` where one click let them in
CITIZEN_IN_SESSION = "citizen"


def citizen_of_request(request: HttpRequest) -> Citizen | None:
    """The citizen who has signed in on this host; nobody of the demo where there is none."""
    kept = request.session.get(CITIZEN_IN_SESSION)
    if not isinstance(kept, dict) or (kept.get("is_demo") and not settings.DEMO):
        return None
    found = citizen_in_session(kept["id"], session_round=kept["round"])
    if found:
        bind_contextvars(account_id=str(found.pk))
    return found


def citizen_proved_at(request: HttpRequest) -> datetime:
    """When the citizen who is signed in on this host proved last who they are; long ago where nobody noted it."""
    kept = request.session.get(CITIZEN_IN_SESSION)
    since = kept.get("proved_at", 0) if isinstance(kept, dict) else 0
    return datetime.fromtimestamp(since, tz=UTC)


def require_fresh_citizen(request: HttpRequest) -> None:
    """Raises ProofNeeded where the citizen's last proof is older than ten minutes. The page then leads on to the
    question (tenants/portal/views/citizen_frame.py)."""
    if citizen_proved_at(request) < timezone.now() - FRESH_FOR:
        raise ProofNeeded("为保护您的资料，这一步需要再确认一次是您本人。")
