from django.urls import URLPattern, URLResolver, include, path

from tenants.licences.views import desk, site

site_urls = [
    path("", site.licences, name="site-licences"),
    path("<uuid:licence_id>/", site.licence, name="site-licence"),
    path("<uuid:licence_id>/paper/", site.paper, name="site-licence-paper"),
]

desk_urls = [
    path("", desk.table, name="desk-licences"),
    path("<uuid:licence_id>/", desk.licence, name="desk-licence"),
]

hall_patterns: list[URLPattern | URLResolver] = [
    path("licences/", include(site_urls)),
    path("desk/licences/", include(desk_urls)),
]
