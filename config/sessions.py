"""Sessions that are good at one place alone: at the province's host, or at one hall's. A cookie that is carried to
another host is a stranger's there."""

from typing import Any, Final, override

from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest

_PLACE: Final = "_place"
PROVINCE: Final = ""


def place_of(hall: Any | None) -> str:
    """The name of a place: its hall's id, or the province's."""
    return PROVINCE if hall is None else str(hall.pk)


class SessionStore(DatabaseStore):
    """A session in the database, with the place where it began. ``place``: where the request came in; None outside of
    requests, where every session can be read and stays where it belongs."""

    def __init__(self, session_key: str | None = None, place: str | None = None) -> None:
        super().__init__(session_key)
        self.place = place

    @override
    def load(self) -> dict[str, Any]:
        found: dict[str, Any] = super().load()
        began_at = found.pop(_PLACE, None)
        if self.place is None:
            self.place = began_at
        elif began_at != self.place:
            self._session_key = None
            return {}
        return found

    @override
    def encode(self, session_dict: dict[str, Any]) -> str:
        return super().encode(session_dict if self.place is None else {**session_dict, _PLACE: self.place})


class HostSessions(SessionMiddleware):
    """Sets ``request.session``, which is empty where the cookie's session began at another place. Behind the
    HostRouter."""

    @override
    def process_request(self, request: HttpRequest) -> None:
        key = request.COOKIES.get(settings.SESSION_COOKIE_NAME)
        request.session = SessionStore(key, place_of(request.hall))  # type: ignore[attr-defined]
