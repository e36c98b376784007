"""Cases of a hall in the states of their life, made by the operations themselves."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.utils import timezone

from foundation.rows import draw_id
from province.cases.states import CaseChannel
from province.citizens.models import Citizen
from province.halls.models import Hall
from province.workdays.models import Clock
from province.workdays.states import ClockKind, ClockState
from standards.items.codelists import MaterialNeed
from tenants.casework.models import Case, CaseSetup, JointOpinion
from tenants.casework.operations.acceptance import accept_case, note_materials
from tenants.casework.operations.intake import begin_application
from tenants.casework.operations.lacking import accept_lacking
from tenants.casework.operations.setups import SetupWish, change_setup, open_setup, set_up_cases
from tenants.casework.queries.corrections import later_materials
from tenants.casework.queries.joint import JointPartner
from tenants.casework.states import MaterialState
from tenants.services.models import Adoption
from tenants.workflow.models import FilledForm, Flow, Form, FormUpload
from tenants.workflow.operations.filling import save_filling, send_filling
from tenants.workflow.operations.forms import open_form, publish_form
from tests.conftest import person
from tests.factories.adoptions import make_shown
from tests.factories.catalogue import make_item, make_published
from tests.factories.forms import citizen_filler, filler
from tests.factories.items import whole_item
from tests.factories.sites import inside

# who came to the window
ANNA: dict[str, Any] = {
    "applicant_nature": "person",
    "applicant_name": "安娜",
    "applicant_number": "11010519491231002X",
    "applicant_mobile": "13812345678",
    "agent_is_there": False,
    "promise_agreed": True,
}


def make_setup(
    hall: Hall,
    adoption: Adoption,
    *,
    is_online: bool = True,
    flow: Flow | None = None,
    by: str = "he",
    partners: Sequence[JointPartner] = (),
    handling_code: str = "",
) -> CaseSetup:
    """An item, or one of its handling items, that can be applied for, its form published. In the schema that is
    entered."""
    setup = set_up_cases(by=person(by), hall=hall, item_id=adoption.item_id, handling_code=handling_code)
    form = Form.objects.get(pk=setup.form_id)
    publish_form(by=person(by), hall=hall, form_id=form.pk, revision=form.revision)
    if is_online:
        open_form(by=person(by), hall=hall, form_id=form.pk, is_open=True)
    setup = change_setup(
        by=person(by),
        hall=hall,
        setup_id=setup.pk,
        revision=setup.revision,
        wish=SetupWish(
            flow_id=flow.pk if flow else None,
            unit_id=setup.unit_id,
            partners=partners,
            is_online=is_online,
            review_body="当阳市人民政府",
            court="当阳市人民法院",
        ),
    )
    return open_setup(by=person(by), hall=hall, setup_id=setup.pk, revision=setup.revision)


def make_lacking_setup(hall: Hall, *, flow: Flow | None = None, number: int = 0, **values: Any) -> CaseSetup:
    """An item of which two materials may come later, one of them within five working days, and a third one must be
    there."""
    row = whole_item()["materials"][0]
    later = row | {"need": MaterialNeed.LATER.value}
    materials = [row, later | {"name": "健康证明", "later_days": 5}, later | {"name": "照片"}]
    adoption = make_shown(hall, make_published(make_item(number, materials=materials, **values)))
    hall.refresh_from_db()
    with inside(hall):
        return make_setup(hall, adoption, flow=flow)


def accept_but(hall: Hall, case: Case, *, by: str = "cao", workdays: int = 5) -> Case:
    """容缺受理: what may come later is promised, all else is there."""
    later = [one.material.pk for one in later_materials(case)]
    states = {one.pk: MaterialState.GIVEN for one in case.materials.exclude(pk__in=later)}
    note_materials(by=person(by), hall=hall, case_id=case.pk, states=states)
    return accept_lacking(
        by=person(by), hall=hall, case_id=case.pk, materials=later, workdays=workdays, promise="在窗口签了承诺书。"
    )


def let_pass(owner: Case | JointOpinion, kind: ClockKind) -> None:
    """The last day of one of its clocks was yesterday."""
    yesterday = timezone.localdate() - timedelta(days=1)
    earlier = yesterday - timedelta(days=30)
    running = Clock.objects.filter(owner_id=owner.pk, kind=kind, state=ClockState.RUNNING)
    running.update(began_on=earlier, due_on=yesterday, near_on=earlier, wake_on=yesterday)


def apply_at_window(hall: Hall, setup: CaseSetup, *, by: str = "cao", **values: Any) -> Case:
    """Somebody hands papers in; nothing of them is noted yet."""
    who = filler(by)
    filled = begin_application(who=who, hall=hall, setup_id=setup.pk, channel=CaseChannel.WINDOW, is_another=True)
    saved = save_filling(who=who, hall=hall, filled_id=filled.pk, posted=ANNA | values, revision=filled.revision)
    send_filling(who=who, hall=hall, filled_id=filled.pk, revision=saved.filled.revision)
    return Case.objects.get(filled=filled)


def give_all(hall: Hall, case: Case, *, by: str = "cao") -> Case:
    """Every material is there."""
    states = {one.pk: MaterialState.GIVEN for one in case.materials.all()}
    return note_materials(by=person(by), hall=hall, case_id=case.pk, states=states)


def accepted(hall: Hall, setup: CaseSetup, *, by: str = "cao") -> Case:
    """Received at the window, whole, and accepted."""
    case = give_all(hall, apply_at_window(hall, setup, by=by), by=by)
    return accept_case(by=person(by), hall=hall, case_id=case.pk)


def apply_online(hall: Hall, setup: CaseSetup, citizen: Citizen, **values: Any) -> Case:
    """A citizen applies on the site, with a file for each material."""
    filled = begin_application(who=citizen_filler(citizen), hall=hall, setup_id=setup.pk)
    send_whole(hall, filled, citizen, **values)
    return Case.objects.get(filled=filled)


def send_whole(hall: Hall, filled: FilledForm, citizen: Citizen, **values: Any) -> None:
    """A citizen's draft, filled in and sent, with a file for each material; ``values`` go before."""
    posted = whole_values(filled, citizen) | values
    who = citizen_filler(citizen)
    saved = save_filling(who=who, hall=hall, filled_id=filled.pk, posted=posted, revision=filled.revision)
    send_filling(who=who, hall=hall, filled_id=filled.pk, revision=saved.filled.revision)


def whole_values(filled: FilledForm, citizen: Citizen) -> dict[str, Any]:
    """Who applies, and a file for each material, of which no byte is in the store."""
    definition = filled.version.definition
    names = [one["name"] for part in definition["parts"] for one in part["fields"] if one["type"] == "material"]
    posted: dict[str, Any] = ANNA | {
        "applicant_name": citizen.name.plain,
        "applicant_number": citizen.number.plain,
        "applicant_mobile": citizen.phone.plain,
    }
    for name in names:
        upload = FormUpload.objects.create(
            id=draw_id(),
            filled=filled,
            key=f"forms/{draw_id().hex}.pdf",
            name=f"{name}.pdf",
            media_type="application/pdf",
            size=1_024,
            sha256=draw_id().hex * 2,
        )
        posted[name] = [{"id": str(upload.pk), "name": upload.name}]
    return posted
