"""Articles of the halls' own."""

from html import escape

from django.db import transaction

from config.demo.halls import halls_of_kind
from config.demo.people import COUNTY_CODE, actor_called
from config.demo.pictures import PICTURES
from config.demo.texts import Text, texts_of
from config.machine.progress import Step
from foundation import schemas
from province.content.models import LibraryOffer
from province.halls.models import Hall, HallKind
from province.halls.queries import hall_with_code
from province.rights.actors import Actor
from tenants.portal.models import Article
from tenants.portal.operations.articles import create_article, pin_article
from tenants.portal.operations.assets import add_asset
from tenants.portal.operations.library import offer_article
from tenants.portal.operations.reviews import publish_article, submit_article


def write_county_articles(by: Actor, step: Step) -> None:
    """Write articles into every column of the county's site; the last of all still waits for its review."""
    county = hall_with_code(COUNTY_CODE)
    author = actor_called("sun")
    with schemas.enter(county.schema_name):
        for text in texts_of("county"):
            step.say(text.title)
            _publish(author, by, county, text)
        _leave_one_under_review(author, county)


def write_township_articles(by: Actor, step: Step) -> None:
    """Write two news, a notice, a disclosure and a guide for each township, not the same for neighbours."""
    texts = texts_of("towns")
    for position, hall in enumerate(halls_of_kind(HallKind.TOWNSHIP)):
        step.say(hall.short_name)
        with schemas.enter(hall.schema_name):
            for text in _selection(texts, position):
                _publish(by, by, hall, text.at(hall.short_name))
            if position == 0:
                _offer_upward(by, hall)


def _selection(texts: list[Text], position: int) -> list[Text]:
    chosen = []
    for column, count in (("news", 2), ("notices", 1), ("disclosure", 1), ("guides", 1)):
        own = [text for text in texts if text.facts["column"] == column]
        chosen += [own[(position + step) % len(own)] for step in range(count)]
    return chosen


def _publish(author: Actor, reviewer: Actor, hall: Hall, text: Text) -> None:
    """Written by one, published by another; a process killed in between leaves nothing."""
    if Article.objects.filter(title=text.title).exists():
        return
    body, cover = text.body, None
    if picture := PICTURES.get(text.facts.get("picture", "")):
        cover = add_asset(by=author, hall=hall, name=picture.name, content=picture.jpeg(), alt=picture.alt)
        body = f'<p><img src="/media/{cover.id}" alt="{escape(picture.alt)}"></p>{body}'
    with transaction.atomic():
        article = create_article(
            by=author,
            hall=hall,
            column=text.facts["column"],
            title=text.title,
            body=body,
            keywords=text.keywords,
            cover_id=cover.id if cover else None,
            **text.wording,  # source, author and summary
        )
        publish_article(by=reviewer, hall=hall, article_id=article.id)
        if "pinned" in text.facts:
            pin_article(by=reviewer, hall=hall, article_id=article.id, is_pinned=True)


def _leave_one_under_review(author: Actor, hall: Hall) -> None:
    title = "市政务服务中心元旦假期办事安排"
    if Article.objects.filter(title=title).exists():
        return
    body = (
        "<p>元旦假期首日全天放假，其余两日不动产登记、社保、医保和公安窗口正常值班，"
        "时间为上午九时至十二时、下午二时至五时。</p><p>自助服务区二十四小时开放，水电气缴费可在自助终端办理。</p>"
    )
    with transaction.atomic():
        article = create_article(by=author, hall=hall, column="notices", title=title, body=body)
        submit_article(by=author, hall=hall, article_id=article.id)


def _offer_upward(by: Actor, hall: Hall) -> None:
    """The first township's first article goes to the shared library, where the county finds it."""
    if not LibraryOffer.objects.filter(hall_id=hall.id).exists():
        first = Article.objects.filter(column__code="news", published__isnull=False).order_by("published_at")[0]
        offer_article(by=by, hall=hall, article_id=first.id)
