"""送达方式及送达地址确认, and electronic service with the proof that what was served was opened.

经受送达人同意, and only then, may documents be served in a way that shows that they were received; the day on which
they arrive in the receiver's own pages is the day of service, and who asks for paper gets it (民事诉讼法 art. 90, which
行政处罚法 art. 61 and the service of 行政许可法 art. 44 follow).
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from foundation.editing.reasons import clean_reason
from foundation.errors import Conflict, Invalid, NotFound
from foundation.sealing.fields import OwnedJSON
from province.audit.operations import record_act
from province.cases.operations import clean_service_address, keep_service_address
from province.cases.queries.applicants import applicant_with_id
from province.cases.states import OWN_CHANNELS, CaseChannel, DeliveryWay
from province.halls.models import Hall
from province.rights.actors import Actor
from province.rights.queries import system_actor
from tenants.casework.models import Case, Intake, Served, ServiceChoice
from tenants.casework.operations.clocks import begin_opening, drop_opening
from tenants.casework.operations.handlers import tell_of_service
from tenants.casework.operations.rows import held_case, held_own_case, keep, lock_case, note_act, tell_province
from tenants.casework.queries.own_cases import NO_OWN_CASE, own_case
from tenants.casework.queries.papers import document_of_case
from tenants.casework.queries.serving import (
    CONSENT_VERSION,
    LONGEST_PROOF,
    NO_PAGES,
    opener_of,
    unopened_of,
    why_not_electronic,
)
from tenants.casework.states import SERVED_AS, ServedPaper, ServiceTask
from tenants.documents.queries.documents import PDF, link_to_document
from tenants.portal.operations.figures import check_inside
from tenants.workflow.queries.filled import FormFiller

_ASK_WAY: Final = "请选择文书怎样送达。"
_AGREE: Final = "请先看过电子送达的说明，再勾选同意。"


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceWish:
    """How documents are to reach the applicant. ``consent``: the version of the text to which they agree, for
    electronic service; ``address``: for post. No ``repr`` of it: it would stand in logs."""

    way: str
    consent: int = 0
    address: str = ""

    def __repr__(self) -> str:
        return f"ServiceWish({self.way!r}, {self.consent})"


def clean_wish(wish: ServiceWish) -> ServiceWish:
    """Raises Invalid for no way, for electronic service without consent to the text that is in force, and for post
    without an address."""
    if wish.way not in DeliveryWay:
        raise Invalid.at("way", _ASK_WAY)
    if wish.way == DeliveryWay.ELECTRONIC:
        if wish.consent != CONSENT_VERSION:
            raise Invalid.at("consent", _AGREE)
        return ServiceWish(way=wish.way, consent=wish.consent)
    if wish.way != DeliveryWay.POST:
        return ServiceWish(way=wish.way)
    return ServiceWish(way=wish.way, address=clean_service_address(wish.address))


def wish_at_beginning(who: FormFiller, wish: ServiceWish | None) -> ServiceWish | None:
    """As ``clean_wish``, of an application that is begun; None: nothing was said. Raises Invalid, also for electronic
    service of who comes to the desk."""
    if wish and who.citizen is None and wish.way == DeliveryWay.ELECTRONIC:
        raise Invalid.at("way", NO_PAGES)
    return clean_wish(wish) if wish else None


def keep_wish(who: FormFiller, hall: Hall, intake: Intake, wish: ServiceWish) -> None:
    """Keep what was said until there is a case to say it of."""
    by_name = "" if who.citizen else who.by.shown_name
    said = [wish.way, wish.consent, wish.address, timezone.now().isoformat(), by_name]
    intake.service = OwnedJSON(hall.pk, said)
    intake.save(update_fields=["service"])


@transaction.atomic
def choose_service(
    *, who: FormFiller, hall: Hall, case_id: UUID, wish: ServiceWish, channel: str = CaseChannel.SITE
) -> Case:
    """The applicant says how documents shall reach them, or says it anew: it holds for what is served from now on.
    ``channel``: where they say it, the site or it as an app. The same once more changes nothing.

    Raises NotFound for another person's, Invalid as ``clean_wish`` and for another channel, Conflict once the case has
    ended.
    """
    case = held_own_case(who, hall, case_id)
    if channel not in OWN_CHANNELS:
        raise Invalid.at("channel", "自己确认送达方式的，只能是网站或者手机应用。")
    return _choose(who.by, hall, case, clean_wish(wish), channel=CaseChannel(channel), is_applicant=True)


@transaction.atomic
def note_service_choice(
    *,
    by: Actor,
    hall: Hall,
    case_id: UUID,
    way: str,
    address: str = "",
    is_signed: bool = False,
    revision: int | None = None,
) -> Case:
    """Write down what the applicant has confirmed on paper: the signed 送达地址确认书 is in the file.

    Raises Invalid without it, for no way and for post without an address; Conflict where the applicant has no pages in
    which something could arrive, and once the case has ended.
    """
    case = lock_case(by, hall, case_id, revision=revision)
    wish = clean_wish(ServiceWish(way=way, consent=CONSENT_VERSION, address=address))
    if not is_signed:
        raise Invalid.at("is_signed", "请先请申请人在送达地址确认书上签名，收进材料以后勾选。")
    if wish.way == DeliveryWay.ELECTRONIC and case.citizen_id is None:
        raise Conflict(NO_PAGES)
    return _choose(by, hall, case, wish, channel=CaseChannel.WINDOW, is_applicant=False)


def choice_of_intake(who: FormFiller, hall: Hall, intake: Intake | None) -> tuple[ServiceChoice, str] | None:
    """What was said when the application was begun, with the address."""
    if intake is None or intake.service is None:
        return None
    way, consent, address, at, *names = intake.service.opened(hall.pk)
    # the release before kept no name
    by_name = names[0] if names else "" if who.citizen else who.by.shown_name
    return _choice_said([way, consent, address, at, intake.channel, by_name])


def parcel_of_choice(hall: Hall, intake: Intake | None) -> list[Any] | None:
    """What was said when the application was begun, for another hall that makes a case of a part of it."""
    if intake is None or intake.service is None:
        return None
    way, consent, address, at, by_name = intake.service.opened(hall.pk)
    return [way, consent, address, at, intake.channel, by_name]


def choice_of_parcel(content: Mapping[str, Any]) -> tuple[ServiceChoice, str] | None:
    """What was said where the application was begun, as ``parcel_of_choice`` has it under ``service``."""
    said = content.get("service")
    return _choice_said(said) if said else None


def _choice_said(said: Sequence[Any]) -> tuple[ServiceChoice, str]:
    way, consent, address, at, channel, by_name = said
    choice = ServiceChoice(
        way=DeliveryWay(way),
        text=consent,
        at=datetime.fromisoformat(at),
        channel=CaseChannel(channel),
        by_name=by_name,
    )
    return choice, address


def serve_electronically(hall: Hall, case: Case, what: ServedPaper) -> None:
    """It arrives now in the applicant's own pages, which is the moment of service: from now on it is to be opened. In
    the caller's hands, who has held the case and writes it. What was not opened of before is replaced by this."""
    serving = case.serving
    arrived = Served(what=what, arrived_at=timezone.now())
    case.service = serving.with_served([*serving.served, arrived]).kept
    if case.service_task == ServiceTask.UNOPENED:
        case.service_task = None
    begin_opening(hall, case)


