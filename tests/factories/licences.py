"""Licences, granted by cases of an item that one comes for in several ways."""

from collections.abc import Mapping
from typing import Any, Final

from province.halls.models import Hall
from tenants.casework.models import Case, CaseSetup
from tenants.casework.operations.acceptance import accept_case
from tenants.casework.operations.deciding import decide_case
from tenants.documents.operations.making import make_files
from tenants.licences.models import Licence
from tenants.licences.queries.register import licence_with_id, licences_of_case
from tests.conftest import person
from tests.factories.adoptions import make_shown
from tests.factories.casework import apply_at_window, give_all, make_setup
from tests.factories.catalogue import make_item, make_published
from tests.factories.citizens import company_code
from tests.factories.items import whole_item
from tests.factories.sites import inside

TYPE: Final = f"{company_code(77)}001"
NAME: Final = "食品经营许可证"
WAYS: Final = ("new", "extend", "change", "cancel")


def make_licensing(hall: Hall, *, number: int = 0, months: int | None = 60, **values: Any) -> dict[str, CaseSetup]:
    """By what one comes for, how applications for it are taken. Whoever has the licence shows it, save for a new
    one."""
    paper = whole_item()["materials"][0]
    former = paper | {"name": "原许可证", "licence_code": TYPE}
    result = {"name": NAME, "kind": "1", "licence_code": TYPE} | ({"valid_months": months} if months else {})
    rows = [
        {
            "name": f"食品经营许可{way}",
            "kind": way,
            "materials": [{"name": paper["name"] if way == "new" else former["name"]}],
        }
        for way in WAYS
    ]
    given = {"materials": [paper, former], "results": [result], "handling_items": rows} | values
    item = make_item(number, **given)
    adoption = make_shown(hall, make_published(item))
    hall.refresh_from_db()
    with inside(hall):
        return {way: make_setup(hall, adoption, handling_code=f"{place:02}") for place, way in enumerate(WAYS, start=1)}


def decided(hall: Hall, setup: CaseSetup, *, outcome: str = "granted", **applicant: Any) -> Case:
    """Somebody came to the window, and it was decided. In the schema that is entered."""
    case = give_all(hall, apply_at_window(hall, setup, **applicant))
    accept_case(by=person("cao"), hall=hall, case_id=case.pk)
    return decide_case(by=person("tao"), hall=hall, case_id=case.pk, outcome=outcome, reasons="热食类食品制售。")


def granted(hall: Hall, setups: Mapping[str, CaseSetup], way: str = "new", **applicant: Any) -> Licence:
    """The licence of a case that was decided just now."""
    (made,) = licences_of_case(decided(hall, setups[way], **applicant).pk)
    return made


def with_paper(hall: Hall, licence: Licence) -> Licence:
    """Its files are made, as the event makes them after the commit."""
    make_files(hall=hall, document_id=licence.document_id)
    return licence_with_id(licence.pk)
