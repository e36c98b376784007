"""Mandates (帮办代办): a member of staff acts for somebody who let them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from foundation.errors import Conflict, Fault, Invalid, NotAllowed, NotFound
from foundation.files.store import Readable, link_to, store_file
from foundation.texts import line_of
from province.audit.operations import record_act
from province.citizens.models import Citizen, Mandate, PhoneCode
from province.citizens.models.mandates import EVERYTHING
from province.citizens.operations.phone_codes import send_code, use_code
from province.citizens.queries.mandates import may_open_paper
from province.people.models import Account
from province.rights.actors import Actor
from province.rights.permissions import declare
from province.rights.queries import may, require
from province.rights.roles import Reach, Role

# who appoints clerks must hold what clerks hold
ACT: Final = declare(
    "citizens.act",
    "代群众办理",
    reach=Reach.HALL,
    roles={Role.HALL_ADMINISTRATOR, Role.WINDOW_CLERK, Role.VILLAGE_CLERK},
)


@dataclass(frozen=True, slots=True)
class Paper:
    """The signed paper, scanned. ``folder`` is the hall's in the store."""

    folder: str
    name: str
    content: Readable


def grant_mandate(
    *,
    by: Actor,
    hall_id: UUID,
    citizen: Citizen,
    kind: Mandate.Kind,
    acts: Sequence[str] = (EVERYTHING,),
    paper: Paper | None = None,
) -> Mandate:
    """Grant a mandate. With a signed paper it is in force at once; without one it waits for the code that the citizen's
    phone gets now.

    A clerk's new one takes the place of the former for the same citizen. Raises Invalid for a written one without its
    paper, Conflict where there is neither paper nor phone, TooMany and Unavailable as ``send_code`` does.
    """
    require(by, ACT, hall_id=hall_id)
    clerk = Account.objects.filter(pk=by.id).first() if by.id and not by.acting_for_id else None
    if clerk is None:
        raise NotAllowed("请用自己的岗位办理委托。")
    if kind is Mandate.Kind.DESK and paper is None:
        message = "书面委托要上传本人签字的委托书。"
        raise Invalid(message, faults=[Fault("paper", message)])
    if paper is None and not citizen.phone:
        raise Conflict("这位群众没有绑定手机号，收不到验证码，请用书面委托。")
    file_key = ""
    if paper:
        file_key = store_file(folder=f"{paper.folder}/mandates", name=paper.name, content=paper.content).key
    mandate = _open_mandate(by, clerk, hall_id, citizen, kind, _read_acts(acts), file_key)
    if not paper:
        send_code(phone=citizen.phone.plain, purpose=PhoneCode.Purpose.MANDATE, subject_id=mandate.pk)
    return mandate


@transaction.atomic
def _open_mandate(
    by: Actor, clerk: Account, hall_id: UUID, citizen: Citizen, kind: Mandate.Kind, acts: list[str], file_key: str
) -> Mandate:
    held = Citizen.objects.select_for_update().filter(pk=citizen.pk, ended_at=None).first()
    if held is None:
        raise NotFound("没有这位群众，或账号已注销。")
    now = timezone.now()
    former = Mandate.objects.filter(citizen=held, clerk=clerk, hall_id=hall_id)
    former.filter(state__in=[Mandate.State.WAITING, Mandate.State.VALID]).update(
        state=Mandate.State.REVOKED, revoked_at=now
    )
    mandate = Mandate(
        citizen=held,
        clerk=clerk,
        hall_id=hall_id,
        kind=kind,
        acts=acts,
        ends_at=now + Mandate.LASTS[kind],
        file_key=file_key,
        state=Mandate.State.VALID if file_key else Mandate.State.WAITING,
        confirmed_at=now if file_key else None,
    )
    try:
        with transaction.atomic():
            mandate.save()
    except IntegrityError as error:
        raise Conflict("刚才已为这位群众办理了委托，请刷新后查看。") from error
    _record(by, "citizens.grant_mandate", mandate, {"kind": [None, str(kind)], "acts": [None, acts]})
    return mandate


