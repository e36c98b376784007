from foundation.contributions import Contribution
from province.audit.queries.acts import ACTS
from province.content.queries.previews import PREVIEW
from province.messaging.slots import NOTICE_KINDS
from province.people.queries.work import HALL_WORK, HallWork
from tenants.portal.operations.articles import ARTICLE
from tenants.portal.operations.notices import ARTICLE_NOTICES
from tenants.portal.queries.acts import ACT_NAMES
from tenants.portal.queries.desk_search import find_articles
from tenants.portal.queries.waiting import articles_in_review, pushes_offered, waiting_texts
from tenants.portal.views.home import MAP, about_entrance, disclosure_entrance, home_blocks, mapped_pages
from tenants.portal.views.overview import overview_share
from tenants.portal.views.previews import render_preview
from tenants.portal.views.search import found_texts, suggested_columns
from tenants.shell.slots import (
    DESK,
    DESK_OVERVIEW,
    DESK_SEARCH,
    DESK_WAITING,
    SITE,
    SITE_SEARCH,
    DeskLink,
    DeskPart,
    DeskSearch,
    SitePart,
    SiteSearch,
)

_WRITE = ("portal.write",)
_TEXTS, _SETTINGS = "内容", "设置"

contribution = Contribution(
    ACTS(*ACT_NAMES),
    NOTICE_KINDS(*ARTICLE_NOTICES.all),
    HALL_WORK(HallWork(ARTICLE, "本厅文章（未完成）")),
    PREVIEW(render_preview),
    SITE(
        SitePart(
            name="columns",
            order=10,
            entrance=disclosure_entrance,
            home=home_blocks,
            pages=mapped_pages,
            contents=MAP,
            head="portal/site/head_lines.html",
            footer="portal/site/footer_links.html",
            styles=("portal/article.css",),
            readable=("a", "p"),
        ),
        SitePart(name="about", order=90, entrance=about_entrance),
    ),
    SITE_SEARCH(SiteSearch(order=20, find=found_texts, suggest=suggested_columns)),
    DESK(
        DeskLink(
            label="本厅文章",
            route="desk-articles",
            icon="newspaper",
            permissions=_WRITE,
            order=20,
            section=_TEXTS,
            place=("articles",),
            count=articles_in_review,
            counted="篇待审核",
        ),
        DeskLink(
            label="上级推稿",
            route="desk-pushes",
            icon="megaphone",
            permissions=_WRITE,
            order=21,
            section=_TEXTS,
            place=("pushes",),
            below="desk-articles",
            count=pushes_offered,
            counted="篇待处置",
        ),
        DeskLink(
            label="云稿库",
            route="desk-library",
            icon="library",
            permissions=_WRITE,
            order=22,
            section=_TEXTS,
            place=("library",),
            below="desk-articles",
        ),
        DeskLink(
            label="栏目",
            route="desk-columns",
            icon="folder-tree",
            permissions=_WRITE,
            order=80,
            section=_SETTINGS,
            place=("columns",),
            below="desk-settings",
        ),
        DeskLink(
            label="网站设置",
            route="desk-settings",
            icon="settings",
            permissions=_WRITE,
            order=81,
            section=_SETTINGS,
            place=("settings",),
        ),
        DeskLink(
            label="本厅日历",
            route="desk-workdays",
            icon="calendar",
            permissions=("workdays.set_hall_days",),
            order=83,
            section=_SETTINGS,
            place=("workdays",),
            below="desk-settings",
        ),
        DeskLink(
            label="新媒体",
            route="desk-accounts",
            icon="smartphone",
            permissions=_WRITE,
            order=82,
            section=_SETTINGS,
            place=("accounts",),
            below="desk-settings",
        ),
    ),
    DESK_WAITING(waiting_texts),
    DESK_OVERVIEW(DeskPart("portal.write", overview_share)),
    DESK_SEARCH(DeskSearch(_WRITE, find_articles, things=("文章",), hint="文章标题")),
)
