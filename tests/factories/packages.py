"""一件事: items that a hall takes online, packages of them, and applications for such a package."""

from collections.abc import Mapping, Sequence
from typing import Any

from province.catalogue.models import Item, Package
from province.catalogue.operations.packages import add_package, publish_package
from province.citizens.models import Citizen
from province.halls.models import Hall
from standards.items.codelists import MaterialNeed
from tenants.casework.models import CaseSetup, PackageApplication
from tenants.casework.operations.packages import begin_package
from tests.conftest import person
from tests.factories.adoptions import make_shown
from tests.factories.casework import make_setup, send_whole
from tests.factories.catalogue import make_item, make_published
from tests.factories.forms import citizen_filler
from tests.factories.items import whole_item
from tests.factories.referrals import raise_above, shown_above
from tests.factories.sites import inside

SHARED = "户口簿"
# the third one waits for the first
NAMES = ("甲登记", "乙补贴", "丙证明")


def make_parts(hall: Hall, names: Sequence[str] = NAMES) -> list[CaseSetup]:
    """An item for each name that can be applied for here: each asks for its own 申请书, and all for one 户口簿."""
    made = []
    for number, name in enumerate(names, start=1):
        row = whole_item()["materials"][0]
        materials = [row | {"name": f"{name}申请书"}, row | {"name": SHARED}]
        adoption = make_shown(hall, make_published(make_item(number, name=name, materials=materials)))
        hall.refresh_from_db()
        with inside(hall):
            made.append(make_setup(hall, adoption))
    return made


def make_parts_of_two_halls(north: Hall, south: Hall) -> list[CaseSetup]:
    """The first and the third item are the north's, the second one a hall's above it; each asks for a paper of its own
    and for one 户口簿, which nobody has to bring."""
    raise_above(south)
    made = []
    for number, name in enumerate(NAMES, start=1):
        row = whole_item()["materials"][0] | {"need": MaterialNeed.OPTIONAL.value}
        materials = [row | {"name": f"{name}申请书"}, row | {"name": SHARED}]
        version = make_published(make_item(number, name=name, materials=materials))
        if name == NAMES[1]:
            above = shown_above(south, version)
            with inside(south):
                made.append(make_setup(south, above, by="nan"))
        else:
            adoption = make_shown(north, version)
            north.refresh_from_db()
            with inside(north):
                made.append(make_setup(north, adoption))
    return made


def code_of(setup: CaseSetup) -> str:
    return Item.objects.get(pk=setup.item_id).basic_code


def values_for(
    setups: Sequence[CaseSetup],
    *,
    situations: Sequence[Mapping[str, Any]] = (),
    in_order: bool = False,
    waits_for: int = 1,
) -> dict[str, Any]:
    """``in_order``: the third item waits for the first, or for the ``waits_for``-th."""
    codes = [code_of(one) for one in setups]
    items: list[dict[str, Any]] = [{"code": one} for one in codes]
    if in_order:
        items[2]["after"] = [codes[waits_for - 1]]
    values: dict[str, Any] = {"summary": "一次办好。", "items": items}
    return values | ({"situations": [dict(one) for one in situations]} if situations else {})


def make_package(setups: Sequence[CaseSetup], *, name: str = "开店一件事", **given: Any) -> Package:
    """Published."""
    package = add_package(by=person("zhao"), name=name, values=values_for(setups, **given))
    publish_package(by=person("zhao"), package=package, revision=package.revision)
    package.refresh_from_db()
    return package


def apply_for(hall: Hall, package: Package, citizen: Citizen, **answers: list[str]) -> PackageApplication:
    """A citizen applies for all of it on the site. ``answers``: ``q1=["1"]``. In the schema that is entered."""
    given = {name.removeprefix("q"): codes for name, codes in answers.items()}
    begun = begin_package(who=citizen_filler(citizen), hall=hall, package_id=package.pk, answers=given)
    send_whole(hall, begun.filled, citizen)
    return PackageApplication.objects.get(pk=begun.pk)
