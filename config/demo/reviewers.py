"""Who decides in the demo on what departments submit: every office has people of its own."""

from config.demo.people import actor_called
from province.catalogue.operations.offices import arrange_office
from province.catalogue.queries.reviews import offices
from province.people.models import Account, OwnRole, Unit
from province.people.operations.positions import give_position
from province.people.operations.roles import create_role
from province.people.operations.units import create_unit
from province.rights.actors import Actor
from province.rights.roles import Reach

_ROLE = "事项审核"
# by the office's code: its department at the province, and who works there
_OFFICES = {"establishment": ("编办", "gao"), "legal": ("法制处", "tang"), "disclosure": ("政务公开处", "fan")}


def make_reviewers(by: Actor) -> None:
    """Give each office its department, and somebody who decides there. A repeat changes nothing."""
    role = OwnRole.objects.filter(hall_id=None, name=_ROLE, retired_at=None).first() or create_role(
        by=by, name=_ROLE, permissions=["catalogue.read", "catalogue.review"]
    )
    for office in offices():
        if office.unit_id is not None or office.code not in _OFFICES:
            continue
        name, username = _OFFICES[office.code]
        unit = Unit.objects.filter(hall_id=None, parent=None, name=name, retired_at=None).first()
        unit = unit or create_unit(by=by, name=name)
        account = Account.objects.get(username=username)
        give_position(by=by, account=account, role=role, unit=unit, reach=Reach.UNIT)
        arrange_office(
            by=by,
            code=office.code,
            name=office.name,
            step=office.step,
            sections=office.sections,
            elements=office.elements,
            unit_id=unit.pk,
        )


def reviewer_of(code: str) -> Actor:
    """Who decides for the office of this code."""
    return actor_called(_OFFICES[code][1])
