"""Another flow chosen by hand in 办件设置: what was received and not accepted goes on, whatever form it came on."""

from collections.abc import Iterator

import pytest
from django.test import Client

from foundation.errors import Conflict
from province.cases.states import CaseState
from province.halls.models import Hall
from province.rights.permissions import PERMISSIONS
from province.sign_in.operations.tokens import issue_token
from tenants.casework.models import Case, CaseSetup
from tenants.casework.operations.acceptance import accept_case, deem_accepted
from tenants.casework.operations.setups import SetupWish, change_setup, close_setup
from tenants.casework.queries.flow_changes import foresee_flow_change
from tenants.casework.queries.setups import setup_with_id
from tenants.services.models import Adoption
from tenants.workflow.models import Flow, Form
from tenants.workflow.operations.designs import retire_design
from tenants.workflow.operations.forms import publish_form, save_form_draft
from tests.conftest import person
from tests.factories.adoptions import make_shown
from tests.factories.casework import accepted, apply_at_window, give_all, make_setup
from tests.factories.catalogue import make_item, make_published
from tests.factories.people import account, client_of
from tests.factories.runs import HANDLERS, free_step, open_steps, publish_flow, row_of
from tests.factories.sites import inside

pytestmark = pytest.mark.django_db
NORTH = "north.yizhan.localhost"
ALONE: list[str] = []


@pytest.fixture(scope="module", autouse=True)
def _shown(file_rows: None) -> None:
    make_shown(Hall.objects.get(slug="north"), make_published(make_item()))


@pytest.fixture
def hall(north: Hall) -> Iterator[Hall]:
    with inside(north):
        yield north


@pytest.fixture
def setup(hall: Hall) -> CaseSetup:
    """Open at the window, and examined by the department itself."""
    return make_setup(hall, Adoption.objects.get(), is_online=False)


def flow_for(hall: Hall, setup: CaseSetup, code: str) -> Flow:
    """Of one step, published with the newest version of the setup's form."""
    return row_of(hall, free_step(code, HANDLERS), form=Form.objects.get(pk=setup.form_id), code=code)


def choose(hall: Hall, setup: CaseSetup, flow: Flow | None) -> CaseSetup:
    found = setup_with_id(setup.pk)
    wish = SetupWish(
        flow_id=flow.pk if flow else None,
        unit_id=found.unit_id,
        review_body=found.review_body,
        court=found.court,
        is_online=found.is_online,
    )
    return change_setup(by=person("he"), hall=hall, setup_id=found.pk, revision=found.revision, wish=wish)


def ask_more(hall: Hall, setup: CaseSetup, title: str) -> None:
    """The form's next version."""
    form = Form.objects.get(pk=setup.form_id)
    given = {"by": person("he"), "hall": hall, "form_id": form.pk}
    form = save_form_draft(**given, definition=form.definition | {"title": title}, revision=form.revision)
    publish_form(**given, revision=form.revision)


def received(hall: Hall, setup: CaseSetup) -> Case:
    return give_all(hall, apply_at_window(hall, setup))


def steps(hall: Hall, case: Case) -> list[str]:
    """Where it stands once it was accepted."""
    accept_case(by=person("cao"), hall=hall, case_id=case.pk)
    case.refresh_from_db()
    assert case.state == CaseState.ACCEPTED
    return open_steps(case.run) if case.run else ALONE


class TestReceivedCases:
    def test_go_by_the_flow_that_reads_their_form(self, hall: Hall, setup: CaseSetup) -> None:
        choose(hall, setup, flow_for(hall, setup, "first"))
        old, deemed, begun = received(hall, setup), received(hall, setup), accepted(hall, setup)
        ask_more(hall, setup, "第二版申请表")
        choose(hall, setup, flow_for(hall, setup, "second"))
        new = received(hall, setup)
        deem_accepted(hall=hall, case_id=deemed.pk)
        deemed.refresh_from_db()
        begun.refresh_from_db()
        assert deemed.run is not None
        assert begun.run is not None
        assert [open_steps(deemed.run), open_steps(begun.run)] == [["first"], ["first"]]
        assert [steps(hall, old), steps(hall, new)] == [["first"], ["second"]]

    def test_go_by_the_new_flow_where_it_reads_theirs(self, hall: Hall, setup: CaseSetup) -> None:
        choose(hall, setup, flow_for(hall, setup, "first"))
        case = received(hall, setup)
        choose(hall, setup, flow_for(hall, setup, "second"))
        assert steps(hall, case) == ["second"]

    def test_go_by_a_former_flow_that_nobody_can_start_any_more(self, hall: Hall, setup: CaseSetup) -> None:
        first = flow_for(hall, setup, "first")
        choose(hall, setup, first)
        case = received(hall, setup)
        ask_more(hall, setup, "第二版申请表")
        choose(hall, setup, flow_for(hall, setup, "second"))
        retire_design(by=person("he"), hall=hall, kind=Flow, design_id=first.pk)
        assert steps(hall, case) == ["first"]

    def test_are_examined_by_their_department_where_there_was_no_flow(self, hall: Hall, setup: CaseSetup) -> None:
        case = received(hall, setup)
        ask_more(hall, setup, "第二版申请表")
        choose(hall, setup, flow_for(hall, setup, "second"))
        assert steps(hall, case) == ALONE
        assert steps(hall, received(hall, setup)) == ["second"]

    def test_go_by_another_form_s_flow_of_a_setup_that_takes_no_more(self, hall: Hall, setup: CaseSetup) -> None:
        choose(hall, setup, flow_for(hall, setup, "first"))
        case = received(hall, setup)
        found = setup_with_id(setup.pk)
        close_setup(by=person("he"), hall=hall, setup_id=found.pk, revision=found.revision)
        ask_more(hall, setup, "第二版申请表")
        choose(hall, setup, flow_for(hall, setup, "second"))
        assert steps(hall, case) == ["first"]

    def test_of_which_no_flow_reads_the_form_are_examined_by_their_department(
        self, hall: Hall, setup: CaseSetup
    ) -> None:
        flow = flow_for(hall, setup, "first")
        choose(hall, setup, flow)
        ask_more(hall, setup, "第二版申请表")
        case = received(hall, setup)
        # as long as publishing the flow anew helps, nobody decides without it
        with pytest.raises(Conflict, match="重新发布流程"):
            accept_case(by=person("cao"), hall=hall, case_id=case.pk)
        ask_more(hall, setup, "第三版申请表")
        publish_flow(hall, flow.definition, form=Form.objects.get(pk=setup.form_id), code="first")
        assert steps(hall, case) == ALONE
        assert "由承办部门自己审查" in case.acts.get(act="without_flow").note

    def test_that_come_later_never_go_without_the_flow(self, hall: Hall, setup: CaseSetup) -> None:
        choose(hall, setup, flow_for(hall, setup, "first"))
        ask_more(hall, setup, "第二版申请表")
        with pytest.raises(Conflict, match="重新发布流程"):
            steps(hall, received(hall, setup))

    def test_follow_each_of_several_changes(self, hall: Hall, setup: CaseSetup) -> None:
        first = flow_for(hall, setup, "first")
        choose(hall, setup, first)
        case = received(hall, setup)
        ask_more(hall, setup, "第二版申请表")
        second = flow_for(hall, setup, "second")
        for flow in (second, first, second):
            choose(hall, setup, flow) if flow is not first else _force(hall, setup, flow)
        assert steps(hall, case) == ["first"]


