"""Accounts of citizens: prove who one is, be found and checked at a desk, end."""

from typing import Any, Final
from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from foundation.editing.reasons import LONGEST_SHORT_REASON, clean_reason
from foundation.errors import Conflict, Fault, Invalid, NotAllowed, NotFound, TooMany, Unavailable
from foundation.texts import line_of
from province.audit.operations import record_act
from province.citizens.models import Citizen, CompanyAgent, Guardianship, Mandate, PhoneCode
from province.citizens.operations.phone_codes import hash_of_phone, read_phone, use_code
from province.citizens.operations.verifiers import identity_verifier
from province.citizens.queries.citizens import FIELD_LABELS, citizen_with_number, citizen_with_phone
from province.rights.actors import Actor
from province.rights.permissions import declare
from province.rights.queries import require
from province.rights.roles import Reach, Role
from standards.numbers.phones import normal_phone
from standards.numbers.residents import birthday_of, normal_number

# who appoints clerks must hold what clerks hold
CHECK: Final = declare(
    "citizens.check",
    "核验群众身份",
    reach=Reach.HALL,
    roles={Role.HALL_ADMINISTRATOR, Role.WINDOW_CLERK, Role.VILLAGE_CLERK},
)
REVEAL: Final = declare(
    "citizens.reveal", "查看群众完整信息", reach=Reach.HALL, roles={Role.HALL_ADMINISTRATOR, Role.WINDOW_CLERK}
)

LONGEST_NAME = 40
PROOFS_A_DAY = 5
_SHORTEST_REASON = 4


@transaction.atomic
def set_citizen_password(*, by: Actor, citizen: Citizen, new: str) -> Citizen:
    """Set a password for next time; all other sessions end. Raises Invalid for a weak one."""
    found = _own(by, citizen)
    try:
        validate_password(new)
    except ValidationError as error:
        faults = [Fault("new", text) for text in error.messages]
        raise Invalid("密码不符合要求。", faults=faults) from error
    found.password = make_password(new)
    found.session_round += 1
    found.save(update_fields=["password", "session_round"])
    _record(by, "citizens.citizen_password", found)
    return found


def bind_phone(*, by: Actor, citizen: Citizen, phone: str, code: str, hall_id: UUID | None = None) -> Citizen:
    """Bind a phone in place of the former one, proved by the code that it got. By the citizen, or at the desk of a
    hall.

    Who comes to the desk has lost the former phone: somebody else may have signed in by it, and made a passkey or
    linked an account of theirs. Those made until now end with it.
    """
    is_at_desk = not by.is_in_person(citizen.pk)
    if is_at_desk:
        require(by, CHECK, hall_id=hall_id)
    number = read_phone(phone)
    use_code(phone=number, purpose=PhoneCode.Purpose.PHONE, code=code, subject_id=citizen.pk)
    with transaction.atomic():
        found = _held(citizen)
        before = found.phone.masked
        found.phone = number
        found.level = max(found.level, Citizen.Level.PHONE)
        found.session_round += 1
        _save_or_conflict(found, ["phone", "level", "session_round"], "这个手机号已是另一个账号的，请换一个。")
        changes: dict[str, Any] = {"phone": [before, found.phone.masked]}
        removed = found.passkeys.all().delete()[0] if is_at_desk else 0
        if removed:
            changes["passkeys"] = [removed, 0]
        if is_at_desk:
            found.outside_identities.all().delete()
        _record(by, "citizens.bind_phone", found, hall_id=hall_id, changes=changes)
    return found


