"""Routes of the province's host."""

from django.urls import include, path

from config.api import province_api

urlpatterns = [
    path("api/province/v1/", province_api.urls),
    path("design/", include("foundation.design.urls")),
    path("", include("province.identity.urls")),
    path("", include("province.halls.urls")),
    path("", include("province.content.urls")),
]
