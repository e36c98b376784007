"""Other platforms where people have accounts: where a browser is sent, and who came back with a code.

Each says in its own way that a code is worth nothing; ``subject_of`` tells the three things apart that people must be
told differently: CodeRefused (try again), Misconfigured (staff must act) and Outage (try later).
"""

import base64
import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from functools import cache
from http import HTTPStatus
from typing import Any, Protocol
from urllib.parse import urlencode, urlsplit

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_der_private_key, load_der_public_key

from foundation.circuits import LeftAlone, circuit_of
from foundation.safe_http import Answer, Forbidden, Unreachable, get, post
from province.citizens.connectors.bridge import Outage

SECONDS = 5.0


class CodeRefused(Exception):
    """The code was used, has expired or is none: the person may try again."""


class Misconfigured(Exception):
    """The platform does not know us, or we do not know its keys: ``str()`` says which, for the operator."""


@dataclass(frozen=True, slots=True)
class Errand:
    """What a browser was sent with: by it the answer is known to be this browser's. ``is_inside``: in the platform's
    own app."""

    return_to: str
    state: str
    nonce: str
    verifier: str
    challenge: str
    is_inside: bool


class OutsidePlatform(Protocol):
    def address(self, errand: Errand) -> str:
        """Where the browser is sent. Raises Outage where that has to be asked for."""
        ...

    def subject_of(self, code: str, errand: Errand) -> str:
        """Who came back, by the platform's own id. Raises CodeRefused, Misconfigured, Outage."""
        ...


def _asked(origin: str, send: Callable[[], Answer]) -> dict[str, Any]:
    """The answer as an object of JSON; whatever its status, unless that says to come later."""
    try:
        with circuit_of(origin).passage(Outage):
            try:
                answer = send()
            except (Unreachable, Forbidden) as error:
                raise Outage(str(error), was_sent=True) from error
            if answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR or answer.status == HTTPStatus.TOO_MANY_REQUESTS:
                message = f"答复 {answer.status}"
                raise Outage(message, was_sent=True)
            return _object(answer.body)
    except LeftAlone as error:
        message = "近来连续没有答复，暂停一会儿再试"
        raise Outage(message, was_sent=False) from error


def _object(body: bytes) -> dict[str, Any]:
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        said = None
    if not isinstance(said, dict):
        message = "答复不合约定"
        raise Outage(message, was_sent=True)
    return said


class WeChat:
    """网站应用 of 微信开放平台, by a QR code; inside WeChat the 公众号's own page where one is set. Errors come with
    status 200 and an ``errcode``."""

    # of the code: invalid, expired, used before
    _REFUSED = frozenset({40029, 42003, 40163})
    # busy, or too often
    _PASSING = frozenset({-1, 45009, 45011})

    def __init__(self, facts: Mapping[str, str]) -> None:
        self._facts = facts

    def _app(self, errand: Errand) -> tuple[str, str, str, str]:
        if errand.is_inside and self._facts["MP_APP_ID"]:
            return self._facts["MP_APP_ID"], self._facts["MP_APP_SECRET"], "oauth2/authorize", "snsapi_base"
        return self._facts["APP_ID"], self._facts["APP_SECRET"], "qrconnect", "snsapi_login"

    def address(self, errand: Errand) -> str:
        app_id, _, page, scope = self._app(errand)
        query = {
            "appid": app_id,
            "redirect_uri": errand.return_to,
            "response_type": "code",
            "scope": scope,
            "state": errand.state,
        }
        return f"{self._facts['OPEN_URL']}/connect/{page}?{urlencode(query)}#wechat_redirect"

    def subject_of(self, code: str, errand: Errand) -> str:
        app_id, secret, _, _ = self._app(errand)
        query = urlencode({"appid": app_id, "secret": secret, "code": code, "grant_type": "authorization_code"})
        address = f"{self._facts['API_URL']}/sns/oauth2/access_token?{query}"
        said = _asked(self._facts["API_URL"], lambda: get(address, seconds=SECONDS, is_of_settings=True))
        number = said.get("errcode", 0)
        if number in self._REFUSED:
            raise CodeRefused
        if number in self._PASSING:
            message = f"errcode {number}"
            raise Outage(message, was_sent=True)
        if number:
            message = f"errcode {number}"
            raise Misconfigured(message)
        union, own = said.get("unionid"), said.get("openid")
        if isinstance(union, str) and union:
            return f"union:{union}"
        if isinstance(own, str) and own:
            return f"{app_id}:{own}"
        message = "答复里没有用户标识"
        raise Outage(message, was_sent=True)


