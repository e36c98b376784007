from django.urls import URLPattern, URLResolver, include, path

from tenants.ratings.views import desk, site

site_urls = [
    path("", site.overview, name="site-ratings"),
    path("link/<str:token>/", site.link, name="site-rating-link"),
    path("<uuid:rating_id>/", site.rate, name="site-rating"),
]

desk_urls = [
    path("", desk.table, name="desk-ratings"),
    path("figures/", desk.figures, name="desk-rating-figures"),
    path("settings/", desk.settings, name="desk-rating-settings"),
    path("visits/", desk.visits, name="desk-rating-visits"),
    path("visits/<uuid:rating_id>/", desk.visit, name="desk-rating-visit"),
    path("<uuid:rating_id>/", desk.rating, name="desk-rating"),
]

hall_patterns: list[URLPattern | URLResolver] = [
    path("ratings/", include(site_urls)),
    path("desk/ratings/", include(desk_urls)),
]
