"""统一表单和流程 in halls: taken with one click, run on, compared, changed, taken again; nothing by itself."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from foundation.errors import Conflict, Invalid, NotAllowed, NotFound
from province.audit.models import AuditEntry
from province.cases.states import CaseState
from province.catalogue.models import Item, VersionDesign
from province.catalogue.operations import publish_version, withdraw_version
from province.halls.models import Hall
from province.people.operations.positions import give_position
from province.rights.permissions import PERMISSIONS
from province.rights.roles import Role
from province.sign_in.operations.tokens import issue_token
from tenants.casework.models import Case, CaseSetup
from tenants.casework.operations.acceptance import accept_case
from tenants.casework.operations.setups import SetupWish, change_setup, open_setup, set_up_cases
from tenants.casework.operations.shared_designs import decline_design, take_design
from tenants.casework.queries.setups import guide_of_setup, setup_with_id
from tenants.casework.queries.shared_designs import DesignOffer, design_offer, offer_of_setup, setups_behind
from tenants.services.models import Adoption
from tenants.workflow.models import Flow, FlowVersion, Form, FormVersion, Run
from tenants.workflow.operations.forms import publish_form, save_form_draft
from tenants.workflow.queries.forms import definition_of
from tests.conftest import person
from tests.factories.adoptions import make_shown
from tests.factories.casework import accepted, apply_at_window, give_all, make_setup
from tests.factories.catalogue import abolish, make_approved, make_item, make_published, suspend
from tests.factories.designs import PLACE, design, shared_flow, shared_form, take, text_field
from tests.factories.halls import make_person
from tests.factories.people import account, client_of
from tests.factories.runs import HANDLERS, LEADERS, do, free_step, open_steps, row_of
from tests.factories.sites import inside
from tests.province.catalogue.test_handling import layered

pytestmark = pytest.mark.django_db
NORTH, SOUTH = "north.yizhan.localhost", "south.yizhan.localhost"


@pytest.fixture(scope="module", autouse=True)
def _shown(file_rows: None) -> None:
    """The first version of an item, which brings nothing along, is shown at the north."""
    make_shown(Hall.objects.get(slug="north"), make_published(make_item()))


@pytest.fixture
def item() -> Item:
    return Item.objects.get(basic_code="420131000000")


@pytest.fixture
def own(at_north: Hall, item: Item) -> CaseSetup:
    """Set up with a form of the hall's own, and open."""
    return make_setup(at_north, _adoption(item))


def _adoption(item: Item) -> Adoption:
    return Adoption.objects.get(item_id=item.pk)


def come_down(item: Item, *fields: dict[str, str], **given: object) -> None:
    """A version of the item that brings a form and a flow along is published, and shown at once."""
    design(item, shared_form(item, *fields), given.get("flow", shared_flow()))  # type: ignore[arg-type]
    make_published(item)


def offer(setup: CaseSetup) -> DesignOffer:
    return offer_of_setup(setup_with_id(setup.pk))


