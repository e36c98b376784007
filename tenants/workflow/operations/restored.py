"""What the province keeps of a hall's runs is made to agree with the hall's rows again."""

from django.db import transaction

from foundation.events.operations import set_due_time
from province.halls.models import Hall
from province.people.operations.work import replace_open_work
from tenants.workflow.events import ITEM_DUE, TIMER_ENDS
from tenants.workflow.models import WorkItem
from tenants.workflow.operations.advancing import WORK_ITEM
from tenants.workflow.operations.plugin_calls import ask_again_after_restore
from tenants.workflow.states import OPEN_ITEMS, ItemPart


@transaction.atomic
def report_work_again(*, hall: Hall) -> None:
    """The hall's rows came out of an archive: whose work is open, which clocks run, and what is waited for outside,
    follows from them anew."""
    items = WorkItem.objects.filter(state__in=OPEN_ITEMS)
    owned = items.filter(owner_id__isnull=False).values_list("pk", "owner_id")
    replace_open_work(hall_id=hall.pk, kind=WORK_ITEM, owners={pk: owner for pk, owner in owned if owner})
    for item in items.filter(due_at__isnull=False):
        kind = TIMER_ENDS if item.part == ItemPart.WAIT else ITEM_DUE
        if item.wakes_at:
            set_due_time(kind=kind, subject_id=item.pk, hall_id=hall.pk, due_at=item.wakes_at)
    ask_again_after_restore(hall)
