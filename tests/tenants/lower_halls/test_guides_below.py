"""A county decides on the guides of its villages: rows go up, decisions come down, and nothing waits for nobody."""

import pytest

from foundation.errors import Conflict, DomainError, Invalid, NotAllowed, NotFound
from foundation.events.models import Event
from foundation.events.operations import drain_events
from province.audit.models import AuditEntry
from province.catalogue.models import GuideDecision, HallItem, SubmittedGuide
from province.catalogue.operations.guide_decisions import decide_guide_below
from province.console.queries.pictures import findings
from province.console.slots import Area
from province.halls.models import Hall
from province.halls.queries.checklist import checklist
from province.people.models import Position
from province.rights.roles import Role
from tenants.services.models import Adoption
from tenants.services.operations.decisions_above import carry_out_decision
from tenants.services.operations.hall_guides import pass_hall_guide, recall_hall_guide
from tenants.services.queries.reviewers import guide_reviewers
from tests.conftest import person
from tests.factories.adoptions import adopt, save, submit
from tests.factories.halls import make_person
from tests.factories.people import client_of
from tests.factories.sites import inside

pytestmark = pytest.mark.django_db

NORTH, SOUTH = "north.yizhan.localhost", "south.yizhan.localhost"
GUIDES = "/desk/lower-halls/guides/"


@pytest.fixture
def village() -> Hall:
    """With one editor, who writes and so does not decide."""
    hall = Hall.objects.get(slug="village")
    make_person("cun", "村编", Role.HALL_EDITOR, hall)
    return hall


@pytest.fixture
def adoption(village: Hall) -> Adoption:
    """Its guide waits."""
    adoption = adopt(village, by="cun")
    return submit(village, save(village, adoption, by="cun"), by="cun")


def decide(adoption: Adoption, *, by: str = "sun", is_passed: bool = True, reason: str = "") -> GuideDecision:
    guide = SubmittedGuide.objects.get(adoption_id=adoption.pk)
    return decide_guide_below(
        by=person(by), submitted_id=guide.pk, number=guide.number, is_passed=is_passed, reason=reason
    )


def state(hall: Hall, adoption: Adoption) -> tuple[str, str]:
    with inside(hall):
        adoption.refresh_from_db()
    return adoption.state, adoption.guide_state


class TestSubmittedGuide:
    def test_is_seen_from_above_as_long_as_it_waits(self, village: Hall, adoption: Adoption) -> None:
        guide = SubmittedGuide.objects.get()
        assert (guide.hall_id, guide.values, guide.shown_values) == (village.pk, adoption.values, None)
        with inside(village):
            recall_hall_guide(by=person("cun"), hall=village, adoption_id=adoption.pk)
        assert not SubmittedGuide.objects.exists()


class TestDecision:
    def test_to_pass_is_carried_out_by_the_hall_once(self, village: Hall, adoption: Adoption) -> None:
        decision = decide(adoption)
        assert state(village, adoption) == ("adopted", "submitted")
        with pytest.raises((Conflict, NotFound)):
            decide(adoption, is_passed=False, reason="不对")
        drain_events()
        assert state(village, adoption) == ("published", "done")
        assert HallItem.objects.get(hall_id=village.pk).state == "published"
        assert not SubmittedGuide.objects.exists()
        with inside(village):
            assert not carry_out_decision(hall=village, decision=decision)
            assert adoption.hall_guides.get().reviewer_name == person("sun").name
        acts = AuditEntry.objects.filter(hall_id=village.pk).values_list("act", flat=True)
        assert {"catalogue.pass_guide_below", "services.pass_hall_guide"} <= set(acts)

    def test_to_return_brings_the_reason_to_who_wrote_it(self, village: Hall, adoption: Adoption) -> None:
        with pytest.raises(Invalid, match="原因"):
            decide(adoption, is_passed=False, reason=" ")
        decide(adoption, is_passed=False, reason="窗口号不对")
        drain_events()
        assert state(village, adoption) == ("adopted", "returned")
        with inside(village):
            assert adoption.hall_guides.get().reason == "窗口号不对"

    def test_comes_to_nothing_where_the_hall_was_quicker(self, village: Hall, adoption: Adoption) -> None:
        make_person("er", "村二", Role.HALL_EDITOR, village)
        decide(adoption, is_passed=False, reason="窗口号不对")
        with inside(village):
            pass_hall_guide(by=person("er"), hall=village, adoption_id=adoption.pk, number=1)
        drain_events()
        assert state(village, adoption) == ("published", "done")

    def test_is_for_places_above_and_not_for_who_wrote_it(self, village: Hall, adoption: Adoption) -> None:
        for who in ("zhou", "hua", "lu", "wu"):
            with pytest.raises(DomainError):
                decide(adoption, by=who)
        SubmittedGuide.objects.update(author_ids=[person("sun").id])
        with pytest.raises(NotAllowed, match="参与了这一份的填写"):
            decide(adoption)
        assert not Event.objects.filter(kind="catalogue.guide_decided").exists()


