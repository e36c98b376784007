"""Templates of documents that the province gives its halls: loaded, put in force, withdrawn."""

from hashlib import sha256
from threading import Event
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from pytest_django import Settings

from foundation.errors import Conflict, Invalid, NotAllowed, NotFound
from foundation.files.store import read_file
from province.audit.models import AuditEntry
from province.document_templates.models import ProvinceTemplate, ProvinceTemplateFile, ProvinceTemplateVersion
from province.document_templates.operations import (
    load_province_template,
    publish_province_template,
    templates,
    withdraw_province_template,
)
from province.document_templates.queries.console import province_kind, province_kinds, versions_of_province
from province.document_templates.queries.in_force import templates_in_force
from province.people.operations.people import admit_person
from province.people.queries.actors import actor_of
from province.rights.actors import Actor
from province.rights.roles import Role
from provisioning.named_files import files_named
from standards.documents.reading import LARGEST
from tests.conftest import person
from tests.document_kinds import NOTICE
from tests.factories.documents import office
from tests.factories.issued_documents import word_file
from tests.factories.kills import Killed, killed_at
from tests.factories.people import client_of, program_of
from tests.factories.province_templates import make_given, make_version, word_saying
from tests.races import at_once, somebody_waits
from tests.scanner import fake_scanner
from tests.servers import wait_until

KIND = NOTICE.code
PAGE = f"/console/document-templates/{KIND}/"
API = f"/api/province/v1/document_templates/kinds/{KIND}"


def _load(content: bytes, *, by: str = "zhao", name: str = "模板.docx") -> ProvinceTemplateVersion:
    return load_province_template(by=person(by), kind=KIND, name=name, content=content)


def _publish(version: ProvinceTemplateVersion, revision: int, *, by: Actor | None = None) -> ProvinceTemplate:
    return publish_province_template(by=by or person("zhao"), kind=KIND, version_id=version.pk, revision=revision)


def _second_operator() -> Actor:
    account, _ = admit_person(by=person("zhao"), username="operator2", name="钱二", role=Role.PROVINCE_OPERATOR)
    return actor_of(account)