class TestNewSetup:
    def test_begins_with_what_came(self, at_north: Hall, item: Item) -> None:
        come_down(item, text_field("area", "面积"))
        setup = set_up_cases(by=person("he"), hall=at_north, item_id=item.pk)
        version = VersionDesign.objects.get()
        assert setup.flow is not None
        for one in (setup.form, setup.flow):
            assert (one.origin_version_id, one.origin_digest) == (version.version_id, version.digest)
            assert one.newest is not None
        assert setup.form.newest.definition == version.form
        assert setup.flow.newest.form_version == setup.form.newest  # type: ignore[union-attr]
        assert not offer(setup).differences
        assert not setups_behind()
        assert AuditEntry.objects.filter(act="casework.take_design", object_id=setup.pk).exists()

    def test_begins_with_its_guide_where_the_hall_cannot_work_by_what_came(self, at_north: Hall, item: Item) -> None:
        come_down(item, PLACE)
        setup = set_up_cases(by=person("he"), hall=at_north, item_id=item.pk)
        assert (setup.form.origin_digest, setup.form.newest, setup.flow) == (None, None, None)
        assert not Flow.objects.exists()
        with pytest.raises(Invalid, match="地点清单"):
            take(at_north, setup)
        # nothing half
        assert not FormVersion.objects.exists()

    def test_of_a_part_asks_for_the_materials_of_that_part(self, at_north: Hall) -> None:
        item = make_item(7, **layered())
        form = shared_form(item, text_field("area", "面积"))
        form["parts"][2]["fields"][2] |= {"hint": "交回原件"}
        rights = {"material_2": "hidden", "material_3": "write"}
        design(item, form, shared_flow(free_step("check", HANDLERS, fields=rights)))
        make_shown(at_north, make_published(item))
        setup, whole = (
            set_up_cases(by=person("he"), hall=at_north, item_id=item.pk, handling_code=code) for code in ("02", "")
        )
        digest = VersionDesign.objects.get().digest
        assert {setup.form.origin_digest, whole.form.origin_digest} == {digest}
        assert _materials(whole) == {"material_1": "申请书", "material_2": "租赁合同", "material_3": "原许可证"}
        assert _materials(setup) == {"material_1": "申请书", "material_2": "原许可证"}
        found = setup_with_id(setup.pk)
        [hint] = [one["hint"] for one in found.form.definition["parts"][2]["fields"] if one["name"] == "material_2"]
        [step] = [one for one in found.flow.definition["nodes"] if one["name"] == "check"]  # type: ignore[union-attr]
        assert (hint, step["fields"]) == ("交回原件", {"material_2": "write"})
        # it differs from the province's in nothing that the hall has done
        one = offer(setup)
        assert (one.is_taken, one.differences, one.own_changes, one.left_out) == (True, [], [], ("租赁合同",))

    def test_of_a_part_with_a_material_of_its_own_asks_for_it_in_a_case(self, at_north: Hall) -> None:
        values = layered()
        values["handling_items"][1]["materials"].append({**values["materials"][0], "name": "变更说明"})
        item = make_item(8, **values)
        design(item)
        make_shown(at_north, make_published(item))
        setup = set_up_cases(by=person("he"), hall=at_north, item_id=item.pk, handling_code="02")
        assert offer(setup).added == ("变更说明",)
        assert list(_materials(setup).values()) == ["申请书", "原许可证", "变更说明"]
        setup = change_setup(
            by=person("he"), hall=at_north, setup_id=setup.pk, revision=setup.revision, wish=_wish(setup, setup.flow)
        )
        setup = open_setup(by=person("he"), hall=at_north, setup_id=setup.pk, revision=setup.revision)
        case = apply_at_window(at_north, setup)
        asked = {one.field: one.name for one in case.materials.all()}
        assert asked == _materials(setup)
        assert [one.label for one in definition_of(case.filled.version).fields if one.type == "material"] == [
            *asked.values()
        ]

    def test_of_a_part_without_a_material_that_a_condition_reads_begins_with_its_guide(self, at_north: Hall) -> None:
        item = make_item(9, **layered())
        form = shared_form(item, text_field("area", "面积") | {"visible_when": "len(material_2) > 0"})
        design(item, form, shared_flow())
        make_shown(at_north, make_published(item))
        setup = set_up_cases(by=person("he"), hall=at_north, item_id=item.pk, handling_code="02")
        assert (setup.form.origin_digest, setup.form.title) == (None, "食品经营许可变更申请表")
        with pytest.raises(Invalid, match="“面积”的条件用到了材料“租赁合同”"):
            take(at_north, setup)


