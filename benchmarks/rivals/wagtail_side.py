"""Push one article to many sites of one Wagtail, and take it back: prints seconds as JSON.

Runs in an environment of its own (benchmarks/wagtail.py starts it), on an empty database named by DATABASE_URL.

Three ways. Copies: a page of its own below every site, published one by one, as editors and most programs do it.
Aliases: Wagtail's own means for one text in several places, a page in one tree and an alias, kept in step, below every
other. By hand: a join table, which Wagtail's editor, preview, search and page tree know nothing of.
"""

import json
import sys
import time
from collections import defaultdict
from collections.abc import Callable

import django

django.setup()

from django.core.management import call_command  # noqa: E402 - after set-up
from wagtail.models import Page, Site  # noqa: E402
from wagtail_news.models import Article, Placement  # noqa: E402

BODY = "<p>本周六，全市各便民服务中心照常开门，市民可就近办理社保、医保、不动产登记等业务。</p>" * 20


def make_sites(count: int) -> list[Site]:
    root = Page.objects.get(depth=1)
    sites = []
    for number in range(count):
        home = root.add_child(instance=Page(title=f"站点 {number}", slug=f"site-{number}"))
        sites.append(Site.objects.create(hostname=f"site-{number}.example", root_page=home))
    return sites


def draft(site: Site, slug: str) -> Article:
    page: Article = site.root_page.add_child(instance=Article(title="高效办成一件事", slug=slug, body=BODY, live=False))
    return page


def push_copies(sites: list[Site], slug: str) -> None:
    for site in sites:
        draft(site, slug).save_revision().publish()


def withdraw_copies(_sites: list[Site], slug: str) -> None:
    for page in Article.objects.filter(slug=slug):
        page.unpublish()


def push_aliases(sites: list[Site], slug: str) -> None:
    draft(sites[0], slug).save_revision().publish()
    # what was published is another object of the same row
    source = Article.objects.get(slug=slug)
    for site in sites[1:]:
        source.create_alias(parent=site.root_page, update_slug=slug)


def withdraw_aliases(_sites: list[Site], slug: str) -> None:
    Article.objects.get(slug=slug, alias_of=None).unpublish()


def push_by_hand(sites: list[Site], _slug: str) -> None:
    article = Article.objects.filter(alias_of=None)[0]
    Placement.objects.bulk_create(Placement(article=article, site=site) for site in sites)


def withdraw_by_hand(_sites: list[Site], _slug: str) -> None:
    Placement.objects.filter(article=Article.objects.filter(alias_of=None)[0]).delete()


WAYS: dict[str, tuple[Callable[[list[Site], str], None], Callable[[list[Site], str], None]]] = {
    "copies": (push_copies, withdraw_copies),
    "aliases": (push_aliases, withdraw_aliases),
    "by_hand": (push_by_hand, withdraw_by_hand),
}


def shown(way: str, slug: str) -> int:
    """On how many sites it stands now."""
    return Placement.objects.count() if way == "by_hand" else Article.objects.live().filter(slug=slug).count()


def measure(sites: list[Site], rounds: int) -> dict[str, list[float]]:
    times: dict[str, list[float]] = defaultdict(list)
    for turn in range(rounds):
        for way, (push, withdraw) in WAYS.items():
            slug = f"{way}-{turn}"
            times[f"push_{way}"].append(seconds(push, sites, slug))
            assert shown(way, slug) == len(sites)
            times[f"withdraw_{way}"].append(seconds(withdraw, sites, slug))
            assert shown(way, slug) == 0
    return times


def seconds(act: Callable[[list[Site], str], None], sites: list[Site], slug: str) -> float:
    began_at = time.perf_counter()
    act(sites, slug)
    return time.perf_counter() - began_at


if __name__ == "__main__":
    call_command("migrate", verbosity=0)
    site_count, round_count = map(int, sys.argv[1:])
    json.dump(measure(make_sites(site_count), round_count), sys.stdout)