def prove_identity(*, by: Actor, citizen: Citizen, name: str, number: str) -> Citizen:
    """Prove name and number as the register has them: level 2. Returns the account to go on with: where the person had
    one from a hall's desk, without a phone, that one takes over the phone, and this one ends.

    Raises Invalid where they do not belong together, TooMany after five tries a day, Conflict where the number is
    another phone's, Unavailable where the register does not answer: that is no try.
    """
    name, number = read_person(name, number)
    verifier = identity_verifier()
    _count_proof(_own(by, citizen))
    try:
        is_right = verifier.has_person(name=name, number=number, phone=citizen.phone.plain)
    except Unavailable:
        _forgive_proof(citizen)
        raise
    if not is_right:
        message = "姓名与身份证号核对不上，请检查后重试。"
        raise Invalid(message, faults=[Fault("number", message)])
    with transaction.atomic():
        found = _held(citizen)
        if found.level >= Citizen.Level.NUMBER and normal_number(found.number.plain) != number:
            raise Conflict("这个账号已经实名，不能改成另一个人。如信息有误，请带身份证到窗口更正。")
        other = citizen_with_number(number)
        if other is not None and other.pk != found.pk:
            return _taken_over(by, found, _held(other))
        found.name, found.number = name, number
        found.level = max(found.level, Citizen.Level.NUMBER)
        found.checked_at = timezone.now()
        _save_or_conflict(found, ["name", "number", "level", "checked_at"], _TAKEN)
        _record(by, "citizens.prove_identity", found, changes={"level": [citizen.level, found.level]})
    return found


_TAKEN = "这个身份证号已用于另一个账号。请用那个账号的手机号登录；手机号已不用的，请带身份证到窗口变更。"


def _taken_over(by: Actor, fresh: Citizen, desk: Citizen) -> Citizen:
    if desk.phone or fresh.number:
        raise Conflict(_TAKEN)
    phone = fresh.phone.plain
    fresh.passkeys.update(citizen=desk)
    fresh.outside_identities.update(citizen=desk)
    _erase(fresh)
    desk.phone = phone
    desk.save(update_fields=["phone"])
    _record(by, "citizens.end_citizen", fresh)
    _record(by, "citizens.bind_phone", desk, changes={"phone": ["", desk.phone.masked]})
    return desk


@transaction.atomic
def _count_proof(citizen: Citizen) -> None:
    """In a transaction of its own: a refusal takes nothing back."""
    found, today = _held(citizen), timezone.localdate()
    if found.tried_on != today:
        found.tried_on, found.tries = today, 0
    if found.tries >= PROOFS_A_DAY:
        raise TooMany("今天核验的次数太多，请明天再试，或带身份证到窗口办理。")
    found.tries += 1
    found.save(update_fields=["tried_on", "tries"])


@transaction.atomic
def _forgive_proof(citizen: Citizen) -> None:
    found = _held(citizen)
    found.tries = max(0, found.tries - 1)
    found.save(update_fields=["tries"])


@transaction.atomic
def register_at_desk(*, by: Actor, hall_id: UUID, name: str, number: str) -> Citizen:
    """Make an account for somebody who stands at the desk with their identity card. Raises Conflict where they have one
    already."""
    require(by, CHECK, hall_id=hall_id)
    name, number = read_person(name, number)
    citizen = Citizen(name=name, number=number)
    _mark_checked(citizen, by, hall_id)
    _save_or_conflict(citizen, None, "这位群众已有账号，请用身份证号查找。")
    _record(by, "citizens.register_at_desk", citizen, hall_id=hall_id)
    return citizen


@transaction.atomic
def look_up_citizen(*, by: Actor, hall_id: UUID, who: str) -> Citizen | None:
    """Find a citizen by the whole phone or number. This leaves an entry that the citizen sees, or one about the hall
    where nobody is found; what was typed is in neither."""
    require(by, CHECK, hall_id=hall_id)
    found, field = citizen_with_number(who), "number"
    if found is None:
        found, field = citizen_with_phone(who), "phone"
    if found:
        _record(by, "citizens.look_up_citizen", found, hall_id=hall_id, changes={"field": [None, field]})
    else:
        record_act(
            by=by,
            act="citizens.look_up_citizen",
            object_type="hall",
            object_id=hall_id,
            hall_id=hall_id,
            changes={"found": [None, 0]},
        )
    return found


