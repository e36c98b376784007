"""补正 and 容缺补交: what the hall above asks for later is filled in, photographed and handed over, once for each
asking."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from foundation.editing.reasons import clean_reason
from foundation.errors import Conflict, Invalid
from foundation.sealing.fields import OwnedJSON
from province.cases.models import Referral
from province.cases.operations import lock_referral, send_supplement
from province.cases.queries.parcels import parcel_fields, parcel_files
from province.cases.queries.referrals import content_of, open_referral_of
from province.cases.queries.supplements import was_handed_over
from province.cases.states import ReferralState
from province.halls.models import Hall
from province.rights.actors import Actor
from tenants.assistance.models import LONGEST_NOTE, Assistance
from tenants.assistance.operations.mandates import mandate_for
from tenants.assistance.operations.rows import asked_now, lock_assistance, note_act
from tenants.assistance.operations.taking_in import SavedAssistance, check_revision, said_of
from tenants.assistance.queries.asked import AskedHere, read_rest
from tenants.assistance.queries.assistances import whole_files
from tenants.assistance.queries.filling import kept_values
from tenants.workflow.operations.carried import file_ids


@transaction.atomic
def save_rest(
    *, by: Actor, hall: Hall, assistance_id: UUID, asking_id: UUID, posted: Mapping[str, object], revision: int
) -> SavedAssistance:
    """Keep what was filled in of what is asked for, right or wrong. Raises Conflict where something else is asked for,
    nothing any more, it was handed over, or something else was saved since ``revision``. The same once more changes
    nothing."""
    assistance = lock_assistance(by, hall, assistance_id)
    asked = _uploadable(asked_now(assistance, asking_id))
    result, _ = read_rest(by, hall, assistance, asked, posted)
    before = assistance.values.opened(hall.pk)
    rest = {"asking": str(asking_id), "values": dict(result.values)}
    if before.get("rest") != rest:
        check_revision(assistance, revision)
        assistance.values = OwnedJSON(hall.pk, before | {"rest": rest})
        assistance.revision += 1
    assistance.saved_at = timezone.now()
    assistance.save()
    return SavedAssistance(assistance, result)


@transaction.atomic
def hand_over_rest(
    *, by: Actor, hall: Hall, assistance_id: UUID, asking_id: UUID, revision: int, is_agreed: bool, said: str = ""
) -> Assistance:
    """交给对方: the hall that has asked takes it as the applicant's own. ``is_agreed``: the person knows what is
    brought, and has agreed; ``said``: a word for who reads it there. Pressed twice, it is one.

    Raises Invalid with a fault for every field that is wrong, and where nothing was filled in; Conflict where something
    else is asked for, nothing any more (the case was decided or withdrawn, somebody else has brought it), the day has
    passed by which it was promised, something was saved since ``revision``, or the mandate has ended under which it was
    taken in.
    """
    assistance = lock_assistance(by, hall, assistance_id)
    if was_handed_over(assistance.pk, asking_id):
        return assistance
    # held as every act on the way holds it: it is not taken back or ended meanwhile
    known = open_referral_of(assistance.pk)
    referral = lock_referral(known.pk) if known else None
    asked = _uploadable(asked_now(assistance, asking_id))
    if referral is None or referral.state != ReferralState.SENT:
        raise Conflict("这件代办已经有了结果，不用再补。")
    if asked.is_too_late:
        raise Conflict("补交的日子已经过了，这个办件就要终止办理，请与对方联系。")
    check_revision(assistance, revision)
    if not is_agreed:
        raise Invalid.at("is_agreed", "请先告诉本人这次补什么，本人同意了再交。")
    said = clean_reason(said, field="said", most=LONGEST_NOTE)
    by, mandate = _mandate(by, hall, assistance, referral)
    result, _ = read_rest(by, hall, assistance, asked, {})
    if result.faults:
        raise Invalid.of(result.faults, many=f"有 {len(result.faults)} 处要补充或修改，请按提示处理。")
    before = kept_values(hall, assistance)
    changed = {name: value for name, value in result.values.items() if before.get(name) != value}
    if not changed and not said:
        raise Invalid("还没有补任何内容。请先拍照、上传或者填写；只交纸质材料的，送到对方窗口。")
    words = said_of(hall, by.name, assistance, mandate, said)
    _send(assistance, asked, {"clerk": by.name, "said": words}, result.values)
    kept = assistance.values.opened(hall.pk)
    assistance.values = OwnedJSON(hall.pk, kept | {"form": before | dict(result.values), "rest": {}})
    assistance.save()
    note_act(by, hall, assistance, "bring_rest", changes={"to_hall": [None, asked.receipt.hall.name]})
    return assistance


def _send(assistance: Assistance, asked: AskedHere, said: Mapping[str, str], values: Mapping[str, Any]) -> None:
    assert asked.definition  # noqa: S101 - the caller has looked
    files = parcel_files(whole_files(assistance).filter(pk__in=set(file_ids([*values.values()]))))
    content = {**said, "fields": parcel_fields(asked.definition, values), "files": files}
    send_supplement(receipt=asked.receipt, asking_id=asked.asking_id, content=content)


def _uploadable(asked: AskedHere) -> AskedHere:
    if asked.definition is None:
        raise Conflict("对方要的只能交纸质材料，请送到对方窗口。")
    return asked


def _mandate(by: Actor, hall: Hall, assistance: Assistance, referral: Referral) -> tuple[Actor, str]:
    """As whom the clerk acts, and the mandate in words. What was taken in under a registered mandate (代办委托) needs
    one that is in force now."""
    citizen, acting, mandate = mandate_for(by, hall, assistance)
    content = content_of(referral) or {}
    if content.get("citizen_id") and citizen is None:
        raise Conflict("本人登记的代办委托已经到期或者撤销。请在“核验与代办”里重新登记，或者请本人自己补。")
    return acting, mandate
