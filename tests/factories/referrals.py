"""Two halls between which cases go: the north hands up, the south stands above it and decides."""

from typing import Any

from province.cases.models import Referral
from province.halls.models import Hall
from province.rights.roles import Role
from standards.items.codelists import CaseType
from tenants.casework.models import Case, CaseSetup
from tenants.casework.operations.referrals import hand_up_case
from tenants.services.models import Adoption
from tenants.services.operations.hall_guides import pass_hall_guide
from tests.conftest import person
from tests.factories.adoptions import adopt, hall_guide_for, make_shown, save, submit
from tests.factories.casework import accepted, make_setup
from tests.factories.catalogue import make_published
from tests.factories.halls import make_person
from tests.factories.sites import inside

# 统一社会信用代码 of the authority above
ABOVE = "12442058201107102U"


def make_ladder(north: Hall, south: Hall, **changes: Any) -> None:
    """Both take applications for one 上报件; the south lies above the north, and Nan runs it."""
    raise_above(south)
    version = make_published(**({"case_type": CaseType.REPORTED, "upper_body": "宜昌市市场监督管理局"} | changes))
    adoption = make_shown(north, version)
    with inside(north):
        make_setup(north, adoption)
    above = shown_above(south, version)
    with inside(south):
        make_setup(south, above, by="nan")


def raise_above(south: Hall) -> None:
    """With who runs it, and who passes its guides."""
    make_person("nan", "南厅", Role.HALL_ADMINISTRATOR, south)
    make_person("yue", "岳审", Role.HALL_EDITOR, south)
    # the city's own prefixes: a hall above the north
    south.prefixes = [one for one in south.prefixes if len(one) <= 4]
    south.save(update_fields=["prefixes"])


def shown_above(south: Hall, version: Any) -> Adoption:
    """An item that citizens find at the south."""
    adoption = adopt(south, version, by="zhou")
    part = hall_guide_for(version.item)
    # the codes of two halls differ, and so do the numbers of their cases
    part["body_code"] = ABOVE
    part["task_code"] = ABOVE + part["task_code"][len(ABOVE) :]
    adoption = submit(south, save(south, adoption, by="zhou", part=part), by="zhou")
    with inside(south):
        number = adoption.hall_guides.order_by("-number").values_list("number", flat=True).first()
        assert number
        return pass_hall_guide(by=person("yue"), hall=south, adoption_id=adoption.pk, number=number)


def accepted_case(north: Hall) -> Case:
    """In the north, whole and accepted."""
    with inside(north):
        return accepted(north, CaseSetup.objects.get())


def handed_up(north: Hall, south: Hall, case: Case | None = None) -> Referral:
    """Sent, and not yet taken up."""
    case = case or accepted_case(north)
    with inside(north):
        hand_up_case(by=person("cao"), hall=north, case_id=case.pk, to_hall_id=south.pk, opinion="初审合格，建议准予。")
    return Referral.objects.get(case_id=case.pk)
