"""What the province keeps of a hall's cases is made to agree with the hall's rows again."""

from django.db import transaction

from province.cases.operations import forget_cases_but, send_supplements_again
from province.cases.states import CASE_KIND
from province.halls.models import Hall
from province.people.operations.work import replace_open_work
from province.workdays.models import Clock
from province.workdays.operations.clocks import drop_clocks
from tenants.casework.models import Case, JointOpinion
from tenants.casework.operations.asked_of_village import say_what_is_asked
from tenants.casework.operations.joint_asked import settle_again
from tenants.casework.operations.joint_elsewhere import bring_again
from tenants.casework.operations.package_parts import agree_on_parts
from tenants.casework.operations.rows import tell_province
from tenants.casework.states import JOINT_KIND, JointState


@transaction.atomic
def report_cases_again(*, hall: Hall) -> None:
    """The hall's rows came out of an archive: what was received since is forgotten, and its clocks fall away; the
    others are reported as they stood, with whose work they are. Opinions between halls (联办) are made to agree with
    what the other halls have said.

    A clock that has ended since the archive was made does not run again by this: the case stands without a limit until
    somebody acts on it.
    """
    cases = list(Case.objects.select_for_update(of=("self",)).order_by("pk"))
    known = {one.pk for one in cases}
    forget_cases_but(hall_id=hall.pk, case_ids=known)
    owned = Clock.objects.filter(hall=hall, owner_kind=CASE_KIND, ended_on=None)
    waiting = set(JointOpinion.objects.filter(state=JointState.WAITING).values_list("pk", flat=True))
    asked = Clock.objects.filter(hall=hall, owner_kind=JOINT_KIND, ended_on=None)
    if unasked := set(asked.values_list("owner_id", flat=True)) - waiting:
        drop_clocks(hall=hall, owner_ids=unasked)
    if strays := set(owned.values_list("owner_id", flat=True)) - known:
        drop_clocks(hall=hall, owner_ids=strays)
    for case in cases:
        tell_province(hall, case)
        say_what_is_asked(case)
    send_supplements_again(hall_id=hall.pk)
    settle_again(hall)
    bring_again(hall)
    agree_on_parts(hall)
    owners = {one.pk: one.owner_id for one in cases if one.owner_id and one.is_open}
    replace_open_work(hall_id=hall.pk, kind=CASE_KIND, owners=owners)