class TestOffer:
    def test_changes_nothing_by_itself(self, at_north: Hall, own: CaseSetup, item: Item) -> None:
        before = own.form.newest_id
        come_down(item)
        found = offer(own)
        assert (found.is_taken, found.is_newer) == (False, False)
        assert any("增加了流程" in one for one in found.differences)
        # a hall with a form of its own is not told
        assert not setups_behind()
        assert setup_with_id(own.pk).form.newest_id == before

    def test_is_not_there_before_its_version_holds_here(self, at_north: Hall, own: CaseSetup, item: Item) -> None:
        design(item)
        assert design_offer(own, guide_of_setup(own)) is None
        version = make_approved(item)
        with pytest.raises(NotFound):
            offer(own)
        coming = publish_version(by=person("zhao"), version=version, valid_from=timezone.now() + timedelta(days=2))
        with pytest.raises(NotFound):
            offer(own)
        withdraw_version(by=person("zhao"), version=coming)
        with pytest.raises(NotFound):
            take(at_north, own)

    def test_of_an_item_that_is_paused_or_abolished_cannot_be_taken(
        self, at_north: Hall, own: CaseSetup, item: Item
    ) -> None:
        come_down(item)
        suspend(item)
        with pytest.raises(NotFound):
            take(at_north, own)
        abolish(item)
        with pytest.raises(NotFound):
            take(at_north, own)
        assert not setups_behind()

    def test_is_of_each_hall_its_own(self, at_north: Hall, own: CaseSetup, south: Hall, item: Item) -> None:
        come_down(item)
        take(at_north, own)
        for who, role in (("nan", Role.HALL_ADMINISTRATOR), ("ban", Role.HANDLER), ("pi", Role.APPROVING_LEADER)):
            make_person(who, "南厅的人", role, south)
        with inside(south):
            with pytest.raises(NotFound):
                setup_with_id(own.pk)
            # the south has not adopted it
            with pytest.raises(NotFound):
                set_up_cases(by=person("nan"), hall=south, item_id=item.pk)
        for who in ("sun", "li"):
            give_position(by=person("zhao"), account=account(who), role=Role.HALL_EDITOR, hall_id=south.pk)
        make_shown(south, item.versions.order_by("-number")[0])
        south.refresh_from_db()
        with inside(south):
            theirs = set_up_cases(by=person("nan"), hall=south, item_id=item.pk)
            _write(south, theirs, "南边的申请表", by="nan")
            assert offer(theirs).own_changes
        assert not offer(own).own_changes

    def test_is_taken_by_who_sets_up_cases_alone(self, at_north: Hall, own: CaseSetup, item: Item) -> None:
        come_down(item)
        for who in ("cao", "sun", "zhao"):
            with pytest.raises(NotAllowed):
                take(at_north, own, by=who)


class TestTaking:
    def test_leaves_running_cases_on_theirs(self, at_north: Hall, item: Item) -> None:
        come_down(item)
        setup = make_setup_of_province(at_north, item)
        first = accepted(at_north, setup)
        received = give_all(at_north, apply_at_window(at_north, setup))
        old = setup.form.newest_id
        come_down(item, text_field("area", "面积"), flow=shared_flow(free_step("only", LEADERS)))
        assert [one[1].pk for one in setups_behind()] == [setup.pk]
        assert setup_with_id(setup.pk).form.newest_id == old
        found = offer(setup)
        assert found.is_newer
        assert "表单：新增“面积”（单行文字）。" in found.differences
        setup = take(at_north, setup)
        assert not setups_behind()
        assert Form.objects.get(pk=setup.form_id).newest.number == 2  # type: ignore[union-attr]
        # what was received goes by the flow that its form goes with, what is new by the new one
        received = accept_case(by=person("cao"), hall=at_north, case_id=received.pk)
        newer = accepted(at_north, setup)
        assert [open_steps(_run(one)) for one in (first, received, newer)] == [["check"], ["check"], ["only"]]
        assert received.filled.version_id == old
        do(at_north, _run(first), "check", "cao")
        assert open_steps(_run(first)) == ["leader"]

    def test_leaves_cases_on_the_flow_that_the_hall_drew(self, at_north: Hall, item: Item) -> None:
        flow = row_of(at_north, free_step("own", HANDLERS))
        setup = make_setup(at_north, _adoption(item))
        form = Form.objects.get(pk=setup.form_id)
        setup = change_setup(
            by=person("he"), hall=at_north, setup_id=setup.pk, revision=setup.revision, wish=_wish(setup, flow)
        )
        pinned = FlowVersion.objects.create(
            flow=flow, number=2, definition=flow.definition, form_version=form.newest, submitted_by_name="何北"
        )
        Flow.objects.filter(pk=flow.pk).update(newest=pinned)
        received = give_all(at_north, apply_at_window(at_north, setup))
        come_down(item, text_field("area", "面积"))
        setup = take(at_north, setup)
        assert setup.flow_id != flow.pk
        assert Flow.objects.get(pk=flow.pk).newest_id == pinned.pk
        received = accept_case(by=person("cao"), hall=at_north, case_id=received.pk)
        assert open_steps(_run(received)) == ["own"]
        assert form.pk == setup.form_id

    def test_leaves_cases_without_a_flow_to_their_department(self, at_north: Hall, own: CaseSetup, item: Item) -> None:
        received = give_all(at_north, apply_at_window(at_north, own))
        come_down(item, text_field("area", "面积"))
        setup = take(at_north, own)
        received = accept_case(by=person("cao"), hall=at_north, case_id=received.pk)
        assert (received.state, received.run_id) == (CaseState.ACCEPTED, None)
        assert open_steps(_run(accepted(at_north, setup))) == ["check"]

    def test_is_refused_where_something_changed_since_it_was_looked_at(
        self, at_north: Hall, own: CaseSetup, item: Item
    ) -> None:
        come_down(item)
        seen = offer(own).seen
        given = {"by": person("he"), "hall": at_north, "setup_id": own.pk, "revision": own.revision}
        come_down(item, text_field("area", "面积"))
        with pytest.raises(Conflict, match="刚刚有改动"):
            take_design(**given, seen=seen)
        seen = offer(own).seen
        _write(at_north, own, "本厅的")
        with pytest.raises(Conflict, match="刚刚有改动"):
            take_design(**given, seen=seen)
        with pytest.raises(Conflict, match="有人改过"):
            take_design(**given | {"revision": 0}, seen=offer(own).seen)

    def test_twice_makes_nothing_more(self, at_north: Hall, own: CaseSetup, item: Item) -> None:
        come_down(item, text_field("area", "面积"))
        take(at_north, take(at_north, own))
        assert Flow.objects.count() == 1
        assert FormVersion.objects.count() == 2
        assert FlowVersion.objects.count() == 1

    def test_by_a_flow_that_finds_nobody_here_takes_nothing(self, at_north: Hall, own: CaseSetup, item: Item) -> None:
        nobody = free_step("leader", {"kind": "title", "title": "没有的职务"})
        come_down(item, flow=shared_flow(nobody))
        with pytest.raises(Invalid, match="现在没有人能办"):
            take(at_north, own)
        assert (FormVersion.objects.count(), Flow.objects.count()) == (1, 0)
        assert setup_with_id(own.pk).form.origin_digest is None

    def test_of_a_form_alone_goes_on_with_the_flow_that_there_is(self, at_north: Hall, item: Item) -> None:
        come_down(item)
        setup = make_setup_of_province(at_north, item)
        flow_id = setup.flow_id
        come_down(item, text_field("area", "面积"), flow=None)
        setup = take(at_north, setup)
        flow = Flow.objects.select_related("newest").get(pk=flow_id)
        assert (setup.flow_id, flow.newest.form_version_id) == (flow_id, setup.form.newest_id)  # type: ignore[union-attr]
        assert open_steps(_run(accepted(at_north, setup))) == ["check"]


