"""Ask either host as one of the cast or with a program's key."""

from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlencode

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from province.halls.models import Hall
from province.people.models import Account
from tests.isolation.routes import Route

PROVINCE = "yizhan.localhost"
# what any page's form might read; forms look over what is not theirs
FORM = dict.fromkeys(("title", "name", "reason", "body", "alt", "words", "column", "value", "note"), "核查") | {
    "act": "release",
    "step": "first",
    "state": "suspended",
    "revision": "0",
    "passed": "1",
    "steps": "1",
}
# words that stand in every hall's texts alike
SEARCH = dict.fromkeys(("q", "search", "words", "name", "query", "title", "keyword"), "草稿")


class Requester:
    """One handler for all requests; every request with the cookies of the person who asks."""

    def __init__(self) -> None:
        self._client = Client(raise_request_exception=False)
        # by person and host, as browsers keep them
        self._cookies: dict[tuple[str, str], SimpleCookie] = {}

    def sign_in(self, username: str, *hosts: str) -> None:
        """At these hosts, or at all that there are."""
        for host in hosts or (PROVINCE, *(f"{hall.slug}.{PROVINCE}" for hall in Hall.objects.all())):
            client = Client(headers={"host": host})
            client.force_login(Account.objects.get(username=username))
            self._cookies[username, host] = client.cookies

    def take(self, who: str, host: str, cookies: SimpleCookie) -> None:
        """Ask as somebody who has signed in at this host in another way."""
        self._cookies[who, host] = cookies

    def __call__(
        self, host: str, who: str, method: str, path: str, *, key: str = "", data: Any = None, **options: Any
    ) -> Any:
        self._client.cookies = SimpleCookie(self._cookies[who, host].output(header="", sep=";") if who else "")
        headers = {"host": host, **options.pop("headers", {})}
        if key:
            headers["authorization"] = f"Bearer {key}"
        return getattr(self._client, method)(path, data, headers=headers, **options)

    def route(self, host: str, who: str, method: str, route: Route, path: str, *, key: str = "") -> Any:
        """With a body as this route reads it."""
        if not route.is_api:
            return self(host, who, method, path, key=key, data=FORM if method == "post" else SEARCH)
        media_type, body = route.bodies.get(method, ("application/json", None))
        query = route.queries.get(method, {})
        if method == "get":
            return self(host, who, method, path, key=key, data=SEARCH | query)
        if query:
            path = f"{path}?{urlencode(query)}"
        if media_type == "multipart/form-data":
            content = {name: _upload(name, value) for name, value in body.items()}
            return self(host, who, method, path, key=key, data=content)
        return self(host, who, method, path, key=key, data=body, content_type=media_type)


def _upload(name: str, value: Any) -> Any:
    return SimpleUploadedFile("坏.jpg", b"no picture") if name in {"file", "paper", "papers"} else value
