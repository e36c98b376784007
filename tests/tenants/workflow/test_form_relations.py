"""What a form names outside itself: materials of items, roles, other forms, and what was sent earlier."""

from collections.abc import Collection, Iterator
from typing import Any

import pytest

from foundation.errors import Invalid
from province.citizens.models import Citizen
from province.halls.models import Hall
from province.rights.actors import Actor
from standards.forms.fields.base import Value
from tenants.workflow.models import FilledForm, Form
from tenants.workflow.operations.filling import send_filling
from tenants.workflow.operations.forms import publish_form, save_form_draft
from tenants.workflow.queries.filled import FormFiller, number_of, values_of
from tenants.workflow.queries.form_choices import faults_in_hall
from tenants.workflow.queries.forms import definition_of
from tenants.workflow.slots import EARLIER_CASES, EarlierCases
from tests.conftest import person
from tests.factories.adoptions import adopt
from tests.factories.catalogue import make_item, make_published
from tests.factories.citizens import make_proved
from tests.factories.forms import LEAVE_POST, begin, citizen_filler, filler, make_form, make_published_form
from tests.factories.sites import inside
from tests.tenants.workflow.test_filling import save
from tests.tenants.workflow.test_form_design import _address, _Designer

pytestmark = pytest.mark.django_db


def form_of(*fields: dict[str, Any], **more: Any) -> dict[str, Any]:
    parts = [{"name": "all", "label": "全部", "fields": list(fields)}]
    return {"format": 1, "title": "销假", "parts": parts, **more}


def earlier(**more: Any) -> dict[str, Any]:
    return {"type": "earlier_form", "name": "earlier", "label": "原来的请假", "required": True, **more}


def send(hall: Hall, form: Form, who: FormFiller, posted: dict[str, object]) -> FilledForm:
    filled = save(hall, begin(hall, form.pk, who), posted, who=who)
    return send_filling(who=who, hall=hall, filled_id=filled.pk, revision=filled.revision)


@pytest.fixture
def cases() -> Iterator[None]:
    """As an app of cases would state them."""

    def names(_hall: Hall, by: Actor, _citizen: Citizen | None, numbers: Collection[str]) -> dict[str, str]:
        return dict.fromkeys(numbers, f"{by.name}的办件")

    found = EarlierCases(name="tried", names=names)
    EARLIER_CASES.fill([("tried", found)])
    yield
    EARLIER_CASES.fill([])


class TestPublication:
    def test_refuses_by_name_what_the_hall_has_not(self, north: Hall, south: Hall) -> None:
        version = make_published()
        adopt(north, version)
        code, material = version.item.basic_code, version.values["materials"][0]["name"]
        wrong = {
            "no item": ({"item": "999999999999", "material": material}, "事项“999999999999”不是本厅在办的事项"),
            "no material": ({"item": code, "material": "身份证"}, f"材料“身份证”不在事项“{code}”的材料目录里"),
        }
        bound = {"type": "material", "name": "proof", "label": "申请书", "item": code, "material": material}
        cell = {"type": "group", "name": "lines", "label": "明细", "cells": [{**bound, "name": "cell"}]}
        with inside(north):
            form = make_form(north, form_of(bound, cell))
            for at, (binding, said) in enumerate(wrong.values()):
                changed = form_of({**bound, **binding}, cell)
                save_form_draft(by=person("sun"), hall=north, form_id=form.pk, definition=changed, revision=at)
                with pytest.raises(Invalid) as refusal:
                    publish_form(by=person("sun"), hall=north, form_id=form.pk, revision=at + 1)
                assert said in refusal.value.message + "".join(one.message for one in refusal.value.faults)
                assert refusal.value.faults[0].where.startswith("parts.0.fields.0.")
            rules = [{"role": "nobody"}, {"role": "citizen"}, {"role": "handler"}]
            changed = form_of(earlier(form="nothing"), bound, cell, rights=rules)
            save_form_draft(by=person("sun"), hall=north, form_id=form.pk, definition=changed, revision=2)
            with pytest.raises(Invalid) as refusal:
                publish_form(by=person("sun"), hall=north, form_id=form.pk, revision=3)
            assert [one.where for one in refusal.value.faults] == ["rights.0.role", "parts.0.fields.0.form"]
            assert "“nobody”" in refusal.value.faults[0].message
            assert "表单“nothing”本厅没有" in refusal.value.faults[1].message
            right = form_of(bound, cell, {**bound, "name": "free", "item": "", "material": "own"})
            save_form_draft(by=person("sun"), hall=north, form_id=form.pk, definition=right, revision=3)
            published = publish_form(by=person("sun"), hall=north, form_id=form.pk, revision=4)
            # what one hall has adopted, another has not
            elsewhere = faults_in_hall(definition_of(published), south)
            assert [one.where for one in elsewhere] == ["parts.0.fields.0.item", "parts.0.fields.1.cells.0.item"]


