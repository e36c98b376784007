from dataclasses import asdict
from io import BytesIO
from typing import Any
from uuid import UUID, uuid4

import pytest

from foundation.errors import Conflict, Invalid, NotAllowed, NotFound
from foundation.files.store import read_file, store_file
from foundation.html import media_ids
from province.audit.queries import entries_about
from province.content.models import Asset, LibraryOffer
from province.content.operations import decline_offer, offer_article, record_pick, submit_manuscript, take_offer
from province.content.queries import library_offer, library_offers, uses_of
from province.content.states import OfferState
from province.halls.models import Hall
from tests.conftest import person
from tests.factories.files import picture
from tests.factories.manuscripts import COUNTY, PROVINCE

pytestmark = pytest.mark.django_db


def offer(hall: Hall, *, who: str = "sun", title: str = "红联村便民服务室延时开放", **fields: Any) -> LibraryOffer:
    article: dict[str, Any] = {"article_id": uuid4(), "body": "<p>周末也能办社保。</p>", "keywords": ["延时服务"]}
    return offer_article(by=person(who), hall=hall, title=title, **article | fields)


class TestOfferArticle:
    def test_keeps_the_article_as_it_stood(self, north: Hall) -> None:
        made = library_offer(offer(north, source="当阳融媒").id)
        assert (made.title, made.source, made.keywords) == ("红联村便民服务室延时开放", "当阳融媒", ["延时服务"])
        assert (made.state, made.offered_by_name, made.hall_name) == (OfferState.OFFERED, "孙北", north.name)
        entry = entries_about(made.id).get()
        assert (entry.act, entry.hall_id) == ("content.offer_article", north.id)

    def test_waits_once_for_each_article(self, north: Hall) -> None:
        article = uuid4()
        declined = offer(north, article_id=article)
        with pytest.raises(Conflict, match="请勿重复报送"):
            offer(north, article_id=article)
        decline_offer(by=person("zhao"), offer=declined, reason="内容重复")
        assert offer(north, article_id=article).state == OfferState.OFFERED

    def test_is_the_halls_own_act(self, north: Hall) -> None:
        for who in ("zhou", "wu", "zhao"):
            with pytest.raises(NotAllowed):
                offer(north, who=who)

    @pytest.mark.parametrize("fields", [{"title": ""}, {"body": ""}, {"body": "<script>1</script>"}])
    def test_refuses_what_is_no_article(self, north: Hall, fields: dict[str, str]) -> None:
        with pytest.raises(Invalid):
            offer(north, **fields)


