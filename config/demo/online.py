"""What the demo's citizens apply for by themselves, with their consent to electronic service (送达)."""

from typing import Any

from config.demo.citizens import DemoCitizen
from config.demo.desks import Counter
from config.demo.pictures import signed_paper
from province.cases.states import CaseChannel, DeliveryWay
from province.halls.models import Hall
from tenants.casework.models import Case
from tenants.casework.operations.intake import begin_application
from tenants.casework.operations.serving import ServiceWish
from tenants.casework.queries.serving import CONSENT_VERSION
from tenants.workflow.models import FilledForm
from tenants.workflow.operations.filling import save_filling, send_filling
from tenants.workflow.operations.uploads import add_upload
from tenants.workflow.queries.filled import FormFiller


def apply_online(hall: Hall, counter: Counter, who: FormFiller, one: DemoCitizen, place: int) -> Case:
    """On the site, or from it as an app."""
    filled = begin_application(
        who=who,
        hall=hall,
        setup_id=counter.setup.pk,
        channel=CaseChannel.APP if place % 4 == 0 else CaseChannel.SITE,
        is_another=True,
        service=ServiceWish(way=DeliveryWay.ELECTRONIC, consent=CONSENT_VERSION),
    )
    fill_and_send(hall, who, filled, one)
    return Case.objects.get(filled=filled)


def fill_and_send(hall: Hall, who: FormFiller, filled: FilledForm, one: DemoCitizen) -> None:
    """A citizen's own draft, with the scan of a paper for each material."""
    posted: dict[str, Any] = {
        "applicant_nature": "person",
        "applicant_name": one.name,
        "applicant_number": one.number,
        "applicant_mobile": one.phone,
        "agent_is_there": False,
        "promise_agreed": True,
    }
    upload = add_upload(who=who, hall=hall, filled_id=filled.pk, name="材料.png", content=signed_paper())
    for part in filled.version.definition["parts"]:
        for field in part["fields"]:
            if field["type"] == "material":
                posted[field["name"]] = [{"id": str(upload.pk)}]
    saved = save_filling(who=who, hall=hall, filled_id=filled.pk, posted=posted, revision=filled.revision)
    send_filling(who=who, hall=hall, filled_id=filled.pk, revision=saved.filled.revision)
