"""Documents that run something, where a file is looked at only in a certain state of a case: an opinion that somebody
is asked for, a special procedure that goes on, an application that is put right. Everywhere else
``test_active_uploads`` asks."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from province.halls.models import Hall
from tenants.casework.models import CaseSetup
from tenants.casework.operations.acceptance import ask_for_correction
from tenants.casework.operations.examining import begin_special_procedure
from tests.conftest import person
from tests.factories.adoptions import make_shown
from tests.factories.casework import accepted, apply_online, make_setup
from tests.factories.citizens import make_proved
from tests.factories.documents import pdf
from tests.factories.joint import BUILDERS, POLICE, make_joint_halls, opinion_of
from tests.factories.people import client_of
from tests.factories.sites import inside
from tests.isolation.untouched import undone
from tests.security.test_active_documents import PDFS, WORDS
from tests.tenants.citizen_pages.test_pages import signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("object_store")]

NORTH = "north.yizhan.localhost"
API = "/api/hall/v1/casework"
ACTIVE = {
    "通知.pdf": PDFS["script at opening"],
    "程序.pdf": PDFS["program inside"],
    "通知.docx": WORDS["a template from elsewhere"],
}
type Place = tuple[Client, str, dict[str, Any]]


def _opinion(body: str, who: str, end: str) -> Callable[[Hall, Hall], Place]:
    def made(north: Hall, south: Hall) -> Place:
        setup = make_joint_halls(north, south)
        with inside(north):
            opinion = opinion_of(accepted(north, setup), body)
        return client_of(who, NORTH), f"{API}/opinions/{opinion.pk}/{end}", {"result": "agreed", "paper": None}

    return made


def _special(north: Hall, _: Hall) -> Place:
    adoption = make_shown(north)
    with inside(north):
        case = accepted(north, make_setup(north, adoption))
        of: dict[str, Any] = {"by": person("cao"), "hall": north, "case_id": case.pk}
        begin_special_procedure(**of, kind="inspection", basis="某法第九条", limit="20wd")
    return client_of("cao", NORTH), f"{API}/cases/{case.pk}/special-end-with-papers", {"result": "合格", "papers": None}


def _own(north: Hall, _: Hall) -> Place:
    adoption = make_shown(north)
    with inside(north):
        make_setup(north, adoption)
        citizen = make_proved(1)
        case = apply_online(north, CaseSetup.objects.get(), citizen)
        of: dict[str, Any] = {"by": person("cao"), "hall": north, "case_id": case.pk}
        ask_for_correction(**of, asked=["照片不清楚。"], fields=["material_1"], workdays=10)
    client = signed_in(citizen)
    # its session is bound to the host at the first request, which is not to be taken back
    assert client.get("/me/").status_code == 200
    return client, f"{API}/own/{case.pk}/uploads", {"file": None}


PLACES: dict[str, Callable[[Hall, Hall], Place]] = {
    "an opinion": _opinion(BUILDERS, "jian", "give-with-paper"),
    "an opinion of another hall on paper": _opinion(POLICE, "cao", "enter-with-paper"),
    "a special procedure": _special,
    "an applicant's own case": _own,
}


@pytest.mark.parametrize("make", PLACES.values(), ids=list(PLACES))
class TestUpload:
    def test_takes_what_is_harmless_and_nothing_active(
        self, make: Callable[[Hall, Hall], Place], north: Hall, south: Hall
    ) -> None:
        client, path, fields = make(north, south)

        def sent(name: str, content: bytes) -> Any:
            file = SimpleUploadedFile(name, content)
            with undone():
                return client.post(path, {one: file if value is None else value for one, value in fields.items()})

        for name, active in ACTIVE.items():
            refused = sent(name, active())
            assert refused.status_code == 422
            assert "会自动运行或连接外部的内容" in refused.json()["detail"]
        assert sent("通知.pdf", pdf()).status_code in {200, 201}