class Alipay:
    """支付宝: requests to its gateway and its answers are signed with RSA2 (SHA-256). Errors come with status 200."""

    _RESPONSE = "alipay_system_oauth_token_response"
    _CHINA = timezone(timedelta(hours=8))

    def __init__(self, facts: Mapping[str, str]) -> None:
        self._facts = facts

    def address(self, errand: Errand) -> str:
        query = {
            "app_id": self._facts["APP_ID"],
            "scope": "auth_base",
            "redirect_uri": errand.return_to,
            "state": errand.state,
        }
        return f"{self._facts['OPEN_URL']}/oauth2/publicAppAuthorize.htm?{urlencode(query)}"

    def subject_of(self, code: str, errand: Errand) -> str:  # noqa: ARG002 - the protocol's
        fields = {
            "app_id": self._facts["APP_ID"],
            "method": "alipay.system.oauth.token",
            "format": "JSON",
            "charset": "utf-8",
            "sign_type": "RSA2",
            "timestamp": f"{datetime.now(UTC).astimezone(self._CHINA):%Y-%m-%d %H:%M:%S}",
            "version": "1.0",
            "grant_type": "authorization_code",
            "code": code,
        }
        signed = "&".join(f"{name}={fields[name]}" for name in sorted(fields)).encode()
        mark = _private_key(self._facts["PRIVATE_KEY"]).sign(signed, padding.PKCS1v15(), hashes.SHA256())
        body = urlencode(fields | {"sign": base64.b64encode(mark).decode()}).encode()
        headers = {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"}
        kept: list[bytes] = []

        def send() -> Answer:
            answer = post(self._facts["GATEWAY_URL"], headers=headers, body=body, seconds=SECONDS, is_of_settings=True)
            kept.append(answer.body)
            return answer

        said = _asked(self._facts["GATEWAY_URL"], send)
        name = self._RESPONSE if self._RESPONSE in said else "error_response"
        self._check(said, name, kept[0])
        told = said[name]
        if name == self._RESPONSE:
            found = told.get("open_id") or told.get("user_id")
            if isinstance(found, str) and found:
                return found
        sub_code, number = str(told.get("sub_code", "")), str(told.get("code", ""))
        if sub_code in {"isv.code-invalid", "isv.code-expired", "isv.code-is-used"}:
            raise CodeRefused
        if number == "20000" or sub_code.startswith("isp."):
            message = f"{number} {sub_code}"
            raise Outage(message, was_sent=True)
        message = f"{number} {sub_code}"
        raise Misconfigured(message)

    def _check(self, said: dict[str, Any], name: str, body: bytes) -> None:
        """The signature is of the very bytes of the named object. Refusals of our own signature come without one, and
        say nothing that is acted on."""
        if not isinstance(said.get(name), dict):
            message = "答复不合约定"
            raise Outage(message, was_sent=True)
        if name != self._RESPONSE:
            return
        head = f'"{name}":'.encode()
        start = body.index(head) + len(head) if head in body else 0
        text = body[start:].decode("utf-8", "replace").lstrip()
        try:
            _, end = json.JSONDecoder().raw_decode(text)
            mark = base64.b64decode(str(said.get("sign", "")), validate=True)
            key = _public_key(self._facts["PUBLIC_KEY"])
            key.verify(mark, text[:end].encode(), padding.PKCS1v15(), hashes.SHA256())
        except (ValueError, InvalidSignature) as error:
            message = "答复的签名不对，不予采信"
            raise Outage(message, was_sent=True) from error


@cache
def _private_key(text: str) -> RSAPrivateKey:
    found = load_der_private_key(base64.b64decode(_bare(text)), password=None)
    if not isinstance(found, RSAPrivateKey):
        raise Misconfigured("ALIPAY_PRIVATE_KEY")
    return found


@cache
def _public_key(text: str) -> RSAPublicKey:
    found = load_der_public_key(base64.b64decode(_bare(text)))
    if not isinstance(found, RSAPublicKey):
        raise Misconfigured("ALIPAY_PUBLIC_KEY")
    return found


def _bare(text: str) -> str:
    """Without the lines of PEM, which Alipay's own tools leave out."""
    return "".join(line for line in text.split() if not line.startswith("-") and line not in {"PRIVATE", "PUBLIC"})


class National:
    """Any provider of OpenID Connect by its discovery document: 国家政务服务平台, or a province's own."""

    _ALGORITHMS = ("RS256", "PS256", "ES256")

    def __init__(self, facts: Mapping[str, str]) -> None:
        self._facts = facts

    def _described(self) -> dict[str, Any]:
        issuer = self._facts["ISSUER"].rstrip("/")
        found = _read(issuer, f"{issuer}/.well-known/openid-configuration")
        if found.get("issuer", "").rstrip("/") != issuer:
            message = "发现文档里的 issuer 与 NATIONAL_ISSUER 不一致"
            raise Misconfigured(message)
        return found

    def address(self, errand: Errand) -> str:
        query = {
            "response_type": "code",
            "client_id": self._facts["CLIENT_ID"],
            "redirect_uri": errand.return_to,
            "scope": "openid",
            "state": errand.state,
            "nonce": errand.nonce,
            "code_challenge": errand.challenge,
            "code_challenge_method": "S256",
        }
        return f"{self._described()['authorization_endpoint']}?{urlencode(query)}"

    def subject_of(self, code: str, errand: Errand) -> str:
        described = self._described()
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": errand.return_to,
            "code_verifier": errand.verifier,
            "client_id": self._facts["CLIENT_ID"],
            "client_secret": self._facts["CLIENT_SECRET"],
        }
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        said = _asked(
            self._facts["ISSUER"],
            lambda: post(
                _private(described["token_endpoint"]),
                headers=headers,
                body=urlencode(form).encode(),
                seconds=SECONDS,
                is_of_settings=True,
            ),
        )
        if said.get("error") == "invalid_grant":
            raise CodeRefused
        if "error" in said or not isinstance(said.get("id_token"), str):
            raise Misconfigured(str(said.get("error", "no id_token"))[:40])
        return self._subject(said["id_token"], described, errand)

    def _subject(self, token: str, described: dict[str, Any], errand: Errand) -> str:
        import jwt  # noqa: PLC0415 - loaded where a token is read

        try:
            claims = jwt.decode(
                token,
                self._key(token, str(described["jwks_uri"])),
                algorithms=self._ALGORITHMS,
                audience=self._facts["CLIENT_ID"],
                issuer=described["issuer"],
                leeway=60,
                options={"require": ["exp", "iat", "sub", "nonce"]},
            )
        except jwt.InvalidTokenError as error:
            message = "身份令牌没有通过核对，不予采信"
            raise Outage(message, was_sent=True) from error
        if not secrets.compare_digest(str(claims["nonce"]).encode(), errand.nonce.encode()):
            message = "身份令牌是给另一次登录的"
            raise Outage(message, was_sent=True)
        return str(claims["sub"])

    def _key(self, token: str, address: str) -> Any:
        """The key that the token names. Read anew each time: keys are changed without a word."""
        import jwt  # noqa: PLC0415

        kid = jwt.get_unverified_header(token).get("kid")
        for one in _read(self._facts["ISSUER"], address).get("keys", ()):
            if isinstance(one, dict) and one.get("kid") == kid and one.get("use", "sig") == "sig":
                return jwt.PyJWK(one, algorithm=one.get("alg") or "RS256").key
        raise jwt.InvalidTokenError(kid)


def _read(origin: str, address: str) -> dict[str, Any]:
    return _asked(origin, lambda: get(_private(address), seconds=SECONDS, is_of_settings=True))


def _private(address: object) -> str:
    """An address of the discovery document: over TLS, or on this very machine."""
    parts = urlsplit(str(address))
    if parts.scheme != "https" and not (parts.scheme == "http" and (parts.hostname or "").startswith("127.")):
        message = "发现文档里的地址不是 https"
        raise Misconfigured(message)
    return str(address)


def code_parameter(provider: str) -> str:
    """In which parameter the browser brings the code back."""
    return "auth_code" if provider == "alipay" else "code"


def platform_of(provider: str, facts: Mapping[str, str]) -> OutsidePlatform:
    made: dict[str, Callable[[Mapping[str, str]], OutsidePlatform]] = {
        "wechat": WeChat,
        "alipay": Alipay,
        "national": National,
    }
    return made[provider](facts)
