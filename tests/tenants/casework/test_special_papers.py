"""What comes with the result of a special procedure (听证笔录, 检验报告): looked into, kept with the case, and read by
who has the case alone."""

from functools import partial
from io import BytesIO
from typing import Any

import httpx
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from foundation.errors import Conflict, DomainError, Invalid
from province.cases.states import CaseState
from province.halls.models import Hall
from province.rights.roles import Role
from tenants.casework.models import Case, CaseSetup
from tenants.casework.operations import examining
from tenants.casework.operations.attached_papers import MOST_PAPERS, AttachedPaper
from tenants.casework.operations.closing import archive_case, serve_decision
from tenants.casework.operations.deciding import decide_case
from tenants.casework.operations.examining import begin_special_procedure, end_special_procedure
from tenants.casework.queries.archive import other_archive_lines
from tenants.casework.queries.own_cases import own_case_view
from tenants.documents.models import DocumentFile
from tests.conftest import person
from tests.factories.adoptions import make_shown
from tests.factories.casework import accepted, make_setup
from tests.factories.files import picture
from tests.factories.halls import make_person
from tests.factories.people import client_of
from tests.factories.sites import inside
from tests.races import at_once

NORTH, SOUTH = "north.yizhan.localhost", "south.yizhan.localhost"
API = "/api/hall/v1/casework/cases"
REPORT = "检验报告.png"


def photo(size: tuple[int, int] = (20, 20)) -> bytes:
    return picture("PNG", size=size).read()


def uploaded(name: str = REPORT, content: bytes | None = None) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content or photo())


def paper(name: str = REPORT, content: bytes | None = None) -> AttachedPaper:
    return AttachedPaper(name, BytesIO(content or photo()))


def paused(hall: Hall) -> Case:
    case = accepted(hall, CaseSetup.objects.get())
    of: dict[str, Any] = {"by": person("cao"), "hall": hall, "case_id": case.pk}
    return begin_special_procedure(**of, kind="inspection", basis="某法第九条", limit="20wd")


def ended(hall: Hall, case: Case, **given: Any) -> Case:
    of: dict[str, Any] = {"by": person("cao"), "hall": hall, "case_id": case.pk, "result": "合格"}
    return end_special_procedure(**of | given)


@pytest.fixture(scope="class")
def _opened(class_rows: None) -> None:
    north = Hall.objects.get(slug="north")
    adoption = make_shown(north)
    with inside(north):
        make_setup(north, adoption)