@transaction.atomic
def check_at_desk(*, by: Actor, hall_id: UUID, citizen: Citizen, name: str, number: str) -> Citizen:
    """Note that the identity card was seen at the desk, and by whom: level 3. Also corrects a wrong name or number."""
    require(by, CHECK, hall_id=hall_id)
    name, number = read_person(name, number)
    found = _held(citizen)
    before = [found.name.masked, found.number.masked]
    found.name, found.number = name, number
    _mark_checked(found, by, hall_id)
    _save_or_conflict(found, None, "这个身份证号已是另一个账号的，请先核实。")
    changes = {"name": [before[0], found.name.masked], "number": [before[1], found.number.masked]}
    _record(by, "citizens.check_at_desk", found, hall_id=hall_id, changes=changes)
    return found


def _mark_checked(citizen: Citizen, by: Actor, hall_id: UUID) -> None:
    citizen.level = Citizen.Level.DESK
    citizen.checked_by_id, citizen.checked_by_name, citizen.checked_hall_id = by.id, by.name, hall_id
    citizen.checked_at = timezone.now()


@transaction.atomic
def link_guardian(*, by: Actor, hall_id: UUID, ward: Citizen, guardian: Citizen) -> Guardianship:
    """Register a guardian whose papers were seen at the desk. A repeat changes nothing. Raises Invalid unless the ward
    is a minor and the guardian is of age, both checked at a desk."""
    require(by, CHECK, hall_id=hall_id)
    ward, guardian = _held(ward), _held(guardian)
    if not ward.is_minor:
        raise Invalid("被监护人已满 18 周岁，不能登记监护人。")
    if guardian.is_minor or guardian.pk == ward.pk:
        raise Invalid("监护人须是已满 18 周岁的另一个人。")
    if min(ward.level, guardian.level) < Citizen.Level.DESK:
        raise Invalid("双方都须先在窗口核验身份证件。")
    link, is_new = Guardianship.objects.get_or_create(
        ward=ward,
        guardian=guardian,
        ended_at=None,
        defaults={"checked_by_id": by.id, "checked_by_name": by.name, "hall_id": hall_id},
    )
    if is_new:
        _record(by, "citizens.link_guardian", ward, hall_id=hall_id, changes={"guardian": [None, str(guardian)]})
    return link


@transaction.atomic
def end_guardianship(*, by: Actor, hall_id: UUID, guardianship: Guardianship) -> None:
    """End it as of now. A repeat changes nothing."""
    require(by, CHECK, hall_id=hall_id)
    found = Guardianship.objects.select_for_update().select_related("ward", "guardian").get(pk=guardianship.pk)
    if found.ended_at is None:
        found.ended_at = timezone.now()
        found.save(update_fields=["ended_at"])
        changes = {"guardian": [str(found.guardian), None]}
        _record(by, "citizens.end_guardianship", found.ward, hall_id=hall_id, changes=changes)


@transaction.atomic
def reveal_citizen(*, by: Actor, hall_id: UUID, citizen: Citizen, field: str, reason: str) -> str:
    """Return one value in plain text. This leaves an entry that the citizen sees. Raises Invalid without a reason."""
    require(by, REVEAL, hall_id=hall_id)
    if field not in FIELD_LABELS:
        raise NotFound("没有这项资料。")
    reason = reason_to_reveal(reason)
    value: str = getattr(_held(citizen), field).plain
    _record(by, "citizens.reveal_citizen", citizen, hall_id=hall_id, reason=reason, changes={"field": [None, field]})
    return value


def reason_to_reveal(reason: str) -> str:
    """Raises Invalid where it says too little."""
    return clean_reason(
        reason,
        ask="请写明查看的原因，至少 4 个字；本人能看到。",
        least=_SHORTEST_REASON,
        most=LONGEST_SHORT_REASON,
        is_line=True,
    )


