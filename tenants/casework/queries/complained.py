"""Cases of which people complain (投诉): who has had a hand in them, and how they are called."""

from collections.abc import Collection, Mapping
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse

from province.halls.models import Hall
from tenants.casework.models import ArchiveSheet, Case, CaseAct, CaseDecision, JointOpinion
from tenants.casework.queries.held import acts_of, decisions_of, sheets_of
from tenants.casework.queries.progress import find_progress
from tenants.engagement.slots import ComplainedCase, ComplaintSubject
from tenants.workflow.models import WorkItem


def handled_cases(account_ids: Collection[UUID]) -> QuerySet[Case]:
    """Those that any of these accounts has taken, acted on, examined in a flow, given an opinion about or decided."""
    by_one = {"case": OuterRef("pk"), "by_id__in": list(account_ids)}
    of_run = WorkItem.objects.filter(run=OuterRef("run_id"), owner_id__in=list(account_ids))
    had_a_hand = Q(owner_id__in=list(account_ids)) | Q(Exists(of_run))
    for rows in (CaseAct.objects, CaseDecision.objects, JointOpinion.objects):
        had_a_hand |= Q(Exists(rows.filter(**by_one)))
    closed = ArchiveSheet.objects.filter(case=OuterRef("pk"), handler_ids__overlap=list(account_ids))
    had_a_hand |= Q(Exists(closed))
    return Case.objects.filter(had_a_hand)


def handlers_of_case(case_id: UUID) -> dict[UUID, str]:
    """Account id -> name of everybody by the rule of ``handled_cases``: five queries."""
    by = ("by_id", "by_name")
    own = Case.objects.filter(pk=case_id)
    found: dict[UUID, str] = {}
    cases = list(own)
    sheets = sheets_of(cases)
    acts, decisions = acts_of(cases, sheets), decisions_of(cases, sheets)
    done = [(one.by_id, one.by_name) for made in acts.values() for one in made]
    done += [(one.by_id, one.by_name) for made in decisions.values() for one in made]
    for rows in (
        [(one.owner_id, one.owner_name) for one in cases],
        WorkItem.objects.filter(run__in=own.values("run")).values_list("owner_id", "owner_name"),
        done,
        JointOpinion.objects.filter(case=case_id).values_list(*by),
    ):
        found |= {account_id: name for account_id, name in rows if account_id}
    return found


def numbers_of_cases(case_ids: Collection[UUID]) -> Mapping[UUID, str]:
    """id -> number: one query."""
    return dict(Case.objects.filter(pk__in=case_ids).values_list("pk", "number"))


def complained_case(case: Case) -> ComplainedCase:
    """The case as a complaint keeps it."""
    return ComplainedCase(case_id=case.pk, item_id=case.item_id, item_version_id=case.item_version_id)


def case_shown_by(hall: Hall, number: str, tail: str) -> ComplainedCase | None:
    """The case to which its number and the end of the applicant's phone lead, as on the site; None also for an
    application of several cases, of which each has a number."""
    found = find_progress(hall, number, tail)
    case = Case.objects.filter(pk=found.key).first() if found else None
    return complained_case(case) if case else None


COMPLAINED_CASES = ComplaintSubject(
    name="casework",
    handled_by=handled_cases,
    handlers=handlers_of_case,
    numbers=numbers_of_cases,
    desk_page=lambda case_id: reverse("desk-case", args=[case_id]),
    own_page=lambda case_id: reverse("site-case", args=[case_id]),
    shown_by=case_shown_by,
)
