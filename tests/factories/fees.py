"""Cases of an item that charges, and their orders."""

from typing import Any, Final

from province.halls.models import Hall
from tenants.casework.models import Case, CaseSetup
from tenants.casework.operations.setups import SetupWish, change_setup
from tenants.fees.models import FeeOrder
from tenants.fees.operations.opening import LineWish, open_fee_order
from tests.conftest import person
from tests.factories.adoptions import make_shown
from tests.factories.casework import make_setup
from tests.factories.catalogue import make_item, make_published
from tests.factories.sites import inside

RULES: Final = ("低保对象免收", "孤儿免收")
LAW: Final = [{"law": "关于降低部分收费标准的通知"}]
# 120 元 a book, 20 元 a note, a photograph for 10 to 30 元
FEES: Final[list[dict[str, Any]]] = [
    {
        "name": "工本费",
        "standard": "每本 120 元；加注每项 20 元",
        "laws": LAW,
        "is_reducible": True,
        "reductions": "；".join(RULES),
    },
    {"name": "照相费", "standard": "每张 10 元至 30 元", "laws": LAW, "is_reducible": True, "reductions": RULES[0]},
]
BOOK, NOTE, PHOTO = 1, 2, 3


def make_charged_setup(hall: Hall, *, number: int = 0, is_paid_first: bool = False, **values: Any) -> CaseSetup:
    """An item that charges, open for applications."""
    facts = {"has_fee": True, "fees": FEES, "fee_basis": LAW} | values
    hall_says = {"is_paid_online": True} if facts["has_fee"] else {}
    adoption = make_shown(hall, make_published(make_item(number, **facts)), **hall_says)
    hall.refresh_from_db()
    with inside(hall):
        setup = make_setup(hall, adoption)
        if not is_paid_first:
            return setup
        wish = SetupWish(
            unit_id=setup.unit_id,
            is_online=True,
            is_paid_first=True,
            review_body=setup.review_body,
            court=setup.court,
        )
        return change_setup(by=person("he"), hall=hall, setup_id=setup.pk, revision=setup.revision, wish=wish)


def opened(hall: Hall, case: Case, *lines: LineWish, by: str = "hua") -> FeeOrder:
    """An order for one book, or these lines."""
    return open_fee_order(by=person(by), hall=hall, case_id=case.pk, lines=lines or [LineWish(BOOK, 1)])
