"""What columns and articles show on the home page, in the navigation and to search engines."""

from collections.abc import Iterator

from django.template.loader import render_to_string

from province.halls.models import Hall
from tenants.portal.models import Column
from tenants.portal.queries.disclosure import disclosed_columns, has_disclosed_lines
from tenants.portal.queries.site import ListLine, home_lines, latest_lines, merged_newest, shown_columns
from tenants.portal.views.disclosure import disclosed_links
from tenants.shell.slots import HomeBlock, MappedPage, Once, SiteLink

# lines of each column on the home page
_HOME_LINES = 9
# columns with a place of their own on the home page; every other list stands among the tabs
_NEWS, _ABOUT = "news", "about"
_MOST_TABS = 5
# one picture makes no gallery
_LEAST_PICTURES = 2
# a sitemap may have 50,000 addresses; search engines follow paging for what is older
_MAPPED_LINES = 500
_LISTS = {Column.Kind.LIST, Column.Kind.GALLERY}

MAP = SiteLink("网站地图", "/map/")
DISCLOSURE = SiteLink("政务公开", "/open/")


def disclosure_entrance(once: Once) -> SiteLink | None:
    """Where something stands below it: texts, or what other apps make public."""
    columns = disclosed_columns(once(shown_columns))
    if any(column.has_own for column in columns) or disclosed_links(once) or has_disclosed_lines(once.hall, columns):
        return DISCLOSURE
    return None


def about_entrance(once: Once) -> SiteLink | None:
    """Where somebody has written it."""
    about = next((one for one in once(shown_columns) if one.code == _ABOUT and one.body), None)
    return SiteLink(about.name, about.address) if about else None


def home_blocks(hall: Hall, once: Once) -> Iterator[HomeBlock]:
    """What is urgent and the news; and below what other apps show, all other columns."""
    lists = [column for column in once(shown_columns) if column.kind in _LISTS]
    lines, urgent = home_lines(hall, [column.code for column in lists], limit=_HOME_LINES)
    filled = [(column, lines[column.code]) for column in lists if lines[column.code]]
    news = next(((column, found) for column, found in filled if column.code == _NEWS), None)
    everything = merged_newest([line for _, found in filled for line in found], 1)
    lead, newest = _lead_and_newest(news[1] if news else [])
    first = {"urgent": urgent, "news": news[0] if news else None, "lead": lead, "newest": newest}
    changed_at = everything[0].published_at if everything else None
    yield HomeBlock(10, render_to_string("portal/site/home_news.html", first), changed_at)
    tabs = [pair for pair in filled if pair[0].code != _NEWS and pair[0].kind == Column.Kind.LIST]
    # a tab for one line is a line too many: such columns share one
    single = [line for _, found in tabs if len(found) == 1 for line in found]
    others = {
        "tabs": [pair for pair in tabs if len(pair[1]) > 1][:_MOST_TABS],
        "single": merged_newest(single, _HOME_LINES - 1),
        "disclosure": DISCLOSURE,
        "galleries": [
            (column, pictures)
            for column, found in filled
            if column.kind == Column.Kind.GALLERY
            and len(pictures := [line for line in found if line.cover_id]) >= _LEAST_PICTURES
        ],
    }
    yield HomeBlock(30, render_to_string("portal/site/home_lists.html", others), is_more=True)


def _lead_and_newest(news: list[ListLine]) -> tuple[ListLine | None, list[ListLine]]:
    """The first line with a picture leads; without one, the list stands alone."""
    lead = next((line for line in news if line.cover_id), None)
    return lead, [line for line in news if line is not lead][: _HOME_LINES - 1]


def mapped_pages(hall: Hall) -> Iterator[MappedPage]:
    columns = [column for column in shown_columns() if column.kind != Column.Kind.LINK]
    yield from (MappedPage(f"/c/{column.code}/", None) for column in columns)
    found = latest_lines(hall, [column.code for column in columns], limit=_MAPPED_LINES)
    yield from (MappedPage(line.address, line.published_at) for lines in found.values() for line in lines)
