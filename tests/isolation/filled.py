"""Halls with something of everything that a hall can have, and a text of its own in every column of every row.

A new route brings a new parameter: give it a value in ``OWN`` (what is one hall's) or ``SHARED`` (what is everybody's).
"""

import pickle
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import time, timedelta
from functools import cache, cached_property
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from pytest_django.plugin import DjangoDbBlocker

from foundation import schemas
from foundation.embedded_services.postgres import OWNER
from foundation.events.models import Event, OutsideCall
from foundation.rows import draw_id
from foundation.sealing.fields import OwnedJSON
from province.audit.models import AuditEntry
from province.audit.operations import record_act
from province.cases.models import (
    ListExport,
    OpinionOffer,
    Referral,
    ReferralParcel,
    ReferralReceipt,
    ReferralSupplement,
)
from province.cases.operations import ApplicantFacts, keep_applicant
from province.cases.states import (
    ApplicantNature,
    CaseChannel,
    CaseOutcome,
    Consent,
    DeliveryWay,
    ListExportState,
    ReferralKind,
)
from province.catalogue.models import (
    Assignment,
    GuideDecision,
    HallSearchDecision,
    Item,
    Office,
    SearchTally,
)
from province.catalogue.states import LineKind, SearchVerdict
from province.citizens.models import Guardianship, LocalMessage, Mandate, PhoneNotice
from province.citizens.operations.look_ups import begin_look_up
from province.console.operations.saved_views import save_view
from province.content.models import (
    AccountCredential,
    ChannelDelivery,
    HallPushDecision,
    LibraryOffer,
    ManuscriptVersion,
    Review,
    WebPushSubscription,
)
from province.content.operations.proofs import draw_up_proof
from province.content.queries.audiences import Audience, Scope
from province.content.states import ReviewState
from province.document_templates.models import ProvinceTemplate, ProvinceTemplateFile, ProvinceTemplateVersion
from province.halls.models import Hall, HallKind
from province.messaging.models import Notice
from province.messaging.operations.notices import notify
from province.messaging.slots import NoticeKind
from province.people.models import Account, ContactCard, OwnRole, Position, Unit
from province.people.queries.roles import default_reach
from province.rights.permissions import PERMISSIONS
from province.rights.roles import Role
from province.sign_in.operations.oidc_keys import signed
from province.sign_in.operations.tokens import issue_token
from province.workdays.models import Clock, HallDays
from province.workdays.states import ClockKind, ClockState, HallDaysKind
from provisioning.models import Rollout
from standards.items.codelists import ExcludedStep
from standards.items.forms import form_key
from standards.ratings import RatedPlace
from tenants.assistance.models import Assistance, AssistanceFile
from tenants.casework.models import (
    ArchiveSheet,
    CarriedPart,
    Case,
    Correction,
    Delivery,
    DepartmentKey,
    Extension,
    Intake,
    JointOpinion,
    LackingPromise,
    PackageApplication,
    PushedCall,
    SentPart,
    UsedLicence,
)
from tenants.casework.states import HolderConsent, PushedKind
from tenants.documents.models import DocumentFile, IssuedDocument, TemplateVersion
from tenants.documents.states import VersionOrigin
from tenants.duty.models import DutyShift, DutySwap, DutyTurn, SwapRequest
from tenants.duty.states import DutyPart
from tenants.engagement.models import PublishedAnswer
from tenants.engagement.operations.answering import save_reply_draft
from tenants.engagement.operations.settings import set_up_engagement
from tenants.fees.models import FeeLine, FeeOrder, FeePayment
from tenants.fees.states import PaymentState, PayWay
from tenants.licences.models import Licence
from tenants.licences.states import LicenceStanding
from tenants.portal.models import ArticleReview, ArticleVersion, Column, PortalSettings
from tenants.portal.states import ArticleState, DraftState
from tenants.ratings.models import LowRating, Rating
from tenants.ratings.operations.giving import give_rating
from tenants.ratings.operations.mending import contact_rater
from tenants.ratings.operations.opening import open_visit_rating
from tenants.ratings.operations.settings import set_up_ratings
from tenants.ratings.queries.links import token_of
from tenants.ratings.states import RatingChannel
from tenants.services.models import Adoption, GuideImport, GuideImportLine
from tenants.services.operations.hall_defaults import save_hall_defaults
from tenants.workflow.models import FilledForm, FormUpload, PartialUpload, PluginCall, WorkBatch
from tenants.workflow.operations.forms import open_form, publish_form
from tenants.workflow.operations.moments import keep_moment
from tenants.workflow.operations.phrases import set_phrases
from tenants.workflow.operations.places import PlaceFacts, create_place
from tenants.workflow.operations.run_forms import begin_run_form
from tenants.workflow.queries.filled import FormFiller
from tenants.workflow.states import CallState, FilledState, TickedWork
from tests.conftest import person
from tests.document_kinds import NOTICE
from tests.factories.accounts import make_account
from tests.factories.adoptions import save, submit
from tests.factories.casework import apply_at_window, make_setup
from tests.factories.catalogue import make_item, make_proposal, make_published
from tests.factories.citizens import make_proved, number_of, phone_of
from tests.factories.engagement import make_published as make_published_answer
from tests.factories.forms import LEAVE, begin, make_form
from tests.factories.halls import make_person
from tests.factories.issued_documents import make_document
from tests.factories.items import whole_item
from tests.factories.manuscripts import make_asset, make_manuscript
from tests.factories.pushes import make_push
from tests.factories.runs import begin_run, free_step, row_of
from tests.factories.services import make_form_file, make_shown_at
from tests.factories.sign_in import make_totp
from tests.factories.sites import inside, make_article, make_column, make_columns, make_file
from tests.isolation.markers import Markers, mark_texts
from tests.isolation.routes import Route
from tests.personal import sow
from tests.plugin import ask
from tests.timing import spent

