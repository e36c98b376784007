"""地点清单: the hall's list of places, and what forms choose from it."""

import csv
import io
from dataclasses import replace
from typing import Any

import pytest

from foundation.errors import Conflict, DomainError, Invalid, NotFound
from province.audit.models import AuditEntry
from province.halls.models import Hall
from standards.forms.fields.places import MOST_PLACES
from tenants.workflow.models import HallPlace
from tenants.workflow.operations.filling import send_filling
from tenants.workflow.operations.forms import publish_form
from tenants.workflow.operations.place_tables import HEADINGS, import_places, place_table
from tenants.workflow.operations.places import PlaceFacts, change_place, create_place, facts_of, use_place
from tenants.workflow.queries.contexts import filling_context
from tenants.workflow.queries.filled import values_of
from tenants.workflow.queries.forms import newest_version
from tenants.workflow.queries.places import with_places
from tests.conftest import person
from tests.factories.forms import begin, filler, make_form, make_published_form
from tests.factories.sites import inside
from tests.tenants.citizen_pages.test_pages import clerk
from tests.tenants.workflow.test_fill_pages import page_of
from tests.tenants.workflow.test_filling import save

GATE = PlaceFacts(
    name="东门", kind="领取点", address="玉阳路 1 号", longitude="111.8", latitude="30.8", phone="0717-3222222"
)
HALL = PlaceFacts(name="大厅", longitude="111.81", latitude="30.8", keeper="政务服务科")
FORM: dict[str, Any] = {
    "format": 1,
    "title": "领取",
    "parts": [
        {
            "name": "all",
            "label": "全部",
            "fields": [
                {"type": "map_place", "name": "place", "label": "领取地点", "required": True},
                {"type": "short_text", "name": "why", "label": "原因", "visible_when": "place.name == '大厅'"},
            ],
        }
    ],
}


def add(hall: Hall, *facts: PlaceFacts, by: str = "sun") -> list[HallPlace]:
    return [create_place(by=person(by), hall=hall, facts=one) for one in facts]


def change(hall: Hall, place: HallPlace, **said: Any) -> HallPlace:
    given = {"by": person("sun"), "hall": hall, "place_id": place.pk, "revision": place.revision}
    return change_place(**given, facts=replace(facts_of(place), **said))


class File(io.BytesIO):
    """What somebody uploads."""


def table_of(rows: list[tuple[object, ...]]) -> File:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(HEADINGS)
    writer.writerows(rows)
    return File(out.getvalue().encode("gb18030"))


