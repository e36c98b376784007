"""Forms are filled in: begun, saved page by page, sent, kept by a run."""

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from foundation import schemas
from foundation.errors import Conflict, Invalid, NotAllowed, NotFound, TooMany
from foundation.sealing.fields import OwnedJSON
from province.audit.models import AuditEntry
from province.halls.models import Hall
from standards.forms.fields import FIELD_TYPES
from standards.forms.results import seen_values
from standards.forms.rights import FieldRight
from tenants.workflow.models import FilledForm, FilledMoment, Form
from tenants.workflow.operations.designs import retire_design
from tenants.workflow.operations.filling import (
    MOST_BEGUN_A_DAY,
    begin_filling,
    drop_filling,
    save_filling,
    send_filling,
)
from tenants.workflow.operations.forms import publish_form, save_form_draft
from tenants.workflow.operations.kept import keep_for_run, let_go_of_run, save_filled
from tenants.workflow.operations.moments import keep_moment
from tenants.workflow.queries.contexts import filling_context
from tenants.workflow.queries.filled import (
    filled_form,
    moments_of,
    own_drafts,
    own_filled,
    rights_of,
    sent_forms,
    values_of,
)
from tenants.workflow.queries.forms import definition_of
from tenants.workflow.states import FilledState
from tests.conftest import person
from tests.factories.citizens import make_proved, number_of
from tests.factories.forms import LEAVE, LEAVE_POST, begin, citizen_filler, filler, make_published_form
from tests.races import at_once
from tests.standards.form_samples import SAMPLES, WRONG, field_of

NUMBER = "11010519491231002X"
ALL: dict[str, Any] = {
    "format": 1,
    "title": "样表",
    "parts": [{"name": "all", "label": "全部", "fields": [field_of(kind) for kind in SAMPLES]}],
}


@pytest.fixture
def _in_north(north: Hall) -> Iterator[None]:
    with schemas.enter(north.schema_name):
        yield


def save(hall: Hall, filled: FilledForm, posted: dict[str, object], **given: Any) -> FilledForm:
    given = {"who": filler(), "revision": filled.revision} | given
    return save_filling(hall=hall, filled_id=filled.pk, posted=posted, **given).filled