class TestOwnCopy:
    def test_says_how_it_differs_and_is_not_overwritten_unseen(self, at_north: Hall, item: Item) -> None:
        come_down(item)
        setup = make_setup_of_province(at_north, item)
        assert not offer(setup).own_changes
        _write(at_north, setup, "本厅的申请表")
        found = offer(setup)
        assert found.is_taken
        assert [one for one in found.own_changes if "本厅的申请表" in one]
        assert [one for one in found.differences if "改为" in one and "本厅的申请表" in one]
        take(at_north, setup)
        assert not offer(setup).own_changes

    def test_stays_where_the_newer_one_is_declined(self, at_north: Hall, item: Item) -> None:
        come_down(item)
        setup = make_setup_of_province(at_north, item)
        come_down(item, text_field("area", "面积"))
        found = setup_with_id(setup.pk)
        decline_design(
            by=person("he"), hall=at_north, setup_id=setup.pk, revision=found.revision, seen=offer(setup).seen
        )
        assert not setups_behind()
        assert offer(setup).is_declined
        # the next one is told again
        come_down(item, text_field("area", "面积"), text_field("staff", "人数"))
        assert [one[1].pk for one in setups_behind()] == [setup.pk]
        found = setup_with_id(setup.pk)
        take(at_north, setup)
        with pytest.raises(Conflict, match="不用处理"):
            decline_design(
                by=person("he"),
                hall=at_north,
                setup_id=setup.pk,
                revision=setup_with_id(setup.pk).revision,
                seen=offer(setup).seen,
            )


def make_setup_of_province(hall: Hall, item: Item) -> CaseSetup:
    """Set up with what came, and open at the window."""
    setup = set_up_cases(by=person("he"), hall=hall, item_id=item.pk)
    setup = change_setup(
        by=person("he"), hall=hall, setup_id=setup.pk, revision=setup.revision, wish=_wish(setup, setup.flow)
    )
    return open_setup(by=person("he"), hall=hall, setup_id=setup.pk, revision=setup.revision)


def _wish(setup: CaseSetup, flow: Flow | None) -> SetupWish:
    return SetupWish(
        flow_id=flow.pk if flow else None,
        unit_id=setup.unit_id,
        review_body="当阳市人民政府",
        court="当阳市人民法院",
        is_online=setup.is_online,
    )