def serve_if_agreed(hall: Hall, case: Case, what: ServedPaper) -> None:
    """As ``serve_electronically``, where the applicant has agreed; otherwise it is handed over or posted."""
    if not why_not_electronic(case):
        serve_electronically(hall, case, what)


def end_opening(hall: Hall, case: Case) -> None:
    """What was served was evidently read, or the case has ended: nobody waits for it to be opened. In the caller's
    hands; the case is not written here."""
    if not case.serving.served:
        return
    drop_opening(hall, case)
    if case.service_task == ServiceTask.UNOPENED:
        case.service_task = None


def open_own_case(who: FormFiller, hall: Hall, case: Case, papers: Collection[ServedPaper]) -> Case:
    """The case, which is the citizen's own, as its page or program opens it: as ``open_served``, without holding it
    where there is nothing to keep."""
    if not unopened_of(case, papers):
        return case
    opened = open_served(who=who, hall=hall, case_id=case.pk, papers=papers)
    case.service, case.service_task = opened.service, opened.service_task
    return case


def void_served(hall: Hall, case: Case) -> None:
    """The decision is put right, and served anew: what was served of it holds no more. As ``end_opening``."""
    case.service = case.serving.corrected().kept
    end_opening(hall, case)


@transaction.atomic
def open_served(*, who: FormFiller, hall: Hall, case_id: UUID, papers: Collection[ServedPaper]) -> Case:
    """Keep that what was served is opened, once: when for the first time, and by whom. Opened once more, or where
    nothing of it was served electronically, nothing changes. Raises NotFound for another person's."""
    case = held_own_case(who, hall, case_id)
    assert who.citizen  # noqa: S101 - as ``held_own_case`` has found
    serving = case.serving
    fresh = unopened_of(case, papers)
    if not fresh:
        return case
    now, opener = timezone.now(), opener_of(who.citizen, applicant_with_id(hall.pk, case.applicant_id))
    served = [replace(one, opened_at=now, opener=opener) if one in fresh else one for one in serving.served]
    case.service = serving.with_served(served).kept
    _settle(hall, case)
    note_act(
        who.by,
        hall,
        case,
        "open_served",
        note=f"{'、'.join(one.label for one in fresh)}：{opener.label}打开",
        is_applicant=True,
    )
    return case


@transaction.atomic
def open_own_document(*, who: FormFiller, hall: Hall, case_id: UUID, document_id: UUID) -> str:
    """A short-lived address of the PDF of a document that the applicant's own case has given; what it was served as is
    opened by that. Raises NotFound, also for another person's and while the file is being made."""
    check_inside(hall)
    if who.citizen is None:
        raise NotFound(NO_OWN_CASE)
    case = own_case(who.citizen, case_id)
    found = document_of_case(case, document_id)
    address = link_to_document(hall, found, PDF)
    if as_what := SERVED_AS.get(found.kind):
        open_own_case(who, hall, case, [as_what])
    record_act(
        by=who.by,
        act="casework.open_own_document",
        object_type="case",
        object_id=case.pk,
        hall_id=hall.pk,
        changes={"document": [None, found.number]},
    )
    return address