@pytest.mark.django_db
class TestAList:
    def test_refuses_what_no_place_can_be_and_says_each_fault_at_its_place(self, north: Hall) -> None:
        wrong = {
            "name": (PlaceFacts(name=" "), "请填写名称"),
            "address": (PlaceFacts(name="甲", address="长" * 201), "最多 200 个字"),
            "longitude": (PlaceFacts(name="甲", longitude="30.8", latitude="30.8"), "在 73 到 136 之间"),
            "latitude": (PlaceFacts(name="甲", longitude="111.8"), "只写了一个"),
            "datum": (PlaceFacts(name="甲", datum="wgs84"), "坐标系请写"),
            "phone": (PlaceFacts(name="甲", phone="电话"), "联系电话只能有"),
        }
        with inside(north):
            for where, (facts, said) in wrong.items():
                with pytest.raises(Invalid) as refusal:
                    add(north, facts)
                assert [(one.where, said in one.message) for one in refusal.value.faults] == [(where, True)], where
            for text in ("NaN", "1e999999", "111,8", "9" * 30, "东经"):
                with pytest.raises(Invalid):
                    add(north, PlaceFacts(name="甲", longitude=text, latitude="30.8"))
            gate, _ = add(north, GATE, HALL)
            with pytest.raises(Invalid, match="已经有“东门”"):
                add(north, GATE)
            with pytest.raises(Invalid, match="两种坐标系"):
                change(north, gate, datum="gcj02")
            # somebody else was quicker
            change(north, gate, phone="0717-3333333")
            with pytest.raises(Conflict, match="刚被别人改过"):
                change(north, gate, phone="")
            with pytest.raises(DomainError):
                create_place(by=person("cao"), hall=north, facts=PlaceFacts(name="乙"))
            acts = AuditEntry.objects.filter(hall_id=north.pk, object_type="hall_place").order_by("pk")
            assert [one.act.split(".")[1] for one in acts] == ["create_place", "create_place", "change_place"]
            assert acts[2].changes == {"phone": ["0717-3222222", "0717-3333333"]}
            HallPlace.objects.bulk_create(HallPlace(name=f"点 {n}") for n in range(MOST_PLACES - 2))
            with pytest.raises(Invalid, match="在用的地点最多 200 个"):
                add(north, PlaceFacts(name="多"))

    def test_goes_out_as_a_table_and_comes_back_by_it(self, north: Hall, south: Hall) -> None:
        with inside(south):
            [elsewhere] = add(south, GATE, by="zhou")
        with inside(north):
            gate, hall = add(north, GATE, HALL)
            rows = list(place_table([gate, hall]))
            assert rows[0][1:] == (
                0,
                "东门",
                "领取点",
                "玉阳路 1 号",
                "111.8",
                "30.8",
                "国家大地坐标系 CGCS2000",
                "",
                "0717-3222222",
                "是",
            )

            def taken(*lines: tuple[object, ...], is_trial: bool = False) -> tuple[Any, ...]:
                report = import_places(by=person("sun"), hall=north, file=table_of([*lines]), is_trial=is_trial)
                return (
                    report.added,
                    report.changed,
                    report.unchanged,
                    [f"{one.where}{one.message}" for one in report.faults],
                )

            new = ("", "", "西门", "收件点", *("",) * 7)
            renamed = (*rows[0][:2], "东大门", *rows[0][3:10], "否")
            strange = (str(elsewhere.pk), 0, "别处", *("",) * 8)
            assert taken(new, renamed, rows[1], strange, is_trial=True)[:3] == (["西门"], ["东大门"], 1)
            assert HallPlace.objects.filter(name="西门").count() == 0
            added, changed, unchanged, faults = taken(new, renamed, rows[1], strange)
            assert (added, changed, unchanged) == (["西门"], ["东大门"], 1)
            assert faults == ["第 5 行本厅的清单里没有这个编号的地点；新增的地点，编号请留空。"]
            gate.refresh_from_db()
            assert (gate.name, gate.is_in_use, gate.revision) == ("东大门", False, 1)
            assert HallPlace.objects.get(name="西门").kind == "收件点"
            # once more by the same file: nobody's change is overwritten, nothing doubles
            assert taken(new, renamed)[3] == [
                "第 2 行清单里已经有“西门”，请换一个名称，或者修改那一个。",
            ]
            # a whole list may change its system of coordinates at once
            hall.refresh_from_db()
            assert taken(*((*row[:7], "互联网地图坐标系 GCJ-02", *row[8:]) for row in place_table([hall])))[1] == [
                "大厅"
            ]
            with pytest.raises(Invalid, match="缺少这些列"):
                import_places(by=person("sun"), hall=north, file=File("甲,乙\n1,2".encode()), is_trial=False)
            with pytest.raises(NotFound):
                use_place(by=person("sun"), hall=north, place_id=elsewhere.pk, is_in_use=False)


