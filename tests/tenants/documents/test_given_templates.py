"""Documents of a hall by the province's template: the hall's own first, then the province's, then the platform's."""

import io
from collections.abc import Iterator
from threading import Event
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from docx import Document

from foundation import schemas
from foundation.files.store import read_file
from province.document_templates.models import ProvinceTemplate, ProvinceTemplateVersion
from province.document_templates.operations import publish_province_template, withdraw_province_template
from province.document_templates.queries.console import province_kind
from province.halls.models import Hall
from tenants.documents.models import DocumentTemplate, IssuedDocument, TemplateVersion
from tenants.documents.operations import load_template, publish_template
from tenants.documents.operations.making import make_files
from tenants.documents.queries.documents import PDF, WORD, key_of_file
from tests.conftest import person
from tests.document_kinds import NOTICE
from tests.factories.issued_documents import make_document, word_file
from tests.factories.kills import Killed, killed_at
from tests.factories.people import client_of
from tests.factories.province_templates import make_given
from tests.races import at_once, somebody_waits
from tests.servers import wait_until

NORTH = "north.yizhan.localhost"
DESK = f"/desk/document-templates/{NOTICE.code}/"


@pytest.fixture
def _in_north(north: Hall) -> Iterator[None]:
    with schemas.enter(north.schema_name):
        yield


def _source(document: IssuedDocument) -> tuple[str, int | None]:
    return document.version.origin, document.version.province_number


def _withdraw() -> None:
    withdraw_province_template(by=person("zhao"), kind=NOTICE.code, revision=province_kind(NOTICE.code).revision)


def _text_of(hall: Hall, document: IssuedDocument) -> str:
    word = Document(io.BytesIO(read_file(key_of_file(hall, document, WORD))))
    return "\n".join(one.text for one in word.paragraphs)


@pytest.mark.django_db
@pytest.mark.usefixtures("_in_north", "object_store")
class TestGivenTemplate:
    def test_holds_where_the_hall_has_none_of_its_own_from_its_moment_on(self, north: Hall, south: Hall) -> None:
        before = make_document(north)
        make_given("第一版的话")
        first = make_document(north)
        make_given("第二版的话")
        second = make_document(north)
        own = load_template(by=person("sun"), hall=north, kind=NOTICE.code, name="模板.docx", content=word_file())
        publish_template(by=person("sun"), hall=north, kind=NOTICE.code, version_id=own.pk)
        third = make_document(north)
        with schemas.enter(south.schema_name):
            other = make_document(south, by="zhou")
            assert _source(other) == ("province", 2)
        publish_template(by=person("sun"), hall=north, kind=NOTICE.code, version_id=None)
        assert make_document(north).version == second.version
        _withdraw()
        assert make_document(north).version == before.version
        sources = [_source(one) for one in (before, first, second, third)]
        assert sources == [("built_in", None), ("province", 1), ("province", 2), ("own", None)]

    def test_that_is_replaced_changes_no_document_made_or_still_to_be_made(self, north: Hall) -> None:
        make_given("第一版的话")
        made, waiting = make_document(north), make_document(north)
        made = make_files(hall=north, document_id=made.pk)
        kept = [read_file(key_of_file(north, made, one)) for one in (PDF, WORD)]
        make_given("第二版的话")
        waiting = make_files(hall=north, document_id=waiting.pk)
        again = make_files(hall=north, document_id=made.pk)
        assert (again.pdf_sha256, again.word_sha256) == (made.pdf_sha256, made.word_sha256)
        assert [read_file(key_of_file(north, again, one)) for one in (PDF, WORD)] == kept
        new = make_files(hall=north, document_id=make_document(north).pk)
        said = [_text_of(north, one) for one in (made, waiting, new)]
        assert ["第一版的话" in one for one in said] == [True, True, False]
        assert "第二版的话" in said[2]

    def test_costs_no_statement_more_than_the_platforms_own_and_is_read_once(self, north: Hall) -> None:
        def statements() -> list[str]:
            with CaptureQueriesContext(connection) as caught:
                make_document(north)
            return [one["sql"] for one in caught.captured_queries]

        make_document(north)
        by_built_in = statements()
        make_given()
        first, second = statements(), statements()
        assert len(second) == len(by_built_in)
        # its layout, and the hall's copy with its number
        assert len(first) == len(second) + 3
        of_layouts = '"document_templates_provincetemplateversion"."layout"'
        assert [sum(of_layouts in sql for sql in one) for one in (by_built_in, first, second)] == [0, 1, 0]

    def test_needs_no_file_of_the_store(self, north: Hall, settings: Any) -> None:
        make_given("第一版的话")
        settings.S3_ENDPOINT = "http://127.0.0.1:1"
        assert _source(make_document(north)) == ("province", 1)

    def test_leaves_nothing_half_where_the_hall_is_killed_at_its_first_document(self, north: Hall) -> None:
        make_document(north)
        make_given()
        for statement in range(1, 60):
            try:
                with transaction.atomic(), killed_at(statement):
                    made = make_document(north)
            except Killed:
                assert IssuedDocument.objects.count() == 1
                assert not TemplateVersion.objects.filter(origin="province").exists()
            else:
                break
        assert statement > 8
        assert (_source(made), made.order) == (("province", 1), 2)


