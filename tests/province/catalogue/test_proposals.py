"""What halls propose upward."""

import pytest

from foundation.errors import Conflict, Invalid, NotAllowed, NotFound
from foundation.events.models import Event
from province.audit.models import AuditEntry
from province.catalogue.operations import accept_proposal, decline_proposal
from province.catalogue.queries.proposals import proposals_in_sight
from province.catalogue.states import ProposalState
from province.halls.models import Hall
from tests.conftest import person
from tests.factories.catalogue import change_draft, make_department, make_proposal, make_published

pytestmark = pytest.mark.django_db


class TestProposal:
    def test_of_a_new_item_becomes_a_draft_that_says_who_proposed_it(self, north: Hall) -> None:
        proposal = make_proposal(north)
        with pytest.raises(Invalid, match="主管部门"):
            accept_proposal(by=person("zhao"), proposal=proposal)
        department = make_department("民政局")
        with pytest.raises(Invalid, match="基本编码"):
            accept_proposal(by=person("zhao"), proposal=proposal, department=department)
        item = accept_proposal(
            by=person("zhao"), proposal=proposal, department=department, basic_code="422001001000", answer="很好"
        )
        assert (item.name, item.proposed_by_hall_id, item.proposed_by_name) == ("老年人优待证办理", north.pk, "孙北")
        proposal.refresh_from_db()
        assert (proposal.state, proposal.answer) == (ProposalState.ACCEPTED, "很好")
        event = Event.objects.get(kind="catalogue.proposal_answered")
        assert (event.subject_id, event.hall_id) == (proposal.pk, north.pk)
        assert AuditEntry.objects.filter(object_id=proposal.pk, hall_id=north.pk).count() == 2

    def test_of_another_word_changes_the_draft_of_its_item(self, north: Hall) -> None:
        item = make_published().item
        proposal = make_proposal(north, item=item, values={"conditions": "有场所和设备。"})
        change_draft(item, promised_days=5)
        accept_proposal(by=person("zhao"), proposal=proposal)
        item.refresh_from_db()
        assert (item.values["conditions"], item.values["promised_days"]) == ("有场所和设备。", 5)
        assert item.versions.count() == 1
        with pytest.raises(Conflict, match="已采纳"):
            accept_proposal(by=person("zhao"), proposal=proposal)

    def test_is_declined_with_an_answer_and_may_be_accepted_after_all(self, north: Hall) -> None:
        proposal = make_proposal(north, item=make_published().item, values={"conditions": "有场所和设备。"})
        with pytest.raises(Invalid, match="理由"):
            decline_proposal(by=person("zhao"), proposal=proposal, answer="")
        decline_proposal(by=person("zhao"), proposal=proposal, answer="法律没有这样说")
        accept_proposal(by=person("zhao"), proposal=proposal)

    def test_is_checked_like_any_other_word(self, north: Hall) -> None:
        for values in ({"promised_days": "三天", "name": "甲"}, {"nonsense": "甲"}, {}):
            with pytest.raises(Invalid):
                make_proposal(north, values=values) if values else make_proposal(north, values={"name": ""})

    def test_is_the_halls_own(self, north: Hall, south: Hall) -> None:
        proposal = make_proposal(north)
        with pytest.raises(NotAllowed):
            make_proposal(south)
        assert list(proposals_in_sight(person("sun"))) == list(proposals_in_sight(person("zhao"))) == [proposal]
        assert not proposals_in_sight(person("zhou"))
        with pytest.raises(NotFound):
            decline_proposal(by=person("zhou"), proposal=proposal, answer="不")
        with pytest.raises(NotAllowed):
            decline_proposal(by=person("sun"), proposal=proposal, answer="不")