@pytest.mark.django_db
class TestAForm:
    def test_offers_the_list_and_keeps_a_place_as_it_was_when_it_was_sent(self, north: Hall) -> None:
        with inside(north):
            form = make_form(north, FORM, code="place")
            with pytest.raises(Invalid, match="清单里还没有在用的地点") as refusal:
                publish_form(by=person("sun"), hall=north, form_id=form.pk, revision=form.revision)
            assert refusal.value.faults[0].where == "parts.0.fields.0.places"
            gate, hall = add(north, GATE, HALL)
            publish_form(by=person("sun"), hall=north, form_id=form.pk, revision=form.revision)
            filled = save(north, begin(north, form.pk), {"place": str(gate.pk)})
            kept = {"code": str(gate.pk), "name": "东门", "address": "玉阳路 1 号"}
            assert values_of(north, filled)["place"] == kept | {
                "longitude": 111.8,
                "latitude": 30.8,
                "datum": "cgcs2000",
            }
            path = f"/desk/forms/filled/{filled.pk}/"
        page = page_of(clerk("cao"), path)
        # 大 stands before 东 or behind it: by the database
        assert page.count('class="place-mark') == 2
        assert page.count('class="place-mark chosen"') == 1
        assert "玉阳路 1 号，电话：0717-3222222" in page
        with inside(north):
            # a draft is sent with the place as it is now, and with none that has gone out of use
            gate = change(north, gate, address="玉阳路 2 号")
            filled = save(north, filled, {"place": str(gate.pk)})
            assert values_of(north, filled)["place"]["address"] == "玉阳路 2 号"
            use_place(by=person("sun"), hall=north, place_id=gate.pk, is_in_use=False)
            with pytest.raises(Invalid) as refusal:
                send_filling(who=filler(), hall=north, filled_id=filled.pk, revision=filled.revision)
            assert refusal.value.faults[0].message == "“领取地点”里的“东门”已经停用，请另选一个地点。"
        assert "已经停用" in page_of(clerk("cao"), path)
        with inside(north):
            use_place(by=person("sun"), hall=north, place_id=gate.pk, is_in_use=True)
            filled = send_filling(who=filler(), hall=north, filled_id=filled.pk, revision=filled.revision)
            gate.refresh_from_db()
            change(north, gate, name="北门", longitude="", latitude="")
            use_place(by=person("sun"), hall=north, place_id=gate.pk, is_in_use=False)
        assert "东门（玉阳路 2 号）" in page_of(clerk("cao"), path)
        with inside(north):
            # a later step reads it again as it was; another form does not know it, one that was carried here does
            code = str(gate.pk)
            again, other = (
                filling_context(north, filler(), filled),
                filling_context(north, filler(), begin(north, form.pk)),
            )
            assert (getattr(again.place(code, ()), "name", ""), other.place(code, ())) == ("东门", None)
            carried = filling_context(north, filler(), filled, posted={"place": code}, is_carried=True)
            assert getattr(carried.place(code, ()), "name", "") == "北门"
            # for another hall, which has not this list, its places are written into the field
            [field, _] = with_places(newest_version(form.pk))["parts"][0]["fields"]
            assert [one["label"] for one in field["places"]] == ["大厅"]
            assert (field["datum"], field["places"][0]["code"]) == ("cgcs2000", str(hall.pk))

    def test_offers_those_kinds_alone_that_its_field_names(self, north: Hall) -> None:
        fields = [{"type": "map_place", "name": "place", "label": "领取地点", "kinds": ["领取点", "代办点"]}]
        definition = {**FORM, "parts": [{"name": "all", "label": "全部", "fields": fields}]}
        with inside(north):
            [hall] = add(north, HALL)
            form = make_form(north, definition, code="place")
            with pytest.raises(Invalid, match="“领取地点”只从类别是“领取点”、“代办点”的地点里选") as refusal:
                publish_form(by=person("sun"), hall=north, form_id=form.pk, revision=form.revision)
            assert refusal.value.faults[0].where == "parts.0.fields.0.kinds"
            [gate] = add(north, GATE)
            publish_form(by=person("sun"), hall=north, form_id=form.pk, revision=form.revision)
            filled = save(north, begin(north, form.pk), {"place": str(hall.pk)})
            with pytest.raises(Invalid, match="这个地点，请从列表里选"):
                send_filling(who=filler(), hall=north, filled_id=filled.pk, revision=filled.revision)
            filled = save(north, filled, {"place": str(gate.pk)})
            # to another hall, too, go these alone
            [field] = with_places(newest_version(form.pk))["parts"][0]["fields"]
            assert ([one["label"] for one in field["places"]], "kinds" in field) == (["东门"], False)
            path = f"/desk/forms/filled/{filled.pk}/"
        page = page_of(clerk("cao"), path)
        assert (f'value="{gate.pk}"' in page, f'value="{hall.pk}"' in page) == (True, False)
        with inside(north):
            gate = change(north, gate, kind="体检医院")
            with pytest.raises(Invalid, match="“东门”已经停用，或者改了类别，请另选一个地点。"):
                send_filling(who=filler(), hall=north, filled_id=filled.pk, revision=filled.revision)
            change(north, gate, kind="代办点")
            sent = send_filling(who=filler(), hall=north, filled_id=filled.pk, revision=filled.revision)
            assert values_of(north, sent)["place"].keys() >= {"name", "address"}

    def test_says_so_where_the_list_is_empty(self, north: Hall) -> None:
        with inside(north):
            [gate] = add(north, GATE)
            form = make_published_form(north, FORM, code="place")
            use_place(by=person("sun"), hall=north, place_id=gate.pk, is_in_use=False)
            filled = begin(north, form.pk)
        assert "本厅的地点清单里还没有可以选的地点" in page_of(clerk("cao"), f"/desk/forms/filled/{filled.pk}/")


