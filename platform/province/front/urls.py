from django.urls import path, re_path

from province.front.views import files, items, pages, powers, texts, verify

province_patterns = [
    path("", pages.home, name="front"),
    path("search/", pages.search, name="front-search"),
    path("search/suggestions/", pages.suggestions, name="front-suggestions"),
    path("halls/", pages.halls, name="front-halls"),
    path("services/", items.groups, name="front-services"),
    path("services/by/feature/<slug:feature>/", items.feature_items, name="front-feature"),
    path("services/by/<slug:facet>/<str:value>/", items.group, name="front-services-group"),
    path("services/<uuid:item_id>/", items.guide, name="front-guide"),
    path("services/<uuid:item_id>/files/<uuid:file_id>/", files.uploaded, name="front-guide-file"),
    path(
        "services/<uuid:item_id>/forms/<slug:form>/<slug:paper>.pdf",
        files.made,
        {"ending": "pdf"},
        name="front-guide-form",
    ),
    path(
        "services/<uuid:item_id>/forms/<slug:form>/<slug:paper>.docx",
        files.made,
        {"ending": "docx"},
        name="front-guide-word-form",
    ),
    path("powers/", powers.table, name="front-powers"),
    path("powers/<uuid:item_id>/", powers.ledger, name="front-power"),
    path("verify/", verify.verify, name="front-verify"),
    path("verify/<slug:code>/", verify.verified, name="front-verified"),
    path("c/<slug:column>/", texts.column, name="front-column"),
    path("p/<uuid:push_id>/", texts.text, name="front-text"),
    # as foundation.html lets a text name our files
    re_path(r"^media/(?P<asset_id>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/?\Z", texts.media, name="front-media"),
]