def _force(hall: Hall, setup: CaseSetup, flow: Flow) -> None:
    """Choose a flow that reads an older form, as a setup can that takes no more."""
    CaseSetup.objects.filter(pk=setup.pk).update(state="closed")
    choose(hall, setup, flow)
    CaseSetup.objects.filter(pk=setup.pk).update(state="open")


class TestForeseen:
    def test_says_what_becomes_of_each(self, hall: Hall, setup: CaseSetup) -> None:
        first = flow_for(hall, setup, "first")
        choose(hall, setup, first)
        received(hall, setup)
        accepted(hall, setup)
        ask_more(hall, setup, "第二版申请表")
        second = flow_for(hall, setup, "second")
        received(hall, setup)
        found = foresee_flow_change(setup_with_id(setup.pk), second.pk)
        assert [(one.kind, one.count) for one in found.received] == [("new", 1), ("former", 1)]
        assert found.running == 1
        assert not foresee_flow_change(setup_with_id(setup.pk), first.pk).is_needed
        alone = foresee_flow_change(setup_with_id(setup.pk), None)
        assert [(one.kind, one.count) for one in alone.received] == [("alone", 2)]

    def test_is_asked_about_on_the_page_before_it_is_saved(self, hall: Hall, setup: CaseSetup) -> None:
        choose(hall, setup, flow_for(hall, setup, "first"))
        case = received(hall, setup)
        ask_more(hall, setup, "第二版申请表")
        second = flow_for(hall, setup, "second")
        he, path = client_of("he", NORTH), f"/desk/cases/setups/{setup.pk}/"
        posted = {
            "act": "change",
            "flow_id": str(second.pk),
            "unit_id": str(setup.unit_id or ""),
            "review_body": setup.review_body,
            "court": setup.court,
            "retention_years": "10",
            "revision": str(setup_with_id(setup.pk).revision),
        }
        asked = he.post(path, posted)
        assert asked.status_code == 422
        for said in ("换流程以前请看一看", "仍按原来的流程", case.number):
            assert said in asked.text, said
        before = setup_with_id(setup.pk)
        assert before.flow_id != second.pk
        seen = foresee_flow_change(before, second.pk).seen
        assert "请看一看" in he.post(path, posted | {"seen": "x"}).text
        assert "已保存" in he.post(path, posted | {"seen": seen}, follow=True).text
        assert setup_with_id(setup.pk).flow_id == second.pk
        # what touches nothing is saved at once
        posted |= {"revision": str(setup_with_id(setup.pk).revision), "retention_years": "11"}
        assert "已保存" in he.post(path, posted, follow=True).text

    def test_is_given_by_the_interface(self, hall: Hall, setup: CaseSetup) -> None:
        case = received(hall, setup)
        ask_more(hall, setup, "第二版申请表")
        second = flow_for(hall, setup, "second")
        key = issue_token(by=person("he"), account=account("he"), name="tests", scopes=list(PERMISSIONS))
        he = Client(headers={"host": NORTH, "authorization": f"Bearer {key}"})
        path = f"/api/hall/v1/casework/setups/{setup.pk}/flow-change"
        found = he.get(f"{path}?flow_id={second.pk}").json()
        assert found["running"] == 0
        assert [(one["kind"], one["numbers"]) for one in found["received"]] == [("alone", [case.number])]
        assert he.get(f"{path}?flow_id={setup.pk}").status_code == 422
        assert client_of("cao", NORTH).get(path).status_code == 403
