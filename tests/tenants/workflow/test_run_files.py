"""Files of runs: where a flow begins, at a step, in pieces, beside the form, and gone with a draft that is dropped."""

import re
from html import unescape
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from foundation.errors import Conflict, Invalid, NotFound, Unavailable
from foundation.events.operations import drain_events
from foundation.files.pieces import PieceOutcome
from foundation.files.store import files_in, is_there
from province.halls.models import Hall
from tenants.workflow.models import FilledForm, FormUpload, PartialUpload, Run
from tenants.workflow.operations import chunks
from tenants.workflow.operations.chunks import begin_chunks, drop_partial
from tenants.workflow.operations.filling import drop_filling, send_filling
from tenants.workflow.operations.uploads import add_upload
from tests.factories.documents import pdf
from tests.factories.files import picture
from tests.factories.forms import begin, filler, make_published_form
from tests.factories.people import client_of, program_of
from tests.factories.runs import HANDLERS, LEADERS, do, free_step, row_of
from tests.factories.sites import inside

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("object_store")]
NORTH, SOUTH = "north.yizhan.localhost", "south.yizhan.localhost"
FORM: dict[str, Any] = {
    "format": 1,
    "title": "请假申请",
    "parts": [
        {
            "name": "all",
            "label": "全部",
            "fields": [
                {"type": "person_name", "name": "name", "label": "姓名", "required": True},
                {"type": "long_text", "name": "why", "label": "事由", "required": True},
                {"type": "material", "name": "proof", "label": "证明", "material": "attachment"},
                {"type": "picture", "name": "photo", "label": "现场照片"},
                {"type": "group", "name": "lines", "label": "明细", "cells": [
                    {"type": "short_text", "name": "thing", "label": "物品"},
                ]},
            ],
        }
    ],
}  # fmt: skip


def add_chunk(*, content: bytes, **given: Any) -> PieceOutcome[FormUpload]:
    """A piece that has come whole."""
    return chunks.add_chunk(content=content, length=len(content), **given)


def named(content: bytes | BytesIO, name: str) -> BytesIO:
    file = BytesIO(content if isinstance(content, bytes) else content.getvalue())
    file.name = name
    return file


def made_flow(north: Hall) -> Any:
    with inside(north):
        form = make_published_form(north, FORM)
        return row_of(
            north,
            free_step("hand", HANDLERS, fields={"photo": "write", "lines": "write", "proof": "hidden"}),
            free_step("lead", LEADERS),
            form=form,
        )


def text_of(answer: Any, status: int = 200) -> str:
    assert answer.status_code == status, answer.content.decode()[:2000]
    return unescape(answer.content.decode())


