"""Whether a name and a number belong together: asked of the office that keeps the registers."""

from collections.abc import Mapping
from typing import Protocol

import structlog
from django.conf import settings

from foundation.errors import Invalid, Unavailable
from foundation.rows import draw_id
from province.citizens.connectors.bridge import Outage
from province.citizens.models import GatewayRecord
from province.citizens.operations.gateways import ask_gateway
from standards.numbers.credit_codes import is_credit_code
from standards.numbers.residents import birthday_of

_NO_ANSWER = "核验系统暂时没有响应，请过一会儿再试，或带身份证到服务大厅窗口办理。这一次不计入今天的核验次数。"

log = structlog.get_logger(__name__)


class IdentityVerifier(Protocol):
    """Each raises Unavailable where the register does not answer."""

    def has_person(self, *, name: str, number: str, phone: str) -> bool:
        """``phone``: the person's, for a register that compares it, too; "" where there is none. Raises Invalid where
        it alone is somebody else's."""
        ...

    def has_company(self, *, code: str, name: str, representative: str, number: str) -> bool:
        """Whether this is the unit's name, and this person its legal representative."""
        ...


class LocalVerifier:
    """Believes every well-formed number and code, but no name with 不符 in it: for development and demo."""

    def has_person(self, *, name: str, number: str, phone: str) -> bool:  # noqa: ARG002 - the protocol's
        return birthday_of(number) is not None and "不符" not in name

    def has_company(self, *, code: str, name: str, representative: str, number: str) -> bool:
        is_right = self.has_person(name=representative, number=number, phone="")
        return is_right and is_credit_code(code) and "不符" not in name


class HttpVerifier:
    """The province's own bridge in front of the register (docs/guides/bridges.md)."""

    def has_person(self, *, name: str, number: str, phone: str) -> bool:
        return _asked({"kind": "person", "name": name, "number": number, "phone": phone})

    def has_company(self, *, code: str, name: str, representative: str, number: str) -> bool:
        return _asked(
            {"kind": "company", "code": code, "name": name, "representative": representative, "number": number}
        )


def _asked(content: Mapping[str, str]) -> bool:
    try:
        said = ask_gateway(name=GatewayRecord.Name.REGISTER, request_id=draw_id(), content=content)
    except Outage as outage:
        raise Unavailable(_NO_ANSWER) from outage
    match said["result"]:
        case "match":
            return True
        case "mismatch" if said.get("code") == "phone":
            message = "姓名与身份证号相符，但这个手机号登记在别人名下。请换用本人名下的手机号，或带身份证到窗口办理。"
            raise Invalid(message)
        case "mismatch":
            return False
    log.error("register_refused", code=str(said.get("code", ""))[:40])
    raise Unavailable(_NO_ANSWER)


_VERIFIERS: dict[str, type[IdentityVerifier]] = {"local": LocalVerifier, "http": HttpVerifier}


def identity_verifier() -> IdentityVerifier:
    """Raises Unavailable where the settings name none."""
    found = _VERIFIERS.get(settings.IDENTITY_VERIFIER)
    if found is None:
        raise Unavailable("线上核验暂未开通，请带身份证到服务大厅窗口办理。")
    return found()
