"""Routes of every hall's host."""

from django.urls import include, path

from config.api import hall_api
from province.identity.urls import hall_patterns

urlpatterns = [
    path("api/hall/v1/", hall_api.urls),
    path("", include("province.identity.urls")),
    path("", include(hall_patterns)),
    path("", include("tenants.portal.urls")),
]

handler404 = "config.middleware.not_found_at_hall"
handler500 = "config.middleware.server_error"
