from django.urls import URLPattern, URLResolver, include, path, re_path

from tenants.portal.views import (
    desk_accounts,
    desk_articles,
    desk_columns,
    desk_library,
    desk_pushes,
    desk_settings,
    desk_workdays,
    disclosure,
    site,
    site_files,
)

site_urls = [
    path("c/<slug:code>/", site.column, name="site-column"),
    path("a/<uuid:article_id>/", site.article, name="site-article"),
    path("p/<uuid:push_id>/", site.pushed, name="site-pushed"),
    path("open/", disclosure.disclosure, name="site-open"),
    path("map/", site.site_map, name="site-map"),
    path("feed.atom", site_files.feed, name="site-feed"),
    # as foundation.html lets a text name our files
    re_path(
        r"^media/(?P<file_id>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/?\Z", site_files.media, name="site-media"
    ),
]

article_verbs = ("submit", "recall", "withdraw", "restore", "pin", "unpin", "unlock", "offer")
column_verbs = ("hide", "show", "remove")
push_verbs = ("adopt", "decline", "move", "undo")

desk_urls = [
    path("files/", desk_articles.upload, name="desk-upload"),
    path("articles/", desk_articles.table, name="desk-articles"),
    path("articles/new/", desk_articles.new, name="desk-article-new"),
    path("articles/<uuid:article_id>/", desk_articles.article, name="desk-article"),
    path("articles/<uuid:article_id>/edit/", desk_articles.edit, name="desk-article-edit"),
    path("articles/<uuid:article_id>/save/", desk_articles.autosave, name="desk-article-save"),
    path("articles/<uuid:article_id>/release/", desk_articles.release, name="desk-article-release"),
    path("articles/<uuid:article_id>/compare/", desk_articles.compare, name="desk-article-compare"),
    path("articles/<uuid:article_id>/review/", desk_articles.review, name="desk-article-review"),
    *(
        path(f"articles/<uuid:article_id>/{verb}/", desk_articles.act, {"verb": verb}, name=f"desk-article-{verb}")
        for verb in article_verbs
    ),
    path("columns/", desk_columns.tree, name="desk-columns"),
    path("columns/new/", desk_columns.new, name="desk-column-new"),
    path("columns/<slug:code>/edit/", desk_columns.edit, name="desk-column"),
    path("columns/<slug:code>/move/", desk_columns.move, name="desk-column-move"),
    *(
        path(f"columns/<slug:code>/{verb}/", desk_columns.act, {"verb": verb}, name=f"desk-column-{verb}")
        for verb in column_verbs
    ),
    path("pushes/", desk_pushes.offered, name="desk-pushes"),
    path("pushes/shown/", desk_pushes.shown, name="desk-pushes-shown"),
    path("pushes/decided/", desk_pushes.decided, name="desk-pushes-decided"),
    path("pushes/<uuid:push_id>/", desk_pushes.push, name="desk-push"),
    *(
        path(f"pushes/<uuid:push_id>/{verb}/", desk_pushes.act, {"verb": verb}, name=f"desk-push-{verb}")
        for verb in push_verbs
    ),
    path("library/", desk_library.table, name="desk-library"),
    path("library/<uuid:offer_id>/", desk_library.offer, name="desk-offer"),
    path("library/<uuid:offer_id>/pick/", desk_library.pick, name="desk-offer-pick"),
    path("accounts/", desk_accounts.table, name="desk-accounts"),
    path("accounts/new/", desk_accounts.new, name="desk-account-new"),
    path("accounts/<uuid:account_id>/", desk_accounts.edit, name="desk-account"),
    path("accounts/<uuid:account_id>/close/", desk_accounts.close, name="desk-account-close"),
    path("workdays/", desk_workdays.page, name="desk-workdays"),
    path("workdays/set/", desk_workdays.set_days, name="desk-workdays-set"),
    path("workdays/<uuid:days_id>/lift/", desk_workdays.lift, name="desk-workdays-lift"),
    path("settings/", desk_settings.page, name="desk-settings"),
    path("settings/facts/", desk_settings.facts, name="desk-settings-facts"),
    path("settings/hours/", desk_settings.hours, name="desk-settings-hours"),
    path("settings/reviews/", desk_settings.reviews, name="desk-settings-reviews"),
    path("settings/emblem/", desk_settings.emblem, name="desk-settings-emblem"),
]

hall_patterns: list[URLPattern | URLResolver] = [
    *site_urls,
    path("desk/", include(desk_urls)),
]