@pytest.mark.django_db
@pytest.mark.usefixtures("object_store", "_opened")
class TestResult:
    def test_brings_its_documents_for_who_has_the_case_alone(self, at_north: Hall, south: Hall) -> None:
        case, cao = paused(at_north), client_of("cao", NORTH)
        path = f"/desk/cases/{case.pk}/"
        assert 'enctype="multipart/form-data"' in cao.get(path).text
        posted = {"act": "special-end", "result": "合格"}
        for name, content in (("表.xlsx", b"PK"), ("报告.pdf", b"not a PDF")):
            assert cao.post(path, posted | {"papers": [uploaded(name, content)]}).status_code == 422
        files = [uploaded(), uploaded("现场.png", photo((30, 20)))]
        assert cao.post(path, posted | {"papers": files}).status_code == 302
        procedure = case.special_procedures.get()
        kept = DocumentFile.objects.in_bulk(procedure.paper_ids)
        names = [kept[pk].name for pk in procedure.paper_ids]
        assert (procedure.result, names) == ("合格", [REPORT, "现场.png"])
        assert all(one.key.startswith(f"{at_north.folder}/procedures/{procedure.pk.hex}/") for one in kept.values())
        page, shown = cao.get(path).text, cao.get(f"{API}/{case.pk}").json()["special_procedures"]
        assert [(one["kind"], [each["name"] for each in one["papers"]]) for one in shown] == [("inspection", names)]
        first = procedure.paper_ids[0]
        at, by_api = f"{path}special-papers/{first}/", f"{API}/{case.pk}/special-papers/{first}"
        assert at in page
        assert httpx.get(cao.get(at)["Location"]).content[:4] == b"\x89PNG"
        assert cao.get(by_api).json()["url"].startswith("http")
        # another case's, another hall's, nobody's, and no applicant's
        make_person("nan", "南厅", Role.HALL_ADMINISTRATOR, south)
        other = paused(at_north)
        nan, nobody = client_of("nan", SOUTH), client_of(host=NORTH)
        assert [nan.get(address).status_code for address in (at, by_api)] == [404, 404]
        assert (nobody.get(at)["Location"].partition("?")[0], nobody.get(by_api).status_code) == ("/sign-in/", 401)
        assert cao.get(f"/desk/cases/{other.pk}/special-papers/{first}/").status_code == 404
        assert REPORT not in str(own_case_view(Case.objects.get(pk=case.pk)))

    def test_lies_in_the_archive_with_its_digest(self, at_north: Hall) -> None:
        case = ended(at_north, paused(at_north), papers=[paper()])
        of: dict[str, Any] = {"hall": at_north, "case_id": case.pk}
        decide_case(by=person("tao"), **of, outcome="granted", reasons="")
        serve_decision(by=person("cao"), **of, way="window", proof="本人")
        [file] = DocumentFile.objects.filter(pk__in=case.special_procedures.get().paper_ids)
        line = {"kind": "特别程序的文件", "name": REPORT, "digest": file.sha256}
        assert line in other_archive_lines(at_north, Case.objects.get(pk=case.pk))
        archive_case(by=person("cao"), **of)
        assert line in Case.objects.get(pk=case.pk).archive_sheet.contents

    def test_is_the_same_for_programs_and_ended_once(self, at_north: Hall) -> None:
        case, cao = paused(at_north), client_of("cao", NORTH)
        for status in (200, 409):
            given = {"result": "合格", "papers": [uploaded()]}
            assert cao.post(f"{API}/{case.pk}/special-end-with-papers", given).status_code == status
        assert (Case.objects.get(pk=case.pk).state, DocumentFile.objects.count()) == (CaseState.ACCEPTED, 1)

    def test_brings_no_more_than_some_and_the_same_one_once(self, at_north: Hall) -> None:
        case = paused(at_north)
        with pytest.raises(Invalid, match=f"最多附 {MOST_PAPERS} 份"):
            ended(at_north, case, papers=[paper()] * (MOST_PAPERS + 1))
        # nobody's file goes into the store for what is refused anyway
        with pytest.raises(DomainError):
            ended(at_north, case, by=person("sun"), papers=[paper()])
        assert Case.objects.get(pk=case.pk).state == CaseState.PAUSED
        ended(at_north, case, papers=[paper(), paper("又一份.png")])
        assert len(case.special_procedures.get().paper_ids) == 1


@pytest.mark.usefixtures("fresh_database", "object_store")
class TestCutShort:
    def test_loses_and_doubles_nothing_when_killed_and_of_two_at_once_one_wins(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        north = Hall.objects.get(slug="north")
        adoption = make_shown(north)
        with inside(north):
            make_setup(north, adoption)
            case = paused(north)

        def killed(*_: object, **__: object) -> None:
            raise SystemExit

        with monkeypatch.context() as patched, inside(north):
            patched.setattr(examining, "note_act", killed)
            with pytest.raises(SystemExit):
                ended(north, case, papers=[paper()])
        with inside(north):
            assert (Case.objects.get(pk=case.pk).state, DocumentFile.objects.count()) == (CaseState.PAUSED, 0)

        def end(result: str) -> Case:
            with inside(north):
                return ended(north, case, result=result, papers=[paper(content=photo((len(result) * 10, 20)))])

        outcomes = at_once(partial(end, "合格"), partial(end, "不合格"))
        assert sorted(isinstance(one, Conflict) for one in outcomes) == [False, True]
        with inside(north):
            procedure = case.special_procedures.get()
            assert len(procedure.paper_ids) == 1
            assert case.acts.filter(act="end_special_procedure").count() == 1
