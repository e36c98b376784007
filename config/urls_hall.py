"""Routes of every hall's host."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from config.api import hall_api
from province.identity.urls import hall_patterns

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/hall/v1/", hall_api.urls),
    path("", include("province.identity.urls")),
    path("", include(hall_patterns)),
    path("", include("tenants.portal.urls")),
    path("", include("tenants.services.urls")),
]

if settings.DEMO:
    # imported here because it must not so much as exist elsewhere
    from config.demo.sign_in import demo_citizen_sign_in

    urlpatterns.append(path("demo/citizen/", demo_citizen_sign_in, name="demo-citizen"))

handler404 = "config.middleware.not_found_at_hall"
handler500 = "config.middleware.server_error"
