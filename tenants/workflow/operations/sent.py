"""What was sent of a form is taken away."""

from uuid import UUID

from django.db import transaction

from province.audit.operations import record_act
from province.halls.models import Hall
from province.rights.actors import Actor
from province.rights.permissions import declare
from province.rights.roles import Reach, Role
from standards.forms.results import ResultSheet
from tenants.portal.operations.figures import require_in_hall
from tenants.workflow.queries.sent import sent_sheets

READ_SENT = declare(
    "workflow.read_sent", "查看、导出本厅已提交的表单", reach=Reach.HALL, roles={Role.HALL_ADMINISTRATOR}
)


@transaction.atomic
def export_sent(*, by: Actor, hall: Hall, form_id: UUID) -> list[ResultSheet]:
    """What was sent, masked, as sheets of a workbook; that somebody took it is told. Raises NotFound."""
    require_in_hall(by, READ_SENT, hall)
    sheets = sent_sheets(by, hall, form_id)
    record_act(
        by=by,
        act="workflow.export_sent",
        object_type="form",
        object_id=form_id,
        hall_id=hall.pk,
        changes={"number": [None, len(sheets[0].rows) if sheets else 0]},
    )
    return sheets