@pytest.mark.django_db
@pytest.mark.usefixtures("_in_north")
class TestFilling:
    def test_goes_page_by_page_and_ends_by_being_sent_once(self, north: Hall) -> None:
        form = make_published_form(north)
        filled = begin(north, form.pk)
        assert begin(north, form.pk).pk == filled.pk
        # the account's name is known, and where it came from
        assert values_of(north, filled) == {"name": "曹办"}
        assert filled.origins == {"name": "您的工作账号"}
        filled = save(north, filled, LEAVE_POST, page="name")
        assert values_of(north, filled) == {"name": "孙北", "number": NUMBER}
        assert (filled.origins, filled.page, filled.revision) == ({}, "kind", 1)
        with pytest.raises(Invalid) as refusal:
            send_filling(who=filler(), hall=north, filled_id=filled.pk, revision=1)
        assert [fault.where for fault in refusal.value.faults] == ["kind", "days"]
        # what is wrong is kept, too: nobody types it twice
        filled = save(north, filled, {"kind": "year"}, page="kind")
        assert filled.page == "days"
        filled = save(north, filled, {"days": {"begins_on": "明天"}}, page="days")
        assert (values_of(north, filled)["days"]["begins_on"], filled.page) == ("明天", "days")
        filled = save(north, filled, LEAVE_POST)
        sent = send_filling(who=filler(), hall=north, filled_id=filled.pk, revision=filled.revision)
        again = send_filling(who=filler(), hall=north, filled_id=filled.pk, revision=0)
        assert (sent.state, again.sent_at) == (FilledState.SENT, sent.sent_at)
        [said] = moments_of(north, sent)
        assert (said.moment.label, said.values) == ("提交", values_of(north, sent))
        assert [one.pk for one in sent_forms(form.pk)] == [sent.pk]
        with pytest.raises(Conflict):
            save(north, sent, {"name": "改了"})
        with pytest.raises(Conflict):
            drop_filling(who=filler(), hall=north, filled_id=sent.pk)
        acts = list(AuditEntry.objects.filter(object_id=sent.pk).values_list("act", flat=True))
        assert acts == ["workflow.begin_filling", "workflow.send_filling"]

    def test_says_a_newer_state_and_takes_the_same_twice(self, north: Hall) -> None:
        filled = begin(north, make_published_form(north).pk)
        save(north, filled, LEAVE_POST)
        # a doubled click sends what is there already
        assert save(north, filled, LEAVE_POST).revision == 1
        with pytest.raises(Conflict, match="较新的内容"):
            save(north, filled, {"name": "别的"})
        with pytest.raises(Conflict, match="较新的内容"):
            send_filling(who=filler(), hall=north, filled_id=filled.pk, revision=0)
        assert values_of(north, filled_form(north, filled.pk))["name"] == "孙北"

    def test_is_one_persons_and_one_halls(self, north: Hall, south: Hall) -> None:
        form = make_published_form(north, is_open=True)
        filled = begin(north, form.pk)
        citizen, other = make_proved(1), make_proved(2)
        theirs = begin(north, form.pk, citizen_filler(citizen))
        assert values_of(north, theirs) == {"name": "张小三", "number": number_of(1)}
        strangers = ((filled, filler("hua")), (filled, citizen_filler(citizen)), (theirs, citizen_filler(other)))
        for one, who in (*strangers, (theirs, filler("cao"))):
            with pytest.raises(NotFound):
                own_filled(who, one.pk)
            for act in (
                lambda one=one, who=who: save(north, one, LEAVE_POST, who=who),
                lambda one=one, who=who: send_filling(who=who, hall=north, filled_id=one.pk, revision=0),
                lambda one=one, who=who: drop_filling(who=who, hall=north, filled_id=one.pk),
            ):
                with pytest.raises(NotFound):
                    act()
        with pytest.raises(NotAllowed):
            begin(north, form.pk, filler("zhou"))
        with schemas.enter(south.schema_name), pytest.raises(NotFound):
            filled_form(south, filled.pk)
        drop_filling(who=citizen_filler(citizen), hall=north, filled_id=theirs.pk)
        assert not own_drafts(citizen_filler(citizen))

    def test_keeps_to_the_version_with_which_it_began(self, north: Hall) -> None:
        form = make_published_form(north, is_open=True)
        filled = begin(north, form.pk)
        changed = deepcopy(LEAVE)
        changed["parts"][0]["fields"].append({"type": "mobile", "name": "phone", "label": "电话", "required": True})
        save_form_draft(by=person("sun"), hall=north, form_id=form.pk, definition=changed, revision=0)
        publish_form(by=person("sun"), hall=north, form_id=form.pk, revision=1)
        retire_design(by=person("sun"), hall=north, kind=Form, design_id=form.pk)
        filled = save(north, filled, LEAVE_POST)
        assert send_filling(who=filler(), hall=north, filled_id=filled.pk, revision=1).state == FilledState.SENT
        with pytest.raises(NotFound):
            begin(north, form.pk)

    def test_takes_over_what_was_sent_last_and_says_so(self, north: Hall) -> None:
        form = make_published_form(north)
        first = save(north, begin(north, form.pk), LEAVE_POST)
        send_filling(who=filler(), hall=north, filled_id=first.pk, revision=first.revision)
        second = begin(north, form.pk)
        assert second.pk != first.pk
        assert second.origins == {
            "name": "您的工作账号",
            **dict.fromkeys(("number", "kind", "days"), "您上次填的这张表"),
        }
        third = begin_filling(who=filler(), hall=north, form_id=form.pk, is_another=True)
        assert third.pk != second.pk

    def test_begins_with_the_halls_own_unless_something_else_was_sent_last(self, north: Hall) -> None:
        """Of two telephones the first is the hall's; what the person wrote instead is what they find the next time."""
        Hall.objects.filter(pk=north.pk).update(phone="0717-3222222")
        north.refresh_from_db()
        fields = [
            {"type": kind, "name": name, "label": name}
            for kind, name in (("landline", "phone"), ("landline", "second"), ("division", "place"))
        ]
        form = make_published_form(north, {**LEAVE, "parts": [{"name": "all", "label": "全部", "fields": fields}]})
        first = begin(north, form.pk)
        known = {"phone": "0717-3222222", "place": north.division.code}
        assert first.origins == dict.fromkeys(known, "本厅")
        values = values_of(north, first)
        assert (values["phone"], values["place"]["code"]) == tuple(known.values())
        kept = save(north, first, {"phone": "0717-3555555", "second": "0717-3666666", "place": known["place"]})
        send_filling(who=filler(), hall=north, filled_id=kept.pk, revision=kept.revision)
        again = begin(north, form.pk)
        assert values_of(north, again)["phone"] == "0717-3555555"
        assert again.origins == dict.fromkeys(("phone", "second", "place"), "您上次填的这张表")

    def test_is_sealed_at_rest(self, north: Hall) -> None:
        form = make_published_form(north)
        with CaptureQueriesContext(connection) as queries:
            # days on which nobody runs this test: a row keeps the day on which it was written
            days = {"begins_on": "2009-04-01", "ends_on": "2009-04-03"}
            filled = save(north, begin(north, form.pk), {**LEAVE_POST, "name": "欧阳小满", "days": days})
            send_filling(who=filler(), hall=north, filled_id=filled.pk, revision=filled.revision)
        tables = ("workflow_filledform", "workflow_filledmoment", "workflow_formupload", "audit_auditentry")
        with connection.cursor() as cursor:
            rows = []
            for table in tables:
                cursor.execute(f"SELECT row_to_json({table})::text FROM {table}")  # noqa: S608 - named above
                rows += [row for (row,) in cursor.fetchall()]
        kept = "".join([*rows, *(one["sql"] for one in queries.captured_queries)])
        assert [secret for secret in (NUMBER, "欧阳小满", "2009-04-01") if secret in kept] == []

    def test_reads_over_every_type_only_what_may_be_written(self, north: Hall) -> None:
        """Every type with every right, posted whole and posted wrong: values, faults and what leaves."""
        kinds = [kind for kind in SAMPLES if FIELD_TYPES[kind].is_filled]
        strays: list[str] = []
        for number, right in enumerate(FieldRight):
            rights = {f"f_{kind}": right.value for kind in SAMPLES}
            rules = [{"otherwise": "write", "rights": rights}]
            form = make_published_form(north, {**ALL, "rights": rules}, code=f"all_{number}")
            filled = begin(north, form.pk)
            allowed = rights_of(filler(), filled)
            for posts in (
                {f"f_{kind}": SAMPLES[kind][1] for kind in kinds},
                {f"f_{k}": w[0] for k, w in WRONG.items()},
            ):
                before = values_of(north, filled)
                saved = save_filling(
                    who=filler(), hall=north, filled_id=filled.pk, posted=posts, revision=filled.revision
                )
                filled = saved.filled
                after = values_of(north, filled)
                context = filling_context(north, filler(), filled)
                seen = seen_values(definition_of(filled.version), after, allowed, context)
                if not right.is_writable and (after != before or saved.result.faults):
                    strays.append(f"{right}: {sorted(after)}")
                if right == FieldRight.HIDDEN and seen:
                    strays.append(f"{right} leaves: {sorted(seen)}")
                if right.is_writable and len(after) < len(kinds) - 1:
                    strays.append(f"{right} lacks: {sorted({f'f_{kind}' for kind in kinds} - after.keys())}")
        assert strays == []

    def test_asks_as_much_for_a_few_fields_as_for_many(self, north: Hall) -> None:
        def queries_for(number: int) -> int:
            fields = [
                {"type": kind, "name": f"{kind}_{one}", "label": f"{kind} {one}", **SAMPLES[kind][0]}
                for one in range(number)
                for kind in ("resident_number", "listed", "division", "address", "material", "date")
            ]
            parts = [{"name": "all", "label": "全部", "fields": fields}]
            form = make_published_form(north, {**ALL, "parts": parts}, code=f"many_{number}")
            filled = begin(north, form.pk)
            posted = {field["name"]: SAMPLES[field["type"]][1] for field in fields}
            with CaptureQueriesContext(connection) as queries:
                save(north, filled, posted)
            return len(queries)

        assert queries_for(1) == queries_for(40)

    def test_refuses_more_than_a_citizen_fills_in_a_day_and_no_work_of_a_clerk(self, north: Hall) -> None:
        form = make_published_form(north, is_open=True)
        for who in (citizen_filler(make_proved()), filler()):
            filled = begin(north, form.pk, who)
            values = {"form_id": form.pk, "version_id": filled.version_id, **who.owner}
            for _ in range(MOST_BEGUN_A_DAY - 1):
                FilledForm.objects.create(**values, values=filled.__dict__["values"], saved_at=filled.saved_at)
            if who.citizen:
                with pytest.raises(TooMany):
                    begin_filling(who=who, hall=north, form_id=form.pk, is_another=True)
            else:
                assert begin_filling(who=who, hall=north, form_id=form.pk, is_another=True).pk != filled.pk