class TestRun:
    def test_keeps_what_is_typed_and_uploaded_where_it_begins_and_nothing_that_is_only_looked_at(
        self, north: Hall
    ) -> None:
        flow, sun = made_flow(north), client_of("sun", NORTH)
        at = f"/desk/flows/{flow.pk}/start/"
        assert 'value="孙北"' in text_of(sun.get(at))
        looked = sun.post(at, {"_act": "look", "name": "孙北", "why": "回家", "_seen": ""})
        assert 'id="filling-parts"' in text_of(looked)
        more = sun.post(at, {"_line": "add lines", "name": "孙北", "lines.0.thing": "笔"})
        assert 'name="lines.1.thing"' in text_of(more)
        with inside(north):
            assert not FilledForm.objects.exists()
        files = {"_file.proof": [named(pdf(), "证明.pdf")], "_file.photo": [named(b"MZ", "坏.png")]}
        refused = text_of(sun.post(at, {"name": "孙北", "why": "回家", **files}), 422)
        assert "“坏.png”没有传上来" in refused
        # on another device, too
        for page in (refused, text_of(sun.get(at))):
            [kept] = re.findall(r'name="proof" value="([0-9a-f-]{36})"', page)
            assert f"/files/{kept}/" in page
            assert "回家" in page
        assert sun.post(at, {"name": "孙北", "why": "去省城", "proof": ["", kept], "_act": "keep"}).status_code == 302
        assert "去省城" in text_of(sun.get(at))
        assert sun.post(at, {"name": "孙北", "why": "回家", "proof": ["", kept]}).status_code == 302
        with inside(north):
            assert FilledForm.objects.get().state == "kept"
            assert FormUpload.objects.count() == 1

    def test_takes_files_at_a_step_and_shows_them_to_who_sees_their_field(self, north: Hall) -> None:
        flow = made_flow(north)
        sun, cao, tao, li = (client_of(one, NORTH) for one in ("sun", "cao", "tao", "li"))
        posted = {"name": "孙北", "why": "回家", "_file.proof": [named(pdf(), "证明.pdf")]}
        run_at = sun.post(f"/desk/flows/{flow.pk}/start/", posted)["Location"]
        with inside(north):
            run, proof = Run.objects.get(), FormUpload.objects.get().pk
        # at cao's step the field is hidden
        assert "证明.pdf" not in text_of(cao.get(run_at))
        assert cao.get(f"{run_at}files/{proof}/").status_code == 404
        # what only looks ends nothing, a refused file leaves what was typed
        assert 'id="filling-parts"' in text_of(cao.post(run_at, {"_line": "add lines"}))
        bad = {"_opinion": "已经核对", "_file.photo": [named(b"MZ", "坏.png")]}
        assert "已经核对" in text_of(cao.post(run_at, bad), 422)
        for stranger in (tao, li):
            refused = stranger.post(f"/desk/forms/filled/{run.filled_id}/chunks/", {"name": "a.pdf", "size": "9"})
            assert refused.status_code == 404
        photo = named(picture("PNG", size=(40, 20)), "现场.png")
        assert cao.post(run_at, {"_file.photo": [photo], "lines": "", "_act": "finish"}).status_code == 302
        shown = text_of(tao.get(run_at))
        assert re.findall(r'data-look="(\w+)"', shown) == ["pdf", "picture"]
        looks = [one.partition(run_at)[2] for one in re.findall(r'data-at="([^"]+)"', shown)]
        first, second = (tao.get(f"{run_at}{one}").json() for one in looks)
        assert (first["pages"], second["pages"]) == (1, 1)
        assert "-page-1.webp" in first["url"]
        assert tao.get(f"{run_at}{looks[0]}?page=2").status_code == 404
        assert "attachment" not in tao.get(f"{run_at}files/{proof}/")["Location"]
        for outsider in (li, client_of("zhou", SOUTH)):
            assert outsider.get(f"{run_at}{looks[0]}").status_code == 404
        program = program_of("tao", "workflow.take_part")
        program.defaults["HTTP_HOST"] = NORTH
        api = f"/api/hall/v1/workflow/runs/{run.pk}/files"
        assert [one["label"] for one in program.get(api).json()] == ["证明", "现场照片"]
        assert program.get(f"{api}/{proof}").json()["url"].startswith("http")
        with inside(north):
            do(north, run, "lead", "tao")
            for late in ("cao", "tao"):
                with pytest.raises((NotFound, Conflict)):
                    add_upload(
                        who=filler(late), hall=north, filled_id=run.filled_id, name="晚.png", content=picture("PNG")
                    )


