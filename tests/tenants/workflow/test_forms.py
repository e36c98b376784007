"""A hall's forms: drafted, published, retired."""

from collections.abc import Iterator
from copy import deepcopy

import pytest
from django.db import IntegrityError, transaction

from foundation import schemas
from foundation.errors import Conflict, Invalid, NotAllowed, NotFound
from province.audit.models import AuditEntry
from province.halls.models import Hall
from tenants.workflow.models import Form, FormVersion
from tenants.workflow.operations.designs import lock_design, restore_design, retire_design, unlock_design
from tenants.workflow.operations.forms import create_form, open_form, publish_form, save_form_draft
from tenants.workflow.queries.designs import versions_of
from tenants.workflow.queries.forms import definition_of, fillable_forms, form_with_id, newest_version
from tenants.workflow.states import DesignState
from tests.conftest import person
from tests.factories.forms import LEAVE, make_form, make_published_form

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_north(north: Hall) -> Iterator[None]:
    with schemas.enter(north.schema_name):
        yield


class TestCreateForm:
    def test_refuses_bad_codes_titles_and_those_who_may_not(self, north: Hall) -> None:
        for code in ("", "L", "Leave", "1a", "a__b", "请假", "x" * 42):
            with pytest.raises(Invalid):
                create_form(by=person("sun"), hall=north, code=code, title="请假")
        for title in ("", "  ", "长" * 101):
            with pytest.raises(Invalid):
                create_form(by=person("sun"), hall=north, code="leave", title=title)
        for stranger in ("cao", "hua", "zhou", "wu", "xu"):
            with pytest.raises(NotAllowed):
                create_form(by=person(stranger), hall=north, code="leave", title="请假")
        make_form(north)
        with pytest.raises(Conflict, match="已经有一张表单的代码是“leave”"):
            make_form(north)
        assert Form.objects.count() == 1


class TestSaveFormDraft:
    def test_takes_what_is_still_wrong_but_nothing_too_large_or_unkeepable(self, north: Hall) -> None:
        form = make_form(north)
        saved = save_form_draft(
            by=person("sun"), hall=north, form_id=form.pk, definition={"title": "新名", "parts": 3}, revision=0
        )
        assert (saved.revision, saved.title, saved.definition["parts"]) == (1, "新名", 3)
        for bad in ({"a": "长" * 400_000}, {"a": "\x00"}, {"a": "\ud800"}, {"a": float("nan")}):
            with pytest.raises(Invalid):
                save_form_draft(by=person("sun"), hall=north, form_id=form.pk, definition=bad, revision=1)

    def test_refuses_who_read_an_older_draft_or_meets_a_lock(self, north: Hall) -> None:
        form = make_form(north)
        save_form_draft(by=person("sun"), hall=north, form_id=form.pk, definition={"parts": []}, revision=0)
        with pytest.raises(Conflict, match="正在编辑这张表单"):
            save_form_draft(by=person("li"), hall=north, form_id=form.pk, definition={}, revision=1)
        with pytest.raises(Conflict):
            lock_design(by=person("li"), hall=north, kind=Form, design_id=form.pk)
        unlock_design(by=person("li"), hall=north, kind=Form, design_id=form.pk, is_forced=True)
        with pytest.raises(Conflict, match="较新的内容"):
            save_form_draft(by=person("li"), hall=north, form_id=form.pk, definition={}, revision=0)
        assert "workflow.break_form_lock" in AuditEntry.objects.values_list("act", flat=True)


class TestPublishForm:
    def test_lets_people_fill_in_what_was_published_and_no_draft(self, north: Hall) -> None:
        form = make_published_form(north)
        assert [one.pk for one in fillable_forms(is_citizen=False)] == [form.pk]
        assert not fillable_forms(is_citizen=True)
        with pytest.raises(Conflict, match="相同"):
            publish_form(by=person("sun"), hall=north, form_id=form.pk, revision=form.revision)
        changed = deepcopy(LEAVE) | {"title": "请假单"}
        save_form_draft(by=person("sun"), hall=north, form_id=form.pk, definition=changed, revision=0)
        assert definition_of(newest_version(form.pk)).title == "请假申请"
        with pytest.raises(Conflict, match="较新的内容"):
            publish_form(by=person("sun"), hall=north, form_id=form.pk, revision=0)
        publish_form(by=person("sun"), hall=north, form_id=form.pk, revision=1)
        assert definition_of(newest_version(form.pk)).title == "请假单"
        assert [one.number for one in versions_of(form_with_id(form.pk))] == [2, 1]

    def test_names_every_fault_by_its_place(self, north: Hall) -> None:
        wrong = deepcopy(LEAVE)
        wrong["parts"][0]["fields"][0]["type"] = "colour"
        wrong["parts"][1]["fields"][1]["visible_when"] = "nothing == 1"
        form = make_form(north, wrong)
        with pytest.raises(Invalid) as refusal:
            publish_form(by=person("sun"), hall=north, form_id=form.pk, revision=0)
        assert refusal.value.faults[0].where.startswith("parts.0.fields.0")
        assert form_with_id(form.pk).state == DesignState.DRAFT

    def test_leaves_versions_that_nobody_can_change(self, north: Hall) -> None:
        form = make_published_form(north)
        for changed in ({"definition": {}}, {"number": 7}):
            with pytest.raises(IntegrityError), transaction.atomic():
                FormVersion.objects.filter(form=form).update(**changed)


class TestRetireForm:
    def test_ends_it_for_all_until_it_is_restored(self, north: Hall, south: Hall) -> None:
        form = make_published_form(north, is_open=True)
        retire_design(by=person("he"), hall=north, kind=Form, design_id=form.pk)
        assert not fillable_forms(is_citizen=True)
        with pytest.raises(Conflict):
            retire_design(by=person("sun"), hall=north, kind=Form, design_id=form.pk)
        restore_design(by=person("sun"), hall=north, kind=Form, design_id=form.pk)
        with pytest.raises(Conflict, match="无需恢复"):
            restore_design(by=person("sun"), hall=north, kind=Form, design_id=form.pk)
        assert [one.pk for one in fillable_forms(is_citizen=True)] == [form.pk]
        open_form(by=person("sun"), hall=north, form_id=form.pk, is_open=False)
        assert not fillable_forms(is_citizen=True)
        with schemas.enter(south.schema_name):
            with pytest.raises(NotFound):
                form_with_id(form.pk)
            with pytest.raises(NotFound):
                retire_design(by=person("zhou"), hall=south, kind=Form, design_id=form.pk)