NOBODY = UUID(int=2)
# a material of which the platform makes the form
MADE_FORM = "人员登记表"
EDITORS = {"north": "sun", "south": "zhou", "village": "cun"}

type Things = dict[str, Any]

# parameter, or "beginning of the address parameter" where a name means something else there -> which of the hall's
# things it names; asked for at another hall, it is not found
OWN: Mapping[str, Callable[[Things], Any]] = {
    "article_id": lambda own: own["draft"].pk,
    "number": lambda own: own["article_version"].number,
    "file_id": lambda own: own["file"].pk,
    "code": lambda own: own["column"].code,
    "account_id": lambda own: own["media_account"].pk,
    "push_id": lambda own: own["push"].pk,
    "look_id": lambda own: own["look"].pk,
    "asset_id": lambda own: own["asset"].pk,
    "manuscript_id": lambda own: own["manuscript"].pk,
    "version_id": lambda own: own["version"].pk,
    "delivery_id": lambda own: own["delivery"].pk,
    "token_id": lambda own: own["token"].pk,
    "view_id": lambda own: own["view"].pk,
    "days_id": lambda own: own["hall_days"].pk,
    "position_id": lambda own: own["position"].pk,
    "unit_id": lambda own: own["unit"].pk,
    "role_id": lambda own: own["role"].pk,
    "substitution_id": lambda own: own["substitution"].pk,
    "mandate_id": lambda own: own["mandate"].pk,
    "entry_id": lambda own: own["entry"].pk,
    "proposal_id": lambda own: own["proposal"].pk,
    "assignment_id": lambda own: own["assignment"].pk,
    "adoption_id": lambda own: own["adoption"].pk,
    "hall:/desk/items/ import_id": lambda own: own["guide_import"].pk,
    "hall:/api/hall/v1/services/ import_id": lambda own: own["guide_import"].pk,
    "question_id": lambda own: own["question"].pk,
    "notice_id": lambda own: PhoneNotice.objects.filter(hall_id=own["hall"].pk).earliest("pk").pk,
    "hall:/account/notices/ notice_id": lambda own: own["notice"].pk,
    "province:/account/notices/ notice_id": lambda own: own["notice"].pk,
    "province:/api/province/v1/messaging/ notice_id": lambda own: own["notice"].pk,
    "answer_id": lambda own: own["answer"].pk,
    "run_id": lambda own: own["run"].pk,
    "setup_id": lambda own: own["case_setup"].pk,
    "case_id": lambda own: own["case"].pk,
    "export_id": lambda own: own["list_export"].pk,
    "opinion_id": lambda own: own["opinion"].pk,
    "rating_id": lambda own: own["rating"].pk,
    "hall:/desk/ratings/visits/ rating_id": lambda own: own["asked_rating"].pk,
    "hall:/ratings/link/ token": lambda own: own["rating_token"],
    "assistance_id": lambda own: own["assistance"].pk,
    "application_id": lambda own: own["package_application"].pk,
    "order_id": lambda own: own["fee_order"].pk,
    "payment_id": lambda own: own["fee_payment"].pk,
    "key_id": lambda own: own["department_key"].pk,
    "hall:/cases/ item_id": lambda own: own["item"].pk,
    "hall:/desk/cases/ upload_id": lambda own: own["case_upload"].pk,
    "flow_id": lambda own: own["flow"].pk,
    "hall:/desk/flows/ name": lambda _: "hand",
    "hall:/desk/work/ item_id": lambda own: own["work_item"].pk,
    "hall:/api/hall/v1/workflow/work/ item_id": lambda own: own["work_item"].pk,
    "batch_id": lambda own: own["work_batch"].pk,
    "form_id": lambda own: own["designed_form"].pk,
    "place_id": lambda own: own["hall_place"].pk,
    "shift_id": lambda own: own["duty_turn"].shift_id,
    "turn_id": lambda own: own["duty_turn"].pk,
    "request_id": lambda own: own["swap_request"].pk,
    "filled_id": lambda own: own["filled_form"].pk,
    "upload_id": lambda own: own["form_upload"].pk,
    "document_id": lambda own: own["issued_document"].pk,
    "licence_id": lambda own: own["licence"].pk,
    "hall:/desk/document-templates/ version_id": lambda own: own["template_version"].pk,
    "hall:/api/hall/v1/documents/ version_id": lambda own: own["template_version"].pk,
    "partial_id": lambda own: own["partial_upload"].pk,
    "hall:/desk/runs/ upload_id": lambda own: own["run_upload"].pk,
    "hall:/api/hall/v1/workflow/runs/ upload_id": lambda own: own["run_upload"].pk,
    "hall:/engagement/ item_id": lambda own: own["item"].pk,
    # the province's; citizens have them where a hall shows the item
    "hall:/services/ item_id": lambda own: own["item"].pk,
    "hall:/desk/cases/ file_id": lambda own: own["special_paper"].pk,
    "hall:/api/hall/v1/casework/ file_id": lambda own: own["special_paper"].pk,
    "hall:/desk/assistance/ file_id": lambda own: own["assistance_file"].pk,
    "hall:/api/hall/v1/assistance/ file_id": lambda own: own["assistance_file"].pk,
    "hall:/services/ file_id": lambda own: own["blank_form"].pk,
    "hall:/services/ form": lambda _: form_key(MADE_FORM),
    # what people apply for has its page among the services, to which the ledger's address leads
    "hall:/powers/ item_id": lambda own: own["item"].pk,
    "province:/console/settings/ account_id": lambda own: own["editor"].pk,
    "province:/account/preview/ account_id": lambda own: own["editor"].pk,
    "hall:/account/preview/ account_id": lambda own: own["editor"].pk,
    "province:/api/province/v1/people/ account_id": lambda own: own["editor"].pk,
    "province:/account/contacts/ account_id": lambda own: own["editor"].pk,
    "province:/console/halls/ code": lambda own: own["hall"].division.code,
    **{
        f"province:/api/province/v1/halls/{{code}}/{what} code": lambda own: own["hall"].division.code
        for what in ("checklist", "site-checks")
    },
}
# what no hall owns: the catalogue, the library and the directory of halls are there for all, plans and rollouts are the
# province's, a citizen is served at every hall
SHARED: Mapping[str, Callable[[Things], Any]] = {
    "province:/api/province/v1/halls/ code": lambda own: own["hall"].division.code,
    # of a form: each hall has its own of that name
    "page": lambda _: "kind",
    "field": lambda _: "kind",
    "item_id": lambda own: own["item"].pk,
    "basic_code": lambda own: own["item"].basic_code,
    "rule_id": lambda _: NOBODY,
    # the whole country's, or an area's
    "calendar_id": lambda _: NOBODY,
    "request_id": lambda _: NOBODY,
    "succession_id": lambda _: NOBODY,
    # of a hall below: the villages of the two counties have none
    "submitted_id": lambda _: NOBODY,
    "tried_id": lambda _: NOBODY,
    "event_id": lambda _: NOBODY,
    "office_id": lambda _: Office.objects.get(code="legal").pk,
    "department_id": lambda own: own["item"].department_id,
    "provider": lambda _: "wechat",
    "facet": lambda _: "department",
    # figures of cases: each hall has its own of that name
    "unit": lambda _: "window",
    "shown": lambda _: "received",
    "feature": lambda _: "promise",
    # what is offered is asked for by the person who chooses
    "kind": lambda _: "people",
    "hall:/desk/document-templates/ kind": lambda _: NOTICE.code,
    "province:/console/document-templates/ kind": lambda _: NOTICE.code,
    "province:/api/province/v1/document_templates/ kind": lambda _: NOTICE.code,
    # the province's operators alone read and change it
    "province:/console/document-templates/ version_id": lambda own: own["province_version"].pk,
    "province:/api/province/v1/document_templates/ version_id": lambda own: own["province_version"].pk,
    "hall:/api/hall/v1/documents/ kind": lambda _: NOTICE.code,
    # whoever has a document in hand may check it, at whichever hall
    "hall:/verify/ code": lambda own: getattr(own["issued_document"], "code", NOBODY),
    "province:/verify/ code": lambda own: getattr(own["issued_document"], "code", NOBODY),
    "item_type": lambda _: "02",
    "form": lambda _: form_key(MADE_FORM),
    "paper": lambda _: "blank",
    "hall:/powers/ kind": lambda _: "xlsx",
    "column": lambda _: "news",
    "value": lambda own: own["item"].department.name,
    "material_id": lambda own: own["item"].versions.get().material_ids[0],
    "province:/api/province/v1/catalogue/ version_id": lambda own: own["item"].versions.get().pk,
    "province:/api/province/v1/catalogue/ file_id": lambda _: NOBODY,
    "province:/console/items/ version_id": lambda own: own["item"].versions.get().pk,
    "province:/console/items/ file_id": lambda _: NOBODY,
    "province:/services/ file_id": lambda own: own["blank_form"].pk,
    "province:/api/province/v1/catalogue/ code": lambda _: "legal",
    "domain": lambda own: own["hall"].get_primary_domain().domain,
    "offer_id": lambda own: own["offer"].pk,
    "citizen_id": lambda own: own["mandate"].citizen_id,
    # a citizen's own, whichever hall it is for
    "hall:/me/ mandate_id": lambda own: own["mandate"].pk,
    "hall:/desk/items/ file_id": lambda _: NOBODY,
    "hall:/desk/items/ department_id": lambda own: own["item"].department_id,
    "agency_id": lambda _: NOBODY,
    # whoever is not signed in as a citizen is sent to sign in (tests/tenants/workflow/test_fill_pages.py)
    # likewise (tests/tenants/casework/test_site.py)
    "hall:/cases/ case_id": lambda own: own["case"].pk,
    "hall:/cases/ document_id": lambda own: own["issued_document"].pk,
    # likewise (tests/tenants/casework/test_packages.py)
    "hall:/cases/ application_id": lambda own: own["package_application"].pk,
    "package_id": lambda _: NOBODY,
    # likewise (tests/tenants/fees/test_pages.py)
    "hall:/fees/ order_id": lambda own: own["fee_order"].pk,
    # likewise (tests/tenants/casework/test_used_licences.py)
    "hall:/cases/ filled_id": lambda own: own["filled_form"].pk,
    "hall:/licences/ licence_id": lambda own: own["licence"].pk,
    "hall:/forms/ form_id": lambda own: own["designed_form"].pk,
    "hall:/forms/ filled_id": lambda own: own["filled_form"].pk,
    "hall:/forms/ upload_id": lambda own: own["form_upload"].pk,
    "hall:/forms/ partial_id": lambda own: own["partial_upload"].pk,
    "name": lambda _: "portal.write",
    "province:/console/items/ name": lambda _: "approval",
    "colour": lambda _: "1257a8",
    "plan_id": lambda _: NOBODY,
    "change_id": lambda _: NOBODY,
    # a person's own sign-in, wherever it is used
    "session_id": lambda _: NOBODY,
    # a person's own, whichever hall they work for
    "import_id": lambda _: NOBODY,
    "rollout_id": lambda own: own["rollout"].pk,
    # the wall's links are the province's; a key that is nobody's
    "link_id": lambda _: NOBODY,
    "key": lambda _: "nowhere",
    "client_id": lambda _: "nowhere",
}
# what nobody has, for those parameters that are no UUID
NOWHERE: Mapping[str, Any] = {
    "code": "nowhere",
    "number": 1,
    "domain": "nowhere.example",
    "colour": "1257a8",
    "name": "portal.write",
    "facet": "department",
    "feature": "nowhere",
    "value": "nowhere",
    "key": "nowhere",
    "client_id": "nowhere",
    "item_type": "nowhere",
    "column": "nowhere",
}