def _write(hall: Hall, setup: CaseSetup, title: str, *, by: str = "he") -> None:
    """The hall calls its form otherwise, and publishes that."""
    form = Form.objects.get(pk=setup.form_id)
    definition = form.definition | {"title": title}
    form = save_form_draft(by=person(by), hall=hall, form_id=form.pk, definition=definition, revision=form.revision)
    publish_form(by=person(by), hall=hall, form_id=form.pk, revision=form.revision)


def _materials(setup: CaseSetup) -> dict[str, str]:
    """What the setup's form asks for, by the names of the fields."""
    form = Form.objects.select_related("newest").get(pk=setup.form_id)
    assert form.newest is not None
    fields = definition_of(form.newest).fields
    return {one.name: one.label for one in fields if one.type == "material"}


def _run(case: Case) -> Run:
    case.refresh_from_db()
    assert case.run is not None
    return case.run


def _json(client: Client, path: str, body: object = None, **headers: str) -> Any:
    answer = client.post(path, body, content_type="application/json", **headers)
    return answer.json() | {"status": answer.status_code}


class TestPages:
    def test_offer_compare_and_take_with_one_click(self, at_north: Hall, own: CaseSetup, item: Item) -> None:
        he, path = client_of("he", NORTH), f"/desk/cases/setups/{own.pk}/"
        assert "省里的表单和流程" not in he.get(path).text
        assert he.get(f"{path}shared/").status_code == 404
        come_down(item, text_field("area", "面积"))
        page = he.get(path).text
        assert "采用省里的表单和流程" in page
        posted = {"act": "take", "revision": str(own.revision), "seen": offer(own).seen}
        compared = he.get(f"{path}shared/").text
        for said in ("新增“面积”", "增加了流程“统一审查”", "岗位“审批领导”", posted["seen"]):
            assert said in compared, said
        assert "刚刚有改动" in he.post(f"{path}shared/", posted | {"seen": "x"}, follow=True).text
        assert "请选择采用" in he.post(f"{path}shared/", posted | {"act": "x"}, follow=True).text
        assert "已采用" in he.post(f"{path}shared/", posted, follow=True).text
        assert "本厅用的就是这一版" in he.get(f"{path}shared/").text
        come_down(item, text_field("area", "面积"), text_field("staff", "人数"))
        assert "省里换了统一表单和流程" in he.get("/desk/").text
        assert "省里换了统一表单和流程" not in client_of("cao", NORTH).get("/desk/").text
        found = setup_with_id(own.pk)
        posted |= {"act": "decline", "revision": str(found.revision), "seen": offer(own).seen}
        assert "照现在的继续办" in he.post(f"{path}shared/", posted, follow=True).text
        assert "省里换了统一表单和流程" not in he.get("/desk/").text

    def test_are_of_who_sets_up_and_of_this_hall(self, at_north: Hall, own: CaseSetup, item: Item, south: Hall) -> None:
        come_down(item)
        path = f"/desk/cases/setups/{own.pk}/shared/"
        assert client_of("cao", NORTH).get(path).status_code == 403
        make_person("nan", "南管", Role.HALL_ADMINISTRATOR, south)
        assert client_of("nan", SOUTH).get(path).status_code == 404
        assert client_of("nan", SOUTH).post(path, {"act": "take"}, follow=True).status_code == 404


class TestInterface:
    def test_does_what_the_pages_do(self, at_north: Hall, own: CaseSetup, item: Item) -> None:
        key = issue_token(by=person("he"), account=account("he"), name="tests", scopes=list(PERMISSIONS))
        he = Client(headers={"host": NORTH, "authorization": f"Bearer {key}"})
        path = f"/api/hall/v1/casework/setups/{own.pk}/shared-design"
        assert he.get(path).status_code == 404
        come_down(item, text_field("area", "面积"))
        shown = he.get(path).json()
        assert (shown["is_taken"], shown["is_newer"]) == (False, False)
        assert "流程：" not in shown["differences"][0]
        body = {"revision": shown["setup_revision"], "seen": shown["seen"]}
        once = {"HTTP_IDEMPOTENCY_KEY": "a1"}
        first, again = (_json(he, f"{path}/take", body, **once) for _ in range(2))
        assert first == again
        assert (first["status"], first["form_id"]) == (200, str(own.form_id))
        assert _json(he, f"{path}/take", body)["status"] == 409
        assert _json(he, f"{path}/decline", {**body, "revision": first["revision"]})["status"] == 409
        assert he.get(path).json()["is_taken"]
