from django.urls import URLPattern, URLResolver, include, path

from tenants.services.views import site, site_files, site_questions

site_urls = [
    path("", site.services, name="site-services"),
    path("all/", site.everything, name="site-services-all"),
    path("by/<slug:facet>/<str:value>/", site.group, name="site-services-group"),
    path("find/", site.search, name="site-services-find"),
    path("questions/<uuid:question_id>/", site_questions.question, name="site-question"),
    path("<uuid:item_id>/", site.guide, name="site-guide"),
    path("<uuid:item_id>/code.svg", site.guide_code, name="site-guide-code"),
    path("<uuid:item_id>/files/<uuid:file_id>/", site_files.open_file, name="site-guide-file"),
    path("<uuid:item_id>/ask/", site_questions.ask, name="site-guide-ask"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("services/", include(site_urls)),
]