@dataclass(frozen=True)
class Filled:
    """A hall with what is its own, and the markers that stand in its texts."""

    hall: Hall
    things: Things
    markers: Markers
    key: str

    @property
    def host(self) -> str:
        return f"{self.hall.slug}.yizhan.localhost"

    @property
    def editor(self) -> str:
        return EDITORS[self.hall.slug]

    @cached_property
    def reaches(self) -> set[int]:
        """Numbers of the halls whose texts its editor may read at the province's desks: its own and those below."""
        below = Hall.objects.filter(prefixes__contains=[self.hall.prefixes[-1]])
        return set(below.values_list("number", flat=True))

    def path(self, route: Route) -> str:
        return route.template.format_map({name: _filler(route, name)(self.things) for name in route.parameters})


def path_to_nothing(route: Route) -> str:
    return route.template.format_map({name: NOWHERE.get(name, NOBODY) for name in route.parameters})


def names_own(route: Route) -> bool:
    """Whether the address names something that is one hall's."""
    return any(_find(OWN, route, name) for name in route.parameters)


def routes_without_case(routes: tuple[Route, ...]) -> list[str]:
    return [
        f"{route}: give {{{name}}} a value in OWN or SHARED (tests/isolation/filled.py)"
        for route in routes
        for name in route.parameters
        if not (_find(OWN, route, name) or _find(SHARED, route, name))
    ]


