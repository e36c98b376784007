"""The hall ends a licence before its time, of its own motion: with the law by which it does, and the reason."""

from uuid import UUID

from django.db import transaction

from foundation.editing.reasons import clean_reason
from foundation.errors import Invalid, NotFound
from province.audit.operations import record_act
from province.halls.models import Hall
from province.registries.states import DocumentState
from province.rights.actors import Actor
from tenants.documents.operations.ending import end_issued
from tenants.licences.models import LONGEST_BASIS, Licence
from tenants.licences.queries.access import END
from tenants.licences.queries.register import NO_LICENCE
from tenants.licences.states import LicenceEnd
from tenants.portal.operations.figures import require_in_hall


@transaction.atomic
def end_licence(*, by: Actor, hall: Hall, licence_id: UUID, how: str, basis: str, reason: str) -> Licence:
    """注销, 撤销, 撤回 or 吊销: who checks it is told so from the commit on. ``basis``: the law, with its article.

    Raises NotAllowed, NotFound, Invalid without a way, a basis or a reason, Conflict for one that was ended already.
    """
    require_in_hall(by, END, hall)
    rows = Licence.objects.select_for_update(of=("self", "document")).select_related("document")
    licence = rows.filter(pk=licence_id).first()
    if licence is None:
        raise NotFound(NO_LICENCE)
    if how not in LicenceEnd:
        raise Invalid.at("how", "请选择注销、撤销、撤回或者吊销。")
    basis = clean_reason(basis, ask="请写明依据的法律和条款。", field="basis", most=LONGEST_BASIS)
    reason = clean_reason(reason, ask="请写明原因。", field="reason")
    before = licence.document.state
    end_issued(by=by, hall=hall, document=licence.document, state=DocumentState(how), reason=reason)
    licence.end_basis = basis
    licence.save(update_fields=["end_basis"])
    record_act(
        by=by,
        act="licences.end_licence",
        object_type="licence",
        object_id=licence.pk,
        hall_id=hall.pk,
        reason=reason,
        changes={"state": [before, how], "basis": [None, basis]},
    )
    return licence
