"""What changes where the sites are reached over TLS, and that loopback works without."""

import json
import os
import subprocess
import sys

import pytest

from tests.servers import ROOT

_SIGN_IN = """
import json, sys
import django
django.setup()
from django.test import Client
client = Client(enforce_csrf_checks=True)
scheme = sys.argv[2]
https = {"X-Forwarded-Proto": scheme, "X-Forwarded-For": "198.51.100.7, 127.0.0.1"}
first = client.get("/sign-in/", headers={"host": "yizhan.localhost", **https})
plain = Client().get("/sign-in/", headers={"host": "yizhan.localhost"})
far = Client(REMOTE_ADDR="203.0.113.9").get("/sign-in/", headers={"host": "yizhan.localhost", **https})
token = next(one for name, one in client.cookies.items() if name.endswith("csrftoken")).value
def position(origin):
    data = {"username": "zhao", "password": sys.argv[1], "csrfmiddlewaretoken": token}
    return client.post("/sign-in/", data, headers={"host": "yizhan.localhost", "origin": origin, **https})
foreign, own = position("https://evil.example"), position(f"{scheme}://yizhan.localhost")
print(json.dumps({
    "hsts": first.headers.get("Strict-Transport-Security", ""),
    "plain": plain.headers.get("Strict-Transport-Security", ""),
    "far": far.headers.get("Strict-Transport-Security", ""),
    "foreign": foreign.status_code,
    "own": own.status_code,
    "cookies": {one.key: [one["secure"], one["httponly"], one["samesite"], one["path"], one["domain"]]
                for one in client.cookies.values()},
}))
"""


def facts(scheme: str) -> dict[str, object]:
    """What a sign-in sees in a process whose sites are reached so."""
    answered = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", _SIGN_IN, "correct-horse-42", scheme],
        env=os.environ
        | {
            "PYTHONPATH": f"{ROOT}:{ROOT / 'platform'}",
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "PUBLIC_SCHEME": scheme,
        },
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    found: dict[str, object] = json.loads(answered.stdout.splitlines()[-1])
    return found


@pytest.mark.usefixtures("fresh_database")
class TestSettings:
    def test_over_tls_bind_cookies_to_the_host(self) -> None:
        found = facts("https")
        assert str(found["hsts"]).startswith("max-age=31536000")
        # a proof that fetches over loopback, and somebody who only claims to be a proxy
        assert found["plain"] == found["far"] == ""
        assert (found["foreign"], found["own"]) == (403, 302)
        cookies = found["cookies"]
        assert isinstance(cookies, dict)
        assert {"__Host-sessionid", "__Host-csrftoken"} <= set(cookies)
        for name, (secure, httponly, samesite, path, domain) in cookies.items():
            assert (name.startswith("__Host-"), secure, samesite, path, domain) == (True, True, "Lax", "/", "")
            # pages read the token
            assert httponly or name == "__Host-csrftoken"

    def test_without_it_work_on_loopback(self) -> None:
        found = facts("http")
        assert found["hsts"] == found["plain"] == ""
        assert (found["foreign"], found["own"]) == (403, 302)
        cookies = found["cookies"]
        assert isinstance(cookies, dict)
        assert {"sessionid", "csrftoken"} <= set(cookies)
        assert not any(name.startswith("__Host-") or said[0] for name, said in cookies.items())