def _filler(route: Route, name: str) -> Callable[[Things], Any]:
    found = _find(OWN, route, name) or _find(SHARED, route, name)
    assert found, routes_without_case((route,))
    return found


def _find(fillers: Mapping[str, Callable[[Things], Any]], route: Route, name: str) -> Callable[[Things], Any] | None:
    return fillers.get(_key_of(str(route), name))


@cache
def _key_of(address: str, name: str) -> str:
    """What is said for the longest beginning of the address wins, in both tables together."""
    wanted = [
        key for key in (*OWN, *SHARED) if key.rpartition(" ")[2] == name and address.startswith(key.rpartition(" ")[0])
    ]
    return max(wanted, key=len, default="")


def fill(hall: Hall) -> Filled:
    """Something of everything. A county has manuscripts of its own desk, too; a village has none."""
    editor = _editor_of(hall)
    own = _on_the_site(hall) | _accounts(hall) | _people(hall, editor) | {"hall": hall, "editor": editor}
    own |= _at_the_desk(hall, editor) if hall.kind == "county" else _pushed_to(hall)
    own |= _proposed(hall, editor)
    own |= _shown_to_citizens(hall, editor, own["item"])
    own["decision"] = HallPushDecision.objects.create(
        hall_id=hall.pk,
        push_id=own["push"].pk,
        manuscript_id=own["push"].version.manuscript_id,
        decision=HallPushDecision.Decision.ADOPTED,
        column="news",
        decided_by_name="某人",
        published_at=timezone.now(),
    )
    own["look"] = draw_up_proof(own["push"], looker=person(editor.username))
    own["hall_days"] = HallDays.objects.create(
        hall=hall,
        first_on=timezone.localdate() - timedelta(days=3),
        last_on=timezone.localdate() - timedelta(days=3),
        kind=HallDaysKind.AFTERNOON,
        moves_limits=False,
        note="检修",
    )
    own["clock"] = Clock.objects.create(
        hall=hall,
        owner_kind="case",
        owner_id=draw_id(),
        kind=ClockKind.STATUTORY,
        state=ClockState.PAUSED,
        limit="20wd",
        began_on=timezone.localdate() - timedelta(days=3),
        paused_on=timezone.localdate(),
        paused_for="专家评审",
    )
    own |= _by_machinery(hall, editor)
    own |= _forms(hall, editor) | _duty(hall, editor)
    own |= _documents(hall, editor)
    own |= _applied(hall, editor, own["adoption"])
    own |= _assisted(hall, editor)
    own["delivery"] = ChannelDelivery.objects.create(
        push=own["push"], account=own["media_account"], act="push", next_attempt_at=timezone.now()
    )
    _searched(hall)
    GuideDecision.objects.create(
        hall_id=hall.pk, adoption_id=own["adoption"].pk, number=1, is_passed=False, reason="退回", by_name="某人"
    )
    key = issue_token(by=person(editor.username), account=editor, name="测试", scopes=tuple(PERMISSIONS))
    own["token"] = editor.tokens.get()
    own["view"] = save_view(
        by=person(editor.username), table="desk.items", hall_id=hall.pk, name="待审核", query="state=review"
    )
    notify(
        kind=NoticeKind("services.published", "我的实施清单已公布"),
        cause_id=own["adoption"].pk,
        title="已公布",
        path="/desk/items/",
        hall_id=hall.pk,
        people=[editor.pk],
    )
    own["notice"] = Notice.objects.get(account_id=editor.pk, cause_id=own["adoption"].pk)
    own["entry"] = AuditEntry.objects.filter(hall_id=hall.pk).order_by("pk").last()
    readable = {own["shown"].pk, own["shown"].published_id, own["file"].pk, own["push"].pk, own["push"].version_id}
    # whom readers may ask, and what was answered to others
    readable |= {own["unit"].pk, own["answer"].pk}
    with schemas.enter(hall.schema_name):
        readable |= set(Column.objects.values_list("pk", flat=True))
    return Filled(hall, own, mark_texts(hall, readable), key)


def _editor_of(hall: Hall) -> Account:
    """With all that one may do in a hall: what still stays closed is closed to everybody there."""
    name = EDITORS[hall.slug]
    editor = Account.objects.filter(username=name).first() or make_person(name, "村文", Role.HALL_EDITOR, hall)
    for role in (Role.HALL_ADMINISTRATOR, Role.WINDOW_CLERK, Role.VILLAGE_CLERK, Role.AUDITOR):
        Position.objects.create(
            account=editor,
            role=role,
            hall_id=hall.pk,
            reach_prefix=hall.prefixes[-1],
            reach=default_reach(role, hall.pk),
        )
    return editor


