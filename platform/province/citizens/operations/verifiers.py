"""Whether a name and a number belong together: asked of the office that keeps the registers."""

from typing import Protocol

from django.conf import settings

from foundation.errors import Unavailable
from standards.numbers.credit_codes import is_credit_code
from standards.numbers.residents import birthday_of


class IdentityVerifier(Protocol):
    """Each raises Unavailable where the register does not answer."""

    def has_person(self, *, name: str, number: str) -> bool: ...

    def has_company(self, *, code: str, name: str, representative: str, number: str) -> bool:
        """Whether this is the unit's name, and this person its legal representative."""
        ...


class LocalVerifier:
    """Believes every well-formed number and code, but no name with 不符 in it: for development and demo."""

    def has_person(self, *, name: str, number: str) -> bool:
        return birthday_of(number) is not None and "不符" not in name

    def has_company(self, *, code: str, name: str, representative: str, number: str) -> bool:
        is_right = self.has_person(name=representative, number=number)
        return is_right and is_credit_code(code) and "不符" not in name


_VERIFIERS: dict[str, type[IdentityVerifier]] = {"local": LocalVerifier}


def identity_verifier() -> IdentityVerifier:
    """Raises Unavailable where the settings name none."""
    found = _VERIFIERS.get(settings.IDENTITY_VERIFIER)
    if found is None:
        raise Unavailable("线上核验暂未开通，请带身份证到服务大厅窗口办理。")
    return found()
