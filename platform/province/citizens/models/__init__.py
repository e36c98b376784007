from province.citizens.models.citizens import Citizen, Guardianship, LocalMessage, PhoneCode
from province.citizens.models.companies import Company, CompanyAgent
from province.citizens.models.gateways import GatewayRecord
from province.citizens.models.guest_contacts import GuestContact, LookUpTry
from province.citizens.models.mandates import Mandate
from province.citizens.models.notices import PhoneNotice
from province.citizens.models.outside import OutsideIdentity
from province.citizens.models.passkeys import CitizenPasskey
from province.citizens.models.sessions import CitizenGrant, CitizenSignIn

__all__ = [
    "Citizen",
    "CitizenGrant",
    "CitizenPasskey",
    "CitizenSignIn",
    "Company",
    "CompanyAgent",
    "GatewayRecord",
    "Guardianship",
    "GuestContact",
    "LocalMessage",
    "LookUpTry",
    "Mandate",
    "OutsideIdentity",
    "PhoneCode",
    "PhoneNotice",
]