def _forms(hall: Hall, editor: Account) -> Things:
    """One that is published, open to citizens, sent once and filled in by the editor. Villages have no forms."""
    if hall.kind != HallKind.COUNTY:
        return dict.fromkeys(("designed_form", "filled_form", "form_upload", "partial_upload", "hall_place"), NoRow)
    by = person(editor.username)
    with inside(hall):
        form = make_form(hall, by=editor.username)
        publish_form(by=by, hall=hall, form_id=form.pk, revision=form.revision)
        open_form(by=by, hall=hall, form_id=form.pk, is_open=True)
        sent = begin(hall, form.pk, FormFiller(by))
        keep_moment(by, hall, sent, "提交")
        FilledForm.objects.filter(pk=sent.pk).update(state=FilledState.SENT, sent_at=timezone.now())
        Intake.objects.create(filled=sent, channel=CaseChannel.WINDOW)
        filled = begin(hall, form.pk, FormFiller(by))
        upload = _uploaded(hall, filled)
        partial = PartialUpload.objects.create(filled=filled, sender_id=by.id or NOBODY, name="长.pdf", size=9)
        place = create_place(by=by, hall=hall, facts=PlaceFacts(name="政务大厅", address="玉阳路", keeper="政务服务科"))
    own = {"designed_form": form, "filled_form": filled, "form_upload": upload, "partial_upload": partial}
    return own | {"hall_place": place}


def _duty(hall: Hall, editor: Account) -> Things:
    """A shift, the editor's turn in it, a swap, and what somebody asks of the editor. Villages have no roster."""
    if hall.kind != HallKind.COUNTY:
        return {"duty_turn": NoRow, "swap_request": NoRow}
    with inside(hall):
        shift = DutyShift.objects.create(name="夜班", starts_at=time(17, 30), ends_at=time(8, 30))
        facts: Things = {"on": timezone.localdate(), "shift": shift, "part": DutyPart.PERSON}
        turn = DutyTurn.objects.create(**facts, account_id=editor.pk, account_name=editor.name)
        people: Things = {"from_id": NOBODY, "from_name": "原值班人", "to_id": editor.pk, "to_name": editor.name}
        DutySwap.objects.create(**facts, **people, reason="出差", by_name=editor.name)
        request = SwapRequest.objects.create(**facts, **people, reason="出差")
    return {"duty_turn": turn, "swap_request": request}


def _uploaded(hall: Hall, filled: FilledForm) -> FormUpload:
    return FormUpload.objects.create(
        filled=filled,
        key=f"{hall.folder}/forms/aa/{filled.pk}.jpg",
        name="照片.jpg",
        media_type="image/jpeg",
        size=1,
        sha256="",
    )


def _documents(hall: Hall, editor: Account) -> Things:
    """One that was issued, with its files, and a template of the hall's own. Villages have none."""
    if hall.kind != HallKind.COUNTY:
        return dict.fromkeys(("issued_document", "template_version", "province_version"), NoRow)
    with inside(hall):
        issued = make_document(hall, by=editor.username)
        file = DocumentFile.objects.create(
            key=f"{hall.folder}/aa/paper.pdf", name="文书.pdf", media_type="application/pdf", size=1, sha256="1" * 64
        )
        IssuedDocument.objects.filter(pk=issued.pk).update(pdf_sha256="1" * 64, word_sha256="1" * 64)
        version = TemplateVersion.objects.create(
            template=issued.version.template,
            number=2,
            origin=VersionOrigin.OWN,
            layout=issued.version.layout,
            # layouts are kept by it
            sha256=hall.pk.hex * 2,
            file=file,
            loaded_by_id=editor.pk,
            loaded_by_name="某人",
        )
    given = _province_version(issued.version)
    return {"issued_document": issued, "template_version": version, "province_version": given}


def _province_version(like: TemplateVersion) -> ProvinceTemplateVersion:
    """The one that the province has loaded, and not put in force."""
    template, _ = ProvinceTemplate.objects.get_or_create(kind=NOTICE.code)
    file, _ = ProvinceTemplateFile.objects.get_or_create(
        key="document-templates/aa/paper.docx", name="模板.docx", media_type="application/zip", size=1, sha256="3" * 64
    )
    given = {"layout": like.layout, "sha256": "3" * 64, "file": file, "loaded_by_name": "某人"}
    return ProvinceTemplateVersion.objects.get_or_create(template=template, number=1, defaults=given)[0]


def _on_the_site(hall: Hall) -> Things:
    make_columns(hall)
    column = make_column(hall, f"own-{hall.slug}", "本厅栏目")
    file = make_file(hall, key=f"{hall.folder}/aa/shown.jpg")
    shown = make_article(hall, "已发布", column=column.code, cover=file)
    draft = make_article(hall, "草稿", state=ArticleState.DRAFT)
    with inside(hall):
        version = ArticleVersion.objects.create(article=draft, number=1, title="草稿", submitted_by_name="某人")
        ArticleReview.objects.create(
            version=version, step=DraftState.FIRST, is_passed=False, reason="退回", reviewer_name="某人"
        )
        PortalSettings.objects.get_or_create(defaults={"review_steps": ["first"]})
    offer = LibraryOffer.objects.create(hall_id=hall.pk, article_id=draft.pk, title="云稿", offered_by_name="某人")
    return {
        "column": column,
        "file": file,
        "shown": shown,
        "draft": draft,
        "article_version": version,
        "offer": offer,
        "manuscript": NoRow,
        "version": NoRow,
        "asset": NoRow,
    }