@pytest.mark.django_db
class TestPages:
    def test_of_the_desk_and_the_interface_keep_the_list(self, north: Hall) -> None:
        client = clerk("sun")
        assert "还没有地点" in page_of(client, "/desk/places/")
        typed = {"name": "东门", "kind": "领取点", "longitude": "111.8", "latitude": "30.8", "datum": "gcj02"}
        assert client.post("/desk/places/new/", typed).status_code == 302
        assert client.post("/desk/places/new/", typed).status_code == 422
        with inside(north):
            place = HallPlace.objects.get()
        page = f"/desk/places/{place.pk}/"
        assert client.post(page, typed | {"name": "东大门", "revision": "0"}).status_code == 302
        assert client.post(page, typed | {"revision": "0"}).status_code == 422
        assert client.post(f"{page}end/").status_code == 302
        assert "这个地点已停用" in page_of(client, page)
        listed = client.get("/desk/places/?export=csv").content.decode()
        assert all(words in listed for words in ("东大门", "领取点"))
        assert "东大门" in page_of(client, "/desk/places/?kind=领取点")
        assert "东大门" not in page_of(client, "/desk/places/?kind=别的")
        assert listed.rstrip().endswith("否")
        file = File(listed.encode())
        file.name = "地点.csv"
        assert "1 个不变" in client.post("/desk/places/import/", {"file": file, "act": "import"}).content.decode()
        api = "/api/hall/v1/workflow/places"
        made = client.post(
            api,
            {"name": "西门", "kind": "代办点", "longitude": 111.9, "latitude": 30.8},
            content_type="application/json",
        )
        assert (made.status_code, made.json()["longitude"]) == (201, "111.900000")
        assert [one["name"] for one in client.get(f"{api}?kind=代办点").json()["items"]] == ["西门"]
        # out of use is what the other one's kind is of
        kinds = client.get("/api/hall/v1/workflow/forms/choices").json()["place_kinds"]
        assert kinds == [["代办点", "代办点"]]
        again = client.put(
            f"{api}/{made.json()['id']}", {"name": "西大门", "revision": 0}, content_type="application/json"
        ).json()
        assert (again["name"], again["longitude"], again["revision"]) == ("西大门", None, 1)
        assert [one["name"] for one in client.get(f"{api}?state=used").json()["items"]] == ["西大门"]
        assert clerk("cao").get("/desk/places/").status_code == 403
