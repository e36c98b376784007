"""The base list in the catalogue: quickly, resumably, and once."""

from dataclasses import replace

import pytest
from django.utils import timezone

from foundation.errors import NotAllowed
from foundation.events.models import EventDelivery
from foundation.events.operations import drain_events, handle_next_delivery
from province.audit.models import AuditEntry
from province.catalogue.base_list.reading import read_base_list
from province.catalogue.events import DEPARTMENT_LOADS
from province.catalogue.models import Department, Item, ItemChange, ItemVersion, Material
from province.catalogue.operations import base_list, load_base_list, load_department, start_base_list
from province.catalogue.queries.base_list_loads import base_list_load
from province.catalogue.queries.validity import items_valid_at
from province.rights.queries import system_actor
from tests.conftest import person
from tests.factories.catalogue import change_draft, make_published
from tests.factories.people import account

pytestmark = pytest.mark.django_db

LISTED = len(read_base_list())
DEPARTMENTS = len({one.department for one in read_base_list()})


class TestBaseList:
    def test_is_drafts_and_nothing_that_halls_could_show(self) -> None:
        loads = load_base_list(by=person("zhao"))
        assert sum(one.added for one in loads) == Item.objects.count() == LISTED
        assert sum(one.published for one in loads) == 0
        assert Department.objects.count() == len(loads)
        assert not ItemVersion.objects.exists()
        assert not ItemChange.objects.exists()
        assert AuditEntry.objects.filter(act="catalogue.load_item").count() == LISTED

    def test_puts_in_force_what_is_complete_and_nothing_else(self) -> None:
        loads = load_base_list(by=person("zhao"), publishes=True)
        complete = {one.values["basic_code"] for one in read_base_list() if one.is_complete}
        assert 0 < sum(one.published for one in loads) == len(complete)
        shown = items_valid_at(timezone.now())
        assert set(shown.values_list("item__basic_code", flat=True)) == complete
        assert not ItemVersion.objects.filter(is_complete=False).exists()
        notes = ItemVersion.objects.values_list("sample_note", flat=True)
        assert {note[:16] for note in notes} == {"样例，须经省级主管部门核对后使用"}
        assert Material.objects.filter(name="居民身份证").count() <= 1
        assert AuditEntry.objects.filter(act="catalogue.load_item").count() == LISTED
        positions = list(ItemChange.objects.order_by("position").values_list("position", flat=True))
        assert positions == list(range(1, len(complete) + 1))

    def test_leaves_a_draft_what_lacks_something(self) -> None:
        whole, other = [one for one in read_base_list() if one.department == "民政局"][:2]
        lacking = replace(other, values={name: value for name, value in other.values.items() if name != "conditions"})
        (load,) = load_base_list(by=person("zhao"), items=[whole, lacking], publishes=True)
        assert (load.added, load.published) == (2, 1)
        assert ItemVersion.objects.get().item.basic_code == whole.values["basic_code"]

    def test_loaded_twice_is_as_once_and_keeps_what_somebody_wrote(self) -> None:
        items = [one for one in read_base_list() if one.department == "民政局"]
        load_base_list(by=person("zhao"), items=items)
        item = Item.objects.filter(name__contains="最低生活保障").first()
        assert item
        change_draft(item, conditions="本省户籍。")
        (again,) = load_base_list(by=person("zhao"), items=items)
        assert (again.added, again.known) == (0, len(items))
        item.refresh_from_db()
        assert item.values["conditions"] == "本省户籍。"

    def test_goes_on_where_it_was_killed(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """It dies in the middle of the third department: that one is not there at all, the two before it are whole."""
        departments = sorted({one.department for one in read_base_list()})
        record, calls = base_list.record_changes, []

        def die_at_last(changes: list[ItemChange]) -> None:
            calls.append(len(changes))
            if len(calls) == 3:
                raise RuntimeError
            record(changes)

        with monkeypatch.context() as broken:
            broken.setattr(base_list, "record_changes", die_at_last)
            with pytest.raises(RuntimeError):
                load_base_list(by=person("zhao"), publishes=True)
        assert set(Item.objects.values_list("department__name", flat=True)) == set(departments[:2])
        assert ItemVersion.objects.count() == sum(calls[:2])
        loads = load_base_list(by=person("zhao"), publishes=True)
        assert all(one.known and not one.added for one in loads[:2])
        assert all(one.added and not one.known for one in loads[2:])
        assert Item.objects.count() == LISTED
        assert ItemVersion.objects.count() == ItemChange.objects.count()

    def test_loses_its_mark_when_somebody_has_checked_it(self) -> None:
        items = [one for one in read_base_list() if one.is_complete][:1]
        load_base_list(by=person("zhao"), items=items, publishes=True)
        version = make_published(Item.objects.get())
        assert (version.number, version.sample_note) == (2, "")

    def test_needs_the_permissions(self) -> None:
        with pytest.raises(NotAllowed):
            load_base_list(by=person("sun"))


class TestLoadInTheBackground:
    def test_is_begun_once_and_leaves_an_entry(self) -> None:
        first = start_base_list(by=person("zhao"))
        assert start_base_list(by=person("qian")) == first
        load = base_list_load()
        assert load
        assert (load.total, load.done, load.failed, load.is_finished) == (DEPARTMENTS, 0, (), False)
        assert AuditEntry.objects.filter(act="catalogue.start_base_list").count() == 1
        assert not Item.objects.exists()

    def test_goes_on_after_it_was_interrupted(self) -> None:
        start_base_list(by=person("zhao"))
        for _ in range(3):
            handle_next_delivery()
        load = base_list_load()
        assert load
        assert (load.done, Department.objects.count()) == (3, 3)
        drain_events()
        load = base_list_load()
        assert load
        assert (load.is_finished, load.done, Item.objects.count()) == (True, DEPARTMENTS, LISTED)
        assert AuditEntry.objects.filter(act="catalogue.load_item", actor_name="赵敏").count() == LISTED

    def test_ends_where_the_one_who_began_it_may_no_longer(self) -> None:
        start_base_list(by=person("zhao"))
        account("zhao").positions.all().delete()
        drain_events()
        assert not Item.objects.exists()
        delivery = EventDelivery.objects.filter(event__kind=DEPARTMENT_LOADS.name).first()
        assert delivery
        assert "PermissionMissing" in delivery.last_error

    def test_is_begun_by_the_machinery_too(self) -> None:
        start_base_list(by=system_actor())
        handle_next_delivery()
        assert Item.objects.exists()

    def test_needs_the_permissions(self) -> None:
        with pytest.raises(NotAllowed):
            start_base_list(by=person("sun"))
        with pytest.raises(NotAllowed):
            load_department(by=person("sun"), name="民政局")
