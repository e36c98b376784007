"""What columns and articles show on the home page, in the navigation and to search engines."""

from collections.abc import Iterator

from django.template.loader import render_to_string

from province.halls.models import Hall
from tenants.portal.models import Column
from tenants.portal.queries.site import ListLine, home_lines, latest_lines, merged_newest, shown_columns
from tenants.shell.slots import HomeBlock, MappedPage, Once, SiteLink

# lines of each column on the home page
_HOME_LINES = 9
# columns with a place of their own on the home page; every other list stands among the tabs
_NEWS, _GUIDES = "news", "guides"
_MOST_TABS = 5
# a sitemap may have 50,000 addresses; search engines follow paging for what is older
_MAPPED_LINES = 500
_LISTS = {Column.Kind.LIST, Column.Kind.GALLERY}

MAP = SiteLink("全部栏目", "/map/")


def column_menu(once: Once, most: int) -> list[SiteLink]:
    """The upper columns; where there are more, or others below them, the last word leads to the site map."""
    columns = once(shown_columns)
    roots = [column for column in columns if column.parent_id is None]
    shown = roots if len(roots) <= most else roots[: max(0, most - 1)]
    links = [SiteLink(column.name, column.address) for column in shown]
    return [*links, MAP] if len(shown) < len(columns) else links


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
    others = {
        "guides": next((pair for pair in filled if pair[0].code == _GUIDES), None),
        "tabs": [
            (column, found)
            for column, found in filled
            if column.code not in {_NEWS, _GUIDES} and column.kind == Column.Kind.LIST
        ][:_MOST_TABS],
        "galleries": [pair for pair in filled if pair[0].kind == Column.Kind.GALLERY],
    }
    yield HomeBlock(30, render_to_string("portal/site/home_lists.html", others))


def _lead_and_newest(news: list[ListLine]) -> tuple[ListLine | None, list[ListLine]]:
    """The first line with a picture leads; without one, the list stands alone."""
    lead = next((line for line in news if line.cover_id), None)
    return lead, [line for line in news if line is not lead][: _HOME_LINES - 1]


def mapped_pages(hall: Hall) -> Iterator[MappedPage]:
    columns = [column for column in shown_columns() if column.kind != Column.Kind.LINK]
    yield from (MappedPage(f"/c/{column.code}/", None) for column in columns)
    found = latest_lines(hall, [column.code for column in columns], limit=_MAPPED_LINES)
    yield from (MappedPage(line.address, line.published_at) for lines in found.values() for line in lines)
