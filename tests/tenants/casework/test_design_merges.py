"""合并 in a hall: both sides' changes in one draft, chosen between, undone or published; running cases stay."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from foundation.errors import Conflict, Invalid, NotAllowed, NotFound
from province.audit.models import AuditEntry
from province.halls.models import Hall
from province.rights.permissions import PERMISSIONS
from province.rights.roles import Role
from province.sign_in.operations.tokens import issue_token
from tenants.casework.models import CaseSetup
from tenants.casework.operations.acceptance import accept_case
from tenants.casework.operations.design_merges import merge_design, publish_merge, undo_merge
from tenants.casework.operations.setups import SetupWish, change_setup, open_setup, set_up_cases
from tenants.casework.queries.design_merges import DesignMerge, can_undo_merge, foresee_merge
from tenants.casework.queries.setups import setup_with_id
from tenants.casework.queries.shared_designs import offer_of_setup, setups_behind
from tenants.workflow.models import Flow, FlowVersion, Form, FormVersion
from tenants.workflow.operations.flows import save_flow_draft
from tenants.workflow.operations.forms import publish_form, save_form_draft
from tests.conftest import person
from tests.factories.adoptions import make_shown
from tests.factories.casework import apply_at_window, give_all
from tests.factories.catalogue import make_item, make_published
from tests.factories.designs import design, shared_flow, shared_form, take, text_field
from tests.factories.forms import make_published_form
from tests.factories.halls import make_person
from tests.factories.people import account, client_of
from tests.factories.runs import HANDLERS, LEADERS, free_step, open_steps
from tests.factories.sites import inside

pytestmark = pytest.mark.django_db
NORTH, SOUTH = "north.yizhan.localhost", "south.yizhan.localhost"
AREA = "field.area.label"


@pytest.fixture(scope="module", autouse=True)
def _taken(file_rows: None) -> None:
    """A hall works by what came down, and has changed it since; a newer one is there."""
    north, item = Hall.objects.get(slug="north"), make_item()
    design(item, shared_form(item, text_field("area", "面积")), shared_flow())
    make_shown(north, make_published(item))
    with inside(north):
        setup = set_up_cases(by=person("he"), hall=north, item_id=item.pk)
        assert setup.flow is not None
        wish = SetupWish(flow_id=setup.flow_id, review_body="当阳市人民政府", court="当阳市人民法院")
        given = {"by": person("he"), "hall": north, "setup_id": setup.pk}
        setup = change_setup(**given, revision=setup.revision, wish=wish)
        open_setup(**given, revision=setup.revision)
        definition = setup.form.definition
        definition["parts"][-1]["fields"] = [
            text_field("area", "面积（平方米）") | {"hint": "按房产证"},
            text_field("own", "本厅要问的"),
        ]
        given = {"by": person("he"), "hall": north}
        form = save_form_draft(
            **given, form_id=setup.form_id, definition=definition, revision=Form.objects.get(pk=setup.form_id).revision
        )
        publish_form(**given, form_id=form.pk, revision=form.revision)
        drawn = setup.flow.definition
        drawn["nodes"][1]["hint"] = "看看现场照片"
        flow = Flow.objects.get(pk=setup.flow_id)
        save_flow_draft(**given, flow_id=flow.pk, definition=drawn, revision=flow.revision)
    steps = (free_step("check", HANDLERS), free_step("leader", LEADERS, public_label="领导审批"))
    new = shared_form(item, text_field("area", "经营面积") | {"required": True}, text_field("kind", "业态"))
    design(item, new, shared_flow(*steps))
    make_published(item)


@pytest.fixture
def hall(north: Hall) -> Iterator[Hall]:
    with inside(north):
        yield north


@pytest.fixture
def setup(hall: Hall) -> CaseSetup:
    return CaseSetup.objects.get()


def foreseen(setup: CaseSetup, **choices: Any) -> DesignMerge:
    return foresee_merge(offer_of_setup(setup_with_id(setup.pk)), choices)


def merge(hall: Hall, setup: CaseSetup, choices: dict[str, Any] | None = None, *, by: str = "he") -> CaseSetup:
    found = setup_with_id(setup.pk)
    given = {"by": person(by), "hall": hall, "setup_id": setup.pk, "revision": found.revision}
    return merge_design(**given, seen=offer_of_setup(found).seen, choices=choices or {})


def drafts(setup: CaseSetup) -> tuple[Any, ...]:
    found = setup_with_id(setup.pk)
    assert found.flow is not None
    return found.form.definition, found.form.origin_digest, found.flow.definition, found.flow.origin_digest


def labels(setup: CaseSetup) -> list[str]:
    return [one["label"] for one in setup_with_id(setup.pk).form.definition["parts"][-1]["fields"]]


class TestMerging:
    def test_keeps_what_the_hall_changed_and_takes_what_the_province_did(self, hall: Hall, setup: CaseSetup) -> None:
        found = foreseen(setup)
        assert [(one.key, one.ours, one.theirs, one.default) for one in found.clashes] == [
            (AREA, "面积（平方米）", "经营面积", "ours")
        ]
        assert not found.faults
        assert "表单：新增“业态”（单行文字）。" in found.differences
        assert [one for one in found.kept if "本厅要问的" in one]
        before = FormVersion.objects.count(), FlowVersion.objects.count()
        merge(hall, setup)
        made = setup_with_id(setup.pk)
        assert set(labels(setup)) == {"面积（平方米）", "本厅要问的", "业态"}
        [area] = [one for one in made.form.definition["parts"][-1]["fields"] if one["name"] == "area"]
        assert (area["hint"], area["required"]) == ("按房产证", True)
        nodes = {one["name"]: one for one in made.flow.definition["nodes"]}  # type: ignore[union-attr]
        assert (nodes["check"]["hint"], nodes["leader"]["public_label"]) == ("看看现场照片", "领导审批")
        # nothing is published by it, and the hall is behind no more
        assert (FormVersion.objects.count(), FlowVersion.objects.count()) == before
        assert not setups_behind()
        told = AuditEntry.objects.get(act="casework.merge_design").changes["clashes"][1]
        assert told == "“面积（平方米）”的名称：用本厅的"

    def test_takes_the_side_that_was_chosen(self, hall: Hall, setup: CaseSetup) -> None:
        assert foreseen(setup, **{AREA: "ours"}).differences != foreseen(setup, **{AREA: "theirs"}).differences
        merge(hall, setup, {AREA: "theirs"})
        assert "经营面积" in labels(setup)

    def test_is_undone_until_it_is_published(self, hall: Hall, setup: CaseSetup) -> None:
        before = drafts(setup)
        made = merge(hall, setup)
        assert drafts(setup) != before
        assert can_undo_merge(setup_with_id(setup.pk))
        given = {"by": person("he"), "hall": hall, "setup_id": setup.pk}
        undone = undo_merge(**given, revision=made.revision)
        assert drafts(setup) == before
        assert [one[1].pk for one in setups_behind()] == [setup.pk]
        with pytest.raises(Conflict, match="没有合并过"):
            undo_merge(**given, revision=undone.revision)
        made = merge(hall, setup)
        form = Form.objects.get(pk=setup.form_id)
        publish_form(by=person("he"), hall=hall, form_id=form.pk, revision=form.revision)
        with pytest.raises(Conflict, match="已经发布过"):
            undo_merge(**given, revision=made.revision)

    def test_leaves_cases_on_theirs_until_it_is_published_and_after(self, hall: Hall, setup: CaseSetup) -> None:
        found = setup_with_id(setup.pk)
        first = found.form.newest_id
        # the hall has changed its form since: the flow of before reads another version
        publish = {"by": person("he"), "hall": hall, "setup_id": setup.pk}
        received = give_all(hall, apply_at_window(hall, setup))
        made = merge(hall, setup)
        assert setup_with_id(setup.pk).form.newest_id == first
        publish_merge(**publish, revision=made.revision)
        received.refresh_from_db()
        assert received.filled.version_id == first
        made = setup_with_id(setup.pk)
        assert made.form.newest_id != first
        assert made.flow is not None
        assert made.flow.newest.form_version_id == made.form.newest_id  # type: ignore[union-attr]
        # the province asks for it now
        case = give_all(hall, apply_at_window(hall, setup, area="30"))
        case = accept_case(by=person("cao"), hall=hall, case_id=case.pk)
        assert open_steps(case.run) == ["check"]  # type: ignore[arg-type]
        with pytest.raises(Conflict, match="没有合并过"):
            publish_merge(**publish, revision=made.revision)

    def test_twice_and_over_what_nobody_has_seen_is_refused(self, hall: Hall, setup: CaseSetup) -> None:
        found = setup_with_id(setup.pk)
        given = {"by": person("he"), "hall": hall, "setup_id": setup.pk, "choices": {}}
        seen = offer_of_setup(found).seen
        with pytest.raises(Conflict, match="刚刚有改动"):
            merge_design(**given, revision=found.revision, seen="x")
        made = merge_design(**given, revision=found.revision, seen=seen)
        with pytest.raises(Conflict, match="有人改过"):
            merge_design(**given, revision=found.revision, seen=seen)
        with pytest.raises(Conflict, match="没有可以合并"):
            merge_design(**given, revision=made.revision, seen=offer_of_setup(setup_with_id(setup.pk)).seen)

    def test_of_drafts_with_faults_is_refused(self, hall: Hall, setup: CaseSetup) -> None:
        form = Form.objects.get(pk=setup.form_id)
        wrong = form.definition | {"parts": []}
        save_form_draft(by=person("he"), hall=hall, form_id=form.pk, definition=wrong, revision=form.revision)
        assert foreseen(setup).refusals
        with pytest.raises(Invalid):
            merge(hall, setup)

    def test_gives_the_item_a_copy_of_a_flow_that_others_use(self, hall: Hall, setup: CaseSetup) -> None:
        other_item = make_item(basic_code="420199001000")
        make_shown(hall, make_published(other_item))
        given = {"by": person("he"), "hall": hall}
        other = set_up_cases(**given, item_id=other_item.pk)
        CaseSetup.objects.filter(pk=other.pk).update(flow_id=setup.flow_id)
        shared = Flow.objects.get(pk=setup.flow_id)
        before = drafts(setup)
        applied = apply_at_window(hall, setup)
        found = foreseen(setup)
        assert "复制一份给这个事项" in found.note
        made = merge(hall, setup)
        # the other item and its flow are as they were
        after = Flow.objects.get(pk=shared.pk)
        assert (after.definition, after.newest_id, after.revision) == (
            shared.definition,
            shared.newest_id,
            shared.revision,
        )
        assert CaseSetup.objects.get(pk=other.pk).flow_id == shared.pk
        copy = setup_with_id(setup.pk).flow
        assert copy is not None
        assert copy.pk != shared.pk
        nodes = {one["name"]: one for one in copy.definition["nodes"]}
        assert (nodes["check"]["hint"], nodes["leader"]["public_label"]) == ("看看现场照片", "领导审批")
        # people go by what was published, until the merge is
        assert copy.newest
        assert shared.newest
        assert copy.newest.definition == shared.newest.definition
        # what was received before goes on
        give_all(hall, applied)
        undone = undo_merge(**given, setup_id=setup.pk, revision=made.revision)
        assert drafts(setup) == before
        assert setup_with_id(setup.pk).flow_id == copy.pk
        # it shares no more: merged once more, it makes no second copy
        many = Flow.objects.count()
        assert foreseen(setup).note == ""
        made = merge(hall, setup)
        assert Flow.objects.count() == many
        publish_merge(**given, setup_id=setup.pk, revision=made.revision)
        assert Flow.objects.get(pk=copy.pk).newest.definition == copy.definition  # type: ignore[union-attr]
        assert undone.pk == setup.pk

    def test_leaves_a_flow_alone_that_the_hall_drew(self, hall: Hall, setup: CaseSetup) -> None:
        Flow.objects.filter(pk=setup.flow_id).update(origin_digest=None)
        found = foreseen(setup)
        assert found.flow is None
        assert "是本厅自己做的，不是省里带来的，合并不动它" in found.note
        before = Flow.objects.get(pk=setup.flow_id).definition
        path = f"/desk/cases/setups/{setup.pk}/"
        assert "不会自动跟着换" in client_of("he", NORTH).get(path).text
        for page in (client_of("he", NORTH).get(f"{path}{part}/").text for part in ("shared", "merge")):
            assert "是本厅自己做的，不是省里带来的，省里的新流程合并不进去" in page
            assert "流程：" in page.partition("上次采用的那一版比，改了")[2]
            assert (f'href="/desk/flows/{setup.flow_id}/"' in page, f'href="{path}merge/"' in page) == (True, True)
        merge(hall, setup)
        assert Flow.objects.get(pk=setup.flow_id).definition == before
        # what is merged already says nothing of it any more
        assert "不会自动跟着换" not in client_of("he", NORTH).get(path).text

    def test_leaves_a_flow_alone_that_reads_another_form(self, hall: Hall, setup: CaseSetup) -> None:
        other = make_published_form(hall)
        Flow.objects.filter(pk=setup.flow_id).update(form_id=other.pk)
        before = Flow.objects.get(pk=setup.flow_id).definition
        assert "用的是另一张表单“请假申请”" in foreseen(setup).note
        merge(hall, setup)
        assert Flow.objects.get(pk=setup.flow_id).definition == before

    def test_is_left_behind_by_taking(self, hall: Hall, setup: CaseSetup) -> None:
        merge(hall, setup)
        take(hall, setup)
        assert setup_with_id(setup.pk).before_merge is None

    def test_is_for_who_sets_up_cases_of_this_hall(self, hall: Hall, setup: CaseSetup, south: Hall) -> None:
        for who in ("cao", "sun", "zhao"):
            with pytest.raises(NotAllowed):
                merge(hall, setup, by=who)
        make_person("nan", "南管", Role.HALL_ADMINISTRATOR, south)
        with inside(south), pytest.raises(NotFound):
            undo_merge(by=person("nan"), hall=south, setup_id=setup.pk, revision=0)


class TestPages:
    def test_shows_before_it_is_done_and_takes_it_back(self, hall: Hall, setup: CaseSetup) -> None:
        he, path = client_of("he", NORTH), f"/desk/cases/setups/{setup.pk}/"
        assert "合并：留下本厅的改动" in he.get(path).text
        page = he.get(f"{path}merge/")
        for said in ("两边都改过的（1 处）", "用本厅的：面积（平方米）", "用省里的：经营面积", "新增“业态”"):
            assert said in page.text, said
        found = setup_with_id(setup.pk)
        posted = {"revision": str(found.revision), "seen": offer_of_setup(found).seen, f"choice.{AREA}": "theirs"}
        looked = he.post(f"{path}merge/", posted | {"act": "look"}).text
        assert "由“面积（平方米）”改为“经营面积”" in looked
        assert setup_with_id(setup.pk).revision == found.revision
        assert "请选择合并" in he.post(f"{path}merge/", posted | {"act": "x"}, follow=True).text
        assert "撤销合并" in he.post(f"{path}merge/", posted | {"act": "merge"}, follow=True).text
        assert "经营面积" in labels(setup)
        assert "没有可以合并的" in he.get(f"{path}merge/").text
        again = {"act": "undo", "revision": str(found.revision + 1)}
        assert "回到合并以前" in he.post(f"{path}merge/", again, follow=True).text
        assert "面积（平方米）" in labels(setup)
        assert client_of("cao", NORTH).get(f"{path}merge/").status_code == 403


class TestInterface:
    def test_does_what_the_pages_do(self, hall: Hall, setup: CaseSetup) -> None:
        key = issue_token(by=person("he"), account=account("he"), name="tests", scopes=list(PERMISSIONS))
        he = Client(headers={"host": NORTH, "authorization": f"Bearer {key}"})
        path = f"/api/hall/v1/casework/setups/{setup.pk}/shared-design/merge"
        shown = he.get(path).json()
        [clash] = shown["clashes"]
        assert (clash["key"], clash["chosen"], clash["is_fixed"], shown["refusals"]) == (AREA, "ours", False, [])
        assert he.get(f"{path}?theirs={AREA}").json()["clashes"][0]["chosen"] == "theirs"
        body = {"revision": shown["setup_revision"], "seen": shown["seen"], "choices": {AREA: "theirs"}}
        once = {"HTTP_IDEMPOTENCY_KEY": "m1"}
        first, again = (he.post(path, body, content_type="application/json", **once).json() for _ in range(2))
        assert first == again
        assert "经营面积" in labels(setup)
        told = {"revision": first["revision"]}
        undone = he.post(f"{path}/undo", told, content_type="application/json")
        assert undone.status_code == 200
        assert "面积（平方米）" in labels(setup)
        told = {"revision": undone.json()["revision"]}
        assert he.post(f"{path}/publish", told, content_type="application/json").status_code == 409
        assert he.post(path, body, content_type="application/json").status_code == 409
