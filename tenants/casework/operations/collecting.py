"""代收代办: an application for a hall above is taken in here for somebody, and handed over with its files."""

from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from foundation.advisory_lock import hold_name
from foundation.errors import Conflict, Invalid, NotFound
from province.audit.operations import record_act
from province.cases.models import CaseOffer, Referral
from province.cases.operations import ReferralFacts, send_referral
from province.cases.queries.referrals import check_taker, offers_above
from province.cases.states import ReferralKind
from province.halls.models import Hall
from province.rights.actors import Actor
from tenants.casework.models import CollectedForm, Collection
from tenants.casework.operations.rows import clean_said
from tenants.casework.queries.access import require_handler
from tenants.casework.queries.referrals import fields_with_words, files_of_form
from tenants.casework.states import Consent
from tenants.portal.operations.figures import check_inside
from tenants.workflow.models import FilledForm
from tenants.workflow.operations.carried import keep_foreign_form
from tenants.workflow.operations.filling import begin_filling
from tenants.workflow.queries.filled import FormFiller, number_of
from tenants.workflow.slots import FormTaker

_NO_OFFER: Final = "上级服务厅现在没有开通这个事项的申请，请重新选择。"


@transaction.atomic
def begin_collecting(*, by: Actor, hall: Hall, offer_id: UUID, consent: str, note: str = "") -> Collection:
    """Begin an application for somebody, on the form that the hall above has published; ``consent``: how they have
    agreed (``Consent``). Raises NotAllowed for who handles no case here, NotFound for what no hall above takes,
    Invalid, Conflict where that hall cannot take it now, TooMany."""
    check_inside(hall)
    require_handler(by, hall)
    if consent not in Consent:
        raise Invalid.at("consent", "请选择委托方式。")
    note = clean_said(note, field="note")
    offer = offers_above(hall).filter(pk=offer_id).first()
    if offer is None or by.id is None:
        raise NotFound(_NO_OFFER)
    check_taker(offer.hall, offer.item_id, offer.handling_code)
    who = FormFiller(by)
    filled = begin_filling(who=who, hall=hall, form_id=_form_of(offer), is_another=True)
    made = Collection.objects.create(
        filled=filled,
        offer_id=offer.pk,
        item_name=offer.item_name,
        hall_name=offer.hall.name,
        clerk_id=by.acting_for_id or by.id,
        clerk_name=by.acting_for or by.name,
        consent=Consent(consent),
        note=note,
    )
    _record(by, hall, made, "begin_collecting")
    return made


@transaction.atomic
def send_collected(*, who: FormFiller, hall: Hall, filled: FilledForm) -> Referral:
    """Hand what was taken in over, in the transaction in which the form is sent; sent twice, it is one.

    Raises Conflict where the hall above cannot take it now: the draft stays.
    """
    collection = Collection.objects.select_for_update().get(filled=filled)
    if known := Referral.objects.filter(case_id=filled.pk).first():
        return known
    offer = CaseOffer.objects.select_related("hall").filter(pk=collection.offer_id).first()
    if offer is None:
        raise Conflict(_NO_OFFER)
    said = f"{hall.name}{collection.clerk_name}代收，{collection.get_consent_display()}。{collection.note}"
    facts = ReferralFacts(
        kind=ReferralKind.COLLECTED,
        case_id=filled.pk,
        case_number=number_of(filled),
        item_id=offer.item_id,
        handling_code=offer.handling_code,
        item_name=offer.item_name,
    )
    content: dict[str, Any] = {
        "opinion": said,
        "citizen_id": None,
        "account_id": str(filled.account_id),
        "fields": fields_with_words(hall, filled),
        "files": files_of_form(filled),
        "materials": [],
    }
    made = send_referral(sender=hall, to_hall=offer.hall, facts=facts, content=content)
    collection.sent_at = timezone.now()
    collection.save(update_fields=["sent_at"])
    _record(who.by, hall, collection, "collect")
    return made


def _form_of(offer: CaseOffer) -> UUID:
    hold_name(f"collected form {offer.pk}")
    form = keep_foreign_form(
        code=f"offer-{offer.pk.hex}",
        title=f"{offer.item_name}（{offer.hall.short_name}）",
        definition=offer.form or {},
        whose=offer.hall.name,
    )
    CollectedForm.objects.get_or_create(offer_id=offer.pk, defaults={"form": form})
    return form.pk


def _record(by: Actor, hall: Hall, made: Collection, act: str) -> None:
    record_act(
        by=by,
        act=f"casework.{act}",
        object_type="collection",
        object_id=made.pk,
        hall_id=hall.pk,
        changes={"item": [None, made.item_name], "consent": [None, made.consent]},
    )


def _forms() -> QuerySet[CollectedForm, UUID]:
    return CollectedForm.objects.values_list("form_id", flat=True)


def _page(filled: FilledForm) -> str:
    return reverse("desk-collection", args=[Collection.objects.get(filled=filled).pk])


def _drafts_at() -> tuple[str, str]:
    return reverse("site-cases"), "我的办件"


def _reopened(filled: FilledForm, is_held: bool) -> frozenset[str]:  # noqa: ARG001, FBT001 - the slot's signature
    """What was handed over is asked for by the other hall."""
    return frozenset()


def _published(hall: Hall, form_id: UUID) -> None:
    """Nobody publishes another hall's form here."""


COLLECTED: Final = FormTaker(
    name="casework.collected",
    forms=_forms,
    take=send_collected,
    page=_page,
    noun="申请",
    kept_at=_drafts_at,
    reopened=_reopened,
    published=_published,
)