class TestPieces:
    def test_go_on_where_they_were_cut_and_count_once(self, north: Hall) -> None:
        content = pdf() + b"\n" * 3_000
        with inside(north):
            filled = begin(north, make_published_form(north, FORM).pk)
            who = filler()
            given: dict[str, Any] = {"who": who, "hall": north, "filled_id": filled.pk}
            about = {"name": "长.pdf", "size": len(content), "mark": "1"}
            begun = begin_chunks(**given, **about)
            assert begin_chunks(**given, **about).pk == begun.pk
            given["partial_id"] = begun.pk
            first = add_chunk(**given, offset=0, content=content[:1000])
            # sent again, from behind, from too far ahead: nothing moves
            again = [add_chunk(**given, offset=at, content=content[:1000]).offset for at in (0, 500, 2000)]
            assert (first.offset, again) == (1000, [1000] * 3)
            assert begin_chunks(**{k: v for k, v in given.items() if k != "partial_id"}, **about).received == 1000
            with pytest.raises(Invalid, match="还长"):
                add_chunk(**given, offset=1000, content=content)
            # a part of a piece, then the end of the connection
            with pytest.raises(Unavailable, match="没有收完"):
                chunks.add_chunk(**given, offset=1000, content=content[1000:1100], length=900)
            assert PartialUpload.objects.get().received == 1000
            with pytest.raises(NotFound):
                add_chunk(**{**given, "who": filler("hua")}, offset=1000, content=b"x")
            done = add_chunk(**given, offset=1000, content=content[1000:])
            assert done.file
            assert (done.offset, done.file.size) == (len(content), len(content))
            assert not PartialUpload.objects.exists()
            assert not list(files_in(f"{north.folder}/pieces"))
            # killed with all of it here: asked once more, it is finished
            late = begin_chunks(who=who, hall=north, filled_id=filled.pk, **{**about, "mark": "2"})
            add_chunk(who=who, hall=north, filled_id=filled.pk, partial_id=late.pk, offset=0, content=content[:1000])
            PartialUpload.objects.filter(pk=late.pk).update(size=1000)
            late_given = {"who": who, "hall": north, "filled_id": filled.pk, "partial_id": late.pk}
            assert add_chunk(**late_given, offset=1000, content=b"").file
            # what it is shows when it is whole: then nothing of it is kept
            bad = begin_chunks(who=who, hall=north, filled_id=filled.pk, name="坏.pdf", size=2)
            with pytest.raises(Invalid, match="不接受"):
                add_chunk(who=who, hall=north, filled_id=filled.pk, partial_id=bad.pk, offset=0, content=b"MZ")
            assert not PartialUpload.objects.exists()
            assert not list(files_in(f"{north.folder}/pieces"))
            for size in (0, 10**9):
                with pytest.raises(Invalid):
                    begin_chunks(who=who, hall=north, filled_id=filled.pk, name="a.pdf", size=size)
            left = begin_chunks(who=who, hall=north, filled_id=filled.pk, **about)
            add_chunk(who=who, hall=north, filled_id=filled.pk, partial_id=left.pk, offset=0, content=b"x" * 10)
            for _ in range(2):
                drop_partial(hall=north, partial_id=left.pk)
            assert not list(files_in(f"{north.folder}/pieces"))

    def test_come_from_pages_and_programs(self, north: Hall) -> None:
        flow, content = made_flow(north), pdf()
        sun = client_of("sun", NORTH)
        facts = {"name": "证明.pdf", "size": str(len(content)), "mark": "7"}
        begun = sun.post(f"/desk/flows/{flow.pk}/start/chunks/", facts).json()

        def piece(client: Client, at: int, until: int) -> Any:
            body = content[at:until]
            return client.post(f"{begun['at']}?offset={at}", body, content_type="application/octet-stream")

        assert piece(sun, 0, 100).json() == {"offset": 100, "upload": None}
        assert sun.post(f"/desk/flows/{flow.pk}/start/chunks/", facts).json() == {**begun, "offset": 100}
        assert piece(client_of("hua", NORTH), 100, 200).status_code == 404
        told = piece(sun, 100, len(content)).json()
        assert told["upload"]["name"] == "证明.pdf"
        assert f'value="{told["upload"]["id"]}"' not in text_of(sun.get(f"/desk/flows/{flow.pk}/start/"))
        with inside(north):
            filled = FilledForm.objects.get()
        program = program_of("sun", "workflow.take_part")
        at = f"/api/hall/v1/workflow/fillings/{filled.pk}/chunks"
        headers = {"host": NORTH}
        data = {"name": "照.txt", "size": 4}
        made = program.post(at, data, content_type="application/json", headers=headers)
        assert made.status_code == 201, made.content
        whole = program.put(
            f"{at}/{made.json()['id']}?offset=0", b"text", content_type="application/octet-stream", headers=headers
        )
        assert (whole.status_code, whole.json()["upload"]["size"]) == (200, 4)


class TestDroppedDraft:
    def test_takes_its_files_along_unless_another_form_has_them(self, north: Hall) -> None:
        content = f"只在这里的内容 {uuid4()}".encode()
        with inside(north):
            form = make_published_form(north, FORM)
            one, other = begin(north, form.pk), begin(north, form.pk, filler("hua"))
            kept = [
                add_upload(who=who, hall=north, filled_id=filled.pk, name="说明.txt", content=BytesIO(content))
                for who, filled in ((filler(), one), (filler("hua"), other))
            ]
            assert kept[0].key == kept[1].key
            drop_filling(who=filler(), hall=north, filled_id=one.pk)
        drain_events()
        assert is_there(kept[0].key)
        with inside(north):
            drop_filling(who=filler("hua"), hall=north, filled_id=other.pk)
        assert is_there(kept[0].key)
        drain_events()
        assert not is_there(kept[0].key)
        with inside(north):
            sent = begin(north, form.pk)
            last = add_upload(who=filler(), hall=north, filled_id=sent.pk, name="说明.txt", content=BytesIO(content))
            with pytest.raises(Invalid):
                send_filling(who=filler(), hall=north, filled_id=sent.pk, revision=sent.revision)
        drain_events()
        assert is_there(last.key)
