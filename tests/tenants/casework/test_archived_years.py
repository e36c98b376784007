"""年度归档: a year's cases are closed once each, whoever is killed on the way; the signed list of them is held against
what is there; and all that could be found before is found afterwards."""

import json
import os
import signal
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone
from typer.testing import CliRunner, Result

from config.cli import app
from foundation.errors import Conflict, Invalid, NotAllowed
from province.audit.models import AuditEntry
from province.halls.models import Hall
from province.registries.models import DocumentEntry
from province.registries.queries.documents import document_with_code
from province.rights.queries import system_actor
from province.satisfaction.models import RatingFigure
from tenants.casework.models import ArchiveSheet, Case, CaseAct, CaseSetup
from tenants.casework.operations import sheets
from tenants.casework.operations.acceptance import decline_case
from tenants.casework.operations.archiving import archive_cases_of_year, write_year
from tenants.casework.queries.archived_years import unarchived_cases
from tenants.casework.queries.desk import cases_at_desk
from tenants.casework.queries.progress import find_progress
from tenants.shell.slots import Desk
from tests.conftest import person
from tests.factories.adoptions import make_shown
from tests.factories.casework import apply_at_window, make_setup
from tests.factories.ratings import awaited, rated
from tests.factories.sites import inside
from tests.forked import killed
from tests.races import at_once
from tests.roles import as_owner

LAST_YEAR = timezone.localdate().year - 1


def yizhan(*arguments: object) -> Result:
    return CliRunner().invoke(app, ["cases", *(str(one) for one in arguments)])


def archive(hall: Hall) -> None:
    with inside(hall):
        archive_cases_of_year(by=system_actor(), hall=hall, year=LAST_YEAR, told=lambda _: None)


def archive_one_and_die(hall: Hall) -> None:
    with inside(hall):
        archive_cases_of_year(
            by=system_actor(), hall=hall, year=LAST_YEAR, told=lambda _: os.kill(os.getpid(), signal.SIGKILL)
        )


def ended(hall: Hall, setup: CaseSetup) -> Case:
    case = apply_at_window(hall, setup)
    return decline_case(by=person("cao"), hall=hall, case_id=case.pk, said="材料不全。")


def make_past(case: Case) -> None:
    Case.objects.filter(pk=case.pk).update(ended_at=timezone.now() - timedelta(days=366))


def make_year(north: Hall) -> tuple[list[Case], Case]:
    """Cases that ended last year, the first of them granted and rated, and one that ended this year; one is open."""
    adoption = make_shown(north)
    north.refresh_from_db()
    with inside(north):
        make_setup(north, adoption)
        setup = CaseSetup.objects.get()
        rating = awaited(north, setup)
        rated(north, rating, grade=5)
        *declined, of_today = (ended(north, setup) for _ in range(3))
        apply_at_window(north, setup)
        past = [Case.objects.get(pk=rating.case_id), *declined]
        for case in past:
            make_past(case)
    return past, of_today


@pytest.mark.usefixtures("fresh_database")
class TestArchivingAYear:
    def test_closes_each_case_once_whoever_is_killed_and_leaves_all_to_be_found(self) -> None:
        north = Hall.objects.get(slug="north")
        past, _ = make_year(north)
        before = found(north, past[0])
        killed(archive_one_and_die, north)
        with inside(north):
            assert (ArchiveSheet.objects.count(), unarchived_cases(LAST_YEAR).count()) == (1, 2)
        # half-way in one case
        killed(archive, north, dying_at=(sheets.__name__, "note_act"))
        with inside(north):
            assert ArchiveSheet.objects.count() == 1
        at_once(*[lambda: archive(north)] * 3)
        with inside(north):
            assert set(ArchiveSheet.objects.values_list("case", flat=True)) == {one.pk for one in past}
            lists = ArchiveSheet.objects.all()
            assert [[act.act for act in one.acts].count("archive") for one in lists] == [1, 1, 1]
            assert not CaseAct.objects.filter(case__in=past).exists()
        assert found(north, past[0]) == before


@pytest.mark.django_db
class TestListOfAYear:
    def test_is_refused_before_all_of_a_year_that_is_over_is_archived(self, north: Hall, tmp_path: Path) -> None:
        make_year(north)
        given = {"hall": north, "path": tmp_path / "none"}
        with inside(north):
            with pytest.raises(Conflict, match="还有 3 件没有归档"):
                write_year(by=system_actor(), year=LAST_YEAR, **given)
            with pytest.raises(Invalid, match="还没有结束"):
                write_year(by=system_actor(), year=LAST_YEAR + 1, **given)
            with pytest.raises(NotAllowed):
                write_year(by=person("sun"), year=LAST_YEAR, **given)
        assert list(tmp_path.iterdir()) == []

    def test_names_nobody_and_shows_what_was_changed_since(self, north: Hall, south: Hall, tmp_path: Path) -> None:
        past, of_today = make_year(north)
        path, code = tmp_path / "year.jsonl", north.division.code
        told = yizhan("archive", code, path, "--year", LAST_YEAR)
        assert f"{LAST_YEAR}年办结的 3 件已归档" in told.stdout, told.output
        assert AuditEntry.objects.get(act="casework.write_year").changes["cases"] == [None, 3]
        text = path.read_text(encoding="utf-8")
        lines = [json.loads(line) for line in text.splitlines()]
        assert [one["kind"] for one in lines] == ["header", "case", "case", "case", "signature"]
        assert "安娜" not in text
        assert "3 件都与目录一致" in yizhan("check-archive", code, path).stdout
        assert yizhan("check-archive", south.division.code, path).exit_code != 0

        bent = tmp_path / "bent.jsonl"
        bent.write_text(text.replace(lines[1]["digest"], "0" * 64), encoding="utf-8")
        shown = yizhan("check-archive", code, bent, "--json")
        assert shown.exit_code == 1
        assert "文件的签名不对" in shown.stdout
        assert "摘要或保管期限与年度目录不一致" in shown.stdout
        with inside(north):
            make_past(of_today)
        archive(north)
        assert "又有 1 件归档" in yizhan("check-archive", code, path, "--json").stdout
        with inside(north), as_owner(), connection.cursor() as cursor:
            cursor.execute("DELETE FROM casework_archivesheet WHERE id = %s", [past[0].pk])
        assert f"{past[0].number}：本厅现在没有" in yizhan("check-archive", code, path, "--json").stdout


def found(hall: Hall, case: Case) -> list[object]:
    """By number and phone, by the applicant's number at the desk, the document by its code, the year's figures."""
    papers = DocumentEntry.objects.filter(hall=hall).order_by("pk")
    with inside(hall):
        progress = find_progress(hall, case.number, "5678")
        assert progress
        hits = [one.pk for one in cases_at_desk(Desk(person("cao"), hall), words="11010519491231002X")]
        assert papers
        months = list(RatingFigure.objects.filter(hall=hall).order_by("pk").values())
        assert months
    return [progress, hits, [document_with_code(one.code) for one in papers], months]
