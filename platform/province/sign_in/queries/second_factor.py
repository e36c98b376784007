"""By what an account can prove who signs in."""

from dataclasses import dataclass

from province.people.models import Account
from province.sign_in.models import Passkey, RecoveryCode, TotpKey


@dataclass(frozen=True, slots=True)
class Factors:
    has_totp: bool
    passkeys: tuple[Passkey, ...]
    codes_left: int

    def __bool__(self) -> bool:
        return self.has_totp or bool(self.passkeys)


def factors_of(account: Account) -> Factors:
    """Three queries. False where there is none yet (recovery codes alone are none)."""
    return Factors(
        has_totp=TotpKey.objects.filter(account=account).exists(),
        passkeys=tuple(Passkey.objects.filter(account=account).order_by("created_at")),
        codes_left=RecoveryCode.objects.filter(account=account, used_at=None).count(),
    )


def has_factor(account: Account) -> bool:
    return TotpKey.objects.filter(account=account).exists() or Passkey.objects.filter(account=account).exists()
