from province.identity.models.accounts import Account
from province.identity.models.actors import Actor, Grant
from province.identity.models.askers import Asker
from province.identity.models.citizens import Citizen, Guardianship, LocalMessage, PhoneCode
from province.identity.models.clients import ClientSignOut, OidcClient, OidcGrant, OidcKey
from province.identity.models.companies import Company, CompanyAgent
from province.identity.models.contacts import ContactCard
from province.identity.models.mandates import Mandate
from province.identity.models.posts import Post, Substitution
from province.identity.models.roles import ADMINISTRATORS, OwnRole, Reach, Role
from province.identity.models.second_factor import ActivationCode, Passkey, RecoveryCode, TotpKey
from province.identity.models.sessions import Factor, SignInSession
from province.identity.models.tokens import ApiToken
from province.identity.models.tries import SignInTry
from province.identity.models.units import Unit
from province.identity.models.work import OpenWork

__all__ = [
    "ADMINISTRATORS",
    "Account",
    "ActivationCode",
    "Actor",
    "ApiToken",
    "Asker",
    "Citizen",
    "ClientSignOut",
    "Company",
    "CompanyAgent",
    "ContactCard",
    "Factor",
    "Grant",
    "Guardianship",
    "LocalMessage",
    "Mandate",
    "OidcClient",
    "OidcGrant",
    "OidcKey",
    "OpenWork",
    "OwnRole",
    "Passkey",
    "PhoneCode",
    "Post",
    "Reach",
    "RecoveryCode",
    "Role",
    "SignInSession",
    "SignInTry",
    "Substitution",
    "TotpKey",
    "Unit",
]
