from django.urls import URLPattern, URLResolver, include, path

from tenants.casework.views import site, site_apply

site_urls = [
    path("", site.cases, name="site-cases"),
    path("apply/<uuid:item_id>/", site_apply.apply, name="site-apply"),
    path("<uuid:case_id>/", site.case, name="site-case"),
    path("<uuid:case_id>/brought/", site.bring, name="site-case-brought"),
    path("<uuid:case_id>/withdraw/", site.withdraw, name="site-case-withdraw"),
    path("<uuid:case_id>/decision/", site.decision, name="site-case-decision"),
    path("<uuid:case_id>/documents/<uuid:document_id>/", site.document, name="site-case-document"),
    path("<uuid:case_id>/decision/paper/", site.decision_paper, name="site-case-decision-paper"),
]

hall_patterns: list[URLPattern | URLResolver] = [
    path("cases/", include(site_urls)),
]