@transaction.atomic
def ask_for_paper(*, who: FormFiller, hall: Hall, case_id: UUID) -> Case:
    """Who was served electronically asks for paper, and gets it (民事诉讼法 art. 90). Once more changes nothing. Raises
    NotFound for another person's, Conflict where nothing was served electronically."""
    case = held_own_case(who, hall, case_id)
    if not case.serving.served:
        raise Conflict("这个办件没有电子送达的文书。")
    if case.service_task == ServiceTask.PAPER:
        return case
    case.service_task = ServiceTask.PAPER
    case.save(update_fields=["service_task"])
    note_act(who.by, hall, case, "ask_for_paper", is_applicant=True)
    return case


@transaction.atomic
def serve_otherwise(
    *,
    by: Actor,
    hall: Hall,
    case_id: UUID,
    way: str,
    proof: str,
    served_on: date | None = None,
    revision: int | None = None,
) -> Case:
    """Serve on paper what was served electronically and not opened, or of which paper is wanted. The day of service
    stays that of the arrival. Raises Invalid for no such way, without proof or for a day to come, Conflict where there
    is nothing to be served so."""
    case = lock_case(by, hall, case_id, revision=revision)
    if way not in {DeliveryWay.POST, DeliveryWay.WINDOW}:
        raise Invalid.at("way", "请选择邮寄或者窗口领取。")
    proof = clean_reason(proof, ask="请写明送达凭证：签收人或者邮件号。", field="proof", most=LONGEST_PROOF)
    day = served_on or timezone.localdate()
    if day > timezone.localdate():
        raise Invalid.at("served_on", "送达日期不能晚于今天。")
    serving = case.serving
    if serving.waiting is None and case.service_task is None:
        raise Conflict("这个办件没有要改用其他方式送达的文书。")
    *before, last = serving.served
    if day < timezone.localdate(last.arrived_at):
        raise Invalid.at("served_on", "改用其他方式送达，应在电子送达之日以后。")
    served = [*before, replace(last, otherwise=DeliveryWay(way))]
    case.service, case.service_task = serving.with_served(served).kept, None
    _settle(hall, case)
    said = f"{last.label}已于{day:%Y年}{day.month}月{day.day}日改用{DeliveryWay(way).label}送达。"
    note_act(by, hall, case, "serve_otherwise", said=said, note=proof)
    return case


@transaction.atomic
def note_unopened(*, hall: Hall, case_id: UUID, cause_id: UUID) -> None:
    """Nobody has opened in time what was served electronically: the desk is to telephone, post it or hand it over.
    Where it was opened meanwhile, and once more, nothing changes."""
    case = held_case(case_id)
    waiting = case.serving.waiting
    if waiting is None or case.service_task is not None:
        return
    case.service_task = ServiceTask.UNOPENED
    drop_opening(hall, case)
    case.save(update_fields=["service_task"])
    note = f"{waiting.label}：{case.setup.opening_workdays} 个工作日没有打开"
    note_act(system_actor(), hall, case, "unopened", note=note)
    tell_of_service(hall, case, cause_id)


def _settle(hall: Hall, case: Case) -> None:
    """Write the case and tell the province; once nothing is unopened, nobody waits for it any more. What somebody of
    the staff has read of it stays so, and with that its revision."""
    if case.serving.waiting is None:
        end_opening(hall, case)
    case.save(update_fields=["service", "service_task"])
    tell_province(hall, case)


def _choose(by: Actor, hall: Hall, case: Case, wish: ServiceWish, *, channel: CaseChannel, is_applicant: bool) -> Case:
    if not case.is_open:
        raise Conflict("这个办件已经结束，送达方式不能再改。")
    before = case.serving.choice
    applicant = applicant_with_id(hall.pk, case.applicant_id)
    address = applicant.service_address.plain if applicant else ""
    if before and (before.way, before.text, address) == (wish.way, wish.consent, wish.address):
        return case
    choice = ServiceChoice(
        way=DeliveryWay(wish.way),
        text=wish.consent,
        at=timezone.now(),
        channel=channel,
        by_name="" if is_applicant else by.shown_name,
    )
    case.service = case.serving.chosen(choice).kept
    if address != wish.address:
        keep_service_address(hall_id=hall.pk, applicant_id=case.applicant_id, address=wish.address)
    keep(hall, case)
    note_act(
        by,
        hall,
        case,
        "confirm_service",
        said=words_of(choice),
        note="" if is_applicant else "申请人签名的送达地址确认书已收进材料",
        is_applicant=is_applicant,
        changes={"service_way": [before.way if before else None, choice.way]},
    )
    return case


def words_of(choice: ServiceChoice) -> str:
    """电子送达（同意第 1 版说明）; without the address."""
    agreed = f"（同意第 {choice.text} 版说明）" if choice.text else ""
    return f"文书送达方式：{choice.way.label}{agreed}。"