class TestPages:
    def test_lead_from_the_list_to_the_decision(self, village: Hall, adoption: Adoption) -> None:
        sun = client_of("sun", NORTH)
        assert "下级待审核" in sun.get("/desk/lower-halls/").content.decode()
        guide = SubmittedGuide.objects.select_related("item").get()
        page = sun.get(GUIDES).content.decode()
        assert guide.item.name in page
        assert village.short_name in page
        one = f"{GUIDES}{guide.pk}/"
        assert "填写的内容" in sun.get(one).content.decode()
        refused = sun.post(one, {"act": "return", "number": guide.number, "reason": ""}, follow=True)
        assert "请写明退回的原因" in refused.content.decode()
        done = sun.post(one, {"act": "pass", "number": guide.number}, follow=True)
        assert "已通过，那里的网站随即显示" in done.content.decode()
        drain_events()
        assert state(village, adoption) == ("published", "done")
        assert sun.get(one).status_code == 404

    def test_are_closed_to_other_counties(self, adoption: Adoption) -> None:
        guide = SubmittedGuide.objects.get()
        zhou = client_of("zhou", SOUTH)
        assert zhou.get(f"{GUIDES}{guide.pk}/").status_code == 404
        assert guide.item.name not in zhou.get(GUIDES).content.decode()
        api = f"/api/hall/v1/lower_halls/guides/{guide.pk}"
        assert zhou.get(api).status_code == 404

    def test_have_an_interface_beside_them(self, village: Hall, adoption: Adoption) -> None:
        sun, root = client_of("sun", NORTH), "/api/hall/v1/lower_halls/guides"
        (line,) = sun.get(root).json()["items"]
        assert sun.get(f"{root}/{line['id']}").json()["values"] == adoption.values
        body = {"number": line["number"], "is_passed": True}
        assert sun.post(f"{root}/{line['id']}/decision", body, content_type="application/json").status_code == 201
        drain_events()
        assert state(village, adoption) == ("published", "done")


class TestWaitingForNobody:
    def red(self) -> dict[str, int]:
        found = findings(Area())
        return {
            code: kinds["services.waits_for_nobody"]
            for code, kinds in found.items()
            if "services.waits_for_nobody" in kinds
        }

    def test_turns_the_places_light_red_and_is_shown_to_the_county(self, village: Hall, adoption: Adoption) -> None:
        assert self.red() == {}
        # everybody above who could pass it leaves, but one who has written it, too
        above = Position.objects.filter(reach_prefix="420582").exclude(account__username="sun")
        above.delete()
        SubmittedGuide.objects.update(author_ids=[person("cun").id, person("sun").id])
        assert self.red() == {"420582": 1}
        assert "没有人能审核" in client_of("sun", NORTH).get(GUIDES).content.decode()
        make_person("er", "村二", Role.HALL_EDITOR, village)
        assert self.red() == {}

    def test_is_told_at_adoption_and_before_a_hall_opens(self, village: Hall) -> None:
        found = guide_reviewers(village).besides(person("cun").id)
        assert found.own == []
        assert "本厅没有第二个审核人，提交后由上级的" in found.sentence
        cun = client_of("cun", "village.yizhan.localhost")
        assert "由上级的" in cun.get("/desk/items/offers/").content.decode()
        line = next(one for one in checklist(village) if one.key == "guide_reviewers")
        assert line.is_green
        Position.objects.exclude(account__username="cun").delete()
        assert "没有人能审核本厅的实施清单" in cun.get("/desk/items/offers/").content.decode()
        line = next(one for one in checklist(village) if one.key == "guide_reviewers")
        assert not line.is_green