@pytest.mark.usefixtures("object_store")
class TestTakeOffer:
    def test_makes_a_manuscript_that_names_its_origin(self, north: Hall) -> None:
        offered = offer(north)
        draft = take_offer(by=person("zhao"), offer=offered, desk_prefix=PROVINCE)
        assert (draft.title, draft.body, draft.source) == (offered.title, offered.body, north.name)
        assert (draft.origin_hall_id, draft.origin_article_id) == (north.id, offered.article_id)
        offered.refresh_from_db()
        assert offered.state == OfferState.TAKEN
        assert submit_manuscript(by=person("zhao"), manuscript=draft).number == 1

    def test_copies_the_halls_files_to_the_desk(self, north: Hall) -> None:
        shown, linked = str(uuid4()), str(uuid4())
        files = {
            shown: asdict(store_file(folder=north.folder, name="厅.jpg", content=picture())) | {"alt": "大厅"},
            linked: asdict(store_file(folder=north.folder, name="表.txt", content=BytesIO(b"form"))),
        }
        body = f'<p><img src="/media/{shown}" alt="大厅"><a href="/media/{linked}">下载</a></p>'
        draft = take_offer(by=person("zhao"), offer=offer(north, body=body, files=files), desk_prefix=PROVINCE)
        assets = list(Asset.objects.filter(id__in=[UUID(found) for found in media_ids(draft.body)]).order_by("name"))
        assert [(asset.name, asset.alt) for asset in assets] == [("厅.jpg", "大厅"), ("表.txt", "")]
        for asset in assets:
            assert asset.key.startswith("desks/42/")
            assert len(read_file(asset.key)) == asset.size
        assert submit_manuscript(by=person("zhao"), manuscript=draft).number == 1

    def test_keeps_the_halls_authors_from_approving_it_finally(self, north: Hall) -> None:
        writer = person("li").id
        assert writer
        draft = take_offer(by=person("zhao"), offer=offer(north, author_ids=[writer]), desk_prefix=COUNTY)
        version = submit_manuscript(by=person("zhao"), manuscript=draft)
        assert set(version.author_ids) == {person("zhao").id, person("sun").id, writer}

    def test_happens_once_at_each_desk(self, north: Hall) -> None:
        offered = offer(north)
        take_offer(by=person("zhao"), offer=offered, desk_prefix=PROVINCE)
        with pytest.raises(Conflict, match="赵敏已为本编辑部选用"):
            take_offer(by=person("qian"), offer=offered, desk_prefix=PROVINCE)
        take_offer(by=person("zhou"), offer=offered, desk_prefix="420583")
        assert library_offer(offered.id).use_count == 2

    def test_is_open_after_somebody_declined(self, north: Hall) -> None:
        offered = decline_offer(by=person("zhao"), offer=offer(north), reason="暂不需要")
        take_offer(by=person("qian"), offer=offered, desk_prefix=PROVINCE)
        assert library_offer(offered.id).state == OfferState.TAKEN

    def test_is_for_writers_of_that_desk(self, north: Hall) -> None:
        offered = offer(north)
        with pytest.raises(NotFound):
            take_offer(by=person("zhou"), offer=offered, desk_prefix=COUNTY)
        with pytest.raises(NotAllowed):
            take_offer(by=person("sun").narrowed(["content.read"]), offer=offered, desk_prefix=COUNTY)


class TestDeclineOffer:
    def test_tells_the_hall_why(self, north: Hall) -> None:
        declined = decline_offer(by=person("zhao"), offer=offer(north), reason=" 与已发\n稿件重复 ")
        assert (declined.state, declined.decline_reason) == (OfferState.DECLINED, "与已发 稿件重复")
        with pytest.raises(Conflict):
            decline_offer(by=person("zhao"), offer=declined, reason="再说一次")

    @pytest.mark.parametrize("reason", ["", "  ", "长" * 201])
    def test_wants_a_reason(self, north: Hall, reason: str) -> None:
        with pytest.raises(Invalid):
            decline_offer(by=person("zhao"), offer=offer(north), reason=reason)

    def test_is_not_for_another_county(self, north: Hall) -> None:
        with pytest.raises(NotAllowed):
            decline_offer(by=person("zhou"), offer=offer(north), reason="不行")


class TestRecordPick:
    def test_remains_visible_and_counts_once(self, north: Hall, south: Hall) -> None:
        offered, article = offer(north), uuid4()
        for _ in range(2):
            record_pick(by=person("zhou"), offer=offered, hall=south, article_id=article)
        take_offer(by=person("zhao"), offer=offered, desk_prefix=PROVINCE)
        uses = uses_of(offered)
        assert [(use.user, use.used_by_name) for use in uses] == [(south.name, "周南"), ("湖北省", "赵敏")]
        assert uses[0].article_id == article

    def test_is_the_halls_own_act(self, north: Hall, south: Hall) -> None:
        with pytest.raises(NotAllowed):
            record_pick(by=person("sun"), offer=offer(north), hall=south, article_id=uuid4())


class TestLibraryOffers:
    def test_are_found_by_words_and_state(self, north: Hall, south: Hall) -> None:
        offer(north, title="医保窗口延时")
        declined = offer(south, who="zhou", title="社保窗口搬迁")
        decline_offer(by=person("zhao"), offer=declined, reason="过时")
        assert [found.title for found in library_offers()] == ["社保窗口搬迁", "医保窗口延时"]
        assert [found.title for found in library_offers(search="窗口 医保")] == ["医保窗口延时"]
        assert [found.title for found in library_offers(state="declined")] == ["社保窗口搬迁"]
        assert not library_offers(search="不动产")
