"""Offices of the review and departments, as a province arranges them."""

import pytest

from foundation.errors import Conflict, Invalid, NotAllowed
from province.audit.models import AuditEntry
from province.catalogue.models import Department, Office
from province.catalogue.operations.departments import (
    arrange_department,
    assign_department,
    create_department,
    rename_department,
)
from province.catalogue.operations.offices import add_office, arrange_office, retire_office
from province.catalogue.queries.departments import item_counts
from province.catalogue.queries.reviews import (
    elements_without_office,
    offices,
    offices_retired,
    versions_under_review,
)
from province.halls.models import Hall
from tests.conftest import person
from tests.factories.catalogue import DEPARTMENT, change_draft, make_department, make_item, make_published, submit
from tests.factories.people import make_unit

pytestmark = pytest.mark.django_db


def office(code: str) -> Office:
    return Office.objects.get(code=code)


class TestDepartment:
    def test_is_created_once_with_its_unit(self) -> None:
        unit = make_unit("食品处")
        made = create_department(by=person("zhao"), name=" 水务局 ", unit_id=unit.pk)
        assert (made.name, made.unit_id) == ("水务局", unit.pk)
        assert AuditEntry.objects.filter(act="catalogue.create_department", object_id=made.pk).count() == 1
        with pytest.raises(Conflict, match="已有“水务局”"):
            create_department(by=person("zhao"), name="水务局")
        for name in ("", " ", "长" * 101):
            with pytest.raises(Invalid, match="1 到 100 个字"):
                create_department(by=person("zhao"), name=name)

    def test_belongs_to_no_halls_unit(self, north: Hall) -> None:
        unit = make_unit("综合窗口", hall=north)
        with pytest.raises(Invalid, match="不属于省级"):
            create_department(by=person("zhao"), name="水务局", unit_id=unit.pk)
        with pytest.raises(Invalid, match="不属于省级"):
            assign_department(by=person("zhao"), department=make_department(), unit_id=unit.pk)

    def test_renamed_is_renamed_in_the_drafts_and_not_in_what_was_reviewed(self) -> None:
        item = make_published().item
        other = make_item(1, department=make_department("民政局"))
        item.refresh_from_db()
        read = item.revision
        renamed = rename_department(by=person("zhao"), department=item.department, name="市场监管局")
        item.refresh_from_db()
        other.refresh_from_db()
        assert (item.values["department"], item.revision) == ("市场监管局", read + 1)
        assert other.values["department"] == "民政局"
        assert item.versions.get().values["department"] == DEPARTMENT
        assert item.department == renamed
        entry = AuditEntry.objects.get(act="catalogue.rename_department")
        assert entry.changes["name"] == [DEPARTMENT, "市场监管局"]
        # and its draft can be written and submitted as before
        assert submit(change_draft(item, promised_days=5)).values["department"] == "市场监管局"

    def test_keeps_its_name_where_that_is_another_ones(self) -> None:
        department = make_department()
        make_department("民政局")
        with pytest.raises(Conflict, match="已有“民政局”"):
            rename_department(by=person("zhao"), department=department, name="民政局")
        assert rename_department(by=person("zhao"), department=department, name=DEPARTMENT).name == DEPARTMENT
        assert not AuditEntry.objects.filter(act="catalogue.rename_department").exists()

    def test_is_assigned_and_freed(self) -> None:
        department, unit = make_department(), make_unit("食品处")
        for unit_id in (unit.pk, unit.pk, None):
            assert assign_department(by=person("zhao"), department=department, unit_id=unit_id).unit_id == unit_id
        assert AuditEntry.objects.filter(act="catalogue.assign_department").count() == 2

    def test_is_made_or_assigned_by_its_name_alone(self) -> None:
        unit = make_unit("食品处")
        made = arrange_department(by=person("zhao"), name="水务局")
        assert arrange_department(by=person("zhao"), name=" 水务局", unit_id=unit.pk).pk == made.pk
        assert Department.objects.get().unit_id == unit.pk

    def test_is_arranged_by_who_publishes_alone(self) -> None:
        department, by = make_department(), person("sun")
        with pytest.raises(NotAllowed):
            create_department(by=by, name="水务局")
        with pytest.raises(NotAllowed):
            rename_department(by=by, department=department, name="水务局")
        with pytest.raises(NotAllowed):
            assign_department(by=by, department=department, unit_id=None)
        with pytest.raises(NotAllowed):
            arrange_department(by=by, name="水务局")

    def test_counts_the_items_in_sight(self) -> None:
        item = make_published().item
        make_item(1)
        assert item_counts(person("zhao"))[item.department_id] == 2
        assert item_counts(person("sun"))[item.department_id] == 1


class TestOffice:
    def test_gets_a_code_of_its_own(self) -> None:
        first = add_office(by=person("zhao"), name="财政", sections=["fees"])
        second = add_office(by=person("zhao"), name="财政", step=2)
        third = add_office(by=person("zhao"), name="。。。")
        assert [one.code for one in (first, second, third)] == ["caizheng", "caizheng-2", "office"]
        with pytest.raises(NotAllowed):
            add_office(by=person("sun"), name="财政")

    @pytest.mark.parametrize("step", [0, 100])
    def test_has_a_step(self, step: int) -> None:
        with pytest.raises(Invalid, match="步骤应为 1 到 99"):
            add_office(by=person("zhao"), name="财政", step=step)

    def test_leaves_elements_to_nobody_when_it_retires(self) -> None:
        assert elements_without_office() == []
        retire_office(by=person("zhao"), office=office("legal"))
        orphans = {element.name for element in elements_without_office()}
        assert {"conditions", "excluded_laws"} <= orphans
        assert list(offices_retired()) == [office("legal")]
        arrange_office(by=person("zhao"), code="legal", name="法制", sections=office("legal").sections)
        # which no section holds
        left = {element.name for element in elements_without_office()}
        assert left == {"excluded_laws", "has_local_materials"}
        assert office("legal") in offices()

    def test_knows_how_much_is_under_review(self) -> None:
        submit(make_item())
        make_published(make_item(1))
        assert versions_under_review(office("legal")) == 1
        assert versions_under_review(add_office(by=person("zhao"), name="财政")) == 0