def send_mandate_code(*, by: Actor, mandate: Mandate) -> None:
    """Send the code once more, for a mandate that still waits. Raises Conflict, TooMany, Unavailable."""
    _require_clerk(by, mandate)
    if mandate.state != Mandate.State.WAITING or not mandate.citizen.phone:
        raise Conflict("这份委托已经生效或撤销。")
    send_code(phone=mandate.citizen.phone.plain, purpose=PhoneCode.Purpose.MANDATE, subject_id=mandate.pk)


def confirm_mandate(*, by: Actor, mandate: Mandate, code: str = "") -> Mandate:
    """Confirm the mandate: by the citizen, who is signed in; or by the clerk with the code that the citizen was sent.

    A repeat changes nothing. Raises Invalid for a wrong code, Conflict for one that is over.
    """
    if not by.is_in_person(mandate.citizen_id):
        _require_clerk(by, mandate)
        use_code(
            phone=mandate.citizen.phone.plain,
            purpose=PhoneCode.Purpose.MANDATE,
            code=code,
            subject_id=mandate.pk,
        )
    with transaction.atomic():
        found = _held(mandate)
        if found.state == Mandate.State.VALID:
            return found
        if found.state != Mandate.State.WAITING or found.ends_at <= timezone.now():
            raise Conflict("这份委托已经撤销或过期，请重新办理。")
        found.state, found.confirmed_at = Mandate.State.VALID, timezone.now()
        found.save(update_fields=["state", "confirmed_at"])
        _record(by, "citizens.confirm_mandate", found, {"state": [Mandate.State.WAITING, found.state]})
    return found


@transaction.atomic
def revoke_mandate(*, by: Actor, mandate: Mandate) -> Mandate:
    """Revoke the mandate: by the citizen, by the clerk, or by anyone who checks citizens in that hall. A repeat changes
    nothing."""
    found = _held(mandate)
    is_own = by.is_in_person(found.citizen_id) or by.is_in_person(found.clerk_id)
    if not is_own and not may(by, "citizens.check", hall_id=found.hall_id):
        raise NotAllowed("只有本人、代办人员或本厅核验人员能撤销委托。")
    if found.state == Mandate.State.REVOKED:
        return found
    before, found.state, found.revoked_at = found.state, Mandate.State.REVOKED, timezone.now()
    found.save(update_fields=["state", "revoked_at"])
    _record(by, "citizens.revoke_mandate", found, {"state": [before, found.state]})
    return found


@transaction.atomic
def open_paper(*, by: Actor, mandate: Mandate) -> str:
    """A link to the signed paper that ends in minutes, and an entry that the citizen sees.

    Raises NotAllowed for who may not (``may_open_paper``), NotFound for a mandate without one.
    """
    if not may_open_paper(by, mandate):
        raise NotAllowed("委托书上有完整的个人信息，只有受委托的人员和有权查看完整信息的人员能打开。")
    if not mandate.file_key:
        raise NotFound("这份委托没有书面委托书。")
    _record(by, "citizens.open_mandate_paper", mandate, {})
    return link_to(mandate.file_key)


def _require_clerk(by: Actor, mandate: Mandate) -> None:
    require(by, ACT, hall_id=mandate.hall_id)
    if by.id != mandate.clerk_id:
        raise NotAllowed("只有受委托的人员能这样做。")


def _held(mandate: Mandate) -> Mandate:
    return Mandate.objects.select_for_update(of=("self",)).select_related("citizen", "clerk").get(pk=mandate.pk)


def _read_acts(acts: Sequence[str]) -> list[str]:
    """Codes without doubles; none is everything."""
    return list(dict.fromkeys(line_of(act)[:64] for act in acts if line_of(act))) or [EVERYTHING]


def _record(by: Actor, act: str, mandate: Mandate, changes: dict[str, object]) -> None:
    record_act(
        by=by,
        act=act,
        object_type="mandate",
        object_id=mandate.pk,
        hall_id=mandate.hall_id,
        person_id=mandate.citizen_id,
        changes=changes,
    )
