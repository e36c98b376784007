"""Routes of every hall's host."""

from django.urls import include, path

from config.api import hall_api

urlpatterns = [
    path("api/hall/v1/", hall_api.urls),
    path("", include("province.identity.urls")),
    path("", include("tenants.portal.urls")),
]
