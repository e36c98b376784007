"""Elements that the province adds: everywhere at once like those of the standard, previewed before they ask anything of
anybody, and never changed in what was submitted before."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from foundation.errors import Conflict, Invalid, NotAllowed
from province.catalogue.base_list.reading import BASE_LIST, _read
from province.catalogue.forms import ItemForm
from province.catalogue.models import ExtraElement, ItemVersion, Office
from province.catalogue.operations.extra_elements import define_element, end_element, revise_element, turn_element
from province.catalogue.queries.checks import check_item
from province.catalogue.queries.differences import difference
from province.catalogue.queries.element_drafts import ElementWords
from province.catalogue.queries.extra_elements import as_defined_at, extra_elements
from province.catalogue.queries.guide import guide_of
from province.catalogue.queries.reviews import elements_without_office
from province.halls.models import Hall
from standards.items import BY_NAME, ELEMENTS
from standards.items.exchange import (
    ExchangeItem,
    offered_schema,
    read_json,
    read_national_json,
    read_national_xml,
    read_workbook,
    write_json,
    write_national_json,
    write_national_xml,
)
from standards.items.live import additions
from tests.browser_post import post_of
from tests.conftest import person
from tests.factories.adoptions import make_shown
from tests.factories.catalogue import change_draft, make_item, make_published
from tests.factories.items import values_of, whole_hall_guide, whole_item
from tests.factories.people import client_of, program_of
from tests.factories.sites import make_columns
from tests.standards.books import forms_of, tables_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> Office:
    return Office.objects.filter(retired_at=None).order_by("step", "code")[0]


def today(days: int = 0) -> date:
    return timezone.localdate() + timedelta(days)


def words(label: str = "经办人专线", **more: Any) -> ElementWords:
    return ElementWords(**{"label": label, "item_types": ["01"], "section": "place", "starts_on": today()} | more)


def define(label: str = "经办人专线", kind: str = "line", filler: str = "province", **more: Any) -> ExtraElement:
    code = Office.objects.filter(retired_at=None).order_by("step", "code")[0].code
    own = {name: more.pop(name) for name in ("name", "accepts") if name in more}
    return define_element(
        by=person("zhao"), words=words(label, **more), kind=kind, filler=filler, office_code=code, **own
    )


def define_all() -> list[ExtraElement]:
    """One of each type, by turns the province's and the hall's."""
    kinds = {
        "line": {}, "text": {}, "number": {"unit": "次"}, "day": {}, "flag": {}, "link": {},
        "choice": {"options": ["线上评价", "线下（纸质）评价"]}, "choices": {"options": ["3 日内", "7 日内", "每年"]},
    }  # fmt: skip
    return [
        define(f"扩展{number}号{kind}", kind, filler, **more)
        for number, (kind, more) in enumerate(kinds.items())
        for filler in ["province" if number % 2 else "hall"]
    ]


class TestAnElementOfEachType:
    @settings(
        max_examples=6,
        deadline=None,
        phases=(Phase.generate,),
        suppress_health_check=[HealthCheck.function_scoped_fixture],
    )
    @given(data=st.data())
    def test_comes_back_from_forms_and_all_files_as_it_went(self, data: st.DataObject) -> None:
        if not ExtraElement.objects.exists():
            define_all()
        added = additions().asked
        assert len(added) == 8
        drawn = {one.name: data.draw(values_of(one).map(_told), label=one.name) for one in added}
        province, hall = (
            {one.name: drawn[one.name] for one in added if one.by == filler and drawn[one.name] not in ("", [], None)}
            for filler in ("province", "hall")
        )
        values, own = whole_item() | province, whole_hall_guide() | hall
        assert not check_item(family="power", item_type="01", values=values, hall_values=own).lacking
        for part, given_values in (("province", {"values": values}), ("hall", {"values": values, "hall_values": own})):
            drawn_form = ItemForm(family="power", item_type="01", part=part, **given_values)  # type: ignore[arg-type]
            html = render_to_string("catalogue/form/item.html", {"form": drawn_form})
            posted = ItemForm(family="power", item_type="01", part=part, **given_values, data=post_of(html))  # type: ignore[arg-type]
            kept = province if part == "province" else hall
            assert {name: posted.values().get(name) for name in kept} == kept
        item = ExchangeItem("01", values, own)
        for reading in (
            read_workbook(tables_of(item)),
            read_workbook(forms_of(item)),
            read_json(b"".join(write_json([item]))),
            read_national_xml(b"".join(write_national_xml([item])), known=lambda _: values),
            read_national_json(b"".join(write_national_json([item])), known=lambda _: values),
        ):
            assert reading.is_clean, reading.faults
            back = reading.items[0].item
            assert {name: back.values.get(name) for name in province} == province
            assert {name: back.hall_values.get(name) for name in hall} == hall


def _told(value: Any) -> Any:
    """As people type: no blanks around it."""
    return value.strip() if isinstance(value, str) else value


class TestDefineElement:
    def test_names_and_numbers_what_it_draws_up_itself(self) -> None:
        made = define(kind="choice", options=["甲", "乙"])
        assert (made.name, made.options) == ("x_jingbanrenzhuanxian", [["1", "甲"], ["2", "乙"]])
        revised = revise_element(by=person("zhao"), name=made.name, stamp="1", words=words(options=["丙", "乙"]))
        # 乙 keeps its code in whatever order, and 甲's is nobody else's
        assert revised.options == [["3", "丙"], ["2", "乙"]]

    @pytest.mark.parametrize(
        ("where", "more"),
        [
            ("label", {"label": "经办人专线（一楼）"}),
            ("label", {"label": "事项名称"}),
            ("label", {"label": "份数"}),
            ("name", {"name": "materials"}),
            ("name", {"name": "x_phone_code"}),
            ("item_types", {"item_types": []}),
            ("item_types", {"item_types": ["00"]}),
            ("section", {"section": "nowhere"}),
            ("options", {"kind": "choice"}),
            ("options", {"kind": "choice", "options": ["甲、乙"]}),
            ("options", {"options": ["甲"]}),
            ("unit", {"unit": "次"}),
            ("starts_on", {"starts_on": date(2020, 1, 1)}),
            ("needed_from", {"is_needed": True, "needed_from": date(2020, 1, 1)}),
            ("condition", {"is_needed": True, "condition": ("nothing", "true")}),
            ("condition", {"is_needed": True, "condition": ("has_fee", "maybe")}),
            # the hall's word is not there yet when the province's part is judged
            ("condition", {"is_needed": True, "condition": ("is_online", "true")}),
            ("condition", {"is_needed": True, "condition": ("has_fee", "true"), "item_types": ["01", "02"]}),
        ],
    )
    def test_refuses_at_its_place(self, where: str, more: dict[str, Any]) -> None:
        with pytest.raises(Invalid) as refused:
            define(**more)
        assert where in {fault.where for fault in refused.value.faults}
        assert not ExtraElement.objects.exists()

    def test_is_refused_without_the_right_and_for_a_name_that_was_used(self) -> None:
        with pytest.raises(NotAllowed):
            define_element(by=person("sun"), words=words(), kind="line", filler="hall")
        made = define()
        end_element(by=person("zhao"), name=made.name, stamp="1", ends_on=today())
        with pytest.raises(Invalid, match="已经用过"):
            define("另一条", name=made.name)

    def test_has_the_office_review_it(self, office: Office) -> None:
        made = define(section="basics")
        office.refresh_from_db()
        assert made.name in office.elements or "basics" in office.sections
        assert made.name not in {one.name for one in elements_without_office()}


class TestWhatBecomesIncomplete:
    def test_is_previewed_and_confirmed_by_its_number(self) -> None:
        published = make_published()
        make_published(make_item(1, name="另一项", has_fee=False))
        with pytest.raises(Invalid, match="2 个") as refused:
            define(is_needed=True)
        assert refused.value.faults[0].where == "accepts"
        with pytest.raises(Conflict, match="1 个不同"):
            define(is_needed=True, accepts=1)
        made = define(is_needed=True, accepts=2)
        assert additions().asked[0].needed == {"01"}
        published.refresh_from_db()
        assert published.is_complete
        # what the clock does at once
        turn_element(element_id=made.pk)
        published.refresh_from_db()
        assert not published.is_complete
        # the program's own list stays what it is
        assert _read(BASE_LIST, "42")

    def test_is_nothing_where_its_condition_holds_nowhere(self) -> None:
        published = make_published(make_item(has_fee=False))
        made = define(is_needed=True, condition=("has_fee", "true"))
        turn_element(element_id=made.pk)
        published.refresh_from_db()
        assert published.is_complete
        found = check_item(family="power", item_type="01", values=whole_item() | {"has_fee": True, "fees": []})
        assert made.name in {fault.where for fault in found.province.missing}

    def test_waits_for_the_day_on_which_it_is_needed(self) -> None:
        published = make_published()
        made = define(is_needed=True, needed_from=today(30), accepts=1)
        turn_element(element_id=made.pk)
        published.refresh_from_db()
        assert published.is_complete
        # departments fill it in before
        change_draft(published.item, **published.item.values | {made.name: "0700-1234567"})


class TestWhatWasSubmittedBefore:
    def test_is_read_by_the_definition_of_its_time(self) -> None:
        made = define("评价方式", "choice", options=["线上", "线下"])
        first = make_published(make_item(**{made.name: "1"}))
        # the clock goes on a day
        ItemVersion.objects.filter(pk=first.pk).update(created_at=timezone.now() - timedelta(days=1))
        ExtraElement.objects.filter(pk=made.pk).update(starts_on=today(-1))
        changed = words("群众评价", options=["网上", "线下"])
        revised = revise_element(by=person("zhao"), name=made.name, stamp="1", words=changed, accepts=1)
        first.refresh_from_db()

        def shown() -> dict[str, tuple[str, ...]]:
            answers = guide_of("01", first.values).answers
            return {answer.heading: answer.words for answer in answers if answer.name == made.name}

        with as_defined_at(first.created_at):
            assert shown() == {"评价方式": ("线上",)}
        found = check_item(family="power", item_type="01", values=first.values)
        assert made.name in {fault.where for fault in found.province.faults}
        ended = end_element(by=person("zhao"), name=made.name, stamp=revised.stamp, ends_on=today())
        assert made.name not in {one.name for one in ELEMENTS}
        # a revision that never came to hold leaves nothing
        assert BY_NAME[made.name].label == "评价方式"
        assert shown() == {}
        with as_defined_at(first.created_at):
            assert shown() == {"评价方式": ("线上",)}
        # its value is no fault, is kept by forms that do not ask for it, and differs from a version without it
        values = first.values | {made.name: "2"}
        assert check_item(family="power", item_type="01", values=values).province.is_complete
        form = ItemForm(family="power", item_type="01", part="province", values=values)
        assert made.label not in render_to_string("catalogue/form/item.html", {"form": form})
        html = render_to_string("catalogue/form/item.html", {"form": form})
        posted = ItemForm(family="power", item_type="01", part="province", values=values, data=post_of(html))
        assert posted.values()[made.name] == "2"
        assert [one.name for one in difference(values, {**values, made.name: ""})] == [made.name]
        with pytest.raises(Conflict):
            end_element(by=person("zhao"), name=made.name, stamp=ended.stamp, ends_on=today(3))
        assert ended.ends_on == today()


class TestTheDefinition:
    def test_costs_one_query_a_request_however_many_elements_there_are(self, north: Hall) -> None:
        make_columns(north)
        version = make_published()
        make_shown(north, version)
        site, path = Client(headers={"host": "north.yizhan.localhost"}), f"/services/{version.item_id}/"

        def queries() -> int:
            with CaptureQueriesContext(connection) as asked:
                assert site.get(path, {"k": str(len(extra_elements()))}).status_code == 200
            return len(asked) - 1

        queries()
        none = queries()
        define_all()
        # the rows are read once more in this process
        queries()
        assert queries() == none

    def test_stands_in_the_schemas_that_others_check_files_by(self) -> None:
        made = define("办件评价", "choices", options=["好", "差"])
        for name in ("up-task.xsd", "up-task.schema.json", "items.schema.json"):
            assert made.name in offered_schema(name)
        end_element(by=person("zhao"), name=made.name, stamp="1", ends_on=today())
        assert made.name not in offered_schema("up-task.xsd")


class TestThePages:
    def test_define_preview_confirm_fill_in_and_show(self, north: Hall, office: Office) -> None:
        make_columns(north)
        version = make_published()
        console = client_of("zhao")
        fields = {
            "label": "经办人专线", "kind": "line", "filler": "province", "office_code": office.code,
            "item_types": ["01"], "section": "place", "is_needed": "on", "starts_on": today().isoformat(),
        }  # fmt: skip
        new = "/console/items/extra-elements/new/"
        assert "定义扩展要素" in console.get("/console/items/extra-elements/").text
        page = console.post(new, fields | {"act": "preview"})
        assert "这会使 1 个事项不完整" in page.text
        assert version.name in page.text
        assert not ExtraElement.objects.exists()
        unseen = console.post(new, fields | {"act": "save"})
        assert unseen.status_code == 422
        confirmed = console.post(
            new, {**dict(post_of(page.text).lists()), "is_needed": "on", "act": "save"}, follow=True
        )
        assert "已定义“经办人专线”" in confirmed.text
        name = ExtraElement.objects.get().name
        edit = console.get(f"/console/items/{version.item_id}/edit/")
        assert "经办人专线" in edit.text
        shown = make_published(version.item, **version.item.values | {name: "专线 0700-7654321"})
        make_shown(north, shown)
        site = Client(headers={"host": "north.yizhan.localhost"})
        assert "专线 0700-7654321" in site.get(f"/services/{version.item_id}/").text
        ended = console.post(
            f"/console/items/extra-elements/{name}/end/", {"stamp": "1", "ends_on": today().isoformat()}, follow=True
        )
        assert "不再填写" in ended.text
        assert "经办人专线" not in console.get(f"/console/items/{version.item_id}/edit/").text
        table = console.get("/console/items/extra-elements/", {"format": "csv"})
        assert "停用日期" in table.content.decode("utf-8-sig")

    def test_are_matched_by_what_programs_do(self, office: Office) -> None:
        make_published()
        program = program_of("zhao")
        root = "/api/province/v1/catalogue/extra-elements"

        def ask(path: str, key: str = "", **body: Any) -> Any:
            headers = {"Idempotency-Key": key} if key else {}
            return program.post(root + path, body, content_type="application/json", headers=headers)

        body = {
            "label": "经办人专线",
            "kind": "line",
            "filler": "province",
            "office_code": office.code,
            "item_types": ["01"],
            "section": "place",
            "is_needed": True,
            "starts_on": today().isoformat(),
        }
        seen = ask("/preview", **body).json()
        assert (seen["items"], seen["count"]) == (1, 1)
        made = ask("", "define-1", **body, accepts=1)
        assert made.status_code == 201, made.text
        # sent twice it is done once
        assert ask("", "define-1", **body, accepts=1).json() == made.json()
        name = made.json()["name"]
        own = {key: body[key] for key in ("label", "item_types", "section", "starts_on")}
        assert ask(f"/{name}/preview", **own).json()["count"] == 0
        assert ask(f"/{name}/revisions", "revise-0", **own, stamp="7").status_code == 409
        assert ask(f"/{name}/revisions", "revise-1", **own, stamp="1").json()["stamp"] == "2"
        assert ask(f"/{name}/end", "end-0", ends_on=today().isoformat(), stamp="1").status_code == 409
        ended = ask(f"/{name}/end", "end-1", ends_on=today().isoformat(), stamp="2")
        assert ended.json()["ends_on"] == today().isoformat()
        assert [one["revision"] for one in program.get(f"{root}/{name}").json()] == [2, 1]
        assert len(program.get(root).json()) == 1
