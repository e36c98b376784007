"""送达: to what an applicant agrees, by which ways documents can reach them, and what became of what was served
electronically (民事诉讼法 art. 90, 行政处罚法 art. 61)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from province.cases.models import CaseApplicant
from province.cases.queries.applicants import applicant_with_id
from province.cases.states import ApplicantNature, DeliveryWay
from province.citizens.models import Citizen
from province.halls.models import Hall
from tenants.casework.models import CORRECTED, Case, Served, ServiceChoice
from tenants.casework.states import Opener, ServedPaper, ServiceTask

# version → the text; a version that somebody has agreed to never changes
CONSENT_TEXTS: Final = {
    1: (
        "我同意本厅用电子方式送达这个办件的文书。文书到达我在本网站的办件页面的日期为送达日期，同时用短信提醒我。"
        "我会及时登录查看；没有及时查看的，不影响送达的效力。决定送达以前，我可以随时改为邮寄或者窗口领取；"
        "需要纸质文书的，我可以随时向本厅要。"
    ),
    # of an application for several items, too, some of which halls above may do
    2: (
        "我同意办理这次申请的服务厅用电子方式送达文书；一次申请几个事项的，各个事项都一样。"
        "文书到达我在办理的服务厅网站的办件页面的日期为送达日期，同时用短信提醒我。"
        "我会及时登录查看；没有及时查看的，不影响送达的效力。决定送达以前，我可以随时改为邮寄或者窗口领取；"
        "需要纸质文书的，我可以随时向服务厅要。"
    ),
}
CONSENT_VERSION: Final = max(CONSENT_TEXTS)
CONSENT_TEXT: Final = CONSENT_TEXTS[CONSENT_VERSION]
# 送达凭证
LONGEST_PROOF: Final = 200
NO_PAGES: Final = "申请人没有用网上账号申请，文书到不了本人的办件页面，不能电子送达。请选择邮寄或者窗口领取。"
NO_CONSENT: Final = "申请人没有同意电子送达，不能电子送达。请用邮寄或者窗口送达，也可以请申请人在办件页面确认送达方式。"


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceView:
    """``choice``: what the applicant has said, None: nothing yet; ``text``: what they have agreed to; ``address``: to
    which it is posted, masked; ``waiting``: what is still to be opened; ``can_change``: something may yet be served."""

    choice: ServiceChoice | None
    text: str
    address: str
    served: Sequence[Served]
    waiting: Served | None
    can_change: bool
    wants_paper: bool
    can_ask_for_paper: bool


def service_view(case: Case, applicant: CaseApplicant | None) -> ServiceView:
    """Without a query."""
    serving = case.serving
    choice = serving.choice
    return ServiceView(
        choice=choice,
        text=CONSENT_TEXTS.get(choice.text, "") if choice else "",
        address=str(applicant.service_address) if applicant else "",
        served=serving.served,
        waiting=serving.waiting,
        can_change=case.is_open,
        wants_paper=case.service_task == ServiceTask.PAPER,
        can_ask_for_paper=bool(serving.served) and case.service_task != ServiceTask.PAPER,
    )


def own_service(hall: Hall, case: Case) -> ServiceView:
    """As its applicant sees it: one query."""
    return service_view(case, applicant_with_id(hall.pk, case.applicant_id))


def why_not_electronic(case: Case) -> str:
    """Why what is to be served cannot be served electronically now, in a sentence; "" where it can."""
    if case.citizen_id is None:
        return NO_PAGES
    choice = case.serving.choice
    return "" if choice and choice.is_electronic else NO_CONSENT


def ways_to_serve(case: Case) -> list[tuple[str, str]]:
    """What can be chosen of this case, its applicant's own choice leading."""
    choice = case.serving.choice
    ways = [one for one in DeliveryWay if one != DeliveryWay.ELECTRONIC or not why_not_electronic(case)]
    ways.sort(key=lambda one: choice is None or one != choice.way)
    return [(one.value, one.label) for one in ways]


def ways_to_choose(case: Case) -> list[tuple[str, str]]:
    """What an applicant can say: electronically where they have pages of their own."""
    return [
        (one.value, one.label) for one in DeliveryWay if one != DeliveryWay.ELECTRONIC or case.citizen_id is not None
    ]


def unopened_of(case: Case, papers: Collection[ServedPaper]) -> list[Served]:
    """Of each of these what was served last, where nobody has opened it."""
    last = {one.what: one for one in case.serving.served if one.otherwise != CORRECTED}
    return [one for one in last.values() if one.what in papers and one.opened_at is None]


def opener_of(citizen: Citizen, applicant: CaseApplicant | None) -> Opener:
    """Whether the account is the applicant's own, or of who acts for them or for a company."""
    if applicant is None or applicant.kind == ApplicantNature.BODY:
        return Opener.AGENT
    is_own = bool(citizen.number) and citizen.number.plain == applicant.number.plain
    return Opener.OWN if is_own else Opener.AGENT


def served_of_decision(case: Case) -> Served | None:
    """The decision that holds, where it was served electronically."""
    decisions = [one for one in case.serving.served if one.what == ServedPaper.DECISION]
    return decisions[-1] if decisions and decisions[-1].otherwise != CORRECTED else None
