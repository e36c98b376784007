"""A view that hands out a person's data in full has asked for a fresh proof first; what looks personal is declared."""

import ast
import re

import pytest
from django.db import models

from tests.architecture.calls import called, modules
from tests.isolation.markers import HALL_MODELS, PUBLIC_MODELS
from tests.personal import declared

CITIZENS = "province.citizens.operations"
FRESH, FRESH_CITIZEN = "province.console.access.require_fresh", "province.citizens.access.require_fresh_citizen"
# operation -> what pages and interfaces ask for before they call it
IN_FULL = {
    f"{CITIZENS}.citizens.reveal_citizen": FRESH,
    f"{CITIZENS}.guest_contacts.reveal_guest_contact": FRESH,
    f"{CITIZENS}.mandates.open_paper": FRESH,
    "province.content.operations.contacts.reveal_contact": FRESH,
    "province.content.operations.contacts.export_contacts": FRESH,
    "tenants.casework.operations.exchange.export_cases": FRESH,
    "tenants.casework.operations.exchange.read_case_feed": FRESH,
    f"{CITIZENS}.citizens.export_citizen": FRESH_CITIZEN,
}
# who runs the machine has no sign-in
OF_THE_MACHINE = {"config.cli.cases.export"}


# views and endpoints that open a personal value themselves, each with its reason
OPENED = {"province.people.views.contacts": "one's own card, in the form in which one changes it"}


def callers(operation: str) -> list[str]:
    """Views and endpoints that name it. ``citizens.reveal_citizen`` of an imported module counts, too."""
    return [
        f"{module.name}.{name}"
        for module in modules().values()
        if {"views", "api"} & set(module.name.split("."))
        for name, function in module.functions.items()
        if operation in called(module, function)
    ]


@pytest.mark.parametrize("operation", IN_FULL)
class TestDataInFull:
    def test_is_shown_after_a_fresh_proof(self, operation: str) -> None:
        found = callers(operation)
        assert found
        for one in found:
            owner, _, name = one.rpartition(".")
            module = modules()[owner]
            assert IN_FULL[operation] in called(module, module.functions[name]), one

    def test_comes_out_nowhere_else(self, operation: str) -> None:
        """No other operation, task or command hands it on."""
        others = [
            f"{module.name}.{name}"
            for module in modules().values()
            if not {"views", "api"} & set(module.name.split("."))
            for name, function in module.functions.items()
            if operation in called(module, function) and f"{module.name}.{name}" != operation
        ]
        assert set(others) <= OF_THE_MACHINE


class TestPlainText:
    def test_is_read_where_it_is_handed_out_and_where_something_is_done_with_it(self) -> None:
        """``.plain`` opens a personal value."""
        assert {name for name in modules() if {"views", "api"} & set(name.split(".")) and _opens(name)} == set(OPENED)


def _opens(name: str) -> bool:
    return any(
        isinstance(node, ast.Attribute) and node.attr == "plain"
        for function in modules()[name].functions.values()
        for node in ast.walk(function)
    )