class TestDesigner:
    def test_finds_materials_by_words_of_items_and_materials(self, north: Hall) -> None:
        version = make_published()
        adopt(north, version)
        make_published(make_item(1))
        name, material = version.name, version.values["materials"][0]["name"]
        sun = _Designer("sun")

        def found(words: str, who: _Designer = sun) -> Any:
            return who.client.get(_address("hall-api:form-materials"), {"search": words}).json()

        [one] = found(f"{name[:2]} {material[-3:]}")
        assert one == {"item": version.item.basic_code, "item_name": name, "material": material}
        assert (found(""), found("没有这样的材料")) == ([], [])
        assert found(name, _Designer("zhou", "south.yizhan.localhost")) == []
        choices = sun.client.get(_address("hall-api:list_form_choices")).json()
        assert ["citizen", "群众（网上填写）"] in choices["roles"]
        assert choices["forms"] == []
        study = sun.ask("form-study", definition=form_of(earlier(form="nothing"))).json()
        assert [fault["where"] for fault in study["faults"]] == ["parts.0.fields.0.form"]


class TestEarlierForm:
    def test_is_one_of_those_that_the_person_may_relate_to(self, north: Hall) -> None:
        citizen, other = citizen_filler(make_proved()), filler("tao")
        with inside(north):
            leave = make_published_form(north, is_open=True)
            own, of_tao = (send(north, leave, who, LEAVE_POST) for who in (filler(), other))
            of_citizen = send(north, leave, citizen, LEAVE_POST)
            draft = begin(north, leave.pk)
            forms = {
                whose: make_published_form(north, form_of(earlier(form="leave", whose=whose)), code=whose, is_open=True)
                for whose in ("own", "hall")
            }

            def taken(whose: str, who: FormFiller) -> dict[str, bool]:
                filled = begin(north, forms[whose].pk, who)
                found = {}
                for name, one in {"own": own, "tao": of_tao, "citizen": of_citizen, "draft": draft}.items():
                    filled = save(north, filled, {"earlier": str(one.pk)}, who=who)
                    found[name] = bool(values_of(north, filled)["earlier"]["name"])
                return found

            assert taken("own", filler()) == {"own": True, "tao": False, "citizen": False, "draft": False}
            assert taken("hall", filler()) == {"own": True, "tao": True, "citizen": True, "draft": False}
            for whose in ("own", "hall"):
                assert taken(whose, citizen) == {"own": False, "tao": False, "citizen": True, "draft": False}
            filled = begin(north, forms["hall"].pk)
            filled = save(north, filled, {"earlier": str(of_tao.pk)})
            said: Value = values_of(north, filled)["earlier"]
            # what it is called says the owner masked, and is never believed from outside
            assert said == {"code": str(of_tao.pk), "name": f"请假申请（{number_of(of_tao)}，陶*）"}
            filled = save(north, filled, {"earlier": {"code": str(draft.pk), "name": "自己写的"}})
            with pytest.raises(Invalid, match="没有您选的这份表单"):
                send_filling(who=filler(), hall=north, filled_id=filled.pk, revision=filled.revision)
        page = _Designer("cao").client.get(f"/desk/forms/filled/{filled.pk}/").text
        assert f'<option value="{own.pk}">请假申请（{number_of(own)}）</option>' in page
        assert f"请假申请（{number_of(of_citizen)}，群众）" in page

    @pytest.mark.usefixtures("cases")
    def test_of_cases_comes_from_the_apps_that_have_some(self, north: Hall) -> None:
        case = {"type": "earlier_case", "name": "case", "label": "原办件"}
        with inside(north):
            form = make_published_form(north, form_of(case))
            filled = save(north, begin(north, form.pk), {"case": "202611290001"})
            assert values_of(north, filled)["case"] == {"code": "202611290001", "name": "曹办的办件"}
            EARLIER_CASES.fill([])
            filled = save(north, filled, {"case": "202611290002"})
            assert values_of(north, filled)["case"]["name"] == ""
