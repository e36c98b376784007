"""一件事: several items applied for at once. Each becomes a case of its own, by the operations that make every case;
those that wait for others become one when these were granted."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from foundation.advisory_lock import hold_name
from foundation.errors import Conflict, DomainError, Fault, Invalid, NotFound, Unavailable
from foundation.sealing.fields import OwnedJSON
from province.audit.operations import record_act
from province.cases.states import CASE_TRANSITIONS, CaseChannel, CaseOutcome, CaseState
from province.catalogue.queries.packages import shown_package
from province.citizens.models import Citizen
from province.halls.models import Hall
from province.rights.actors import Actor
from province.rights.queries import require, system_actor
from tenants.casework.models import Case, Intake, PackageApplication
from tenants.casework.operations.examining import withdraw_case
from tenants.casework.operations.intake import check_channel, check_whole, materials_of, receive_case
from tenants.casework.operations.numbers import next_number
from tenants.casework.operations.package_parts import faults_of_sent, recall_parts, send_part
from tenants.casework.operations.rows import clean_said
from tenants.casework.operations.serving import ServiceWish, keep_wish, parcel_of_choice, wish_at_beginning
from tenants.casework.operations.told import asker_of, write_to_asker
from tenants.casework.queries.access import HANDLE
from tenants.casework.queries.guides import guide_to_apply_by
from tenants.casework.queries.own_packages import NO_OWN_PACKAGE
from tenants.casework.queries.package_forms import AppliedPart, as_kept, merged_form, parts_of
from tenants.casework.queries.package_parts import Standing, away_parts, standings_of
from tenants.casework.queries.packages import QUESTION, PackagePart, package_guide
from tenants.casework.queries.setups import open_setup_for
from tenants.portal.operations.figures import check_inside
from tenants.workflow.models import FilledForm, Form, FormVersion
from tenants.workflow.operations.carried import keep_foreign_form, keep_part_of_form
from tenants.workflow.operations.filling import SENT, begin_filling
from tenants.workflow.queries.filled import FormFiller, values_of
from tenants.workflow.slots import FormTaker

# codes of forms of packages begin so
_CODE: Final = "package-"
_DIGITS: Final = 20
# between the division's code and the day in the number of an application
_NUMBER: Final = "YJS"
# ways by which staff take one in
AT_DESK: Final = (CaseChannel.WINDOW, CaseChannel.PHONE)
_WITHDRAWN: Final = "申请人撤回了整件事的申请。"


@transaction.atomic
def begin_package(
    *,
    who: FormFiller,
    hall: Hall,
    package_id: UUID,
    answers: Mapping[str, Sequence[str]],
    is_another: bool = False,
    channel: str = CaseChannel.SITE,
    service: ServiceWish | None = None,
) -> PackageApplication:
    """Begin to fill in the one form of all items that somebody's answers choose, or go on with the draft that there is.
    ``answers``: code of a question → codes of answers; ``channel``: by which way it comes, to the desk by
    ``AT_DESK``, a citizen's by the site or by it as an app; ``service``: how documents of all items shall reach who
    applies, None: not said yet, or as it was said before.

    Raises NotAllowed for staff who do not handle cases of the whole hall, NotFound for a package that halls do not see,
    Invalid for a question that is still open, another way, or one of service that there is not, Conflict where it
    cannot be done in one or this hall does not take all of it online, TooMany.
    """
    check_inside(hall)
    if who.citizen is None:
        require(who.by, HANDLE, hall_id=hall.pk)
        if channel not in AT_DESK:
            raise Invalid.at("channel", "请选择是窗口还是电话。")
    check_channel(who, channel)
    wish = wish_at_beginning(who, service)
    version = shown_package(package_id)
    guide = package_guide(hall, version, {f"{QUESTION}{code}": codes for code, codes in answers.items()})
    if guide.chosen.refusals:
        raise Conflict("".join(guide.chosen.refusals))
    if still_open := guide.chosen.open_questions:
        raise Invalid.of([Fault(f"{QUESTION}{one.code}", f"请先回答“{one.text}”") for one in still_open])
    if not guide.is_whole:
        missing = [one.name for one in guide.parts if not one.can_be_applied_for] or [one.name for one in guide.parts]
        message = f"“{'”“'.join(missing)}”现在不能在本厅网上申请，不能一次办完。可以分别办理，或看办事指南里由谁办。"
        raise Conflict(message)
    form_ids = {one.item.code: _own_form_of(one) for one in guide.parts}
    merged, parts = merged_form(who, version.name, guide.parts, form_ids)
    form = _form_of(version.package_id, version.name, parts, merged.definition.as_json())
    filled = begin_filling(who=who, hall=hall, form_id=form.pk, is_another=is_another)
    made, _ = PackageApplication.objects.get_or_create(
        filled=filled,
        defaults={
            "package_id": version.package_id,
            "package_version_id": version.pk,
            "name": version.name,
            "citizen_id": who.citizen.pk if who.citizen else None,
            "parts": [as_kept(one) for one in parts],
        },
    )
    intake, _ = Intake.objects.get_or_create(filled=filled, defaults={"channel": channel})
    if wish:
        keep_wish(who, hall, intake, wish)
    return made


@transaction.atomic
def receive_package(*, who: FormFiller, hall: Hall, filled: FilledForm) -> PackageApplication:
    """Make a case of each item that waits for none, all or none of them, in the transaction in which the form is sent;
    sent twice, they are there once. What a hall above does is sent there. What is needed for the others is looked at
    now, too.

    Raises Invalid where a material is missing, Conflict where an item can no longer be applied for.
    """
    application = PackageApplication.objects.select_for_update().get(filled=filled)
    if application.sent_at:
        return application
    parts, values = parts_of(application), values_of(hall, filled)
    versions = _versions_of(parts)
    if faults := [fault for part in parts for fault in _faults_of(who, part, versions[part.version_id], values)]:
        faults = list(dict.fromkeys(faults))
        raise Invalid.of(faults, many=f"还有 {len(faults)} 份材料没有上传，请补齐后再提交。")
    now = timezone.now()
    application.number = next_number(f"{hall.division.code}{_NUMBER}", timezone.localdate(now))
    application.sent_at = now
    application.save(update_fields=["number", "sent_at"])
    _record(who.by, hall, application, "receive_package")
    for part in _by_counter([one for one in parts if not one.after]):
        _receive(who, hall, application, part, versions[part.version_id], values)
    return application


@transaction.atomic
def go_on_with_package(*, hall: Hall, application_id: UUID, cause_id: UUID) -> None:
    """Something was decided, or has ended: receive the items whose predecessors were all granted, and end those that
    wait for one that never will be; the applicant is told once of these. Once more changes nothing."""
    application = PackageApplication.objects.select_for_update().filter(pk=application_id).first()
    if application is None or application.sent_at is None or application.withdrawn_at:
        return
    parts = {one.place: one for one in parts_of(application)}
    ended = {row["place"]: str(row["why"]) for row in application.ended}
    known = len(ended)
    stand = _standings(application)
    ready = [one for one in parts.values() if one.place not in stand and _all_granted(one, stand)]
    for part in _by_counter(ready):
        try:
            _receive_later(hall, application, part)
            ended.pop(part.place, None)
        except Unavailable:
            raise
        except DomainError as refusal:
            ended.setdefault(part.place, refusal.message[:300])
    stand = _standings(application) if ready else stand
    for part in _in_order(parts):
        if part.place not in stand and part.place not in ended:
            before = [(parts[place], stand.get(place), ended.get(place, "")) for place in part.after]
            if why := _never(before):
                ended[part.place] = why
    kept = [{"place": place, "why": why} for place, why in sorted(ended.items())]
    if kept == application.ended:
        return
    application.ended = kept
    application.save(update_fields=["ended"])
    _record(system_actor(), hall, application, "end_package_items", changes={"package_items": [known, len(ended)]})
    if len(ended) > known:
        _tell(hall, application, cause_id)


@transaction.atomic
def withdraw_package(*, who: FormFiller, hall: Hall, application_id: UUID, reason: str = "") -> PackageApplication:
    """撤回 the whole: each case that is not decided yet, and what waits. What was decided stays. Staff withdraw what
    was taken in at the desk, and write down what the applicant said.

    Raises NotFound for another person's, Invalid for staff without words, Conflict where nothing is left to withdraw;
    twice changes nothing.
    """
    check_inside(hall)
    reason = clean_said(reason, field="reason")
    application = PackageApplication.objects.select_for_update().filter(pk=application_id).first()
    if application is None or application.citizen_id != (who.citizen.pk if who.citizen else None):
        raise NotFound(NO_OWN_PACKAGE)
    if who.citizen is None:
        require(who.by, HANDLE, hall_id=hall.pk)
        reason = clean_said(reason, ask="请写明申请人撤回的情况。", field="reason")
    if application.withdrawn_at:
        return application
    if application.sent_at is None:
        raise Conflict("这份申请还没有提交；不想申请了，可以删除草稿。")
    cases = list(Case.objects.filter(package=application).order_by("pk"))
    begun = {row["place"] for row in application.ended} | {one.package_place for one in cases}
    begun |= set(application.sent_parts.values_list("place", flat=True))
    waiting = [one.place for one in parts_of(application) if one.place not in begun]
    open_cases = [one for one in cases if CASE_TRANSITIONS.allows(one.state, CaseState.WITHDRAWN)]
    recalled = recall_parts(application)
    if not open_cases and not waiting and not recalled:
        raise Conflict("各个事项都已经作出决定或者办结，没有可以撤回的。")
    application.withdrawn_at = timezone.now()
    application.ended = [*application.ended, *({"place": place, "why": _WITHDRAWN} for place in waiting)]
    application.save(update_fields=["withdrawn_at", "ended"])
    for one in open_cases:
        said, is_applicant = reason or _WITHDRAWN, who.citizen is not None
        withdraw_case(by=who.by, hall=hall, case_id=one.pk, reason=said, is_applicant=is_applicant)
    _record(who.by, hall, application, "withdraw_package", changes={"cases": [None, len(open_cases) + recalled]})
    return application


def _own_form_of(part: PackagePart) -> UUID:
    """The form that its own hall asks for: of this hall, or kept here of one above, as that offers it now."""
    if part.setup:
        return part.setup.form_id
    assert part.offer  # noqa: S101 - the caller has looked
    code = f"{_CODE}{part.offer.pk.hex}"
    hold_name(f"form {code}")
    whose, definition = part.offer.hall, part.offer.form or {}
    return keep_foreign_form(
        code=code, title=f"{part.name}（{whose.short_name}）", definition=definition, whose=whose.name
    ).pk


def _form_of(package_id: UUID, name: str, parts: Sequence[AppliedPart], definition: Mapping[str, Any]) -> Form:
    """The form of just these items, as a version; one that has not changed is the one that there is."""
    chosen = "".join(sorted(one.hex for part in parts if (one := part.setup_id or part.offer_id)))
    code = f"{_CODE}{hashlib.sha256(f'{package_id.hex}{chosen}'.encode()).hexdigest()[:_DIGITS]}"
    hold_name(f"form {code}")
    title = f"{name}（{len(parts)} 个事项）"
    return keep_foreign_form(code=code, title=title, definition=definition, whose=name, is_open=True)


def _versions_of(parts: Sequence[AppliedPart]) -> dict[UUID, FormVersion]:
    return FormVersion.objects.in_bulk([one.version_id for one in parts])


def _faults_of(who: FormFiller, part: AppliedPart, version: FormVersion, values: Mapping[str, Any]) -> list[Fault]:
    """Needed materials that are missing, each at its field of the merged form. Raises Conflict where the item cannot be
    applied for any more."""
    own = part.own_values(version, values)
    if part.setup_id is None:
        faults = faults_of_sent(part, own)
        return [] if who.citizen is None else [_at_merged(part, one) for one in faults]
    try:
        setup = open_setup_for(who, pk=part.setup_id)
        guide = guide_to_apply_by(setup.item_id, setup.handling_code)
    except NotFound as refusal:
        message = f"“{part.name}”：{refusal.message}"
        raise Conflict(message) from refusal
    if who.citizen is None:
        # at the desk what is missing may be there on paper
        return []
    try:
        check_whole(guide.materials, materials_of(guide.materials, own))
    except Invalid as refusal:
        return [_at_merged(part, one) for one in refusal.faults]
    return []


def _at_merged(part: AppliedPart, fault: Fault) -> Fault:
    """At the field of the one form."""
    return Fault(part.names.get(fault.where, fault.where), fault.message)


def _receive(
    who: FormFiller,
    hall: Hall,
    application: PackageApplication,
    part: AppliedPart,
    version: FormVersion,
    values: Mapping[str, Any],
) -> None:
    """A case here, or what another hall makes one of."""
    filled = keep_part_of_form(
        who=who,
        hall=hall,
        whole=application.filled,
        version=version,
        values=part.own_values(version, values),
        label=SENT,
    )
    whole = Intake.objects.filter(filled=application.filled_id).first()
    if part.setup_id is None:
        send_part(who.by, hall, application, part, filled, service=parcel_of_choice(hall, whole))
        return
    Intake.objects.create(
        filled=filled,
        channel=whole.channel if whole else CaseChannel.SITE,
        service=OwnedJSON(hall.pk, whole.service.opened(hall.pk)) if whole and whole.service else None,
    )
    case = receive_case(who=who, hall=hall, filled=filled)
    case.package, case.package_place = application, part.place
    case.save(update_fields=["package", "package_place"])


@transaction.atomic
def _receive_later(hall: Hall, application: PackageApplication, part: AppliedPart) -> None:
    """In a savepoint: where it is refused, nothing of it stays. The machinery does it, for who has applied."""
    who = FormFiller(system_actor(application.name), _citizen_of(application))
    version = FormVersion.objects.get(pk=part.version_id)
    _receive(who, hall, application, part, version, values_of(hall, application.filled))


def _citizen_of(application: PackageApplication) -> Citizen | None:
    return Citizen.objects.filter(pk=application.citizen_id).first() if application.citizen_id else None


def _standings(application: PackageApplication) -> dict[int, Standing]:
    cases = {one.package_place: one for one in Case.objects.filter(package=application)}
    return standings_of(cases, away_parts(application))


def _by_counter(parts: Sequence[AppliedPart]) -> list[AppliedPart]:
    """In the order in which every package of every hall takes the numbers of items: two at once never wait for each
    other."""
    return sorted(parts, key=lambda one: one.code)


def _all_granted(part: AppliedPart, stand: Mapping[int, Standing]) -> bool:
    before = [stand.get(place) for place in part.after]
    return all(one is not None and one.outcome == CaseOutcome.GRANTED for one in before)


def _in_order(parts: Mapping[int, AppliedPart]) -> list[AppliedPart]:
    """Each behind those for which it waits."""
    found: list[AppliedPart] = []
    while len(found) < len(parts):
        done = {one.place for one in found}
        found += [one for one in parts.values() if one.place not in done and done.issuperset(one.after)]
    return found


def _never(before: Sequence[tuple[AppliedPart, Standing | None, str]]) -> str:
    """Why one of the predecessors will not be granted, "" while all of them may."""
    for part, stands, why in before:
        if stands and stands.outcome == CaseOutcome.REFUSED:
            return f"“{part.name}”没有准予，这一项不再收件。"
        if stands and not stands.is_open and stands.outcome != CaseOutcome.GRANTED:
            return f"“{part.name}”{stands.words}，这一项不再收件。"
        if stands is None and why:
            return f"“{part.name}”不再办理，这一项也不再收件。"
    return ""


def _tell(hall: Hall, application: PackageApplication, cause_id: UUID) -> None:
    """By short message that there is something to read, and never what; whom its first case would tell."""
    case = application.cases.order_by("pk").first()
    asker = asker_of(hall, case) if case else _citizen_of(application)
    if asker:
        write_to_asker(hall, asker, subject=application, cause_id=cause_id)


def _record(
    by: Actor, hall: Hall, application: PackageApplication, act: str, *, changes: dict[str, Any] | None = None
) -> None:
    record_act(
        by=by,
        act=f"casework.{act}",
        object_type="package_application",
        object_id=application.pk,
        hall_id=hall.pk,
        changes={"number": [None, application.number]} | (changes or {}),
    )


def _forms() -> QuerySet[Form, UUID]:
    return Form.objects.filter(is_foreign=True, code__startswith=_CODE).values_list("pk", flat=True)


def _page(filled: FilledForm) -> str:
    """Also of the form of one item that was sent to another hall."""
    page = "site-whole" if filled.citizen_id else "desk-package"
    rows = PackageApplication.objects.filter(Q(filled=filled) | Q(sent_parts__filled=filled))
    return reverse(page, args=[rows.distinct().get().pk])


def _drafts_at() -> tuple[str, str]:
    return reverse("site-cases"), "我的办件"


def _reopened(filled: FilledForm, is_held: bool) -> frozenset[str]:  # noqa: ARG001, FBT001 - the slot's signature
    """What is asked for is changed in the form of the item that asks."""
    return frozenset()


def _published(hall: Hall, form_id: UUID) -> None:
    """Nobody publishes it: it follows from the forms of its items."""


PACKAGES: Final = FormTaker(
    name="casework.packages",
    forms=_forms,
    take=receive_package,
    page=_page,
    noun="申请",
    kept_at=_drafts_at,
    reopened=_reopened,
    published=_published,
)