# how a column of somebody's data is called, in the program or on pages
_PERSONAL = re.compile(
    r"phone|mobile|number|name|address|mail|contact|birth|born|gender|ethnic|wechat|identity|card|bank"
    r"|姓名|电话|手机|号码|地址|邮箱|邮件|联系|身份|证件|生日|性别|民族|负责人|微信|账户"
)
_WORK = "an official's, under which they act in office: it stands beside every act, and in the audit"
_THING = "of a thing, a place or an organisation"
_PUBLIC = "of a hall or an office, on its site for everybody"
_HASH = "a keyed hash, only to count and to find"
_ADDRESS = "the address of a computer, which sign-ins are judged by; it ends with its row (docs/security.md)"
_MACHINE = "a name that programs give"
# columns whose name looks personal and that are not declared so (EncryptedTextField) -> why
NOT_PERSONAL = {
    **dict.fromkeys(
        (
            *("audit.AuditEntry.actor_name", "audit.AuditEntry.acting_for_name", "console.WallLink.made_by_name"),
            *("people.Account.username", "people.Account.name", "sign_in.SignInTry.username"),
            *("citizens.Citizen.checked_by_name", "citizens.Guardianship.checked_by_name"),
            *("catalogue.Item.edited_by_name", "catalogue.ItemDesign.edited_by_name"),
            "catalogue.ItemDesign.locked_by_name",
            *("catalogue.Item.proposed_by_name", "catalogue.Pause.by_name"),
            *("catalogue.Assignment.by_name", "catalogue.ItemVersion.submitted_by_name"),
            *("catalogue.ItemVersion.published_by_name", "catalogue.ItemImport.by_name"),
            "catalogue.PackageVersion.published_by_name",
            "services.GuideImport.by_name",
            *("catalogue.Proposal.proposed_by_name", "catalogue.Proposal.decided_by_name"),
            *("catalogue.PauseRequest.proposed_by_name", "catalogue.PauseRequest.decided_by_name"),
            *("catalogue.Succession.proposed_by_name", "catalogue.Succession.decided_by_name"),
            *("catalogue.GuideDecision.by_name", "catalogue.SubmittedGuide.submitted_by_name"),
            *("catalogue.ItemReview.reviewer_name", "content.Manuscript.edited_by_name"),
            *("content.Manuscript.locked_by_name", "content.ManuscriptVersion.submitted_by_name"),
            *("content.Review.reviewer_name", "content.Push.created_by_name"),
            *("content.HallPushDecision.decided_by_name", "content.PushProof.looker_name"),
            *("content.LibraryOffer.offered_by_name", "content.LibraryUse.used_by_name"),
            *("provisioning.Rollout.started_by_name", "portal.Article.edited_by_name"),
            *("portal.Article.locked_by_name", "portal.ArticleVersion.submitted_by_name"),
            *("portal.ArticleReview.reviewer_name", "services.Adoption.edited_by_name"),
            *("services.HallGuideVersion.submitted_by_name", "services.HallGuideVersion.reviewer_name"),
            *("services.HallDefaults.edited_by_name", "engagement.QuestionMessage.author_name"),
            *("engagement.PublishedAnswer.published_by_name", "catalogue.TriedQuestion.added_by_name"),
            *("workflow.Run.initiator_name", "workflow.WorkItem.owner_name"),
            *("workflow.RunCopy.by_name", "workflow.RunAct.by_name"),
            *("catalogue.WordRuleState.by_name", "catalogue.ExtraElement.by_name"),
            "halls.DivisionChange.decided_by_name",
            *("workflow.Form.edited_by_name", "workflow.Form.locked_by_name"),
            *("workflow.Flow.edited_by_name", "workflow.Flow.locked_by_name", "workflow.FlowVersion.submitted_by_name"),
            *("workflow.FormVersion.submitted_by_name", "workflow.FilledForm.owner_name"),
            # a citizen's is masked before it comes here
            "workflow.FilledMoment.by_name",
            *("casework.Case.owner_name", "casework.CaseAct.by_name", "casework.CaseDecision.by_name"),
            *("casework.Extension.approved_by_name", "assistance.Assistance.clerk_name"),
            "casework.JointOpinion.by_name",
            "casework.UsedLicence.by_name",
            *("ratings.Rating.clerk_name", "ratings.LowRatingAct.by_name"),
            *(f"fees.FeeOrder.{act}_by_name" for act in ("opened", "asked", "decided")),
            *("fees.FeePayment.taken_by_name", "fees.FeePayment.refunded_by_name"),
            *("workdays.YearCalendar.published_by_name", "workdays.HallDays.set_by_name"),
            *("duty.DutyTurn.account_name", "duty.DutySwap.from_name", "duty.DutySwap.to_name"),
            *("duty.DutySwap.by_name", "duty.SwapRequest.decided_by_name"),
            *("duty.SwapRequest.from_name", "duty.SwapRequest.to_name"),
            "workdays.HallDays.lifted_by_name",
            *("documents.IssuedDocument.issued_by_name", "documents.IssuedDocument.ended_by_name"),
            "documents.TemplateVersion.loaded_by_name",
            "document_templates.ProvinceTemplate.decided_by_name",
            "document_templates.ProvinceTemplateVersion.loaded_by_name",
        ),
        _WORK,
    ),
    **dict.fromkeys(
        (
            *("console.WallLink.name", "halls.Division.name", "halls.DivisionCode.name"),
            *("halls.DivisionChange.old_name", "halls.DivisionChange.new_name", "halls.Hall.name"),
            *("halls.Hall.short_name", "people.OwnRole.name", "people.Unit.name", "sign_in.OidcClient.name"),
            *("sign_in.Passkey.name", "sign_in.ApiToken.name", "citizens.CitizenPasskey.name"),
            *("citizens.Company.name", "catalogue.Department.name", "catalogue.Item.name"),
            *("catalogue.ItemVersion.name", "catalogue.ItemImport.file_name", "catalogue.ImportLine.name"),
            *("services.GuideImport.file_name", "services.GuideImportLine.name"),
            *("catalogue.CatalogueFile.name", "catalogue.Material.name", "catalogue.Proposal.name"),
            *("catalogue.LifeEvent.name", "catalogue.Office.name", "content.Asset.name", "content.MediaAccount.name"),
            *("content.MediaAccount.filing_number", "portal.Column.name", "portal.Column.link_url"),
            *("portal.HallAsset.name", "engagement.QuestionMessage.unit_name", "workflow.FormUpload.name"),
            *("workflow.PartialUpload.name", "workflow.HallPlace.name", "workflow.HallPlace.kind"),
            *("assistance.AssistanceFile.name", "duty.DutyShift.name"),
            *("engagement.PublishedAnswer.unit_name", "content.PushProof.address"),
            *("console.SavedView.name", "halls.DivisionChange.guessed_name", "content.AccountCredential.name"),
            *("workdays.CalendarDay.name", "workdays.YearCalendar.number", "catalogue.HandlingItem.name"),
            *("cases.CaseReport.item_name", "cases.CaseReport.number", "casework.Case.item_name"),
            *("cases.Referral.item_name", "cases.Referral.case_number", "cases.ReferralReceipt.case_number"),
            *("cases.CaseOffer.item_name", "assistance.Assistance.item_name", "assistance.Assistance.hall_name"),
            *(
                "casework.Case.number",
                "casework.CaseMaterial.name",
                "ratings.Rating.item_name",
                "fees.FeeOrder.number",
                "fees.FeeOrder.pay_address",
            ),
            *("casework.DepartmentKey.name", "casework.PushedCall.case_number"),
            *("catalogue.Package.name", "catalogue.PackageVersion.name"),
            *("casework.PackageApplication.name", "casework.PackageApplication.number"),
            *("licences.Licence.name", "licences.Licence.item_name"),
            # of a body, public by itself
            "cases.CaseApplicant.body_name",
            *("catalogue.ExtraElement.name", "documents.DocumentFile.name", "documents.IssuedDocument.number"),
            *("documents.TemplateVersion.number", "registries.DocumentEntry.number"),
            "document_templates.ProvinceTemplateFile.name",
        ),
        _THING,
    ),
    **dict.fromkeys(
        (
            *("halls.Hall.icp_number", "halls.Hall.police_number", "halls.Hall.address", "halls.Hall.phone"),
            "people.ContactCard.office_phone",
            *("workflow.HallPlace.address", "workflow.HallPlace.phone"),
        ),
        _PUBLIC,
    ),
    **dict.fromkeys(
        (
            *("citizens.Citizen.phone_index", "citizens.Citizen.number_index", "citizens.PhoneCode.phone_hash"),
            *("citizens.GuestContact.phone_index", "citizens.GuestContact.address_hash"),
            *("citizens.LookUpTry.number_hash", "citizens.LookUpTry.address_hash"),
            "citizens.PhoneNotice.phone_hash",
            "cases.CaseApplicant.number_index",
            "content.MediaAccount.contact_phone_index",
        ),
        _HASH,
    ),
    **dict.fromkeys(
        (
            *("sign_in.SignInSession.address", "sign_in.SignInTry.address", "citizens.PhoneCode.address"),
            "citizens.CitizenSignIn.address",
        ),
        _ADDRESS,
    ),
    **dict.fromkeys(
        ("halls.Hall.schema_name", "citizens.GatewayRecord.name"),
        _MACHINE,
    ),
}


class TestColumn:
    def test_that_looks_personal_is_declared_so_or_listed_with_a_reason(self) -> None:
        """What is declared is encrypted, masked, and searched for in what leaves the process (tests/personal.py)."""
        looks, known = set(), set()
        for model in (*HALL_MODELS, *PUBLIC_MODELS):
            for field in model._meta.concrete_fields:
                label = f"{model._meta.label}.{field.name}"
                known.add(label)
                holds_text = isinstance(field, models.CharField | models.TextField | models.JSONField)
                is_of_people = isinstance(field, models.GenericIPAddressField | models.EmailField) or (
                    (holds_text or type(field) is models.DateField)
                    and _PERSONAL.search(f"{field.name} {field.verbose_name}")
                )
                if is_of_people and not field.choices:
                    looks.add(label)
        assert sorted(looks - declared() - NOT_PERSONAL.keys()) == [], "declare it (EncryptedTextField), or say why not"
        assert sorted(NOT_PERSONAL.keys() - known) == []
        assert len(declared()) >= 10
