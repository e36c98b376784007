from django.urls import path

from province.halls.views import divisions, hall, halls, plans

province_patterns = [
    path("console/divisions/", divisions.tree, name="console-divisions"),
    path("console/divisions/children/", divisions.children, name="console-division-children"),
    path("console/divisions/load/", divisions.load, name="console-division-load"),
    path("console/divisions/plans/<uuid:plan_id>/", plans.plan, name="console-division-plan"),
    path("console/divisions/plans/<uuid:plan_id>/decide/", plans.decide, name="console-division-decide"),
    path("console/divisions/plans/<uuid:plan_id>/decisions/", plans.upload, name="console-division-decisions"),
    path(
        "console/divisions/plans/<uuid:plan_id>/changes/<uuid:change_id>/", plans.change, name="console-division-change"
    ),
    path("console/halls/", halls.table, name="console-halls"),
    path("console/halls/bulk/", halls.bulk, name="console-halls-bulk"),
    path("console/halls/<str:code>/", hall.page, name="console-hall"),
    path("console/halls/<str:code>/edit/", hall.edit, name="console-hall-edit"),
    path("console/halls/<str:code>/emblem/", hall.emblem, name="console-hall-emblem"),
    path("console/halls/<str:code>/domains/", hall.domains, name="console-hall-domains"),
    path("console/halls/<str:code>/state/", hall.change_state, name="console-hall-state"),
]
