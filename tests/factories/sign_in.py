"""What people sign in with: a browser that goes from host to host, an authenticator app, and a passkey in software."""

import json
import time
from typing import Any
from urllib.parse import urlencode, urlsplit

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings
from django.test import Client
from fido2.cose import ES256
from fido2.utils import sha256, websafe_decode, websafe_encode
from fido2.webauthn import Aaguid, AttestationObject, AttestedCredentialData, AuthenticatorData, CollectedClientData

from province.console.addresses import province_address
from province.people.models import Account
from province.sign_in.models import TotpKey
from province.sign_in.queries.totp import STEP_SECONDS, code_at, draw_secret
from tests.factories.halls import PASSWORD

PROVINCE = "yizhan.localhost"
NORTH = "north.yizhan.localhost"
SOUTH = "south.yizhan.localhost"


def make_totp(account: Account) -> str:
    """The account has an app from now on; its key. No code of it was used yet."""
    secret = draw_secret()
    key = TotpKey(account=account)
    key.secret = secret
    key.save()
    return secret


def code_now(secret: str, later: int = 0) -> str:
    """What the app shows, ``later`` steps from now."""
    return code_at(secret, int(time.time()) // STEP_SECONDS + later)


class Browser:
    """Cookies apart for each host, and everything followed that a browser follows."""

    def __init__(self, **extra: Any) -> None:
        self._clients: dict[str, Client] = {}
        self._extra = extra
        self.address = ""

    def at(self, host: str) -> Client:
        return self._clients.setdefault(host, Client(HTTP_HOST=host, **self._extra))

    def get(self, host: str, path: str) -> Any:
        return self._follow(host, path, self.at(host).get(path))

    def post(self, host: str, path: str, data: dict[str, Any]) -> Any:
        """As a form is sent by a browser."""
        sent = self.at(host).post(path, urlencode(data, doseq=True), content_type="application/x-www-form-urlencoded")
        return self._follow(host, path, sent)

    def here(self, data: dict[str, Any]) -> Any:
        """Send a form of the page that is open to its own address."""
        parts = urlsplit(self.address)
        return self.post(parts.netloc, f"{parts.path}?{parts.query}", data)

    def sign_in(self, username: str, host: str = PROVINCE, password: str = PASSWORD, **more: str) -> Any:
        """By the sign-in page, from whichever host it was asked for."""
        self.get(host, "/sign-in/")
        return self.here({"username": username, "password": password, **more})

    def is_signed_in(self, host: str = PROVINCE) -> bool:
        """Whether the sign-in page sends this browser on, as it does for people who are signed in."""
        answer = self.at(host).get("/sign-in/")
        return answer.status_code == 302 and not answer["Location"].startswith("http")

    def _follow(self, host: str, path: str, answer: Any) -> Any:
        self.address = f"//{host}{path}"
        for _ in range(10):
            target = answer.headers.get("Location") or answer.headers.get("Refresh", "").partition("url=")[2]
            if not target:
                return answer
            parts = urlsplit(target)
            host = parts.hostname or host
            path = f"{parts.path}?{parts.query}" if parts.query else parts.path
            if host != settings.BASE_DOMAIN and not host.endswith(f".{settings.BASE_DOMAIN}"):
                return answer
            self.address = f"//{host}{path}"
            answer = self.at(host).get(path)
        message = f"redirected in a ring at {host}{path}"
        raise AssertionError(message)


class SoftPasskey:
    """A platform authenticator: makes one credential, and signs with it."""

    def __init__(self, origin: str = "", party: str = settings.BASE_DOMAIN) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._origin = origin or province_address()
        self._party = party
        self._user = b""
        self.credential_id = sha256(str(id(self)).encode() + str(time.time_ns()).encode())
        self.counter = 0

    def make(self, options: dict[str, Any]) -> str:
        """The answer to ``navigator.credentials.create``."""
        question = options["publicKey"]
        self._user = websafe_decode(question["user"]["id"])
        public = ES256.from_cryptography_key(self._key.public_key())
        credential = AttestedCredentialData.create(Aaguid.NONE, self.credential_id, public)
        made = AuthenticatorData.create(sha256(self._party.encode()), 0x45, self.counter, bytes(credential))
        client = CollectedClientData.create("webauthn.create", question["challenge"], self._origin)
        response = {
            "clientDataJSON": websafe_encode(client),
            "attestationObject": websafe_encode(bytes(AttestationObject.create("none", made, {}))),
        }
        return self._answer(response)

    def sign(self, options: dict[str, Any], *, is_verified: bool = True) -> str:
        """The answer to ``navigator.credentials.get``."""
        self.counter += 1
        client = CollectedClientData.create("webauthn.get", options["publicKey"]["challenge"], self._origin)
        flags = 0x05 if is_verified else 0x01
        data = AuthenticatorData.create(sha256(self._party.encode()), flags, self.counter)
        signature = self._key.sign(bytes(data) + client.hash, ec.ECDSA(hashes.SHA256()))
        response = {
            "clientDataJSON": websafe_encode(client),
            "authenticatorData": websafe_encode(bytes(data)),
            "signature": websafe_encode(signature),
            "userHandle": websafe_encode(self._user),
        }
        return self._answer(response)

    def _answer(self, response: dict[str, str]) -> str:
        name = websafe_encode(self.credential_id)
        return json.dumps(
            {"id": name, "rawId": name, "type": "public-key", "response": response, "clientExtensionResults": {}}
        )
