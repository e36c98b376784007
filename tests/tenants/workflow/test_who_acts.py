"""Who is found by what a form says, and who acts for somebody that is away."""

from typing import Any

import pytest
from django.utils import timezone

from foundation.errors import NotFound
from province.audit.models import AuditEntry
from province.halls.models import Hall
from province.messaging.models import Notice
from province.people.models import Position
from province.people.operations.substitutes import end_substitution, name_substitute
from province.people.queries.actors import actor_of
from tenants.workflow.models import Run, WorkItem
from tenants.workflow.operations.items import claim_item, finish_item
from tenants.workflow.queries.run_access import run_of
from tenants.workflow.queries.work import items_in
from tenants.workflow.states import RunStatus, WorkState
from tests.conftest import person
from tests.factories.forms import make_published_form
from tests.factories.people import account, make_unit, position_of
from tests.factories.runs import HANDLERS, begin_run, do, free_step, item_at, people, row_of

pytestmark = pytest.mark.django_db
FORM: dict[str, Any] = {
    "format": 1,
    "title": "用车单",
    "parts": [
        {
            "name": "all",
            "label": "用车",
            "fields": [
                {"type": "listed", "name": "driver", "label": "驾驶员", "source": "person"},
                {"type": "listed", "name": "office", "label": "用车科室", "source": "department"},
            ],
        }
    ],
}


class TestWhoAFormNames:
    def test_are_the_person_the_people_of_the_department_or_else_the_fallback(self, at_north: Hall) -> None:
        office = make_unit("综合科", hall=at_north)
        Position.objects.filter(account__username__in=("hua", "tao")).update(unit=office)
        flow = row_of(
            at_north,
            free_step("drive", {"kind": "expression", "expression": "driver"}, fallback=people("he")),
            free_step("sign", {"kind": "expression", "expression": "office"}, fallback=people("he"), sharing="all"),
            form=make_published_form(at_north, FORM),
        )
        run = begin_run(at_north, flow, posted={"driver": str(person("cao").id), "office": str(office.pk)})
        assert item_at(run, "drive").owner_id == person("cao").id
        do(at_north, run, "drive", "cao")
        signers = WorkItem.objects.filter(run=run, step="sign").values_list("owner_id", flat=True)
        assert set(signers) == {person("hua").id, person("tao").id}
        # what was filled in the last time is taken away again
        empty = begin_run(at_north, flow, posted={"driver": "", "office": ""})
        assert item_at(empty, "drive").owner_id == person("he").id


class TestASubstitute:
    def test_does_what_is_theirs_who_is_away_and_is_named_with_them(self, at_north: Hall) -> None:
        today = timezone.localdate()
        substitution = name_substitute(
            by=person("cao"), position=position_of("cao"), substitute=account("hua"), from_on=today, to_on=today
        )
        flow = row_of(at_north, free_step("hand", HANDLERS), free_step("any", people("cao", "tao")))
        run = begin_run(at_north, flow)
        stand_in, hua = actor_of(account("hua"), position_of("cao").pk), person("hua")
        # told, and found only where she stands in
        assert Notice.objects.filter(kind="workflow.assigned", account_id=hua.id).count() == 1
        assert [one.run_id for one in items_in(stand_in, at_north, "mine")] == [run.pk]
        assert not items_in(hua, at_north, "mine")
        with pytest.raises(NotFound):
            run_of(hua, at_north, run.pk)
        item = finish_item(by=stand_in, hall=at_north, item_id=item_at(run, "hand").pk)
        assert (item.owner_id, item.state) == (person("cao").id, WorkState.DONE)
        claimed = claim_item(by=stand_in, hall=at_north, item_id=item_at(run, "any").pk)
        assert claimed.owner_name == person("cao").name
        end_substitution(by=person("cao"), substitution=substitution)
        # what was taken stays with whose place it is, and she acts there no more
        assert actor_of(account("hua"), position_of("cao").pk).acting_for_id is None
        do(at_north, run, "any", "cao")
        assert Run.objects.get(pk=run.pk).status == RunStatus.FINISHED
        named = list(run.acts.filter(act__in=("finish", "claim")).order_by("pk").values_list("by_name", flat=True))
        assert named == [stand_in.shown_name, stand_in.shown_name, person("cao").name]
        said = AuditEntry.objects.filter(object_id=str(run.pk), act="workflow.finish_item").order_by("pk").first()
        assert said
        assert (said.actor_id, said.acting_for_id) == (hua.id, person("cao").id)
