from province.people.models.accounts import Account
from province.people.models.activation import ActivationCode
from province.people.models.contacts import ContactCard
from province.people.models.positions import Position, Substitution
from province.people.models.roles import OwnRole
from province.people.models.units import Unit
from province.people.models.work import OpenWork

__all__ = [
    "Account",
    "ActivationCode",
    "ContactCard",
    "OpenWork",
    "OwnRole",
    "Position",
    "Substitution",
    "Unit",
]
