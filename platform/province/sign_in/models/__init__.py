from province.sign_in.models.clients import ClientSignOut, CodeGrant, OidcClient, OidcGrant, OidcKey
from province.sign_in.models.second_factor import Credential, Passkey, RecoveryCode, TotpKey
from province.sign_in.models.sessions import Factor, SignInSession
from province.sign_in.models.throttling import SignInTry
from province.sign_in.models.tokens import ApiToken

__all__ = [
    "ApiToken",
    "ClientSignOut",
    "CodeGrant",
    "Credential",
    "Factor",
    "OidcClient",
    "OidcGrant",
    "OidcKey",
    "Passkey",
    "RecoveryCode",
    "SignInSession",
    "SignInTry",
    "TotpKey",
]
