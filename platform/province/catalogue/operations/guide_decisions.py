"""The guides of halls below, decided by somebody of a place above: the rows go up and down, no schema is opened."""

from uuid import UUID

from django.db import transaction

from foundation.editing.reasons import clean_reason
from foundation.errors import Conflict, NotAllowed
from foundation.events.operations import emit_event
from province.audit.operations import record_act
from province.catalogue.events import GUIDE_DECIDED
from province.catalogue.models import GuideDecision, SubmittedGuide
from province.catalogue.queries.submitted_guides import submitted_guide_in_reach
from province.halls.models import Hall
from province.rights.actors import Actor
from province.rights.permissions import declare
from province.rights.queries import require
from province.rights.roles import HALL_EDITORS, Reach

declare("catalogue.review_below", "审核下级服务厅的实施清单", reach=Reach.SUBTREE, roles=HALL_EDITORS)


@transaction.atomic
def decide_guide_below(
    *, by: Actor, submitted_id: UUID, number: int, is_passed: bool, reason: str = ""
) -> GuideDecision:
    """Pass the guide of a hall below, or return it with a reason; the hall carries that out within moments. ``number``:
    of the guide that was read.

    Raises NotFound for what is out of reach or decided already, NotAllowed for somebody who had a hand in it, Conflict
    where another one has been submitted since or somebody above has decided.
    """
    submitted_guide_in_reach(by, submitted_id)
    guide = SubmittedGuide.objects.select_for_update(of=("self",)).select_related("item").get(pk=submitted_id)
    hall = Hall.objects.get(pk=guide.hall_id)
    require(by, "catalogue.review_below", prefix=hall.prefixes[-1])
    if guide.number != number:
        raise Conflict("这一份已重新提交，请刷新页面后再审核。")
    if GuideDecision.objects.filter(adoption_id=guide.adoption_id, number=number).exists():
        raise Conflict("上级已经审核过这一份，正在由服务厅执行。")
    if by.id is not None and by.id in guide.author_ids:
        raise NotAllowed("您参与了这一份的填写，须由其他人审核。")
    reason = clean_reason(reason, ask="" if is_passed else "请写明退回的原因。")
    decision = GuideDecision.objects.create(
        hall_id=guide.hall_id,
        adoption_id=guide.adoption_id,
        number=number,
        is_passed=is_passed,
        reason=reason,
        by_id=by.id,
        by_name=by.name,
    )
    record_act(
        by=by,
        act="catalogue.pass_guide_below" if is_passed else "catalogue.return_guide_below",
        object_type="item",
        object_id=guide.item_id,
        hall_id=guide.hall_id,
        reason=reason,
        changes={"guide": [None, number]},
    )
    emit_event(kind=GUIDE_DECIDED, subject_id=decision.pk, hall_id=guide.hall_id)
    return decision
