"""微信, 支付宝 and a provider of OpenID Connect on loopback, written after their public documents: codes hold
once, errors come with status 200 where theirs do, and each can be away, slow, busy, or lie."""

import base64
import hashlib
import json
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import jwt
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from jwt.algorithms import RSAAlgorithm

from tests.servers import answering

_DER, _PUBLIC = serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
OURS, THEIRS, OTHER = (rsa.generate_private_key(65537, 2048) for _ in range(3))


def private_text(key: rsa.RSAPrivateKey) -> str:
    pkcs8, bare = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    return base64.b64encode(key.private_bytes(_DER, pkcs8, bare)).decode()


def public_text(key: rsa.RSAPrivateKey) -> str:
    return base64.b64encode(key.public_key().public_bytes(_DER, _PUBLIC)).decode()


@dataclass
class Platforms:
    """``who``: whose phone or browser consents. ``mood``: "", away, slow, busy, unknown (our id or secret), forged."""

    who: str = "user-1"
    mood: str = ""
    address: str = ""
    key: rsa.RSAPrivateKey = THEIRS
    kid: str = "k1"
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)
    seen: list[str] = field(default_factory=list)

    @property
    def settings(self) -> dict[str, dict[str, str]]:
        here = self.address
        return {
            "wechat": {
                "APP_ID": "wx1",
                "APP_SECRET": "s1",
                "MP_APP_ID": "",
                "MP_APP_SECRET": "",
                "OPEN_URL": here,
                "API_URL": here,
            },
            "alipay": {
                "APP_ID": "ali1",
                "PRIVATE_KEY": private_text(OURS),
                "PUBLIC_KEY": public_text(THEIRS),
                "OPEN_URL": here,
                "GATEWAY_URL": f"{here}/gateway.do",
            },
            "national": {"ISSUER": here, "CLIENT_ID": "c1", "CLIENT_SECRET": "s1"},
        }

    def answer(  # noqa: PLR0911 - an address each
        self, method: str, path: str, query: dict[str, str], form: dict[str, str]
    ) -> tuple[int, Any]:
        self.seen.append(f"{method} {path}")
        if path in {"/connect/qrconnect", "/oauth2/publicAppAuthorize.htm", "/authorize"}:
            code = secrets.token_hex(8)
            self.codes[code] = query
            name = "auth_code" if path.startswith("/oauth2") else "code"
            return 302, f"{query['redirect_uri']}?{urlencode({name: code, 'state': query['state']})}"
        if self.mood == "away":
            return 503, {}
        time.sleep(2 if self.mood == "slow" else 0)
        if path == "/sns/oauth2/access_token":
            return 200, self._wechat(query)
        if path == "/gateway.do":
            return 200, self._alipay(form)
        if path == "/.well-known/openid-configuration":
            ways = {f"{one}_endpoint": f"{self.address}/{one}" for one in ("authorization", "token")}
            ways["authorization_endpoint"] = f"{self.address}/authorize"
            return 200, {"issuer": self.address, "jwks_uri": f"{self.address}/keys", **ways}
        if path == "/keys":
            public = RSAAlgorithm.to_jwk(self.key.public_key(), as_dict=True)
            return 200, {"keys": [public | {"kid": self.kid, "use": "sig", "alg": "RS256"}]}
        if path == "/token":
            return self._token(form)
        return 404, {}

    def _taken(self, code: str) -> dict[str, str] | None:
        asked = self.codes.get(code)
        if asked is None or code in self.used:
            return None
        self.used.add(code)
        return asked

    def _wechat(self, query: dict[str, str]) -> dict[str, Any]:
        if self.mood == "busy":
            return {"errcode": -1, "errmsg": "system error"}
        if self.mood == "unknown" or (query["appid"], query["secret"]) != ("wx1", "s1"):
            return {"errcode": 40125, "errmsg": "invalid appsecret"}
        if self._taken(query["code"]) is None:
            return {"errcode": 40163 if query["code"] in self.used else 40029, "errmsg": "code been used"}
        return {"access_token": "t", "expires_in": 7200, "openid": "o", "scope": "snsapi_login", "unionid": self.who}

    def _alipay(self, form: dict[str, str]) -> Any:
        mark = base64.b64decode(form.pop("sign", ""))
        signed = "&".join(f"{name}={form[name]}" for name in sorted(form)).encode()
        try:
            OURS.public_key().verify(mark, signed, padding.PKCS1v15(), hashes.SHA256())
        except InvalidSignature:
            return {"error_response": {"code": "40002", "sub_code": "isv.invalid-signature"}}
        if self.mood == "busy":
            return {"error_response": {"code": "20000", "sub_code": "isp.unknow-error"}, "sign": ""}
        if self.mood == "unknown":
            return {"error_response": {"code": "40002", "sub_code": "isv.invalid-app-id"}, "sign": ""}
        if self._taken(form["code"]) is None:
            return {"error_response": {"code": "40002", "sub_code": "isv.code-invalid"}, "sign": ""}
        told = json.dumps({"user_id": self.who, "access_token": "t"})
        key = OTHER if self.mood == "forged" else THEIRS
        mark = key.sign(told.encode(), padding.PKCS1v15(), hashes.SHA256())
        return f'{{"alipay_system_oauth_token_response":{told},"sign":"{base64.b64encode(mark).decode()}"}}'.encode()

    def _token(self, form: dict[str, str]) -> tuple[int, Any]:
        if self.mood == "busy":
            return 429, {}
        if self.mood == "unknown":
            return 401, {"error": "invalid_client"}
        asked = self._taken(form["code"])
        challenge = base64.urlsafe_b64encode(hashlib.sha256(form["code_verifier"].encode()).digest()).decode()
        if asked is None or asked["code_challenge"] != challenge.rstrip("="):
            return 400, {"error": "invalid_grant"}
        now = int(time.time())
        claims = {"iss": self.address, "aud": "c1", "sub": self.who, "iat": now, "exp": now + 300}
        key = OTHER if self.mood == "forged" else self.key
        token = jwt.encode(claims | {"nonce": asked["nonce"]}, key, "RS256", headers={"kid": self.kid})
        return 200, {"access_token": "t", "token_type": "Bearer", "id_token": token}

    @contextmanager
    def running(self) -> Iterator["Platforms"]:
        with answering(_handler_of(self)) as address:
            self.address = f"http://{address}"
            yield self


def _handler_of(platforms: Platforms) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer("GET", {})

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
            self._answer("POST", dict(parse_qsl(body)))

        def _answer(self, method: str, form: dict[str, str]) -> None:
            parts = urlsplit(self.path)
            status, said = platforms.answer(method, parts.path, dict(parse_qsl(parts.query)), form)
            body = b"" if status == 302 else said if isinstance(said, bytes) else json.dumps(said).encode()
            try:
                self.send_response(status)
                if status == 302:
                    self.send_header("Location", said)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)
            except OSError:
                # the client went away
                self.close_connection = True

        def log_message(self, *args: object) -> None:
            pass

    return Handler
