from io import BytesIO
from uuid import uuid4

import httpx
import pytest
from pytest_django import Settings

from foundation.errors import Invalid, NotAllowed, NotFound, Unavailable
from foundation.files.store import read_file
from province.audit.queries import entries_about
from province.content.models import Asset
from province.content.operations import add_asset, describe_asset
from province.content.queries import asset_at_desk, assets_at_desk, media_link
from tests.conftest import person
from tests.factories.files import picture
from tests.factories.manuscripts import COUNTY, PROVINCE, make_asset
from tests.servers import free_port

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("object_store")]


class TestAddAsset:
    def test_keeps_the_file_in_the_desks_own_folder(self) -> None:
        asset = add_asset(by=person("sun"), desk_prefix=COUNTY, name="大厅.jpg", content=picture(), alt=" 服务 大厅 ")
        asset.refresh_from_db()
        assert asset.key.startswith("desks/420582/")
        assert (asset.name, asset.media_type, asset.width, asset.alt) == ("大厅.jpg", "image/jpeg", 1200, "服务 大厅")
        assert len(read_file(asset.key)) == asset.size
        assert [entry.act for entry in entries_about(asset.id)] == ["content.add_asset"]

    def test_finds_the_same_file_again(self) -> None:
        first = add_asset(by=person("zhao"), desk_prefix=PROVINCE, name="一.jpg", content=picture())
        again = add_asset(by=person("qian"), desk_prefix=PROVINCE, name="二.jpg", content=picture(), alt="大厅")
        assert (again.id, again.name, again.alt) == (first.id, "一.jpg", "大厅")

    def test_leaves_no_row_of_a_file_that_was_refused(self) -> None:
        with pytest.raises(Invalid):
            add_asset(by=person("zhao"), desk_prefix=PROVINCE, name="假的.jpg", content=BytesIO(b"\xff\xd8\xff?"))
        assert not Asset.objects.exists()

    def test_leaves_no_row_where_the_store_is_down(self, settings: Settings) -> None:
        settings.S3_ENDPOINT = f"http://127.0.0.1:{free_port()}"
        with pytest.raises(Unavailable):
            add_asset(by=person("zhao"), desk_prefix=PROVINCE, name="一.jpg", content=picture())
        assert not Asset.objects.exists()

    def test_is_for_writers_of_that_desk(self) -> None:
        with pytest.raises(NotFound):
            add_asset(by=person("zhou"), desk_prefix=COUNTY, name="一.jpg", content=picture())
        reader = person("sun").narrowed(["content.read"])
        with pytest.raises(NotAllowed):
            add_asset(by=reader, desk_prefix=COUNTY, name="一.jpg", content=picture())


class TestDescribeAsset:
    def test_keeps_what_a_picture_shows(self) -> None:
        asset = describe_asset(by=person("zhao"), asset=make_asset(alt=""), alt="办事大厅的叫号屏")
        assert entries_about(asset.id).get().changes == {"alt": ["", "办事大厅的叫号屏"]}

    def test_refuses_an_essay(self) -> None:
        with pytest.raises(Invalid, match="替代文字过长"):
            describe_asset(by=person("zhao"), asset=make_asset(), alt="长" * 201)

    def test_does_not_reach_another_desk(self) -> None:
        with pytest.raises(NotFound):
            describe_asset(by=person("zhou"), asset=make_asset(desk_prefix=COUNTY), alt="改")


class TestAssetsAtDesk:
    def test_are_those_of_the_actors_own_desks(self) -> None:
        ours, theirs = make_asset(desk_prefix=COUNTY), make_asset(desk_prefix="420583")
        assert list(assets_at_desk(person("sun"))) == [ours]
        assert set(assets_at_desk(person("zhao"))) == {ours, theirs}
        assert asset_at_desk(person("sun"), ours.id) == ours
        for unseen in (theirs.id, uuid4()):
            with pytest.raises(NotFound):
                asset_at_desk(person("sun"), unseen)


class TestMediaLink:
    def test_leads_to_the_width_that_fits(self) -> None:
        asset = add_asset(by=person("zhao"), desk_prefix=PROVINCE, name="一.jpg", content=picture())
        for width, kept in (
            (0, asset.key),
            (300, "-320.webp"),
            (320, "-320.webp"),
            (321, "-800.webp"),
            (900, asset.key),
        ):
            assert f"{kept}?" in media_link(asset, width=width)
        assert httpx.get(media_link(asset, width=320)).headers["content-type"] == "image/webp"

    def test_saves_a_document_under_its_name(self) -> None:
        asset = add_asset(by=person("zhao"), desk_prefix=PROVINCE, name="通知.txt", content=BytesIO("你好".encode()))
        answer = httpx.get(media_link(asset))
        assert answer.headers["content-disposition"].startswith("attachment")
        assert answer.text == "你好"
