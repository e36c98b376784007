"""Messages to phones that something can be read: written with the change, sent by a worker in the daytime, and never
two of one cause.

``foundation.events.outgoing`` claims and notes each; the carrier knows each by the row's id, at every attempt.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from foundation.errors import Conflict, DomainError, Invalid, NotFound, TooMany
from foundation.events.outgoing import (
    LONGEST_RUN,
    Deferred,
    Failed,
    Outgoing,
    Refused,
    revive_dead,
    send_all,
    send_next,
)
from province.citizens.models import Citizen, GuestContact, PhoneNotice
from province.citizens.operations.messages import Message, message_gateway
from province.citizens.operations.phone_codes import hash_of_phone
from province.citizens.slots import NOTICE_PHONES

# nobody is woken
FIRST_HOUR, LAST_HOUR = time(8), time(21)
# to one phone, of all halls together, and of one hall, in 24 hours
MOST_TO_PHONE = 5
MOST_OF_HALL = 500
# what could not be told for so long is no news
STALE_AFTER = timedelta(days=3)
KEPT = timedelta(days=90)
FIRST_WAIT = timedelta(seconds=30)
THREADS = 2
_SPAN: Final = timedelta(days=1)
_SAID: Final[Mapping[str, str]] = {
    PhoneNotice.Kind.ANSWERED: "已有答复",
    PhoneNotice.Kind.REFUSED: "已告知该去哪里办",
    PhoneNotice.Kind.CLOSED: "已办结",
    PhoneNotice.Kind.COMPLAINT: "有新的答复",
    PhoneNotice.Kind.COMPLAINT_TAKEN: "已登记",
}


@dataclass(frozen=True, slots=True)
class NoticeContact:
    """Whom a row of an app above names. ``phone``: never shown, and written nowhere here."""

    pk: UUID
    phone: str = field(repr=False)


@transaction.atomic
def notify_asker(
    *,
    kind: PhoneNotice.Kind,
    hall_id: UUID,
    subject_id: UUID,
    cause_id: UUID,
    asker: Citizen | GuestContact | NoticeContact,
    parameters: Mapping[str, str],
) -> None:
    """Write that somebody is to be told, in the transaction of what they are told of; once for each cause. It goes out
    at once by day, at eight in the morning by night. Nothing is written for who has no phone."""
    phone = asker.phone if isinstance(asker, NoticeContact) else asker.phone.plain
    if not phone:
        return
    facts = {
        "kind": kind,
        "hall_id": hall_id,
        "subject_id": subject_id,
        "citizen_id": asker.pk if isinstance(asker, Citizen) else None,
        "guest_contact_id": asker.pk if isinstance(asker, GuestContact) else None,
        "contact_id": asker.pk if isinstance(asker, NoticeContact) else None,
        "phone_hash": hash_of_phone(phone),
        "parameters": dict(parameters),
        "since": timezone.now(),
        "next_attempt_at": next_allowed(timezone.now()),
    }
    PhoneNotice.objects.get_or_create(cause_id=cause_id, defaults=facts)


@transaction.atomic
def drop_notices(*, subject_id: UUID) -> None:
    """The asker wants no messages about it: what waits goes nowhere."""
    PhoneNotice.objects.filter(subject_id=subject_id, state=Outgoing.State.WAITING).update(
        state=Outgoing.State.DEAD, last_error="本人不再接收短信。", finished_at=timezone.now()
    )


@transaction.atomic
def send_notice_again(*, hall_id: UUID, subject_id: UUID, notice_id: UUID, is_wanted: bool) -> PhoneNotice:
    """Let one that was given up wait again, for three days more. The caller knows who may, and whether the person
    still wants it. Raises NotFound, Conflict for one that was not given up or is not wanted."""
    notice = (
        PhoneNotice.objects.select_for_update().filter(pk=notice_id, hall_id=hall_id, subject_id=subject_id).first()
    )
    if notice is None:
        raise NotFound("没有这条短信通知，请刷新页面。")
    if notice.state != Outgoing.State.DEAD:
        raise Conflict("这条短信不用再发：已经发出，或正在等待发送。")
    if not is_wanted:
        raise Conflict("本人不再接收短信，请打电话联系。")
    revive_dead(notice)
    notice.next_attempt_at = notice.since = timezone.now()
    notice.save(update_fields=["next_attempt_at", "since"])
    return notice


def send_notices(*, for_seconds: float = LONGEST_RUN) -> int:
    """Send all that waits and may go now, until the time is over; return how many were tried."""
    if not is_allowed(timezone.now()):
        return 0
    PhoneNotice.objects.filter(finished_at__lt=timezone.now() - KEPT).delete()
    return send_all(send_next_notice, threads=THREADS, for_seconds=for_seconds)


def send_next_notice() -> bool:
    """Claim one notice, send it, note what came of it; False where none may go now."""
    return send_next(PhoneNotice.objects.order_by("next_attempt_at"), _send, first_wait=FIRST_WAIT)


def is_allowed(now: datetime) -> bool:
    """Whether a message may reach somebody at this hour of the province."""
    return FIRST_HOUR <= timezone.localtime(now).time() < LAST_HOUR


def next_allowed(now: datetime) -> datetime:
    """Now, or at the next eight in the morning."""
    if is_allowed(now):
        return now
    local = timezone.localtime(now)
    day = local.date() if local.time() < FIRST_HOUR else local.date() + timedelta(days=1)
    return timezone.make_aware(datetime.combine(day, FIRST_HOUR))


def text_of(notice: PhoneNotice) -> str:
    """What the phone shows behind the signature: number and way, no word of what was asked, answered or decided."""
    said = notice.parameters
    if notice.kind == PhoneNotice.Kind.CASE:
        return (
            f"您在{said['hall']}的办件（编号末 12 位 {said['number']}）有新的通知。"
            f"请打开 {said['address']} 输入编号和手机号后四位查看，或登录后在“我的”里查看。"
        )
    of = "投诉" if notice.kind in {PhoneNotice.Kind.COMPLAINT, PhoneNotice.Kind.COMPLAINT_TAKEN} else "咨询"
    return (
        f"您在{said['hall']}的{of}（编号 {said['number']}）{_SAID[notice.kind]}。"
        f"请打开 {said['address']} 输入编号和手机号后四位查看；不想再收短信，可在那里停止。"
    )


def _send(notice: PhoneNotice) -> dict[str, str]:
    now = timezone.now()
    if now - notice.since > STALE_AFTER:
        raise Refused("三天没有发出去，不再发送。")
    if not is_allowed(now):
        raise _until_allowed("夜间不发送，早上再发。", now)
    phone = _phone_of(notice)
    _check_quota(notice, now)
    message = Message(notice.pk, phone, notice.kind, notice.parameters, text_of(notice))
    try:
        is_confirmed = message_gateway().send(message)
    except Invalid as refusal:
        raise Refused("这个手机号收不到短信：空号、停机，或拒收了我们的短信。") from refusal
    except TooMany as refusal:
        raise _until_tomorrow("运营商限制了这个手机号今天收短信的次数。", now) from refusal
    except DomainError as refusal:
        raise Failed("短信平台没有接受。") from refusal
    if not is_confirmed:
        # it may have gone out: the next attempt bears the same id, and the carrier sends each id once
        raise Failed("短信平台没有确认收到。")
    return {}


def _phone_of(notice: PhoneNotice) -> str:
    phone = ""
    if notice.citizen_id:
        citizen = Citizen.objects.filter(pk=notice.citizen_id).first()
        phone = citizen.phone.plain if citizen else ""
    elif notice.guest_contact_id:
        guest = GuestContact.objects.filter(pk=notice.guest_contact_id).first()
        phone = guest.phone.plain if guest else ""
    elif notice.contact_id:
        phone = next((found for phone_of in NOTICE_PHONES.entries() if (found := phone_of(notice.contact_id))), "")
    if not phone:
        raise Refused("本人的手机号已经删除。")
    return phone


def _check_quota(notice: PhoneNotice, now: datetime) -> None:
    sent = PhoneNotice.objects.filter(state=Outgoing.State.DONE, finished_at__gt=now - _SPAN)
    if sent.filter(phone_hash=notice.phone_hash).count() >= MOST_TO_PHONE:
        raise _until_tomorrow("这个手机号今天收到的短信够多了，明天再发。", now)
    if sent.filter(hall_id=notice.hall_id).count() >= MOST_OF_HALL:
        raise _until_tomorrow("本厅今天发送的短信已到上限，明天再发。", now)


def _until_allowed(message: str, now: datetime) -> Deferred:
    return Deferred(message, wait=next_allowed(now) - now)


def _until_tomorrow(message: str, now: datetime) -> Deferred:
    morning = timezone.make_aware(datetime.combine(timezone.localdate(now) + timedelta(days=1), FIRST_HOUR))
    return Deferred(message, wait=morning - now)