def _people(hall: Hall, editor: Account) -> Things:
    """Its departments, roles of its own, who stands in for whom, and who acts for a citizen."""
    today = timezone.localdate()
    citizen, guardian = (make_proved(hall.number * 10 + one) for one in (1, 2))
    Guardianship.objects.create(ward=citizen, guardian=guardian, checked_by_name="某人", hall_id=hall.pk)
    position = Position.objects.filter(account=editor, role=Role.HALL_EDITOR).get()
    card = ContactCard(account=editor)
    card.mobile = phone_of(hall.number)
    card.save()
    make_totp(editor)
    return {
        "unit": Unit.objects.create(hall_id=hall.pk, name="综合窗口"),
        "role": OwnRole.objects.create(hall_id=hall.pk, name="本厅角色", permissions=["portal.write"]),
        "position": position,
        "substitution": position.substitutions.create(
            substitute=make_person(f"stand-in-{hall.slug}", "代班"), from_on=today, to_on=today
        ),
        "mandate": Mandate.objects.create(
            citizen=citizen, clerk=editor, hall_id=hall.pk, kind="desk", acts=["*"], ends_at=timezone.now()
        ),
    }


def _proposed(hall: Hall, editor: Account) -> Things:
    """An item that every hall reads, and what this one would have in it."""
    blank_form = make_form_file()
    row = whole_item()["materials"][0]
    materials = [row | {"blank_form": str(blank_form.pk)}, row | {"name": MADE_FORM}]
    version = make_published(make_item(hall.number, materials=materials))
    proposal = make_proposal(hall, by=editor.username, item=version.item, values={"conditions": "有"})
    return {"item": version.item, "blank_form": blank_form, "proposal": proposal}


def _shown_to_citizens(hall: Hall, editor: Account, item: Item) -> Things:
    """That item on the hall's site, with a changed part that waits for a decision; what the hall says once and hands
    down; and what somebody asked about it."""
    by = editor.username
    adoption = make_shown_at(hall, item.versions.get(), editor=by)
    with inside(hall):
        save_hall_defaults(by=person(by), hall=hall, department_id=None, values={"complaints": "12345"})
    adoption = submit(hall, save(hall, adoption, by=by), by=by)
    # a village has nobody below it; the row is its own all the same
    order = Assignment.objects.create(
        prefix=hall.prefixes[-1], kinds=[HallKind.VILLAGE], item_ids=[item.pk], by_name="某人"
    )
    return {"adoption": adoption, "assignment": order, "guide_import": _sent(hall, editor, adoption)} | _asked(
        hall, by, item
    )


def _searched(hall: Hall) -> None:
    """A text that people searched for in vain, often enough to be listed, and one that the hall has spoken about."""
    today = timezone.localdate()
    for back in (0, 1):
        day = today - timedelta(days=back)
        SearchTally.objects.create(hall_id=hall.pk, day=day, words="找不到的事", missed=5)
    HallSearchDecision.objects.create(
        hall_id=hall.pk, words="不是办的事", verdict=SearchVerdict.REPORTED, decided_on=today
    )


def _sent(hall: Hall, editor: Account, adoption: Adoption) -> GuideImport:
    """A file of guides that somebody sent and nobody has confirmed."""
    with inside(hall):
        upload = GuideImport.objects.create(file_name="实施清单.xlsx", by_id=editor.pk, by_name=editor.name)
        GuideImportLine.objects.create(
            upload=upload,
            position=1,
            place="第 2 行",
            basic_code="420131001000",
            name="某事项",
            kind=LineKind.CHANGED,
            adoption_id=adoption.pk,
            revision=adoption.revision,
            values={"consult": "某处"},
            changes=["某处改动"],
        )
    return upload


def _asked(hall: Hall, by: str, item: Item) -> Things:
    """What somebody asked about the item, with its published answer, a reply that somebody begins, and the hall's own
    rules."""
    question = make_published_answer(hall, item.pk, by=by, name="王大妈")
    with inside(hall):
        save_reply_draft(by=person(by), hall=hall, question_id=question.pk, text="补充：")
        set_up_engagement(by=person(by), hall=hall, days=3, units={item.department_id: None})
        answer = PublishedAnswer.objects.get()
        question.limit_moves.create(
            calendar_id=NOBODY, before=question.due_on, after=question.due_on, why="放假安排公布"
        )
    begin_look_up(hall_id=hall.pk, number="1", address="192.0.2.1")
    return {"question": question, "answer": answer} | _ran(hall, by)


def _ran(hall: Hall, by: str) -> Things:
    """A flow that somebody has started, with all that hangs on its run. Villages have no flows."""
    if hall.kind != HallKind.COUNTY:
        return dict.fromkeys(("run", "flow", "work_item", "run_upload", "work_batch"), NoRow)
    with inside(hall):
        field = {"type": "picture", "name": "photo", "label": "照片"}
        definition = {**LEAVE, "parts": [{"name": "all", "label": "全部", "fields": [field]}]}
        form = make_form(hall, definition, code="run", by=by)
        publish_form(by=person(by), hall=hall, form_id=form.pk, revision=form.revision)
        form.refresh_from_db()
        flow = row_of(hall, free_step("hand", {"kind": "initiator"}), code="run", form=form)
        filled = begin_run_form(by=person(by), hall=hall, flow_id=flow.pk)
        assert filled
        upload = _uploaded(hall, filled)
        run = begin_run(hall, flow, by=by, filled_id=filled.pk, posted={"photo": [str(upload.pk)]})
        set_phrases(by=person(by), hall=hall, texts=["同意。"])
        item = run.items.get()
        item.candidates.create(key="role:nobody", is_open=False)
        batch = WorkBatch.objects.create(
            account_id=person(by).id,
            act=TickedWork.CLAIM,
            opinion="同意。",
            results=[[str(item.pk), ""]],
            finished_at=timezone.now(),
        )
        run.copies.create(account_id=NOBODY)
        PluginCall.objects.create(
            run=run,
            item=item,
            plugin="notice",
            key=run.pk,
            state=CallState.ANSWERED,
            given=OwnedJSON(hall.pk, {}),
            answer=OwnedJSON(hall.pk, {}),
        )
        OutsideCall.objects.create(
            kind="test", subject_id=item.pk, hall_id=hall.pk, state="done", next_attempt_at=timezone.now()
        )
    return {"run": run, "flow": flow, "work_item": item, "run_upload": upload, "work_batch": batch}


