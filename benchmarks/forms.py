"""How long a form of 200 fields takes to be read, checked and worked out, beside a plain Django form of as many fields,
which knows no conditions, no computed values and no rights; and to be kept besides: sealed, with names and uploads from
the rows, until the commit."""

from dataclasses import replace
from datetime import date
from itertools import cycle
from time import process_time
from typing import Any

from django import forms
from django.db import connection

from benchmarks.measuring import line, median_seconds, milliseconds
from benchmarks.world import Profile, build
from foundation import schemas
from foundation.rows import draw_id
from province.halls.models import Hall, HallKind
from province.rights.queries import system_actor
from standards.forms.definition import FormDefinition
from standards.forms.filling import FillingContext, UploadFacts
from standards.forms.posted import read_posted
from standards.forms.reading import read_definition
from tenants.workflow.operations.filling import begin_filling, save_filling
from tenants.workflow.operations.forms import create_form, publish_form
from tenants.workflow.queries.filled import FormFiller

_FIELDS = 200
_BOUND = 0.050
_LARGEST = 1_000
_OPTIONS = [{"code": f"o{number}", "label": f"选项 {number}"} for number in range(10)]
_CONTEXT = FillingContext(
    today=date(2026, 11, 29),
    name_of=lambda source, code: f"{source} {code}",
    upload=lambda code: UploadFacts(f"{code}.pdf", "pdf", 100_000),
)
_CELLS: list[dict[str, Any]] = [
    {"type": "short_text", "name": "goods", "label": "品名", "required": True},
    {"type": "number", "name": "many", "label": "数量"},
    {"type": "money", "name": "price", "label": "单价"},
    {"type": "computed", "name": "amount", "label": "小计", "expression": "many * price", "result": "money"},
]
# what forms of offices are made of: type, attributes, what is posted
_KINDS: tuple[tuple[str, dict[str, Any], object], ...] = (
    ("short_text", {}, "当阳市玉阳街道办事处"),
    ("person_name", {}, "张三"),
    ("resident_number", {}, "11010519491231002X"),
    ("mobile", {}, "13800138000"),
    ("number", {"decimals": 2, "unit": "亩"}, "１２.5"),
    ("money", {}, "1,409.50"),
    ("date", {"latest": {"workdays": 5}}, "2026年11月30日"),
    ("choice", {"options": _OPTIONS}, "o3"),
    ("choices", {"options": _OPTIONS}, ["o1", "o2"]),
    ("yes_no", {}, "true"),
    ("address", {}, {"division": "420582001000", "detail": "玉阳路 12 号"}),
    ("material", {"material": "M01"}, ["u1"]),
)


def run(profile: Profile) -> list[dict[str, Any]]:
    build(profile)
    times = 200 if profile.is_full else 40
    form, posted = _form(_FIELDS)
    rights = form.rights_at()
    filled = read_posted(form, rights, posted, {}, _CONTEXT)
    assert filled.is_right, filled.faults
    ours = median_seconds(lambda: read_posted(form, rights, posted, {}, _CONTEXT), times=times)
    plain, data = _django_form(_FIELDS)
    assert plain(data).is_valid()
    theirs = median_seconds(lambda: plain(data).is_valid(), times=times)
    largest, _ = _form(_LARGEST - len(_CELLS))
    raw = largest.as_json()
    reading = median_seconds(lambda: read_definition(raw).plan, times=3)
    return [
        line(
            f"a form of {_FIELDS} fields read, checked and worked out (ms)",
            measured=milliseconds(ours),
            bound=f"<= {milliseconds(_BOUND)} ms",
            holds=ours <= _BOUND,
            plain_django_form=milliseconds(theirs),
            conditions=sum(bool(field.visible_when) for field in form.fields),
            computed=sum(field.type == "computed" for field in form.fields),
            lines=len(filled.values["lines"]),
        ),
        _kept(form, posted, times),
        line(
            f"a definition of {_LARGEST} fields read and checked (ms)",
            measured=milliseconds(reading),
            bound="none",
            holds=None,
        ),
    ]