@pytest.mark.django_db
@pytest.mark.usefixtures("_in_north")
class TestKeptByRun:
    def test_is_written_by_the_steps_rights_and_keeps_every_moment(self, north: Hall) -> None:
        filled = save(north, begin(north, make_published_form(north).pk), LEAVE_POST)
        with pytest.raises(Conflict, match="没有在办理"):
            save_filled(by=person("tao"), hall=north, filled_id=filled.pk, posted={}, rights={})
        keep_for_run(hall=north, filled_id=filled.pk)
        with pytest.raises(Conflict):
            keep_for_run(hall=north, filled_id=filled.pk)
        with pytest.raises(Conflict):
            save(north, filled, {"name": "改了"})
        keep_moment(person("cao"), north, filled_form(north, filled.pk), "提交")
        rights = {"name": FieldRight.HIDDEN, "kind": FieldRight.REQUIRED}
        posted = {"name": "改了", "number": "1", "kind": ""}
        result = save_filled(by=person("tao"), hall=north, filled_id=filled.pk, posted=posted, rights=rights).result
        assert [fault.where for fault in result.faults] == ["kind"]
        assert result.ignored == ("name", "number")
        result = save_filled(
            by=person("tao"), hall=north, filled_id=filled.pk, posted={"kind": "ill"}, rights=rights, only=["kind"]
        ).result
        assert result.is_right
        moment = keep_moment(person("tao"), north, filled_form(north, filled.pk), "审批：同意")
        assert (moment.number, moment.changed) == (2, ["kind"])
        said = moments_of(north, filled_form(north, filled.pk))
        assert [one.values["kind"] for one in said] == ["year", "ill"]
        # what the form says still is kept once
        assert [one.moment.values is None for one in said] == [False, True]
        with pytest.raises(Conflict, match="较新的内容"):
            save_filled(
                by=person("tao"), hall=north, filled_id=filled.pk, posted={"kind": "year"}, rights=rights, revision=0
            )
        for _ in range(2):
            assert let_go_of_run(hall=north, filled_id=filled.pk).state == FilledState.SENT
        for changed in ({"label": "改了"}, {"changed": []}):
            with pytest.raises(IntegrityError), transaction.atomic():
                FilledMoment.objects.filter(pk=moment.pk).update(**changed)
        first = said[0].moment
        first.values = OwnedJSON(north.pk, {})
        with pytest.raises(IntegrityError), transaction.atomic():
            first.save(update_fields=["values"])