def _applied(hall: Hall, editor: Account, adoption: Adoption) -> Things:
    """An application for the item with all that may hang on it. Villages take none."""
    if hall.kind != HallKind.COUNTY:
        return {"rating_token": "nowhere"} | dict.fromkeys(
            (
                *("case_setup", "case", "case_upload", "department_key", "opinion", "rating"),
                *("asked_rating", "licence", "fee_order", "fee_payment", "list_export", "special_paper"),
            ),
            NoRow,
        )
    today = timezone.localdate()
    with inside(hall):
        setup = make_setup(hall, adoption, by=editor.username)
        case = apply_at_window(hall, setup, by=editor.username)
        report = DocumentFile.objects.create(
            key=f"{hall.folder}/procedures/aa/report.pdf",
            name="专家评审意见.pdf",
            media_type="application/pdf",
            size=1,
            sha256="",
        )
        case.special_procedures.create(
            kind=ExcludedStep.EXPERTS,
            basis="某条",
            limit="5d",
            begins_on=today,
            ends_on=today,
            result="某结果",
            paper_ids=[report.pk],
        )
        Correction.objects.create(case=case, asked=["缺一份"], fields=["material_1"])
        LackingPromise.objects.create(
            case=case, asked=["缺一份"], fields=["material_1"], promise="某承诺", workdays=1, due_on=today
        )
        paper = DocumentFile.objects.create(
            key=f"{hall.folder}/opinions/aa/paper.pdf",
            name="意见.pdf",
            media_type="application/pdf",
            size=1,
            sha256="",
        )
        opinion = JointOpinion.objects.create(
            case=case, position=1, body="某机构", reasons="某理由", by_name="某人", paper=paper
        )
        Extension.objects.create(case=case, workdays=1, reason="某因", approved_by_name="某人")
        decision = case.decisions.create(number=1, outcome=CaseOutcome.GRANTED, reasons="某理由", by_name="某人")
        Delivery.objects.create(decision=decision, way=DeliveryWay.WINDOW, served_on=today, proof="某凭证")
        ArchiveSheet.objects.create(case=case, digest="0" * 64, kept_until=today)
        upload = FormUpload.objects.create(
            filled=case.filled,
            key=f"{hall.folder}/aa/material.pdf",
            name="材料.pdf",
            media_type="application/pdf",
            size=1,
            sha256="",
        )
        licence = Licence.objects.create(
            document=IssuedDocument.objects.get(),
            item_id=case.item_id,
            item_name="某事",
            name="某证",
            type_code="某",
            holder_id=case.applicant_id,
            holds_from=today,
            end_basis="某条",
        )
        UsedLicence.objects.create(
            upload=upload, licence=licence, consent=HolderConsent.SIGNED, standing=LicenceStanding.HOLDS, by_name="某人"
        )
        CarriedPart.objects.create(case=case, said=OwnedJSON(hall.pk, {}))
        application = PackageApplication.objects.create(
            package_id=NOBODY,
            package_version_id=NOBODY,
            name="某事",
            filled=case.filled,
            citizen_id=NOBODY,
            number="某号",
            sent_at=timezone.now(),
        )
        SentPart.objects.create(application=application, place=1, filled=case.filled)
        ratings = _rated(hall, editor, case) | _charged(case)
        key = DepartmentKey(name="某系统", position_id=NOBODY)
        key.secret = OwnedJSON(hall.pk, "某密钥")
        key.save()
        PushedCall.objects.create(
            key=key, kind=PushedKind.RESULT, nonce="x" * 16, digest="0" * 64, case_number=case.number, said="某答复"
        )
    _referred(hall, case)
    OpinionOffer.objects.create(hall=hall)
    export = ListExport.objects.create(
        hall=hall,
        by_id=editor.pk,
        chosen_state="open",
        words="420582198501010000",
        file_format="csv",
        until_id=NOBODY,
        state=ListExportState.DONE,
        total=1,
        progress_at=timezone.now(),
        expires_at=timezone.now() + timedelta(days=1),
    )
    own = {"case_setup": setup, "case": case, "case_upload": upload, "opinion": opinion, "list_export": export}
    own |= {"licence": licence, "department_key": key, "package_application": application, "special_paper": report}
    return own | ratings


def _charged(case: Case) -> Things:
    """An order of the case for which money came that is to go back."""
    order = FeeOrder.objects.create(case=case, number=f"{case.number}F01", state_at=timezone.now())
    prices = dict.fromkeys(("price_fen", "least_fen", "most_fen"), 100)
    FeeLine.objects.create(order=order, position=1, fee="某费", standard="每件 1 元", unit="件", quantity=1, **prices)
    payment = FeePayment.objects.create(
        order=order, way=PayWay.ONLINE, amount_fen=99, paid_at=timezone.now(), state=PaymentState.TO_REFUND
    )
    return {"fee_order": order, "fee_payment": payment}


def _rated(hall: Hall, editor: Account, case: Case) -> Things:
    """A low rating of the case, by whom it is answered, and a visit that nobody has rated."""
    by = person(editor.username)
    set_up_ratings(by=by, hall=hall, default_days=10, contact_days=2, mending_days=10)
    asked = open_visit_rating(by=by, hall=hall)
    rating = Rating.objects.create(
        case_id=case.pk, item_name="某事", place=RatedPlace.WINDOW, clerk_name="某人", served_at=timezone.now()
    )
    give_rating(hall=hall, rating_id=rating.pk, grade=5, opinion="不好", channel=RatingChannel.LINK)
    contact_rater(by=by, hall=hall, rating_id=rating.pk, said="打过电话。")
    LowRating.objects.filter(rating=rating).update(told="改好了")
    return {"rating": rating, "asked_rating": asked, "rating_token": token_of(hall, rating)}