def _kept(form: FormDefinition, posted: dict[str, object], times: int) -> dict[str, Any]:
    """Whole posts into one draft of a county's hall, each different from what is kept."""
    hall = Hall.objects.filter(kind=HallKind.COUNTY).earliest("number")
    who = FormFiller(replace(system_actor("基准"), id=draw_id()))
    words = cycle(("当阳市玉阳街道办事处", "当阳市河溶镇人民政府"))
    name = next(field.name for field in form.fields if field.type == "short_text")
    with schemas.enter(hall.schema_name):
        made = create_form(by=who.by, hall=hall, code="measured", title=form.title, definition=form.as_json())
        publish_form(by=who.by, hall=hall, form_id=made.pk, revision=0)
        filled = begin_filling(who=who, hall=hall, form_id=made.pk)

        def save() -> None:
            values = {**posted, name: next(words)}
            saved = save_filling(
                who=who, hall=hall, filled_id=filled.pk, posted=values, revision=filled.revision
            ).filled
            assert saved.revision == filled.revision + 1
            filled.revision = saved.revision

        save()
        began = process_time()
        ours = median_seconds(save, times=times)
        # our own share, whatever else the machine does; the database's is not in it
        processor = (process_time() - began) / times
        with connection.cursor() as cursor:
            cursor.execute('SELECT length("values") FROM workflow_filledform WHERE id = %s', [filled.pk])
            size = cursor.fetchone()[0]
    return line(
        f"a form of {_FIELDS} fields read, checked and saved (ms)",
        measured=milliseconds(ours),
        bound=f"<= {milliseconds(_BOUND)} ms",
        holds=ours <= _BOUND,
        processor_alone=milliseconds(processor),
        kilobytes_of_the_row=round(size / 1024, 1),
    )


def _form(many: int) -> tuple[Any, dict[str, object]]:
    """Every tenth field has a condition, every twentieth is computed; the last are twenty lines with sums."""
    fields: list[dict[str, Any]] = [{"type": "yes_no", "name": "open", "label": "展开"}]
    posted: dict[str, object] = {"open": "true"}
    for number in range(1, many - 1):
        name = f"f{number}"
        if number % 20 == 0:
            expression = "sum(map(lines, #.amount)) + 1" if number % 40 == 0 else f"(f{number - 20} ?? 0) + 1"
            fields.append(
                {"type": "computed", "name": name, "label": name, "expression": expression, "result": "number"}
            )
            continue
        kind, attributes, raw = _KINDS[number % len(_KINDS)]
        condition = {"visible_when": "open"} if number % 10 == 0 else {}
        fields.append({"type": kind, "name": name, "label": name, "required": True, **attributes, **condition})
        posted[name] = raw
    # the first of those that read the one before them
    fields[20]["expression"] = "1 + 1"
    fields.append({"type": "group", "name": "lines", "label": "明细", "sums": ["amount"], "cells": _CELLS})
    posted["lines"] = [{"goods": "管材", "many": "3", "price": "19.99"}] * 20
    parts = [{"name": "all", "label": "全部", "fields": fields}]
    return read_definition({"format": 1, "title": "样表", "parts": parts}), posted


def _django_form(many: int) -> tuple[type[forms.Form], dict[str, str]]:
    """As many fields of the kinds that Django has."""
    kinds = (
        (forms.CharField(max_length=100), "当阳市玉阳街道办事处"),
        (forms.DecimalField(max_digits=15, decimal_places=2), "1409.50"),
        (forms.DateField(), "2026-11-30"),
        (forms.ChoiceField(choices=[(one["code"], one["label"]) for one in _OPTIONS]), "o3"),
    )
    chosen = {f"f{number}": kinds[number % len(kinds)] for number in range(many)}
    made = type("_PlainForm", (forms.Form,), {name: field for name, (field, _) in chosen.items()})
    return made, {name: value for name, (_, value) in chosen.items()}
