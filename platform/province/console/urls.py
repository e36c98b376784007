from django.urls import path

from province.console.views import audit, overview

province_patterns = [
    path("console/", overview.overview, name="console"),
    path("console/search/", overview.search, name="console-search"),
    path("console/audit/", audit.table, name="console-audit"),
    path("console/audit/<uuid:entry_id>/", audit.entry, name="console-audit-entry"),
]