def _referred(hall: Hall, case: Case) -> None:
    """It went to the village, and came from there."""
    facts = {"item_id": case.item_id, "item_name": case.item_name, "kind": ReferralKind.HANDED_UP}
    village = Hall.objects.get(slug="village")
    went = Referral.objects.create(hall=hall, to_hall=village, case_id=case.pk, case_number=case.number, **facts)
    ReferralParcel.objects.create(referral=went, content=f"{hall.name}移交的内容")
    came = Referral.objects.create(hall=village, to_hall=hall, case_id=draw_id(), case_number="1", **facts)
    receipt = ReferralReceipt.objects.create(
        hall=hall,
        referral=came,
        case_id=case.pk,
        case_number=case.number,
        said=f"{hall.name}的回复",
        file=f"{hall.name}的文件",
        asked=f"{hall.name}要补的",
    )
    ReferralSupplement.objects.create(receipt=receipt, asking_id=draw_id(), content=f"交给{hall.name}的")


def _assisted(hall: Hall, editor: Account) -> Things:
    """Something is taken in for somebody."""
    facts = ApplicantFacts(kind=ApplicantNature.PERSON, name="某某某", number=number_of(7), phone=phone_of(7))
    with inside(hall):
        assistance = Assistance.objects.create(
            id=draw_id(),
            offer_id=NOBODY,
            item_name="某事",
            hall_name="某厅",
            applicant_id=keep_applicant(hall_id=hall.pk, facts=facts).pk,
            clerk_id=editor.pk,
            clerk_name="某人",
            consent=Consent.SIGNED,
            note="某",
            values=OwnedJSON(hall.pk, {"form": {}, "papers": []}),
            saved_at=timezone.now(),
        )
        file = AssistanceFile.objects.create(
            assistance=assistance,
            key=f"{hall.folder}/assistance/{assistance.pk}/aa/shown.jpg",
            name="材料.jpg",
            media_type="image/jpeg",
            size=5,
            sha256="0" * 64,
        )
    return {"assistance": assistance, "assistance_file": file}


def _by_machinery(hall: Hall, editor: Account) -> Things:
    """What is noted about a hall."""
    by = person(editor.username)
    record_act(by=by, act="halls.update", object_type="hall", object_id=hall.pk, hall_id=hall.pk, reason="更正地址")
    event = Event.objects.create(kind="test", hall_id=hall.pk)
    event.deliveries.create(subscriber="test", state="done")
    rollout = Rollout.objects.create(act="upgrade", state="done", started_by_name="某人")
    rollout.steps.create(position=1, division=hall.division, hall=hall, kind=hall.kind, number=1, slug=hall.slug)
    return {"rollout": rollout}


@contextmanager
def filled_halls(blocker: DjangoDbBlocker) -> Iterator[dict[str, "Filled"]]:
    """All halls by their slugs, filled; what is done to them is taken back afterwards, so nothing may commit inside.

    Filled once for all files of a worker, in the ``file_database`` of the first, which the others get a copy of.
    """
    own = settings.DATABASES["default"]["NAME"]
    with blocker.unblock():
        if _Kept.halls:
            connection.close()
            copy_database(f"filled_{own}", to=own)
        else:
            with transaction.atomic():
                halls = {hall.slug: fill(hall) for hall in Hall.objects.order_by("number")}
                _of_the_machine()
                sow()
            connection.close()
            copy_database(own, to=f"filled_{own}")
            _Kept.halls = pickle.dumps(halls)
        with transaction.atomic():
            yield pickle.loads(_Kept.halls)  # noqa: S301 - our own
            transaction.set_rollback(True)


class _Kept:
    """What this worker has filled, as bytes: each file has objects of its own, too."""

    halls = b""


def copy_database(name: str, *, to: str) -> None:
    with spent("databases"):
        # a web server that outlives the files keeps connections
        ask(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")  # noqa: S608 - our own
        ask(f'DROP DATABASE IF EXISTS "{to}" WITH (FORCE)')
        ask(f'CREATE DATABASE "{to}" TEMPLATE "{name}" STRATEGY file_copy OWNER {OWNER}')


def _of_the_machine() -> None:
    """What is personal or secret and no hall's."""
    signed({"sub": "somebody"})
    message = LocalMessage()
    message.phone, message.text = phone_of(), "【一站】您的验证码是 123456。"
    message.save()


class NoRow:
    """In place of what a hall of this kind cannot have."""

    pk = NOBODY


def _accounts(hall: Hall) -> Things:
    WebPushSubscription.objects.create(
        hall_id=hall.pk, prefix=hall.prefixes[-1], endpoint=f"https://push.example/{hall.pk}", p256dh="p", auth="a"
    )
    account = make_account(hall, name=f"{hall.short_name}发布")
    AccountCredential.objects.create(
        account=account, name="凭据", secret=f"secret-of-{hall.pk}", token=f"token-of-{hall.pk}"
    )
    return {"media_account": account}


def _at_the_desk(hall: Hall, editor: Account) -> Things:
    prefix = hall.prefixes[-1]
    manuscript = make_manuscript(title="本县草稿", by=editor.username, desk_prefix=prefix)
    version = ManuscriptVersion.objects.create(
        manuscript=manuscript, number=1, title="本县草稿", state=ReviewState.RETURNED, submitted_by_name="某人"
    )
    Review.objects.create(version=version, step=ReviewState.FIRST, is_passed=False, reason="退回", reviewer_name="某人")
    audience = Audience((Scope(prefix, (hall.kind,)),))
    push = make_push(title="本县推稿", by=editor.username, desk_prefix=prefix, audience=audience)
    asset = make_asset(desk_prefix=prefix)
    return {"manuscript": manuscript, "version": version, "push": push, "asset": asset}


def _pushed_to(hall: Hall) -> Things:
    """By the province, to this hall alone."""
    return {"push": make_push(title="发往本村", audience=Audience((Scope(hall.prefixes[-1]),)))}
