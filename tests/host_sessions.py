"""Django's test client with sessions that a test makes past our own pages (``force_login``, ``client.session``).

A session is good at the place where it began (config/sessions.py), and a browser has a cookie for each host. A test's
client goes from host to host with one cookie: a session that the test made itself begins at whichever host is asked
next. Sessions that our pages made stay as they are.
"""

from typing import Any

from django.conf import settings
from django.test import Client

from config.sessions import SessionStore, place_of
from province.halls.queries import hall_at_host
from province.people.models import Account
from province.sign_in.models import Factor
from province.sign_in.operations.sessions import begin_session
from province.sign_in.queries.sessions import KEY

_OF_A_PAGE = "of a page"
_request, _force_login = Client.request, Client.force_login


def keep_sessions_of_tests() -> None:
    """From now on, for every client."""
    Client.request = _request_at_host  # type: ignore[method-assign]
    Client.force_login = _force_login_at_host  # type: ignore[method-assign]


def session_at(host: str) -> SessionStore:
    """A new session of that host; its caller saves it."""
    return SessionStore(place=place_at(host))


def begin_at(host: str, *, username: str) -> str:
    """The key of a session of that host in which one of the cast has just signed in, as our pages leave one."""
    return _begin(host, Account.objects.get(username=username))


def _begin(host: str, account: Account) -> str:
    begun = begin_session(account=account, factor=Factor.PASSWORD, address="127.0.0.1", agent="")
    session = session_at(host)
    session[KEY] = str(begun.pk)
    session.create()
    return str(session.session_key)


def place_at(host: str) -> str:
    return place_of(hall_at_host(host.partition(":")[0]))


def _force_login_at_host(client: Client, user: Any, backend: str | None = None) -> None:
    """Bound at once where the client has a host: its first request then asks nothing more. Who has no session yet gets
    one as our pages leave it; Django's own way there writes it three times."""
    host, name = client.defaults.get("HTTP_HOST", ""), settings.SESSION_COOKIE_NAME
    if not host or name in client.cookies:
        _force_login(client, user, backend)
        _bind(client, host)
        return
    key = _begin(host, user)
    client.cookies[name] = key
    client.cookies[name]["path"] = settings.SESSION_COOKIE_PATH
    _hosts(client)[key] = host


def _request_at_host(client: Client, **request: Any) -> Any:
    _bind(client, {**client.defaults, **request}.get("HTTP_HOST", ""))
    answer = _request(client, **request)
    if made := answer.cookies.get(settings.SESSION_COOKIE_NAME):
        _hosts(client)[made.value] = _OF_A_PAGE
    return answer


def _bind(client: Client, host: str) -> None:
    cookie = client.cookies.get(settings.SESSION_COOKIE_NAME)
    if not cookie or not cookie.value or not host or _hosts(client).get(cookie.value) in {host, _OF_A_PAGE}:
        return
    session = SessionStore(cookie.value)
    session.items()  # reads it
    if session.session_key and (session.place is None or cookie.value in _hosts(client)):
        session.place = place_at(host)
        session.save()
        _hosts(client)[cookie.value] = host
    else:
        # it has a place already, or is no session: it need not be read again
        _hosts(client)[cookie.value] = _OF_A_PAGE


def _hosts(client: Client) -> dict[str, str]:
    """By session key, at which host a session of the test is good now."""
    found: dict[str, str] = client.__dict__.setdefault("hosts_of_sessions", {})
    return found