@pytest.mark.usefixtures("fresh_database")
class TestTwoAtOnce:
    def test_of_two_devices_one_is_kept_and_the_other_told(self, north: Hall) -> None:
        with schemas.enter(north.schema_name):
            form = make_published_form(north)

        def inside(act: Any) -> Any:
            with schemas.enter(north.schema_name):
                return act()

        begun = at_once(*[lambda: inside(lambda: begin(north, form.pk).pk)] * 3)
        assert len(set(begun)) == 1
        with schemas.enter(north.schema_name):
            filled = filled_form(north, begun[0])
        posts = [{**LEAVE_POST, "name": name} for name in ("甲", "乙", "丙")]
        saved = at_once(*[lambda one=one: inside(lambda: save(north, filled, one)) for one in posts])
        assert sorted(type(one).__name__ for one in saved) == ["Conflict", "Conflict", "FilledForm"]
        who = filler()
        with schemas.enter(north.schema_name):
            # killed while it is handed in: what was saved is there, and nothing of the rest
            with transaction.atomic():
                send_filling(who=filler(), hall=north, filled_id=filled.pk, revision=1)
                transaction.set_rollback(True)
            assert filled_form(north, filled.pk).state == FilledState.DRAFT
            assert not FilledMoment.objects.exists()
        sent = at_once(
            *[lambda: inside(lambda: send_filling(who=who, hall=north, filled_id=filled.pk, revision=1).sent_at)] * 3
        )
        assert len(set(sent)) == 1
        with schemas.enter(north.schema_name):
            assert FilledMoment.objects.count() == 1