@transaction.atomic
def export_citizen(*, by: Actor, citizen: Citizen) -> Citizen:
    """Leave the entry of an export, before the citizen takes away in plain text what is kept about them."""
    found = _own(by, citizen)
    _record(by, "citizens.export_citizen", found)
    return found


@transaction.atomic
def end_citizen(*, by: Actor, citizen: Citizen) -> None:
    """End the account and its sessions; phone, name and number are gone for good. What was done stays in the audit
    entries, masked (个人信息保护法 art. 47; 政务服务档案). A repeat changes nothing.

    Raises Conflict for a company's legal representative: somebody else must take that place first.
    """
    if not by.is_in_person(citizen.pk):
        raise NotAllowed("只能注销自己的账号。")
    found = Citizen.objects.select_for_update().get(pk=citizen.pk)
    if found.ended_at:
        return
    if found.companies.exists():
        raise Conflict("您还是单位的法定代表人，请先到窗口变更后再注销。")
    _erase(found)
    _record(by, "citizens.end_citizen", found)


def _erase(citizen: Citizen) -> None:
    now = timezone.now()
    if citizen.phone:
        PhoneCode.objects.filter(phone_hash=hash_of_phone(normal_phone(citizen.phone.plain))).delete()
    citizen.phone = citizen.name = citizen.number = ""
    citizen.password = ""
    citizen.passkeys.all().delete()
    citizen.outside_identities.all().delete()
    citizen.level = Citizen.Level.UNKNOWN
    citizen.session_round += 1
    citizen.ended_at = now
    citizen.save()
    open_mandates = citizen.mandates.filter(state__in=[Mandate.State.WAITING, Mandate.State.VALID])
    open_mandates.update(state=Mandate.State.REVOKED, revoked_at=now)
    agencies = citizen.agencies.filter(state__in=[CompanyAgent.State.ASKED, CompanyAgent.State.CONFIRMED])
    agencies.update(state=CompanyAgent.State.REVOKED, decided_at=now)
    Guardianship.objects.filter(ended_at=None, ward=citizen).update(ended_at=now)
    Guardianship.objects.filter(ended_at=None, guardian=citizen).update(ended_at=now)


def _own(by: Actor, citizen: Citizen) -> Citizen:
    """Raises NotAllowed for anybody else's account."""
    if not by.is_in_person(citizen.pk):
        raise NotAllowed("只能办理自己的账号。")
    return citizen


def _held(citizen: Citizen) -> Citizen:
    """The row as it is now, locked. Raises NotFound where the account has ended."""
    found = Citizen.objects.select_for_update().filter(pk=citizen.pk, ended_at=None).first()
    if found is None:
        raise NotFound("没有这位群众，或账号已注销。")
    return found


def read_person(name: str, number: str) -> tuple[str, str]:
    """As they are kept. Raises Invalid with a fault for each that is wrong."""
    name, number = line_of(name), normal_number(number)
    faults = []
    if not 2 <= len(name) <= LONGEST_NAME:  # noqa: PLR2004 - surname and one character
        faults.append(Fault("name", "请填写身份证上的姓名。"))
    if birthday_of(number) is None:
        faults.append(Fault("number", "身份证号有误，请核对全部 18 位。"))
    if faults:
        raise Invalid(faults[0].message, faults=faults)
    return name, number


def _save_or_conflict(citizen: Citizen, fields: list[str] | None, message: str) -> None:
    """Phone and number belong to one account each; of two at once the later one is refused."""
    try:
        with transaction.atomic():
            citizen.save(update_fields=fields)
    except IntegrityError as error:
        raise Conflict(message) from error


def _record(
    by: Actor,
    act: str,
    citizen: Citizen,
    *,
    hall_id: UUID | None = None,
    reason: str = "",
    changes: dict[str, Any] | None = None,
) -> None:
    record_act(
        by=by,
        act=act,
        object_type="citizen",
        object_id=citizen.pk,
        hall_id=hall_id,
        person_id=citizen.pk,
        reason=reason,
        changes=changes,
    )
