"""What citizens do and find on the pages of 办事."""

import hashlib
from uuid import uuid4

from province.catalogue.models import CatalogueFile, Item, ItemVersion
from province.halls.models import Hall
from province.people.models import Account
from province.rights.roles import Role
from tenants.services.models import Adoption
from tenants.services.operations.hall_guides import pass_hall_guide
from tests.conftest import person
from tests.factories.adoptions import adopt, hall_guide_for, save, submit
from tests.factories.halls import make_person
from tests.factories.sites import inside


def make_form_file(name: str = "申请书.docx") -> CatalogueFile:
    """A blank form's row; nothing lies in the store behind it."""
    digest = hashlib.sha256(uuid4().bytes).hexdigest()
    return CatalogueFile.objects.create(
        key=f"catalogue/{digest}.docx", name=name, media_type="application/msword", size=20_480, sha256=digest
    )


def make_shown_at(hall: Hall, version: ItemVersion | None = None, *, editor: str) -> Adoption:
    """An item that citizens find at a hall other than the north; somebody comes to pass its part."""
    reviewer = f"reviewer-{hall.slug}"
    if not Account.objects.filter(username=reviewer).exists():
        make_person(reviewer, "审核", Role.HALL_ADMINISTRATOR, hall)
    adoption = adopt(hall, version, by=editor)
    part = hall_guide_for(Item.objects.get(pk=adoption.item_id))
    submit(hall, save(hall, adoption, by=editor, part=part), by=editor)
    with inside(hall):
        return pass_hall_guide(by=person(reviewer), hall=hall, adoption_id=adoption.pk, number=1)