@pytest.mark.usefixtures("object_store")
class TestTwoAtOnce:
    def test_copy_what_the_province_gives_once(self, fresh_database: None) -> None:
        make_given()
        north = Hall.objects.get(slug="north")

        def issue() -> IssuedDocument:
            with schemas.enter(north.schema_name), transaction.atomic():
                return make_document(north)

        made = at_once(*[issue] * 4)
        assert len({one.version_id for one in made}) == 1
        assert sorted(one.order for one in made) == [1, 2, 3, 4]

    def test_wait_for_the_hall_and_issue_by_what_it_has_just_put_to_use(self, fresh_database: None) -> None:
        make_given()
        north = Hall.objects.get(slug="north")
        own = {"by": person("sun"), "hall": north, "kind": NOTICE.code}
        holds = Event()
        with schemas.enter(north.schema_name):
            loaded = load_template(**own, name="模板.docx", content=word_file())

        def publish() -> None:
            with schemas.enter(north.schema_name), transaction.atomic():
                # as it is held from when it was read
                DocumentTemplate.objects.select_for_update().get()
                holds.set()
                wait_until(somebody_waits, what="who issues")
                publish_template(**own, version_id=loaded.pk)

        def issue() -> IssuedDocument:
            holds.wait(10)
            with schemas.enter(north.schema_name), transaction.atomic():
                return make_document(north)

        _, made = at_once(publish, issue)
        assert made.version_id == loaded.pk

    def test_issue_by_the_one_or_the_other_while_the_province_changes_it(self, fresh_database: None) -> None:
        make_given("第一版的话")
        north = Hall.objects.get(slug="north")
        second = make_given("第二版的话")
        seen = province_kind(NOTICE.code).revision
        first = ProvinceTemplateVersion.objects.get(number=1)

        def issue() -> IssuedDocument:
            with schemas.enter(north.schema_name), transaction.atomic():
                return make_document(north)

        def change() -> ProvinceTemplate:
            return publish_province_template(by=person("zhao"), kind=NOTICE.code, version_id=first.pk, revision=seen)

        made = [one for one in at_once(issue, change, issue) if isinstance(one, IssuedDocument)]
        assert len(made) == 2
        assert {one.version.sha256 for one in made} <= {first.sha256, second.sha256}
        assert all(one.version.province_number in {1, 2} for one in made)


@pytest.mark.django_db
@pytest.mark.usefixtures("object_store")
class TestDesk:
    def test_says_whose_template_holds_and_that_the_province_has_a_newer_one(self, north: Hall) -> None:
        sun = client_of("sun", NORTH)

        def page(path: str = DESK) -> str:
            return str(sun.get(path).content.decode())

        assert "现用模板：<strong>平台自带</strong>" in page()
        assert sun.get(f"{DESK}province/sample.pdf").status_code == 404
        make_given("第一版的话")
        assert "现用模板：<strong>省级第 1 版</strong>，全省统一" in page()
        assert "省级第 1 版" in page("/desk/document-templates/")
        assert sun.get(f"{DESK}province/sample.pdf").content.startswith(b"%PDF")
        assert sun.get(f"{DESK}province/template.docx").content.startswith(b"PK")
        with schemas.enter(north.schema_name):
            own = load_template(by=person("sun"), hall=north, kind=NOTICE.code, name="模板.docx", content=word_file())
            publish_template(by=person("sun"), hall=north, kind=NOTICE.code, version_id=own.pk)
        assert "本厅第 1 版" in page()
        assert "改用省级的模板" in page()
        assert "省里有更新的统一模板" not in page()
        make_given("第二版的话")
        assert "省里有更新的统一模板" in page()
        assert "省里有新版" in page("/desk/document-templates/")
        root = f"/api/hall/v1/documents/kinds/{NOTICE.code}"
        said = sun.get(root).json()
        assert (said["source"], said["version"]) == ("own", 1)
        assert (said["province"]["number"], said["province"]["is_newer"]) == (2, True)
        answer = sun.post(f"{DESK}own/publish/", follow=True).content.decode()
        assert "现用模板：<strong>省级第 2 版</strong>" in answer
        with schemas.enter(north.schema_name):
            assert DocumentTemplate.objects.get(kind=NOTICE.code).current is None
            made = make_document(north)
        shown = client_of("he", NORTH).get(f"/desk/documents/{made.pk}/").content.decode()
        assert "<dt>模板</dt><dd>省级第 2 版</dd>" in shown