@pytest.mark.django_db
@pytest.mark.usefixtures("object_store")
class TestProvinceTemplate:
    def test_is_loaded_put_in_force_and_withdrawn_with_all_versions_kept(self) -> None:
        first, second = make_version("第一版"), make_version("第二版")
        assert make_version("第一版") == first
        assert not templates_in_force()
        _publish(first, 0)
        _publish(second, 1)
        found = province_kind(KIND)
        assert (found.version, found.revision, found.decided_by_name) == (second, 2, person("zhao").name)
        assert templates_in_force()[KIND].number == 2
        with pytest.raises(Conflict, match="正在施行"):
            _publish(second, 2)
        _publish(first, 2)
        withdraw_province_template(by=person("zhao"), kind=KIND, revision=3)
        with pytest.raises(Conflict, match="没有施行"):
            withdraw_province_template(by=person("zhao"), kind=KIND, revision=4)
        assert not templates_in_force()
        assert [one.number for one in versions_of_province(KIND)] == [2, 1]
        acts = AuditEntry.objects.filter(act__startswith="document_templates.", hall_id=None).order_by("id")
        said = [(one.act.partition(".")[2], one.changes["version"]) for one in acts]
        assert said == [
            *(("load_template", [None, 1]), ("load_template", [None, 2])),
            *(("publish_template", ["平台自带", 1]), ("publish_template", [1, 2]), ("publish_template", [2, 1])),
            ("withdraw_template", [1, "平台自带"]),
        ]

    def test_keeps_the_file_and_never_changes(self) -> None:
        version = make_version()
        assert sha256(read_file(version.file.key)).hexdigest() == version.file.sha256
        with connection.cursor() as cursor:
            assert version.file.key in files_named(cursor, halls=0)
        for changed in ({"layout": {}}, {"number": 9}, {"sha256": "0" * 64}):
            with pytest.raises(IntegrityError), transaction.atomic():
                ProvinceTemplateVersion.objects.update(**changed)

    def test_is_the_province_operators_alone(self) -> None:
        version = make_version()
        for stranger in ("sun", "hua", "he", "li"):
            for act in (
                lambda by: _load(word_file(), by=by),
                lambda by: _publish(version, 0, by=person(by)),
                lambda by: withdraw_province_template(by=person(by), kind=KIND, revision=0),
            ):
                with pytest.raises(NotAllowed):
                    act(stranger)
        assert not templates_in_force()

    def test_is_refused_with_every_fault_and_its_place(self) -> None:
        for content, words, where in (
            (word_saying("{{申请入}}"), "是不是“申请人”", "第 5 段"),
            (word_saying("{{材料/名子}}"), "是不是“材料/名称”", "第 5 段"),
            (word_saying("{{申请人.__class__}}"), "没有名为", "第 5 段"),
            (word_saying("{% for x in y %}{{ x"), "没有成对", "第 5 段"),
            (office(parts={"word/vbaProject.bin": b"macro"}), "宏", "file"),
            (b"%PDF-1.7", "docx", "file"),
            (b"x" * (LARGEST + 1), "太大", "file"),
        ):
            with pytest.raises(Invalid, match=words) as refused:
                _load(content)
            assert [fault.where for fault in refused.value.faults] == [where]
        with pytest.raises(Invalid):
            _load(word_file(), name="模板.docm")
        assert not ProvinceTemplateVersion.objects.exists()
        assert not ProvinceTemplateFile.objects.exists()

    def test_is_shown_to_the_scanner(self, settings: Settings) -> None:
        with fake_scanner() as scanner:
            settings.CLAMAV_ADDRESS = scanner.address
            make_version()
            assert len(scanner.got) == 1
            scanner.says = b"stream: Bad.Virus FOUND\0"
            with pytest.raises(Invalid, match=r"Bad\.Virus"):
                make_version("另一版")
        assert ProvinceTemplateVersion.objects.count() == 1

    def test_is_refused_for_who_saw_another_one_in_force(self) -> None:
        first, second = make_version("第一版"), make_version("第二版")
        other = _second_operator()
        _publish(first, 0, by=other)
        with pytest.raises(Conflict, match="第 1 版") as refused:
            _publish(second, 0)
        assert "钱二" not in refused.value.message
        with pytest.raises(Conflict):
            withdraw_province_template(by=person("zhao"), kind=KIND, revision=0)
        assert templates_in_force()[KIND].number == 1

    def test_leaves_nothing_half_where_it_is_killed(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def die(*_: object) -> None:
            raise Killed

        with monkeypatch.context() as patch:
            patch.setattr(templates, "_keep", die)
            with pytest.raises(Killed):
                make_version()
        assert not ProvinceTemplateFile.objects.exists()
        version = make_version()
        assert ProvinceTemplateFile.objects.count() == 1
        assert read_file(version.file.key)
        for statement in range(1, 30):
            try:
                with killed_at(statement):
                    _publish(version, 0)
            except Killed:
                assert not templates_in_force()
                assert province_kind(KIND).revision == 0
            else:
                break
        assert statement > 3
        assert templates_in_force()

    def test_of_a_kind_that_no_app_states_is_not_found(self) -> None:
        version = make_version()
        with pytest.raises(NotFound):
            load_province_template(by=person("zhao"), kind="none", name="a.docx", content=word_file())
        with pytest.raises(NotFound):
            publish_province_template(
                by=person("zhao"), kind=province_kinds()[0].kind.code, version_id=version.pk, revision=0
            )


@pytest.mark.usefixtures("object_store")
class TestTwoAtOnce:
    def test_decide_and_load_one_after_the_other(self, fresh_database: None) -> None:
        other = _second_operator()
        loaded = at_once(*(lambda text=text: make_version(text) for text in ("甲", "乙", "甲")))
        assert {one.number for one in loaded} == {1, 2}
        assert ProvinceTemplateVersion.objects.count() == 2
        a, b = {one.pk: one for one in loaded}.values()
        holds = Event()

        def decide_first() -> None:
            with transaction.atomic():
                # as it is held from when it was read
                ProvinceTemplate.objects.select_for_update().get()
                holds.set()
                wait_until(somebody_waits, what="the second operator")
                _publish(a, 0)

        def decide_meanwhile() -> None:
            holds.wait(10)
            _publish(b, 0, by=other)

        _, told = at_once(decide_first, decide_meanwhile)
        assert isinstance(told, Conflict)
        assert f"第 {a.number} 版" in told.message
        assert (templates_in_force()[KIND].version_id, province_kind(KIND).revision) == (a.pk, 1)


@pytest.mark.django_db
@pytest.mark.usefixtures("object_store")
class TestPages:
    def test_load_show_put_in_force_and_withdraw(self) -> None:
        zhao = client_of("zhao")

        def post(path: str, **data: Any) -> str:
            return str(zhao.post(f"{PAGE}{path}", data, follow=True).content.decode())

        assert "测试通知书" in zhao.get("/console/document-templates/").content.decode()
        refused = zhao.post(PAGE, {"file": SimpleUploadedFile("模板.docx", word_saying("{{申请入}}"))})
        assert refused.status_code == 422
        assert "<strong>第 5 段</strong>：没有名为“申请入”的字段，是不是“申请人”" in refused.content.decode()
        assert zhao.post(PAGE, {"file": ""}).status_code == 422
        assert "还没有施行" in post("", file=SimpleUploadedFile("模板.docx", word_saying("全省统一格式")))
        version = ProvinceTemplateVersion.objects.get()
        for path, begin in (
            *((f"{version.pk}/sample.pdf", b"%PDF"), (f"{version.pk}/template.docx", b"PK")),
            *(("built-in/sample.pdf", b"%PDF"), ("built-in/template.docx", b"PK")),
        ):
            assert zhao.get(f"{PAGE}{path}").content.startswith(begin)
        said = post(f"{version.pk}/publish/", revision=0)
        assert "已启用" in said
        assert "省级第 1 版" in said
        assert "启用省级文书模板" in said
        assert "省级第 1 版" in zhao.get("/console/document-templates/").content.decode()
        assert "没有执行" in post("withdraw/", revision=0)
        assert "已撤下" in post("withdraw/", revision=1)
        assert "没有执行" in post(f"{version.pk}/publish/", revision="x")
        assert zhao.get("/console/document-templates/none/").status_code == 404
        assert client_of("sun").get(PAGE).status_code == 403

    def test_cost_the_same_however_many_halls_there_are(self, django_assert_max_num_queries: Any) -> None:
        make_given()
        with django_assert_max_num_queries(1):
            assert [one.version.number for one in province_kinds() if one.version] == [1]


@pytest.mark.django_db
@pytest.mark.usefixtures("object_store")
class TestApi:
    def test_does_what_pages_do_and_does_it_once(self) -> None:
        client = program_of("zhao", "document_templates.manage")
        sent = {"file": SimpleUploadedFile("模板.docx", word_saying("全省统一格式"))}
        made = client.post(f"{API}/versions", sent)
        assert made.status_code == 201, made.content
        bad = client.post(f"{API}/versions", {"file": SimpleUploadedFile("模板.docx", word_saying("{{申请入}}"))})
        assert bad.json()["errors"][0]["where"] == "第 5 段"
        version = made.json()["id"]

        def post(path: str, revision: int, key: str) -> Any:
            headers = {"idempotency-key": key}
            return client.post(f"{API}{path}", {"revision": revision}, "application/json", headers=headers)

        for _ in range(2):
            shown = post(f"/versions/{version}/publish", 0, "once").json()
            assert (shown["version"], shown["revision"]) == (1, 1)
        assert post(f"/versions/{version}/publish", 0, "other").status_code == 409
        assert client.get(API).json()["version_id"] == version
        assert [one["number"] for one in client.get(f"{API}/versions").json()] == [1]
        for path in (f"versions/{version}", "built-in"):
            assert client.get(f"{API}/{path}/sample").content.startswith(b"%PDF")
            assert client.get(f"{API}/{path}/file").content.startswith(b"PK")
        assert post("/withdraw", 1, "back").json()["version"] is None
        assert AuditEntry.objects.filter(act="document_templates.publish_template").count() == 1
        assert program_of("zhao", "catalogue.read").get(API).status_code == 403
