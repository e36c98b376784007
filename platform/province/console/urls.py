from django.urls import path

from province.console.views import audit, overview, picks, saved_views, services, wall

# on every host
shared_patterns = [
    path("account/picks/<slug:kind>/", picks.picks, name="picks"),
    path("account/views/", saved_views.save, name="table-views"),
    path("account/views/<uuid:view_id>/", saved_views.change, name="table-view"),
]

province_patterns = [
    path("console/", overview.overview, name="console"),
    path("console/tasks/", overview.tasks, name="console-tasks"),
    path("console/search/", overview.search, name="console-search"),
    path("console/services/", services.services, name="console-services"),
    path("console/wall/", wall.signed_in, name="console-wall"),
    path("console/wall/links/", wall.links, name="console-wall-links"),
    path("console/wall/links/<uuid:link_id>/revoke/", wall.revoke, name="console-wall-link-revoke"),
    path("wall/<str:key>/", wall.by_link, name="wall"),
    path("console/audit/", audit.table, name="console-audit"),
    path("console/audit/<uuid:entry_id>/", audit.entry, name="console-audit-entry"),
]
